// The map of the planner's page: our own ground, grids by band, labels, marks for what is chosen, offered or wrong.
import {
  CircleStyle, DEVICE_PIXEL_RATIO, Feature, Fill, GeoJSON, ImageLayer, ImageStatic, OlMap, Point, ScaleLine, Stroke, Style, Text, VectorImageLayer, VectorLayer, VectorSource, View,
  buffer, createEmpty, defaultControls, defaultInteractions, extend, getHeight, getWidth, isEmpty, transformExtent,
} from '/static/vendor/ol.js';
import {outlineOf} from './outline.js';

const FORMAT = new GeoJSON({featureProjection: 'EPSG:3857', dataProjection: 'EPSG:4326'});
const GREEN = new Set(['forest', 'wood', 'grass', 'meadow', 'orchard', 'park', 'farmland', 'scrub', 'garden', 'recreation_ground']);
const WATER_M = {river: 14, canal: 8};

export const readFeatures = (collection) => FORMAT.readFeatures(collection);
export const readGeometry = (geometry) => FORMAT.readGeometry(geometry);
export const writeGeometry = (geometry) => FORMAT.writeGeometryObject(geometry, {decimals: 9});

export function hatch(band) {
  const size = 9 * DEVICE_PIXEL_RATIO;
  const canvas = document.createElement('canvas');
  canvas.width = size;
  canvas.height = size;
  const pen = canvas.getContext('2d');
  pen.globalAlpha = band.opacity;
  pen.fillStyle = band.fill;
  pen.fillRect(0, 0, size, size);
  pen.globalAlpha = 0.75;
  pen.strokeStyle = band.fill;
  pen.lineWidth = 1.6 * DEVICE_PIXEL_RATIO;
  pen.beginPath();
  [-size, 0, size].forEach((d) => {
    if (band.hatch > 0) { pen.moveTo(d, size); pen.lineTo(d + size, 0); } else { pen.moveTo(d, 0); pen.lineTo(d + size, size); }
  });
  pen.stroke();
  return pen.createPattern(canvas, 'repeat');
}

export function rgba(hex, alpha) {
  return `rgba(${parseInt(hex.slice(1, 3), 16)},${parseInt(hex.slice(3, 5), 16)},${parseInt(hex.slice(5, 7), 16)},${alpha})`;
}

/** Metres on the ground per map unit: Web Mercator stretches by latitude. */
const groundScale = (map) => Math.cos(2 * Math.atan(Math.exp(map.getView().getCenter()[1] / 6378137)) - Math.PI / 2);

function groundStyle(table, map) {
  const c = table.colours;
  return (feature, resolution) => {
    const layer = feature.get('layer');
    const kind = feature.get('class');
    const mpp = resolution * groundScale(map);
    if (layer === 'water_areas') return new Style({fill: new Fill({color: c.water}), stroke: new Stroke({color: c.water_line, width: 0.8}), zIndex: 2});
    if (layer === 'landuse') return new Style({fill: new Fill({color: GREEN.has(kind) ? c.green : c.landuse}), zIndex: 1});
    if (layer === 'water_lines') return new Style({stroke: new Stroke({color: c.water, width: Math.min(26, Math.max(1.6, (WATER_M[kind] || 4) / mpp))}), zIndex: 3});
    if (layer === 'walls') return new Style({stroke: new Stroke({color: c.wall, width: 1.2, lineDash: [1, 3]}), zIndex: 3});
    if (layer === 'gullies') return new Style({stroke: new Stroke({color: c.gully, width: 1.2, lineDash: [8, 4, 2, 4]}), zIndex: 3});
    if (layer === 'ridges') return new Style({stroke: new Stroke({color: c.gully, width: 1, lineDash: [1, 5]}), zIndex: 3});
    if (layer !== 'roads' && layer !== 'rail') return null;
    const rows = table.roads;
    const row = layer === 'rail' ? rows[0] : rows.find((one) => one.classes.includes(kind)) || rows[rows.length - 1];
    const width = Math.min(30, Math.max(row.least_px, row.width_m / mpp));
    const rank = rows.length - rows.indexOf(row);
    const dash = row.dash ? row.dash.split(' ').map(Number) : undefined;
    return [
      new Style({stroke: new Stroke({color: row.casing, width: width + (dash ? 1.2 : Math.min(2.4, 1 + width / 6))}), zIndex: 10 + rank}),
      new Style({stroke: new Stroke({color: row.fill, width, lineDash: dash, lineCap: dash ? 'butt' : 'round'}), zIndex: 20 + rank}),
    ];
  };
}

/** Below this resolution, metres a pixel, a screen holds at most some hundred grids. */
const NEAR = 1.2;
const LABELS = new WeakMap();

/** The feature that carries a grid's label: inside its largest part; found once for each polygon. */
function labelOf(grid) {
  const geometry = grid.getGeometry();
  if (LABELS.has(geometry)) return LABELS.get(geometry);
  const polygon = geometry.getType() === 'MultiPolygon'
    ? geometry.getPolygons().reduce((a, b) => (b.getArea() > a.getArea() ? b : a)) : geometry;
  const at = polygon.getInteriorPoint().getCoordinates();
  const label = new Feature({geometry: new Point(at.slice(0, 2)), node_id: grid.get('node_id'), extent: polygon.getExtent()});
  LABELS.set(geometry, label);
  return label;
}

const sameSet = (a, b) => a === b || Boolean(a && b && a.size === b.size && [...a].every((one) => b.has(one)));

const givenStyle = (table) => new Style({fill: new Fill({color: rgba(table.colours.selection, 0.34)}), stroke: new Stroke({color: table.colours.selection, width: 2})});

export class PlanMap {
  constructor(target, table, state) {
    this.table = table;
    this.state = state;
    this.chosen = null;
    this.textScale = 1;
    this.offered = new Set();
    this.patterns = Object.fromEntries(Object.entries(table.bands).map(([key, band]) => [key, band.hatch === null ? rgba(band.fill, band.opacity) : hatch(band)]));
    this.styles = new Map();
    // many or wide strokes are drawn once into a picture larger than the screen: a pan moves it, and draws it anew when it ends
    const picture = (zIndex, style, more = {}) => new VectorImageLayer({source: new VectorSource(), style, zIndex, imageRatio: 1.6, ...more});
    // what lies up to a screen's half beyond the edge is drawn already: a pan only moves the picture, as bare OpenLayers does
    const layer = (zIndex, style, more = {}) => new VectorLayer({source: new VectorSource(), style, zIndex, renderBuffer: 400, ...more});
    this.map = new OlMap({
      target, controls: defaultControls({zoom: false, rotate: false, attribution: false}).extend([new ScaleLine({minWidth: 50, maxWidth: 110})]),
      interactions: defaultInteractions({altShiftDragRotate: false, pinchRotate: false, doubleClickZoom: false}),
      view: new View({center: [0, 0], zoom: 16, maxZoom: 22, enableRotation: false, constrainResolution: false}),
    });
    // the grids' colour lies under water, roads and buildings, their borders above them
    this.land = picture(1, groundStyle(table, this.map));
    // near by, few grids are in view: they are drawn as they are, an edit waits for no picture
    const shared = (zIndex, style) => {
      const source = new VectorSource();
      return [layer(zIndex, style, {source, maxResolution: NEAR}), picture(zIndex, style, {source, minResolution: NEAR})];
    };
    [this.grids, this.farGrids] = shared(2, (feature) => this.gridStyle(feature));
    this.ground = picture(3, groundStyle(table, this.map), {opacity: 0.92});
    this.buildings = picture(4, (feature, resolution) => this.buildingStyle(feature, resolution));
    [this.upper, this.farUpper] = shared(5, (feature) => this.upperStyle(feature));
    this.given = layer(5.5, givenStyle(table));
    this.marks = layer(6, (feature) => this.markStyle(feature));
    this.drawn = layer(7, new Style({stroke: new Stroke({color: table.colours.flaw, width: 3, lineDash: [8, 6]}),
      image: new CircleStyle({radius: 6, fill: new Fill({color: '#fff'}), stroke: new Stroke({color: table.colours.flaw, width: 2})})}));
    this.labels = layer(8, (feature, resolution) => this.labelStyle(feature, resolution), {declutter: true});
    [this.land, this.grids, this.farGrids, this.ground, this.buildings, this.upper, this.farUpper, this.given, this.marks, this.drawn, this.labels].forEach((one) => this.map.addLayer(one));
  }

  setGround(collection) {
    readFeatures(collection).forEach((f) => (f.get('layer') === 'landuse' ? this.land : this.ground).getSource().addFeature(f));
  }

  /** Lay a picture of the relief (EPSG:3857) above the grids' colour: {url, west, south, east, north} in degrees. */
  layRelief({url, west, south, east, north}) {
    const imageExtent = transformExtent([west, south, east, north], 'EPSG:4326', 'EPSG:3857');
    this.relief = new ImageLayer({source: new ImageStatic({url, imageExtent, projection: 'EPSG:3857'}), zIndex: 2.5, opacity: 0.85});
    this.map.addLayer(this.relief);
  }

  setBuildings(collection) {
    this.buildings.getSource().clear();
    this.buildings.getSource().addFeatures(readFeatures(collection));
  }

  setGrids(collection) {
    this.all = readFeatures(collection).filter((f) => f.get('level') > 0);
    this.byNode = new Map(this.all.map((f) => [f.get('node_id'), f]));
    this.redraw();
  }

  /** Take grids off the map that are gone or hold no ground any more, and put those on it whose polygon is another now. */
  change(gone, collection) {
    gone.forEach((id) => { this.byNode.delete(id); this.offered.delete(id); });
    readFeatures(collection).filter((f) => f.get('level') > 0).forEach((f) => this.byNode.set(f.get('node_id'), f));
    this.all = [...this.byNode.values()];
    if (!this.state.nodes.has(this.chosen)) this.chosen = null;
    this.redraw();
  }

  /** Show the grids of the state's level, heavier borders of those above, and their labels. */
  redraw() {
    const ids = new Set(this.state.shown().map((node) => node.id));
    const shown = (this.all || []).filter((f) => ids.has(f.get('node_id')));
    const area = (f) => f.getGeometry().getArea();
    shown.sort((a, b) => area(b) - area(a));
    const fill = (layer, features) => { layer.getSource().clear(true); layer.getSource().addFeatures(features); };
    fill(this.grids, shown);
    const borders = (this.all || []).filter((f) => f.get('level') < this.state.level && !ids.has(f.get('node_id')));
    fill(this.upper, shown.concat(borders));
    fill(this.labels, shown.map((f) => labelOf(f)));
    this.mark();
  }

  /** Draw grids anew from the cells that the state says they hold, before the server has drawn them. */
  redrawFrom(ids) {
    const held = new Map([...ids].map((id) => [id, []]));
    this.state.cells.forEach((cell) => { if (held.has(cell.node_id)) held.get(cell.node_id).push(cell); });
    const towers = (cells) => cells.some((cell) => this.state.byFace.get(cell.face).length > 1);
    held.forEach((cells, id) => {
      const feature = this.byNode.get(id);
      // runs of floors share a face: their grids are drawn by the server alone
      if (!feature || towers(cells)) return;
      const outline = outlineOf(cells.map((cell) => cell.geometry));
      if (!outline) return;
      feature.setGeometry(readGeometry(outline));
    });
    this.redraw();
  }

  /** Highlight cells that would be given; `faces` has a feature for each face. */
  showGiven(cells, faces) {
    const wanted = new Set(cells.map((cell) => cell.face));
    const source = this.given.getSource();
    source.getFeatures().forEach((feature) => { if (!wanted.delete(feature.get('face'))) source.removeFeature(feature); });
    if (wanted.size) source.addFeatures(faces.getFeatures().filter((feature) => wanted.has(feature.get('face'))));
  }

  /** A style that is made once for each key. */
  kept(key, make) {
    if (!this.styles.has(key)) this.styles.set(key, make());
    return this.styles.get(key);
  }

  gridStyle(feature) {
    const look = this.state.stateOf(this.state.nodes.get(feature.get('node_id')));
    return this.kept(look, () => new Style({fill: new Fill({color: this.patterns[look]})}));
  }

  upperStyle(feature) {
    const level = feature.get('level');
    return this.kept(level, () => new Style({stroke: new Stroke({color: this.table.colours.grid_line, width: this.table.gridLines[level] || 2}), zIndex: -level}));
  }

  buildingStyle(feature, resolution) {
    const c = this.table.colours;
    const picked = feature.get('bid') === this.picked;
    const inside = this.chosenBids && this.chosenBids.has(feature.get('bid'));
    const dwelling = (feature.get('households') || 0) > 0;
    if (picked) return new Style({fill: new Fill({color: c.selection}), stroke: new Stroke({color: '#fff', width: 2}), zIndex: 2});
    return this.kept(`building ${inside} ${dwelling} ${resolution > 2}`, () => new Style({fill: new Fill({color: inside ? '#4d4a44' : rgba(dwelling ? c.dwelling : c.building, 0.85)}),
      stroke: resolution > 2 ? undefined : new Stroke({color: dwelling ? c.dwelling_line : c.building_line, width: 0.6})}));
  }

  markStyle(feature) {
    const c = this.table.colours;
    const kind = feature.get('mark');
    if (kind === 'offered') return new Style({stroke: new Stroke({color: c.candidate, width: 3, lineDash: [7, 5]}), fill: new Fill({color: rgba(c.candidate, 0.12)})});
    if (kind === 'flaw') {
      return [new Style({stroke: new Stroke({color: '#fff', width: 7})}), new Style({stroke: new Stroke({color: c.flaw, width: 3.4}), fill: new Fill({color: rgba(c.flaw, 0.16)}),
        image: new CircleStyle({radius: 9, fill: new Fill({color: rgba(c.flaw, 0.3)}), stroke: new Stroke({color: c.flaw, width: 3})})})];
    }
    return [new Style({stroke: new Stroke({color: '#fff', width: 6.5})}), new Style({stroke: new Stroke({color: c.selection, width: 3.6}), fill: new Fill({color: rgba(c.selection, 0.07)})})];
  }

  labelStyle(feature, resolution) {
    const node = this.state.nodes.get(feature.get('node_id'));
    if (!node) return null;
    const px = Math.min(getWidth(feature.get('extent')), getHeight(feature.get('extent'))) / resolution;
    if (px < 20) return null;
    const big = node.level === 1;
    const mark = this.table.bands[this.state.stateOf(node)].mark;
    const name = node.short || node.label || node.name;
    const count = `${mark}${node.households}${document.documentElement.lang.startsWith('zh') ? '户' : ''}`;
    const two = px >= 38;
    const bold = `600 ${big ? 14 : 12}px ${this.table.font}`;
    return new Style({zIndex: this.state.stateOf(node) === 'in_band' ? 0 : 1, text: new Text({
      text: two ? [name, bold, '\n', '', count, `12px ${this.table.font}`] : [`${mark}${name}`, bold],
      font: `12px ${this.table.font}`, fill: new Fill({color: this.table.colours.text}), stroke: new Stroke({color: 'rgba(255,255,255,.92)', width: 3.5}), padding: [2, 3, 2, 3], scale: this.textScale})});
  }

  /** Draw again what is chosen and offered. */
  mark(extra = this.extra || []) {
    this.extra = extra;
    const source = this.marks.getSource();
    source.clear();
    const copy = (id, mark) => {
      const grid = this.byNode && this.byNode.get(id);
      if (grid) source.addFeature(new Feature({geometry: grid.getGeometry(), mark}));
    };
    this.offered.forEach((id) => copy(id, 'offered'));
    if (this.chosen !== null) copy(this.chosen, 'chosen');
    extra.forEach((geometry) => source.addFeature(new Feature({geometry, mark: 'flaw'})));
    const before = this.chosenBids;
    this.chosenBids = this.chosen === null ? null : new Set(this.state.cells.filter((cell) => {
      let node = this.state.nodes.get(cell.node_id);
      while (node && node.id !== this.chosen) node = this.state.nodes.get(node.parent);
      return Boolean(node);
    }).map((cell) => cell.bid));
    if (!sameSet(before, this.chosenBids) || this.picked !== this.pickedBefore) this.buildings.changed();
    this.pickedBefore = this.picked;
  }

  /** The grid shown at a point; of floor runs that lie over each other the smallest. */
  gridAt(coordinate) {
    const hits = this.grids.getSource().getFeaturesAtCoordinate(coordinate);
    hits.sort((a, b) => a.getGeometry().getArea() - b.getGeometry().getArea());
    return hits.length ? hits[0].get('node_id') : null;
  }

  buildingAt(coordinate) {
    const hits = this.buildings.getSource().getFeaturesAtCoordinate(coordinate);
    return hits.length ? hits[0] : null;
  }

  fit(extent, {maxZoom = 20, duration = 250} = {}) {
    if (isEmpty(extent)) return;
    const phone = window.innerWidth <= 820;
    this.map.getView().fit(extent, {padding: phone ? [96, 24, 40, 24] : [60, 40, 50, 100], maxZoom, duration});
  }

  fitAll(duration = 0) {
    const extent = createEmpty();
    (this.all || []).forEach((f) => extend(extent, f.getGeometry().getExtent()));
    this.fit(extent, {duration});
  }

  fitNode(id) {
    const grid = this.byNode.get(id);
    if (!grid) return;
    const extent = grid.getGeometry().getExtent();
    this.fit(buffer(extent, Math.max(getWidth(extent), getHeight(extent)) * 0.6), {maxZoom: 19.5});
  }
}
