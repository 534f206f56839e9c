// The plan as it stood at a revision: shown in place of the grids of today, to look at, step through and copy.
import {Fill, Stroke, Style, Text, VectorLayer, VectorSource, getHeight, getWidth} from '/static/vendor/ol.js';
import {Offline} from './api.js';
import {$, h} from './dom.js';
import {readFeatures} from './map.js';
import {t} from './words.js';

export class Past {
  constructor(ctx, api) {
    Object.assign(this, {ctx, api, rev: null, asked: null, moved: () => {}, words: () => '', copy: () => {}});
    const layer = (zIndex, style, more = {}) => new VectorLayer({source: new VectorSource(), style, zIndex, visible: false, ...more});
    this.source = new VectorSource();
    this.layers = [
      layer(2, (feature) => this.fill(feature)), layer(5, (feature) => this.border(feature)),
      layer(8, (feature, resolution) => this.label(feature, resolution), {declutter: true}),
    ];
    this.layers.forEach((one) => { one.setSource(this.source); ctx.map.map.addLayer(one); });
    this.bar = h('div', {id: 'past', class: 'past', role: 'region', hidden: true});
    $('map').after(this.bar);
  }

  /** Show a revision; the newest is simply now. */
  async show(rev) {
    const {state, notice, refused, choose} = this.ctx;
    if (rev >= state.rev) { this.back(); return; }
    this.asked = rev;
    try {
      const grids = await this.api.gridsAt(rev);
      if (this.asked !== rev) return;
      choose(null);
      this.source.clear();
      this.source.addFeatures(readFeatures(grids).filter((feature) => feature.get('level') > 0));
      this.leaves();
      this.rev = rev;
      this.switch(true);
    } catch (error) {
      if (!(error instanceof Offline) && error.status === undefined) throw error;
      notice(refused(error));
    }
  }

  /** Mark the grids that nothing lies below: they are shown at every finer level. */
  leaves() {
    const parents = new Set(this.source.getFeatures().map((feature) => feature.get('parent')));
    this.source.forEachFeature((feature) => feature.set('leaf', !parents.has(feature.get('node_id')), true));
  }

  back() {
    this.asked = null;
    if (this.rev === null) return;
    this.rev = null;
    this.switch(false);
  }

  switch(on) {
    const {map} = this.ctx;
    [map.grids, map.farGrids, map.upper, map.farUpper, map.labels, map.marks].forEach((one) => one.setVisible(!on));
    this.layers.forEach((one) => one.setVisible(on));
    document.body.classList.toggle('in-past', on);
    this.draw();
    this.moved();
  }

  draw() {
    this.bar.hidden = this.rev === null;
    if (this.rev === null) return;
    const button = (id, key, run, off = false) => h('button', {type: 'button', class: 'btn small', id, disabled: off, onclick: run}, t(key));
    this.bar.setAttribute('aria-label', t('rev_n', {n: this.rev}));
    this.bar.replaceChildren(h('span', {role: 'status'}, t('past', {n: this.rev, words: this.words(this.rev)})),
      h('div', {class: 'past-steps'}, button('past-older', 'past_older', () => this.show(this.rev - 1), this.rev === 0), button('past-newer', 'past_newer', () => this.show(this.rev + 1)),
        button('past-copy', 'past_copy', () => this.copy(this.rev)), button('past-back', 'past_back', () => this.back())));
    this.layers.forEach((one) => one.changed());
  }

  shown(feature) {
    const level = this.ctx.state.level;
    return feature.get('level') === level || (feature.get('level') < level && feature.get('leaf'));
  }

  look(feature) {
    const {state} = this.ctx;
    const band = state.bands[feature.get('level')];
    if (feature.get('in_band') === null || feature.get('in_band') === undefined) return 'none';
    if (feature.get('in_band')) return 'in_band';
    return band && feature.get('households') < band.min ? 'under' : 'over';
  }

  fill(feature) {
    return this.shown(feature) ? new Style({fill: new Fill({color: this.ctx.map.patterns[this.look(feature)]})}) : null;
  }

  border(feature) {
    if (feature.get('level') > this.ctx.state.level) return null;
    return new Style({stroke: new Stroke({color: this.ctx.table.colours.grid_line, width: this.ctx.table.gridLines[feature.get('level')] || 2}), zIndex: -feature.get('level')});
  }

  label(feature, resolution) {
    const {table} = this.ctx;
    const extent = feature.getGeometry().getExtent();
    if (!this.shown(feature) || Math.min(getWidth(extent), getHeight(extent)) / resolution < 30) return null;
    return new Style({geometry: (one) => { const shape = one.getGeometry(); return shape.getType() === 'MultiPolygon' ? shape.getInteriorPoints() : shape.getInteriorPoint(); },
      text: new Text({text: `${feature.get('short') || feature.get('name')}\n${table.bands[this.look(feature)].mark}${feature.get('households')}`, font: `600 12px ${table.font}`,
        fill: new Fill({color: table.colours.text}), stroke: new Stroke({color: 'rgba(255,255,255,.92)', width: 3.5})})});
  }
}
