// Drag a junction or a corner: the borders that meet there follow like rubber bands, and all grids at it move.
import {Feature, LineString, Point, VectorLayer, VectorSource} from '/static/vendor/ol.js';
import {Offline} from '../api.js';
import {handleStyle} from './handlestyle.js';
import {readFeatures, writeGeometry} from '../map.js';
import {t} from '../words.js';
import {Stroke} from './stroke.js';

const REACH_PX = {mouse: 12, touch: 22};

class Handles {
  constructor(ctx) {
    this.ctx = ctx;
    this.layer = new VectorLayer({source: new VectorSource(), zIndex: 7.5, style: handleStyle(ctx.table)});
    this.points = [];
    this.lines = [];
    this.stroke = new Stroke({begins: (e) => this.begins(e), moves: (e) => this.moves(e), ends: (e) => this.ends(e), breaks: () => this.back()});
  }

  start() {
    const {map} = this.ctx;
    map.map.addLayer(this.layer);
    map.map.addInteraction(this.stroke);
    this.ctx.hint(t('hint_handles'));
    this.load();
  }

  stop() {
    const {map} = this.ctx;
    map.map.removeInteraction(this.stroke);
    map.map.removeLayer(this.layer);
    map.drawn.getSource().clear();
    this.held = null;
    this.kept = null;
  }

  changed() { if (!this.held && !this.kept) this.load(); }

  async load() {
    const wanted = `${this.ctx.state.rev}/${this.ctx.state.level}`;
    this.wanted = wanted;
    try {
      const found = readFeatures(await this.ctx.api.handles(this.ctx.state.level));
      if (this.wanted !== wanted) return;
      this.points = found.filter((one) => one.getGeometry().getType() === 'Point');
      this.lines = found.filter((one) => one.getGeometry().getType() === 'LineString');
      this.layer.getSource().clear(true);
      this.layer.getSource().addFeatures(this.points);
    } catch (error) {
      if (!(error instanceof Offline) && error.status === undefined) throw error;
      this.ctx.notice(this.ctx.refused(error));
    }
  }

  near(event) {
    const found = this.layer.getSource().getClosestFeatureToCoordinate(event.coordinate);
    if (!found) return null;
    const [x, y] = event.map.getPixelFromCoordinate(found.getGeometry().getCoordinates());
    const reach = REACH_PX[event.originalEvent.pointerType === 'touch' ? 'touch' : 'mouse'];
    return Math.hypot(x - event.pixel[0], y - event.pixel[1]) <= reach ? found : null;
  }

  begins(event) {
    const handle = this.near(event);
    if (!handle) return false;
    if (this.kept !== handle) this.back();
    this.held = handle;
    this.from = this.from || handle.getGeometry().getCoordinates();
    this.ends_ = this.lines.flatMap((line) => this.otherEnds(line));
    this.moves(event);
    return true;
  }

  /** Where the border lines at the handle go to: its neighbours along them. */
  otherEnds(line) {
    const places = line.getGeometry().getCoordinates();
    const same = ([x, y]) => Math.hypot(x - this.from[0], y - this.from[1]) < 0.02;
    return places.flatMap((place, i) => (same(place) ? [places[i - 1], places[i + 1]].filter(Boolean) : []));
  }

  moves(event) {
    this.to = event.coordinate;
    this.held.setGeometry(new Point(this.to));
    const source = this.ctx.map.drawn.getSource();
    source.clear(true);
    source.addFeatures(this.ends_.map((end) => new Feature(new LineString([end, this.to]))));
  }

  async ends(event) {
    const handle = this.held;
    const [a, b] = [this.from, this.to].map((place) => event.map.getPixelFromCoordinate(place));
    this.held = null;
    if (Math.hypot(a[0] - b[0], a[1] - b[1]) < 4) { this.back(); return; }
    this.kept = handle;
    this.send();
  }

  async send() {
    const lonlat = (place) => writeGeometry(new Point(place)).coordinates;
    const action = {kind: 'drag', level: this.ctx.state.level, from: lonlat(this.from), to: lonlat(this.to)};
    const taken = await this.ctx.act(action, {done: 'done_handles', refused: (words) => this.ctx.notice(`${words} ${t('mend_handles')}`,
      {stays: true, actions: [[t('drop'), () => { this.ctx.clearNotice(); this.back(); }]]})});
    if (!taken) return;
    this.forget();
    this.load();
  }

  forget() {
    this.held = null;
    this.kept = null;
    this.from = null;
    this.ctx.map.drawn.getSource().clear();
  }

  /** Put the handle back where it was. */
  back() {
    const handle = this.held || this.kept;
    if (handle && this.from) handle.setGeometry(new Point(this.from));
    this.forget();
  }

  cancel() {
    const had = Boolean(this.kept || this.held);
    this.back();
    this.ctx.clearNotice();
    return had;
  }

  click() {}
}

export const handles = (ctx) => new Handles(ctx);
