// The town around the plan: the plans in hand of the other basic grids, paler, each one click away; the view in the address.
import {Feature, Fill, Point, Stroke, Style, Text, VectorImageLayer, VectorLayer, VectorSource, fromLonLat, getHeight, getWidth, toLonLat} from '/static/vendor/ol.js';
import {readFeatures, rgba} from './map.js';
import {t} from './words.js';

const AT_ONCE = 2;

/** The address's view: `#zoom/lat/lon`, so that a reload, or a neighbour's plan, opens where one was looking. */
export function rememberView(map) {
  const view = map.getView();
  map.on('moveend', () => {
    const [lon, lat] = toLonLat(view.getCenter());
    history.replaceState(null, '', `#${view.getZoom().toFixed(2)}/${lat.toFixed(6)}/${lon.toFixed(6)}`);
  });
}

export function recallView(map) {
  const [zoom, lat, lon] = window.location.hash.slice(1).split('/').map(Number);
  if (![zoom, lat, lon].every(Number.isFinite) || zoom < 2 || Math.abs(lat) > 85 || Math.abs(lon) > 180) return false;
  map.getView().setCenter(fromLonLat([lon, lat]));
  map.getView().setZoom(zoom);
  return true;
}

/** Open another plan where one is looking. */
export const openPlan = (id) => window.location.assign(`/plan/${id}${window.location.search}${window.location.hash}`);

export class Around {
  /** ctx: state, map, api, table, notice, refused. */
  constructor(ctx) {
    this.ctx = ctx;
    this.plans = new Map();
    this.grids = new VectorImageLayer({source: new VectorSource(), style: (feature) => this.gridStyle(feature), zIndex: 1.5, imageRatio: 1.6});
    this.names = new VectorLayer({source: new VectorSource(), style: (feature, resolution) => this.nameStyle(feature, resolution), zIndex: 7.5, declutter: true});
    this.styles = new Map();
    [this.grids, this.names].forEach((one) => ctx.map.map.addLayer(one));
  }

  /** Load the neighbours' plans, a few at a time; one that does not come is left out and told at the end. */
  async load() {
    const {api, state} = this.ctx;
    const own = state.view.area_code;
    let rows;
    try {
      rows = (await api.inHand(own.slice(0, 9))).plans.filter((row) => row.area_code !== own);
    } catch (error) {
      this.ctx.notice(this.ctx.refused(error));
      return;
    }
    const left = rows.slice();
    const lost = [];
    const next = async () => {
      for (let row = left.shift(); row; row = left.shift()) {
        try {
          this.add(row, await api.planView(row.id));
        } catch (error) {
          lost.push(row.area_name || row.area_code);
        }
      }
    };
    await Promise.all(Array.from({length: AT_ONCE}, next));
    document.body.dataset.around = 'ready';
    if (lost.length) this.ctx.notice(t('around_lost', {names: lost.join('、')}));
  }

  add(row, collection) {
    const features = readFeatures(collection);
    features.forEach((feature) => feature.set('plan', row.id, true));
    this.plans.set(row.id, row);
    const outline = features.find((feature) => feature.get('level') === 0);
    this.grids.getSource().addFeatures(features.filter((feature) => feature.get('level') > 0 || features.length === 1));
    if (!outline) return;
    const parts = outline.getGeometry().getPolygons();
    const largest = parts.reduce((a, b) => (b.getArea() > a.getArea() ? b : a));
    this.names.getSource().addFeature(new Feature({
      geometry: new Point(largest.getInteriorPoint().getCoordinates().slice(0, 2)), extent: largest.getExtent(), name: row.area_name || row.area_code,
    }));
  }

  /** Those of the level that the page shows, and leaves that end above it. */
  isShown(feature) {
    const level = feature.get('level');
    const shown = this.ctx.state.level;
    return level === shown || (level < shown && feature.get('leaf'));
  }

  gridStyle(feature) {
    if (!this.isShown(feature)) return null;
    const banded = feature.get('in_band');
    if (!this.styles.has(banded)) {
      const {colours, bands} = this.ctx.table;
      const fill = banded === false ? bands.over.fill : bands[banded ? 'in_band' : 'none'].fill;
      this.styles.set(banded, new Style({fill: new Fill({color: rgba(fill, 0.16)}), stroke: new Stroke({color: rgba(colours.grid_line, 0.45), width: 0.9})}));
    }
    return this.styles.get(banded);
  }

  nameStyle(feature, resolution) {
    const extent = feature.get('extent');
    if (Math.min(getWidth(extent), getHeight(extent)) / resolution < 36) return null;
    const {colours, font} = this.ctx.table;
    return new Style({text: new Text({text: feature.get('name'), font: `600 13px ${font}`, fill: new Fill({color: rgba(colours.text, 0.72)}),
      stroke: new Stroke({color: 'rgba(255,255,255,.9)', width: 3.5}), padding: [3, 4, 3, 4]})});
  }

  /** The neighbour's plan at a point, or null. */
  planAt(at) {
    const hit = this.grids.getSource().getFeaturesAtCoordinate(at)[0];
    return hit ? this.plans.get(hit.get('plan')) : null;
  }

  /** Offer the plan of the neighbour at a point; true if there is one. */
  click(at) {
    const row = this.planAt(at);
    if (!row) return false;
    this.ctx.notice(t('around_open', {name: row.area_name || row.area_code}), {
      stays: true, actions: [[t('around_go'), () => openPlan(row.id)]],
    });
    return true;
  }
}
