// Which faces a brush, a box or a lasso takes: a face with a building goes by the building, open ground by its middle.
import {Feature, VectorSource} from '/static/vendor/ol.js';
import {readGeometry} from '../map.js';

export class Picking {
  constructor({state, map}) {
    this.state = state;
    this.map = map;
    this.mark = null;
    this.source = new VectorSource();
  }

  /** Index the faces, again where ground has been cut since. */
  ready() {
    if (this.mark === this.state.groundMark) return;
    this.mark = this.state.groundMark;
    const faces = [...this.state.byFace.keys()];
    const perBuilding = new Map();
    const bidOf = (face) => (this.state.byFace.get(face).find((cell) => cell.bid) || {}).bid;
    faces.forEach((face) => { const bid = bidOf(face); if (bid) perBuilding.set(bid, (perBuilding.get(bid) || 0) + 1); });
    const footprints = new Map(this.map.buildings.getSource().getFeatures().map((f) => [f.get('bid'), f.getGeometry()]));
    this.source.clear(true);
    this.source.addFeatures(faces.map((face) => {
      const bid = bidOf(face);
      return new Feature({geometry: readGeometry(this.state.byFace.get(face)[0].geometry), face, bid, footprint: perBuilding.get(bid) === 1 ? footprints.get(bid) : undefined});
    }));
  }

  spot(feature) {
    if (!feature.get('spot')) {
      const geometry = feature.get('footprint') || feature.getGeometry();
      const polygon = geometry.getType() === 'MultiPolygon' ? geometry.getPolygon(0) : geometry;
      feature.set('spot', polygon.getInteriorPoint().getCoordinates().slice(0, 2), true);
    }
    return feature.get('spot');
  }

  /** Whether there is no building at a place: roads, water, yards. */
  isOpen(at) { return !this.source.getFeaturesAtCoordinate(at).some((feature) => feature.get('bid')); }

  /**
   * Features of the faces under a brush of some radius (map units): under its middle, or whose building it touches.
   * Ground without a building is left out unless asked for: a road or river in the way goes on far beyond it.
   */
  touched([x, y], radius, open) {
    return this.source.getFeaturesInExtent([x - radius, y - radius, x + radius, y + radius]).filter((feature) => {
      if (!open && !feature.get('bid')) return false;
      if (feature.getGeometry().intersectsCoordinate([x, y])) return true;
      const footprint = feature.get('footprint');
      const [nx, ny] = footprint ? footprint.getClosestPoint([x, y]) : this.spot(feature);
      return Math.hypot(nx - x, ny - y) <= radius;
    });
  }

  /** Features of the faces whose building, or middle, lies inside a polygon. */
  inside(polygon) {
    return this.source.getFeaturesInExtent(polygon.getExtent()).filter((feature) => polygon.intersectsCoordinate(this.spot(feature)));
  }
}
