// Why not elsewhere? A border under the mouse, a finger held on it, or one of the card's list: what it follows, the next-best course, its price.
import {Feature, Stroke, Style, VectorLayer, VectorSource, toLonLat} from '/static/vendor/ol.js';
import {Offline} from './api.js';
import {$, h} from './dom.js';
import {readFeatures, readGeometry} from './map.js';
import {said, t} from './words.js';

const REACH_PX = 7;
const FINGER_PX = 22;
const REST_MS = 350;
const STAY_MS = 120;
const HOLD_MS = 550;
const KEPT = 200;
const MOST = 8;

const round = (value) => Math.round(value);

export class WhyNot {
  /** api: of `panelApi`. */
  constructor(ctx, api) {
    Object.assign(this, {ctx, api, held: {}, kept: new Map(), now: null, timer: 0, stay: 0, stop: null, pinned: false});
    this.source = new VectorSource();
    const {colours} = ctx.table;
    this.layer = new VectorLayer({source: new VectorSource(), zIndex: 6.5, style: (feature) => (feature.get('other')
      ? [new Style({stroke: new Stroke({color: '#fff', width: 6})}), new Style({stroke: new Stroke({color: colours.hazard, width: 3.2, lineDash: [9, 7], lineCap: 'butt'})})]
      : [new Style({stroke: new Stroke({color: '#fff', width: 6.5})}), new Style({stroke: new Stroke({color: colours.selection, width: 3.4})})])});
    ctx.map.map.addLayer(this.layer);
    this.tip = h('div', {id: 'tip', class: 'tip', role: 'tooltip', hidden: true});
    $('map').append(this.tip);
    this.listen();
  }

  listen() {
    const {map} = this.ctx.map;
    map.on('pointermove', (event) => this.hover(event));
    map.on('pointerdrag', () => this.leave());
    const view = map.getViewport();
    view.addEventListener('pointerleave', () => { if (!this.pinned) this.leave(); });
    view.addEventListener('pointerdown', (event) => this.hold(event));
    ['pointerup', 'pointercancel', 'pointermove'].forEach((kind) => view.addEventListener(kind, (event) => this.release(event)));
    document.addEventListener('keydown', (event) => { if (event.key === 'Escape') this.leave(); });
  }

  /** Borders of one grid at the level and revision on the screen, read when they are first asked for. */
  load(node) {
    const {state, api} = this.ctx;
    const {asked} = this.known();
    if (asked.has(node)) return asked.get(node);
    const take = (found) => readFeatures(found).map((one) => { one.set('of', node); return one; });
    const loading = api.borders(state.level, node).then((found) => { if (asked === this.known().asked) this.source.addFeatures(take(found)); }, (error) => {
      // the page works without: whoever rests here again asks again
      if (!(error instanceof Offline) && error.status === undefined) throw error;
      asked.delete(node);
    });
    asked.set(node, loading);
    return loading;
  }

  /** What was asked for at the level and revision on the screen; what was read of another is let go. */
  known() {
    const {rev, level} = this.ctx.state;
    const mark = `${rev}/${level}`;
    if (this.held.mark !== mark) {
      this.held = {mark, asked: new Map()};
      this.source.clear();
    }
    return this.held;
  }

  nearest(coordinate, reach) {
    const found = this.source.getClosestFeatureToCoordinate(coordinate);
    if (!found) return null;
    const at = found.getGeometry().getClosestPoint(coordinate);
    const gap = Math.hypot(at[0] - coordinate[0], at[1] - coordinate[1]) / this.ctx.map.map.getView().getResolution();
    return gap <= reach ? {border: found, at} : null;
  }

  get idle() { return $('map').dataset.tool === 'select' && !document.body.classList.contains('in-past'); }

  hover(event) {
    if (this.pinned || event.originalEvent.pointerType === 'touch') return;
    clearTimeout(this.stay);
    if (event.dragging || !this.idle) { this.leave(); return; }
    this.stay = setTimeout(() => this.rest(event), STAY_MS);
    this.known();
    const hit = this.nearest(event.coordinate, REACH_PX);
    if (!hit) { this.leave(); return; }
    this.place(event.pixel);
    if (this.now && this.now.border === hit.border) return;
    this.leave();
    this.tell(hit, event.pixel, REST_MS);
  }

  /** The mouse stays in a grid: what borders it has, and whether one of them is under the mouse. */
  async rest(event) {
    const node = this.ctx.map.gridAt(event.coordinate);
    if (node === null || this.pinned || !this.idle || this.known().asked.has(node)) return;
    const stay = this.stay;
    await this.load(node);
    if (stay === this.stay && !this.now) this.hover(event);
  }

  /** A finger that rests on a border asks what the mouse asks by hovering. */
  hold(event) {
    clearTimeout(this.holding);
    if (this.pinned) this.leave();
    if (event.pointerType !== 'touch' || !this.idle) return;
    const {map} = this.ctx.map;
    const pixel = map.getEventPixel(event);
    this.pressed = [event.clientX, event.clientY];
    const node = this.ctx.map.gridAt(map.getCoordinateFromPixel(pixel));
    if (node === null) return;
    const loading = this.load(node);
    this.holding = setTimeout(async () => {
      await loading;
      const hit = this.nearest(map.getCoordinateFromPixel(pixel), FINGER_PX);
      if (!hit) return;
      this.leave();
      this.pinned = true;
      this.tell(hit, pixel, 0);
    }, HOLD_MS);
  }

  release(event) {
    if (event.type === 'pointermove' && this.pressed && Math.hypot(event.clientX - this.pressed[0], event.clientY - this.pressed[1]) < 8) return;
    clearTimeout(this.holding);
  }

  leave() {
    clearTimeout(this.timer);
    if (this.stop) this.stop.abort();
    Object.assign(this, {stop: null, now: null, pinned: false});
    this.tip.hidden = true;
    this.layer.getSource().clear();
  }

  /** Tell what a border follows, and after a while ask for the next-best course. */
  tell(hit, pixel, wait) {
    this.now = hit;
    this.pixel = pixel;
    const inside = hit.border.get('between')[1] !== null;
    this.write(inside ? [h('em', {}, t(wait ? 'why_hold' : 'why_ask'))] : []);
    if (inside) this.timer = setTimeout(() => this.ask(hit), wait);
  }

  async ask(hit) {
    const {state} = this.ctx;
    const pair = hit.border.get('between');
    const finest = pair.every((id) => state.nodes.has(id) && state.isLeaf(state.nodes.get(id)));
    const key = `${state.rev}/${finest ? pair.join('-') : hit.at.map(round).join(',')}`;
    this.write([h('em', {}, t('why_ask'))]);
    this.stop = new AbortController();
    const {signal} = this.stop;
    try {
      if (!this.kept.has(key)) this.keep(key, await this.api.whyNot(finest ? pair : null, toLonLat(hit.at).map((value) => value.toFixed(7)), signal));
      if (!signal.aborted) this.answer(this.kept.get(key));
    } catch (error) {
      if (!(error instanceof Offline) && error.status === undefined) throw error;
      if (!signal.aborted) this.write([h('em', {}, said(error.words) || t('why_lost'))]);
    }
  }

  keep(key, told) {
    if (this.kept.size >= KEPT) this.kept.delete(this.kept.keys().next().value);
    this.kept.set(key, told);
  }

  answer(told) {
    const line = (geometry, other) => { if (geometry) this.layer.getSource().addFeature(new Feature({geometry: readGeometry(geometry), other})); };
    this.layer.getSource().clear();
    line(told.now.geometry, false);
    if (told.other) line(told.other.geometry, true);
    const walk = (side) => (side.walk_m === null || side.walk_m_after === null ? '' : ` · ${t('why_walk', {a: round(side.walk_m), b: round(side.walk_m_after)})}`);
    this.write([h('p', {class: 'why-said'}, told.other ? h('i', {class: 'dash', 'aria-hidden': 'true'}) : '', h('b', {}, `${t('why_next')}：`), said(told)),
      told.other ? h('ul', {}, told.sides.map((side) => h('li', {}, h('b', {}, side.label), ` ${t('why_homes', {a: side.households, b: side.households_after})}${walk(side)}`)),
        h('li', {}, t('why_follow', {a: round(told.now.followed_m), b: round(told.other.followed_m)}),
          told.price === null || told.price_after === null ? '' : ` · ${t('why_price', {a: told.price.toFixed(2), b: told.price_after.toFixed(2)})}`)) : null]);
  }

  write(more) {
    const {border} = this.now;
    const words = said({zh: border.get('zh'), en: border.get('en')});
    const names = said({zh: border.get('names_zh').join(' | '), en: border.get('names_en').join(' | ')});
    this.tip.replaceChildren(h('b', {}, words), ` ${t('metres', {n: round(border.get('metres'))})}`, h('span', {}, names), ...more.filter(Boolean));
    this.tip.hidden = false;
    this.place(this.pixel);
  }

  /** Beside the pointer, and never out of the map. */
  place(pixel) {
    this.pixel = pixel;
    const box = $('map').getBoundingClientRect();
    const x = Math.max(6, Math.min(pixel[0] + 14, box.width - this.tip.offsetWidth - 6));
    const below = pixel[1] + 16 + this.tip.offsetHeight < box.height;
    this.tip.style.transform = `translate(${round(x)}px, ${round(below ? pixel[1] + 16 : Math.max(6, pixel[1] - this.tip.offsetHeight - 12))}px)`;
  }

  /** The stretches of a grid's border as a list for its card, the longest first: by keys as well as by the mouse. */
  async list(node, host) {
    const {rev, level} = this.ctx.state;
    await this.load(node.id);
    if (rev !== this.ctx.state.rev || level !== this.ctx.state.level || !host.isConnected) return;
    const own = this.source.getFeatures().filter((one) => one.get('of') === node.id).sort((a, b) => b.get('metres') - a.get('metres'));
    const show = (border) => {
      const {map} = this.ctx.map;
      const at = border.getGeometry().getClosestPoint(border.getGeometry().getFlatMidpoint ? border.getGeometry().getFlatMidpoint() : border.getGeometry().getFlatMidpoints().slice(0, 2));
      this.leave();
      this.pinned = true;
      this.tell({border, at}, map.getPixelFromCoordinate(at) || [0, 0], REST_MS);
    };
    const row = (border) => h('li', {}, h('button', {type: 'button', class: 'stretch', onfocus: () => show(border), onmouseenter: () => show(border), onmouseleave: () => this.leave(), onblur: () => this.leave(), onclick: () => show(border)},
      h('span', {class: 'nm'}, said({zh: border.get('zh'), en: border.get('en')})), h('span', {class: 'ct'}, t('metres', {n: round(border.get('metres'))}))));
    host.replaceChildren(...(own.length ? [h('h4', {}, t('borders')), h('ul', {}, own.slice(0, MOST).map(row)), own.length > MOST ? h('p', {class: 'none'}, t('borders_more', {n: own.length - MOST})) : ''] : []));
  }
}
