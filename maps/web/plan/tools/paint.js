// Paint buildings and ground to a grid: brush, box or lasso; what would go is highlighted with live counters, letting go sends it.
import {Feature, Polygon} from '/static/vendor/ol.js';
import {$, h} from '../dom.js';
import {Offline} from '../api.js';
import {nameOf} from '../panel.js';
import {t} from '../words.js';
import {crosses, instead, offer} from './crossing.js';
import {Picking} from './picking.js';
import {Stroke} from './stroke.js';
import {tally, tallyRow} from './tally.js';

const MODES = ['brush', 'box', 'lasso'];

/** The cells that go with some faces: not the taker's own, not locked ones, only the source's where one is set. */
export function givable(state, faces, to, source) {
  return faces.flatMap((face) => state.byFace.get(face) || []).filter((cell) => {
    const leaf = state.nodes.get(cell.node_id);
    return cell.node_id !== to && (source === null || cell.node_id === source) && !(leaf && state.locked(leaf));
  });
}

class Paint {
  constructor(ctx) {
    this.ctx = ctx;
    this.picking = new Picking(ctx);
    this.faces = new Set();
    this.to = null;
    this.source = null;
    this.mode = 'brush';
    this.held = false;
    this.ring = h('div', {class: 'ring', hidden: true, 'aria-hidden': 'true'});
    this.size = h('input', {type: 'range', min: '4', max: '60', value: '14', id: 'brush-size'});
    this.only = h('input', {type: 'checkbox', id: 'paint-only'});
    this.size.addEventListener('input', () => this.showRing());
    this.stroke = new Stroke({begins: (e) => this.begins(e), moves: (e) => this.moves(e), ends: () => this.ends(), breaks: () => this.breaks()});
  }

  start() {
    const {map, state} = this.ctx;
    this.ctx.setLevel(state.levels[state.levels.length - 1]);
    this.picking.ready();
    $('map').append(this.ring);
    map.map.addInteraction(this.stroke);
    this.hover = (event) => this.showRing(event);
    map.map.on('pointermove', this.hover);
    this.take(state.nodes.has(map.chosen) ? map.chosen : null);
  }

  stop() {
    this.ctx.map.map.removeInteraction(this.stroke);
    this.ctx.map.map.un('pointermove', this.hover);
    this.ring.remove();
    this.drop();
    this.ctx.options();
  }

  cancel() {
    const had = this.faces.size > 0 || this.to !== null;
    if (this.faces.size) this.drop();
    else this.take(null);
    return had;
  }

  click(at) { if (this.to === null) this.take(this.ctx.map.gridAt(at)); }

  /** Paint for a grid from now on. */
  take(id) {
    const node = this.ctx.state.nodes.get(id);
    const able = node && this.ctx.state.isLeaf(node) && !this.ctx.state.locked(node);
    if (node && !able) this.ctx.notice(t(this.ctx.state.isLeaf(node) ? 'is_locked' : 'no_leaf'));
    this.to = able ? id : null;
    this.drop();
    this.ctx.choose(this.to);
    this.ctx.hint(this.to === null ? t('hint_paint_to') : t('hint_paint_on', {name: nameOf(node)}));
    this.ring.hidden = true;
    this.bar();
  }

  bar() {
    if (this.to === null) { this.ctx.options(); return; }
    const mode = (name) => h('button', {type: 'button', role: 'radio', 'aria-checked': String(this.mode === name), id: `paint-${name}`, onclick: () => { this.mode = name; this.bar(); $(`paint-${name}`).focus(); }}, t(name));
    this.counters = h('div', {id: 'counters'});
    this.ctx.options(h('div', {class: 'modes', role: 'radiogroup', 'aria-label': t('paint')}, MODES.map(mode)),
      this.mode === 'brush' ? h('label', {}, h('span', {}, t('radius')), this.size) : null,
      h('label', {title: t('paint_only_more')}, this.only, h('span', {}, t('paint_only'))),
      h('button', {type: 'button', class: 'btn', id: 'paint-other', onclick: () => this.take(null)}, t('paint_other')), this.counters);
    this.show();
  }

  get radius() { return Number(this.size.value) * this.ctx.map.map.getView().getResolution(); }

  showRing(event) {
    const on = this.to !== null && this.mode === 'brush';
    this.ring.hidden = !on || (event && event.originalEvent.pointerType === 'touch' && !this.held);
    this.ring.style.width = `${2 * this.size.value}px`;
    this.ring.style.height = `${2 * this.size.value}px`;
    if (event) this.ring.style.transform = `translate(${event.pixel[0] - this.size.value}px, ${event.pixel[1] - this.size.value}px)`;
  }

  begins(event) {
    if (this.to === null || this.sending) return false;
    this.picking.ready();
    this.held = true;
    this.erase = event.originalEvent.altKey;
    this.path = [event.coordinate];
    this.before = new Set(this.faces);
    this.open = this.picking.isOpen(event.coordinate);
    const grid = this.ctx.map.gridAt(event.coordinate);
    this.source = this.only.checked && grid !== this.to ? grid : null;
    if (this.mode === 'brush') this.brush([event.coordinate]);
    return true;
  }

  moves(event) {
    const last = this.path[this.path.length - 1];
    if (this.mode === 'brush') {
      const steps = Math.max(1, Math.ceil(Math.hypot(event.coordinate[0] - last[0], event.coordinate[1] - last[1]) / Math.max(this.radius, 1e-6)));
      this.brush(Array.from({length: steps}, (_, i) => [0, 1].map((k) => last[k] + (event.coordinate[k] - last[k]) * (i + 1) / steps)));
      this.showRing(event);
      this.path = [event.coordinate];
      return;
    }
    this.path = this.mode === 'box' ? [this.path[0], event.coordinate] : [...this.path, event.coordinate];
    const polygon = this.shape();
    const source = this.ctx.map.drawn.getSource();
    source.clear(true);
    source.addFeature(new Feature(polygon));
    this.pick(this.before, this.picking.inside(polygon));
  }

  shape() {
    const [a, b] = this.path;
    return new Polygon([this.mode === 'box' ? [a, [a[0], b[1]], b, [b[0], a[1]], a] : [...this.path, a]]);
  }

  brush(places) { this.pick(this.faces, places.flatMap((at) => this.picking.touched(at, this.radius, this.open))); }

  /** Faces held before, with those found (or, with Alt, without them). */
  pick(before, found) {
    const now = new Set(before);
    found.forEach((feature) => { if (this.erase) now.delete(feature.get('face')); else now.add(feature.get('face')); });
    this.faces = now;
    this.show();
  }

  get cells() { return givable(this.ctx.state, [...this.faces], this.to, this.source); }

  show() {
    const cells = this.to === null ? [] : this.cells;
    this.ctx.map.showGiven(cells, this.picking.source);
    if (this.counters) this.counters.replaceChildren(cells.length ? tallyRow(this.ctx, tally(this.ctx.state, cells, this.to)) : '');
  }

  breaks() {
    this.held = false;
    this.faces = this.before;
    this.ctx.map.drawn.getSource().clear();
    this.show();
  }

  ends() {
    this.held = false;
    this.ctx.map.drawn.getSource().clear();
    if (this.cells.length) this.send();
    else this.drop();
  }

  drop() {
    this.faces = new Set();
    this.ctx.clearNotice();
    this.show();
  }

  async send() {
    const {ctx, to} = this;
    const faces = new Set(this.faces);
    const cells = this.cells;
    const action = {kind: 'paint', cells: cells.map((cell) => cell.cell), to};
    if (crosses(ctx.state, cells, to) && !(await this.agreed(action))) return;
    this.faces = new Set();
    const sent = ctx.act(action, {done: 'done_paint', lean: {cells: action.cells, to}, refused: (words, error) => this.refused(words, error, faces, to)});
    this.show();
    await sent;
  }

  /** The planner agrees that cells change the upper grid; without an answer the drawing stays. */
  async agreed(action) {
    this.sending = true;
    try {
      if (await offer(this.ctx, action)) return true;
      this.drop();
    } catch (error) {
      if (!(error instanceof Offline) && error.status === undefined) throw error;
      this.keep(this.ctx.refused(error), error);
    } finally {
      this.sending = false;
    }
    return false;
  }

  refused(words, error, faces, to) {
    if (this.to !== to || !this.stroke.getMap()) { this.ctx.notice(words, {actions: instead(this.ctx, error, {done: 'done_paint'})}); return; }
    faces.forEach((face) => this.faces.add(face));
    this.show();
    this.keep(words, error);
  }

  keep(words, error) {
    const whole = instead(this.ctx, error, {done: 'done_paint'}).map(([label, run]) => [label, () => { this.drop(); run(); }]);
    this.ctx.notice(`${words} ${t('mend_paint')}`, {stays: true, actions: [...whole, [t('retry'), () => { this.ctx.clearNotice(); this.send(); }], [t('drop'), () => this.drop()]]});
  }
}

export const paint = (ctx) => new Paint(ctx);
