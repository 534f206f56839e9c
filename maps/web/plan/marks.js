// Cases in clusters (hollow where all are closed) and hazard points with their danger areas, read when they are first shown.
import {CircleStyle, Cluster, Feature, Fill, RegularShape, Stroke, Style, Text, VectorLayer, VectorSource} from '/static/vendor/ol.js';
import {Offline} from './api.js';
import {$, h} from './dom.js';
import {readFeatures, readGeometry, rgba} from './map.js';
import {language, t} from './words.js';

const CLOSED = new Set(['not_accepted', 'archived', 'assessed', 'void']);
const REACH_PX = 14;

export class Marks {
  /** config: kinds of hazards and categories of cases in words. */
  constructor(ctx, api, config) {
    Object.assign(this, {ctx, api, config, asked: new Set()});
    const {colours, grades, font} = ctx.table;
    this.cases = new VectorSource();
    this.hazards = new VectorSource();
    this.areas = new VectorSource();
    this.bubbles = new Cluster({source: this.cases, distance: 34});
    this.styles = new Map();
    const add = (source, zIndex, style) => {
      const layer = new VectorLayer({source, zIndex, style, visible: false});
      ctx.map.map.addLayer(layer);
      return layer;
    };
    this.layers = {
      cases: [add(this.bubbles, 7.2, (feature) => this.bubble(feature.get('features'), colours.case, font))],
      hazards: [add(this.areas, 4.5, new Style({fill: new Fill({color: rgba(colours.hazard, 0.12)}), stroke: new Stroke({color: colours.hazard, width: 1.6, lineDash: [7, 5]})})),
        add(this.hazards, 7.4, (feature) => this.triangle(feature, grades, colours, font))],
    };
    this.tip = h('div', {class: 'tip mark-tip', role: 'tooltip', hidden: true});
    $('map').append(this.tip);
    ctx.map.map.on('pointermove', (event) => this.tell(event));
  }

  /** {cases, hazards}: which are shown. */
  show(wanted) {
    Object.entries(wanted).forEach(([kind, on]) => {
      this.layers[kind].forEach((layer) => layer.setVisible(on));
      if (on && !this.asked.has(kind)) this.load(kind);
    });
  }

  async load(kind) {
    this.asked.add(kind);
    try {
      const features = readFeatures(await this.api[kind]());
      if (kind === 'cases') this.cases.addFeatures(features);
      else {
        this.hazards.addFeatures(features);
        features.filter((one) => one.get('danger_area')).forEach((one) => this.areas.addFeature(new Feature({geometry: readGeometry(one.get('danger_area'))})));
      }
    } catch (error) {
      // the plan can be worked on without: ticking the layer anew asks again
      if (!(error instanceof Offline) && error.status === undefined) throw error;
      this.asked.delete(kind);
    }
  }

  bubble(features, colour, font) {
    const n = features.length;
    const open = features.some((one) => !CLOSED.has(one.get('state')));
    const key = `${n}/${open}`;
    if (!this.styles.has(key)) {
      const [ink, ground] = open ? ['#fff', colour] : [colour, '#fff'];
      this.styles.set(key, new Style({image: new CircleStyle({radius: n === 1 ? 5 : Math.min(16, 9 + Math.log2(n)), fill: new Fill({color: ground}), stroke: new Stroke({color: open ? '#fff' : colour, width: open ? 1.6 : 2})}),
        text: n === 1 ? undefined : new Text({text: String(n), font: `600 12px ${font}`, fill: new Fill({color: ink})})}));
    }
    return this.styles.get(key);
  }

  word(table, key) {
    const row = this.config[table][key];
    return row ? row[language() === 'zh' ? 0 : 1] : String(key ?? '');
  }

  triangle(feature, grades, colours, font) {
    const kind = (this.config.kinds[feature.get('kind')] || [''])[0][0] || '';
    return new Style({image: new RegularShape({points: 3, radius: 12, fill: new Fill({color: grades[feature.get('grade')] || colours.hazard}), stroke: new Stroke({color: '#fff', width: 1.6})}),
      text: kind ? new Text({text: kind, font: `600 9px ${font}`, offsetY: 2, fill: new Fill({color: '#fff'})}) : undefined});
  }

  near(source, coordinate) {
    const found = source.getClosestFeatureToCoordinate(coordinate);
    if (!found) return null;
    const [x, y] = found.getGeometry().getCoordinates();
    return Math.hypot(x - coordinate[0], y - coordinate[1]) / this.ctx.map.map.getView().getResolution() <= REACH_PX ? found : null;
  }

  /** One case, or the categories of a cluster, most first. */
  told(features) {
    if (features.length === 1) return [this.word('categories', features[0].get('category')), features[0].get('description') || features[0].get('number')];
    const count = new Map();
    features.forEach((one) => count.set(one.get('category'), (count.get(one.get('category')) || 0) + 1));
    return [t('c_cluster', {n: features.length}), [...count].sort((a, b) => b[1] - a[1]).map(([key, n]) => `${this.word('categories', key)} ${n}`).join('、')];
  }

  /** What is under the mouse: a hazard point's name and number, a case's category and description. */
  tell(event) {
    const shown = (kind) => this.layers[kind][0].getVisible() && !event.dragging;
    const hazard = shown('hazards') && this.near(this.hazards, event.coordinate);
    const one = hazard || (shown('cases') && this.near(this.bubbles, event.coordinate));
    this.tip.hidden = !one;
    if (!one) return;
    const words = hazard ? [one.get('name') || one.get('number'), `${this.word('kinds', one.get('kind'))} · ${one.get('grade') || '–'}`] : this.told(one.get('features'));
    this.tip.replaceChildren(h('b', {}, words[0]), h('span', {}, words[1]));
    this.tip.style.transform = `translate(${Math.round(event.pixel[0]) + 14}px, ${Math.round(event.pixel[1]) - 46}px)`;
  }
}
