// The map of disputed ground: outlines of the basic grids with their names, overlaps and gaps told apart by colour and hatch.
import {
  Fill, OlMap, Point, ScaleLine, Stroke, Style, Text, VectorLayer, VectorSource, View,
  buffer, createEmpty, defaultControls, defaultInteractions, extend, getCenter, getHeight, getWidth, isEmpty,
} from '/static/vendor/ol.js';
import {hatch, readFeatures, rgba} from '../plan/map.js';

export const KINDS = {overlap: {fill: '#c8452b', opacity: 0.5, hatch: 1}, gap: {fill: '#0b5fa5', opacity: 0.4, hatch: -1}};
/** Colours of the basic grids that the chosen piece lies between, in the order of their codes. */
export const TINTS = ['#1a936f', '#8a5fc7', '#b07d00', '#4a7a94'];
const NEAR_PX = 14;

const largest = (geometry) => (geometry.getType() === 'MultiPolygon'
  ? geometry.getPolygons().reduce((a, b) => (b.getArea() > a.getArea() ? b : a)) : geometry);

export class DisputeMap {
  constructor(target, table) {
    this.table = table;
    this.chosen = null;
    this.patterns = Object.fromEntries(Object.entries(KINDS).map(([kind, look]) => [kind, hatch(look)]));
    const layer = (zIndex, style, more = {}) => new VectorLayer({source: new VectorSource(), style, zIndex, updateWhileInteracting: true, ...more});
    this.map = new OlMap({
      target, controls: defaultControls({zoom: false, rotate: false, attribution: false}).extend([new ScaleLine({minWidth: 50, maxWidth: 110})]),
      interactions: defaultInteractions({altShiftDragRotate: false, pinchRotate: false}),
      view: new View({center: [0, 0], zoom: 14, maxZoom: 23, enableRotation: false, constrainResolution: false}),
    });
    this.outlines = layer(1, (feature) => this.outlineStyle(feature));
    this.pieces = layer(2, (feature, resolution) => this.pieceStyle(feature, resolution));
    this.names = layer(3, (feature, resolution) => this.nameStyle(feature, resolution), {declutter: true});
    [this.outlines, this.pieces, this.names].forEach((one) => this.map.addLayer(one));
  }

  show(outlines, disputes) {
    const read = readFeatures(outlines);
    const fill = (layer, features) => { layer.getSource().clear(true); layer.getSource().addFeatures(features); };
    fill(this.outlines, read);
    fill(this.names, read.map((feature) => feature.clone()));
    fill(this.pieces, readFeatures(disputes));
    this.choose(null);
  }

  /** Mark one piece and tint the basic grids that it lies between. */
  choose(id) {
    this.chosen = id;
    const piece = this.pieceOf(id);
    this.beside = piece ? piece.get('codes') : [];
    this.spots = piece ? this.spotsAround(piece.getGeometry()) : {};
    [this.outlines, this.pieces, this.names].forEach((one) => one.changed());
  }

  /** Where the name of each basic grid beside a piece is lettered, so that it is seen from close by. */
  spotsAround(geometry) {
    const extent = geometry.getExtent();
    const [x, y] = getCenter(extent);
    const found = {};
    this.outlines.getSource().getFeatures().filter((one) => this.beside.includes(one.get('code'))).forEach((one) => {
      const fits = [];
      [0.3, 0.45, 0.6].forEach((share) => Array.from({length: 24}, (_, i) => (i * Math.PI) / 12).forEach((turn) => {
        const at = [x + Math.cos(turn) * getWidth(extent) * share, y + Math.sin(turn) * Math.max(getHeight(extent), getWidth(extent) / 2) * share];
        if (one.getGeometry().intersectsCoordinate(at)) fits.push(at);
      }));
      if (fits.length) found[one.get('code')] = fits[Math.floor(fits.length / 2)];
    });
    return found;
  }

  tintOf(code) {
    const nth = this.beside ? this.beside.indexOf(code) : -1;
    return nth < 0 ? null : TINTS[nth % TINTS.length];
  }

  pieceOf(id) { return this.pieces.getSource().getFeatures().find((feature) => feature.get('id') === id); }

  outlineStyle(feature) {
    const tint = this.tintOf(feature.get('code'));
    return new Style({
      fill: new Fill({color: tint ? rgba(tint, 0.16) : 'rgba(255,255,255,.72)'}),
      stroke: new Stroke({color: tint || this.table.colours.grid_line, width: tint ? 2.4 : 1.4}), zIndex: tint ? 1 : 0,
    });
  }

  pieceStyle(feature, resolution) {
    const look = KINDS[feature.get('kind')];
    const chosen = feature.get('id') === this.chosen;
    const extent = feature.getGeometry().getExtent();
    // a piece smaller than a fingertip gets a wider rim, so that it is seen on the whole map
    const tiny = Math.max(getWidth(extent), getHeight(extent)) / resolution < NEAR_PX;
    const width = (chosen ? 4 : 2) + (tiny ? 5 : 0);
    return [
      new Style({stroke: new Stroke({color: '#fff', width: width + 3}), zIndex: chosen ? 1 : 0}),
      new Style({fill: new Fill({color: this.patterns[feature.get('kind')]}), stroke: new Stroke({color: look.fill, width}), zIndex: chosen ? 2 : 0}),
    ];
  }

  nameStyle(feature, resolution) {
    const code = feature.get('code');
    const tint = this.tintOf(code);
    const extent = feature.getGeometry().getExtent();
    if (!tint && Math.min(getWidth(extent), getHeight(extent)) / resolution < 44) return null;
    const at = (tint && this.spots[code]) || largest(feature.getGeometry()).getInteriorPoint().getCoordinates().slice(0, 2);
    return new Style({geometry: new Point(at), zIndex: tint ? 1 : 0, text: new Text({
      text: feature.get('name') || code, font: `${tint ? 600 : 400} ${tint ? 15 : 13}px ${this.table.font}`, padding: [3, 4, 3, 4],
      fill: new Fill({color: tint || this.table.colours.text}), stroke: new Stroke({color: 'rgba(255,255,255,.92)', width: 3.5})})});
  }

  /** Id of the piece at a pixel, or within a fingertip of it. */
  pieceAt(pixel) {
    const hit = this.map.forEachFeatureAtPixel(pixel, (feature) => feature.get('id'), {layerFilter: (one) => one === this.pieces, hitTolerance: NEAR_PX});
    return hit === undefined ? null : hit;
  }

  fit(extent, {maxZoom = 20, duration = 250} = {}) {
    if (!isEmpty(extent)) this.map.getView().fit(extent, {padding: [50, 50, 60, 50], maxZoom, duration});
  }

  fitAll(duration = 0) { this.fit(this.outlines.getSource().getExtent() || createEmpty(), {duration}); }

  fitPiece(id) {
    const piece = this.pieceOf(id);
    if (!piece) return;
    const extent = extend(createEmpty(), piece.getGeometry().getExtent());
    this.fit(buffer(extent, Math.max(getWidth(extent), getHeight(extent), 20) * 0.35));
  }
}
