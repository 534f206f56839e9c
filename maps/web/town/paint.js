/* Packed shapes onto a canvas of the map: unpacked once into the plane of zoom 0, then scaled. */
(() => {
  const W = window.Wangge;
  const RADIANS = Math.PI / 180;

  /** Longitude and latitude in degrees to the plane of zoom 0 (256 x 256), as Leaflet has it. */
  W.plane = (lng, lat) => {
    const s = Math.sin(lat * RADIANS);
    return [(lng / 360 + 0.5) * 256, (0.5 - Math.log((1 + s) / (1 - s)) / (4 * Math.PI)) * 256];
  };

  function grow(box, x, y) {
    if (x < box[0]) box[0] = x;
    if (y < box[1]) box[1] = y;
    if (x > box[2]) box[2] = x;
    if (y > box[3]) box[3] = y;
  }

  const empty = () => [Infinity, Infinity, -Infinity, -Infinity];

  /** Rows of a packed frame: {p, lines: [Float64Array of x, y, ...], box}. */
  W.unpack = (packed) => {
    if (!packed) return [];
    const names = Object.keys(packed.columns);
    return packed.rings.map((rings, i) => {
      const box = empty();
      const lines = rings.map((steps) => {
        const out = new Float64Array(steps.length);
        let x = 0;
        let y = 0;
        for (let k = 0; k < steps.length; k += 2) {
          x += steps[k];
          y += steps[k + 1];
          const at = W.plane(x / packed.units, y / packed.units);
          [out[k], out[k + 1]] = at;
          grow(box, at[0], at[1]);
        }
        return out;
      });
      return {p: Object.fromEntries(names.map((name) => [name, packed.columns[name][i]])), lines, box};
    });
  };

  /** The rings of a shape of Leaflet, as lines of the plane. */
  W.outline = (shape) => {
    const box = empty();
    const parts = shape.getLatLngs();
    const lines = (Array.isArray(parts[0][0]) ? parts.flat() : parts).map((ring) => {
      const out = new Float64Array(2 * ring.length + 2);
      for (let k = 0; k <= ring.length; k += 1) {
        const at = W.plane(ring[k % ring.length].lng, ring[k % ring.length].lat);
        [out[2 * k], out[2 * k + 1]] = at;
        grow(box, at[0], at[1]);
      }
      return out;
    });
    return {lines, box};
  };

  /** Whether the rings of a row of the plane hold a point (even-odd). */
  W.within = (row, x, y) => {
    let inside = false;
    row.lines.forEach((line) => {
      for (let i = 2; i < line.length; i += 2) {
        const [ax, ay, bx, by] = [line[i - 2], line[i - 1], line[i], line[i + 1]];
        if ((ay > y) !== (by > y) && x < (bx - ax) * (y - ay) / (by - ay) + ax) inside = !inside;
      }
    });
    return inside;
  };

  /** Points of the plane well inside a row, spread over it: a lattice of 9 by 9 of its box. */
  W.samples = (row) => {
    const [w, n, e, s] = row.box;
    const steps = [...Array(9).keys()].map((i) => (i + 1) / 10);
    return steps.flatMap((i) => steps.map((j) => [w + (e - w) * j, n + (s - n) * i])).filter(([x, y]) => W.within(row, x, y));
  };

  /** Middle of a row's box, in degrees. */
  W.middle = (row) => {
    const x = (row.box[0] + row.box[2]) / 2;
    const y = (row.box[1] + row.box[3]) / 2;
    return L.latLng(Math.atan(Math.sinh(Math.PI * (1 - 2 * y / 256))) / RADIANS, (x / 256 - 0.5) * 360);
  };

  /** Scale and origin of the map's layer points: pixel = plane * k - o. */
  W.view = (map, bounds) => {
    const k = 2 ** map.getZoom();
    const o = map.getPixelOrigin();
    const b = bounds || map.getPixelBounds();
    const min = bounds ? [(b.min.x + o.x) / k, (b.min.y + o.y) / k] : [b.min.x / k, b.min.y / k];
    const max = bounds ? [(b.max.x + o.x) / k, (b.max.y + o.y) / k] : [b.max.x / k, b.max.y / k];
    return {k, ox: o.x, oy: o.y, box: [...min, ...max], mpp: W.metresPerPixel(map)};
  };

  W.seen = (row, view) => row.box[0] < view.box[2] && row.box[2] > view.box[0] && row.box[1] < view.box[3] && row.box[3] > view.box[1];

  /** Add a row's lines to the path; vertices nearer than half a pixel to the last are passed over. */
  W.trace = (ctx, row, view, least = 0.5) => {
    row.lines.forEach((line) => {
      let px = line[0] * view.k - view.ox;
      let py = line[1] * view.k - view.oy;
      ctx.moveTo(px, py);
      for (let i = 2; i < line.length; i += 2) {
        const x = line[i] * view.k - view.ox;
        const y = line[i + 1] * view.k - view.oy;
        if (Math.abs(x - px) + Math.abs(y - py) < least && i + 2 < line.length) continue;
        ctx.lineTo(x, y);
        px = x;
        py = y;
      }
    });
  };

  /** A canvas over the whole map that is painted by `draw(ctx, view)` whenever the map has moved. */
  W.canvas = (pane, draw) => {
    const Canvas = L.Renderer.extend({
      _initContainer() {
        this._container = document.createElement('canvas');
        this._ctx = this._container.getContext('2d');
      },
      _destroyContainer() {
        L.DomUtil.remove(this._container);
        delete this._container;
      },
      _update() {
        if (this._map._animatingZoom && this._bounds) return;
        L.Renderer.prototype._update.call(this);
        const size = this._bounds.getSize();
        const ratio = Math.min(2, window.devicePixelRatio || 1);
        L.DomUtil.setPosition(this._container, this._bounds.min);
        this._container.width = Math.round(ratio * size.x);
        this._container.height = Math.round(ratio * size.y);
        this._container.style.width = `${size.x}px`;
        this._container.style.height = `${size.y}px`;
        this._ctx.setTransform(ratio, 0, 0, ratio, -ratio * this._bounds.min.x, -ratio * this._bounds.min.y);
        draw(this._ctx, W.view(this._map, this._bounds));
      },
      redraw() {
        if (this._map) this._update();
      },
    });
    return new Canvas({pane, padding: 0.2});
  };
})();
