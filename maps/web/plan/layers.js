// The layers panel: what of the map is shown; remembered in this browser.
import {Fill, Stroke, Style, TileLayer, XYZ} from '/static/vendor/ol.js';
import {$, h} from './dom.js';
import {Marks} from './marks.js';
import {drawLegend} from './panel.js';
import {References} from './references.js';
import {said, t} from './words.js';

const SHELF = 'wangge-layers';
const FIRST = {buildings: true, ground: true, labels: true, relief: false, cases: true, hazards: true, households: false};
const SHADES = ['#f1f4ee', '#cfe3d5', '#9fcbb4', '#62a98d', '#2b7c66', '#0f5244'];

export class Layers {
  constructor(ctx, api, host, config) {
    Object.assign(this, {ctx, api, host, base: config.basemap, tiles: null, breaks: []});
    this.on = {...FIRST, ...JSON.parse(localStorage.getItem(SHELF) || '{}')};
    this.on.relief = $('relief').getAttribute('aria-pressed') === 'true';
    this.on.basemap = false;
    this.marks = new Marks(ctx, api, config);
    this.references = new References(ctx, api);
    $('relief').addEventListener('click', () => setTimeout(() => { this.on.relief = $('relief').getAttribute('aria-pressed') === 'true'; if (!host.hidden) this.draw(); }));
    this.apply();
  }

  /** Bring the map to what is ticked. */
  apply() {
    const {map} = this.ctx;
    map.buildings.setVisible(this.on.buildings);
    [map.ground, map.land].forEach((one) => one.setVisible(this.on.ground));
    if (!document.body.classList.contains('in-past')) map.labels.setVisible(this.on.labels);
    [map.grids, map.farGrids].forEach((one) => one.setStyle((feature) => (this.on.households ? this.shaded(feature) : map.gridStyle(feature))));
    this.marks.show({cases: this.on.cases, hazards: this.on.hazards});
  }

  set(name, value) {
    this.on[name] = value;
    const {basemap: _, relief: __, ...kept} = this.on;
    localStorage.setItem(SHELF, JSON.stringify(kept));
    if (name === 'relief') $('relief').click();
    else if (name === 'basemap') this.showBase(value);
    else this.apply();
    drawLegend(this.ctx);
  }

  draw() {
    const tick = (name, words, off = false) => h('label', {class: 'tick'}, h('input', {type: 'checkbox', id: `layer-${name}`, checked: this.on[name], disabled: off, onchange: (event) => this.set(name, event.target.checked)}), h('span', {}, words));
    // a form that is being filled in is not taken away by an edit
    if (this.host.contains(document.activeElement) && /^(INPUT|SELECT)$/.test(document.activeElement.tagName)) return;
    this.host.replaceChildren(h('fieldset', {class: 'layer-ticks'}, h('legend', {}, t('layers')), Object.keys(FIRST).map((name) => tick(name, t(`l_${name}`))),
      this.base ? tick('basemap', `${t('basemap')}：${this.base.name}`, Boolean(this.base.refused)) : null,
      this.base && this.base.refused ? h('p', {class: 'stop', id: 'basemap-refused'}, said(this.base.refused)) : null), this.references.host);
    this.references.draw();
  }

  /** The operator's tiles, under everything; their host sees the page's origin and nothing else of its address. */
  showBase(on) {
    const {map} = this.ctx.map;
    if (!this.tiles) {
      const load = (tile, url) => {
        tile.getImage().referrerPolicy = 'origin';
        tile.getImage().src = url;
      };
      this.tiles = this.base.urls.map((url) => new TileLayer({zIndex: 0, source: new XYZ({url, tileLoadFunction: load, maxZoom: 18})}));
      this.tiles.forEach((one) => {
        map.addLayer(one);
        one.getSource().once('tileloaderror', () => this.ctx.notice(t('basemap_lost')));
      });
      this.note = h('div', {class: 'basenote'}, this.base.note);
      $('map').after(this.note);
    }
    this.tiles.forEach((one) => one.setVisible(on));
    this.note.hidden = !on || !this.base.note;
  }

  /** Grids by their households: sixths of those on the screen's level. */
  shaded(feature) {
    const node = this.ctx.state.nodes.get(feature.get('node_id'));
    if (!node) return null;
    return new Style({fill: new Fill({color: `${SHADES[this.classes().filter((edge) => node.households >= edge).length]}d0`}), stroke: new Stroke({color: '#ffffff80', width: 0.5})});
  }

  classes() {
    const {rev, level} = this.ctx.state;
    if (this.classed !== `${rev}/${level}`) {
      this.classed = `${rev}/${level}`;
      const counts = this.ctx.state.shown().map((node) => node.households).filter((n) => n > 0).sort((a, b) => a - b);
      this.breaks = [...new Set([1, ...[1, 2, 3, 4].map((i) => counts[Math.floor(i * counts.length / 5)] || 1)])];
    }
    return this.breaks;
  }

  /** Rows of the legend: the shades, in the bands' place where they are shown, and the marks. */
  legend() {
    const box = (colour) => { const node = h('span', {class: 'swatch', 'aria-hidden': 'true'}); node.style.background = colour; return node; };
    const edges = this.classes();
    const upto = (i) => {
      if (i + 1 === edges.length) return `≥${edges[i]}`;
      return edges[i + 1] - 1 === edges[i] ? `${edges[i]}` : `${edges[i]}–${edges[i + 1] - 1}`;
    };
    return {
      shades: this.on.households ? [h('div', {}, box(SHADES[0]), h('span', {}, `0 ${t('legend_households')}`)), ...edges.map((_, i) => h('div', {}, box(SHADES[i + 1]), h('span', {}, `${upto(i)} ${t('legend_households')}`)))] : null,
      marks: [
        this.on.cases ? h('div', {}, h('span', {class: 'dot case', 'aria-hidden': 'true'}, '2'), h('span', {}, t('legend_cases'))) : null,
        this.on.hazards ? h('div', {}, h('span', {class: 'tri', 'aria-hidden': 'true'}), h('span', {}, t('legend_hazards'))) : null,
      ].filter(Boolean),
    };
  }
}
