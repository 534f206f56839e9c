// Reference layers of one's own: uploaded to the server, shown, zoomed to, deleted; to be looked at only.
import {Fill, Stroke, Style, Text, CircleStyle, VectorLayer, VectorSource, isEmpty} from '/static/vendor/ol.js';
import {Offline} from './api.js';
import {h} from './dom.js';
import {readFeatures, rgba} from './map.js';
import {t} from './words.js';

const MOST_BYTES = 8 * 1024 * 1024 - 4096;
const SYSTEMS = ['', 'wgs84', 'cgcs2000', 'gcj02', 'bd09'];
const COLOURS = ['#a1249e', '#0a6a8c', '#8a5a00', '#b3261e', '#3c6e20'];

export class References {
  constructor(ctx, api) {
    Object.assign(this, {ctx, api, rows: null, layers: new Map(), sure: null});
    this.host = h('section', {class: 'references', id: 'references'});
  }

  failed(error) {
    if (!(error instanceof Offline) && error.status === undefined) throw error;
    this.ctx.notice(this.ctx.refused(error));
  }

  async load() {
    try {
      this.rows = (await this.api.references()).references;
      this.draw();
    } catch (error) { this.failed(error); }
  }

  draw() {
    if (this.rows === null) { this.rows = []; this.load(); }
    const name = h('input', {type: 'text', id: 'ref-name', maxlength: '100', required: true});
    const file = h('input', {type: 'file', id: 'ref-file', required: true, accept: '.geojson,.json,.zip,.kml,.kmz,.gpkg', onchange: () => { if (!name.value && file.files[0]) name.value = file.files[0].name.replace(/\.[^.]+$/, ''); }});
    const crs = h('select', {id: 'ref-crs'}, SYSTEMS.map((one) => h('option', {value: one}, one || t('ref_crs_own'))));
    const field = (input, words) => h('label', {}, h('span', {}, words), input);
    this.host.replaceChildren(h('h3', {}, t('references')), h('ul', {class: 'ref-list'}, this.rows.map((row, i) => this.row(row, i))),
      this.rows.length ? '' : h('p', {class: 'none'}, t('ref_none')),
      h('details', {class: 'upload'}, h('summary', {}, t('ref_add')), h('form', {onsubmit: (event) => { event.preventDefault(); this.upload(file.files[0], name.value.trim(), crs.value); }},
        field(file, t('ref_file')), field(name, t('ref_name')), field(crs, t('ref_crs')), h('button', {class: 'btn primary', id: 'ref-go'}, t('ref_go')))));
  }

  row(row, i) {
    const layer = this.layers.get(row.id);
    const tick = h('input', {type: 'checkbox', checked: Boolean(layer && layer.getVisible()), onchange: (event) => this.show(row, i, event.target.checked)});
    const sure = this.sure === row.id;
    return h('li', {'data-reference': String(row.id)}, h('label', {class: 'tick'}, tick, this.key(i), h('span', {class: 'nm'}, row.name, h('small', {}, `${t('ref_features', {n: row.features})} · ${row.who}`))),
      h('button', {type: 'button', class: 'btn small', onclick: () => this.zoom(row, i)}, t('zoom_to')),
      h('button', {type: 'button', class: sure ? 'btn small danger' : 'btn small', onclick: () => this.drop(row)}, t(sure ? 'ref_sure' : 'ref_drop')));
  }

  key(i) {
    const node = h('span', {class: 'refkey', 'aria-hidden': 'true'});
    node.style.borderColor = COLOURS[i % COLOURS.length];
    return node;
  }

  style(colour) {
    const {font} = this.ctx.table;
    const plain = new Style({stroke: new Stroke({color: colour, width: 2, lineDash: [10, 4, 2, 4]}), fill: new Fill({color: rgba(colour, 0.06)}), image: new CircleStyle({radius: 4, fill: new Fill({color: colour}), stroke: new Stroke({color: '#fff', width: 1.2})})});
    return (feature, resolution) => (feature.get('label') && resolution < 3 ? [plain, new Style({text: new Text({text: feature.get('label'), font: `12px ${font}`, overflow: true, fill: new Fill({color: colour}), stroke: new Stroke({color: 'rgba(255,255,255,.9)', width: 3})})})] : plain);
  }

  async show(row, i, on) {
    try {
      if (on && !this.layers.has(row.id)) {
        const source = new VectorSource();
        source.addFeatures(readFeatures(await this.api.reference(row.id)));
        const layer = new VectorLayer({source, zIndex: 6.2, declutter: true, style: this.style(COLOURS[i % COLOURS.length])});
        this.layers.set(row.id, layer);
        this.ctx.map.map.addLayer(layer);
      }
      if (this.layers.has(row.id)) this.layers.get(row.id).setVisible(on);
    } catch (error) { this.failed(error); }
  }

  async zoom(row, i) {
    await this.show(row, i, true);
    this.draw();
    const layer = this.layers.get(row.id);
    if (layer && !isEmpty(layer.getSource().getExtent())) this.ctx.map.fit(layer.getSource().getExtent(), {maxZoom: 19});
  }

  async drop(row) {
    if (this.sure !== row.id) { this.sure = row.id; this.draw(); return; }
    this.sure = null;
    try {
      await this.api.dropReference(row.id);
      if (this.layers.has(row.id)) this.ctx.map.map.removeLayer(this.layers.get(row.id));
      this.layers.delete(row.id);
      await this.load();
    } catch (error) { this.failed(error); }
  }

  async upload(file, name, crs) {
    if (!file || !name) return;
    if (file.size > MOST_BYTES) { this.ctx.notice(t('ref_large')); return; }
    try {
      const made = await this.api.addReference(file, name, crs);
      this.ctx.notice(t('ref_done'), {good: true});
      this.rows = [...this.rows, made];
      await this.zoom(made, this.rows.length - 1);
    } catch (error) { this.failed(error); }
  }
}
