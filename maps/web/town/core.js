/* What the other scripts of the read-only maps stand on: elements, renderers, points in shapes. */
window.Wangge = window.Wangge || {};

// folium's layers name this function as their renderer; one renderer serves a pane.
window.wanggeRenderer = (() => {
  const made = {};
  return (pane) => {
    made[pane] = made[pane] || L.svg({pane, padding: 0.4});
    return made[pane];
  };
})();

(() => {
  const W = window.Wangge;

  W.$ = (id) => document.getElementById(id);

  /** Make an element: h('p', {class: 'x'}, 'text', child, ...); strings become text. */
  W.h = (name, attributes, ...children) => {
    const node = document.createElement(name);
    Object.entries(attributes || {}).forEach(([key, value]) => {
      if (value === null || value === undefined || value === false) return;
      if (key.startsWith('on')) node.addEventListener(key.slice(2), value);
      else node.setAttribute(key, value === true ? '' : value);
    });
    children.flat().forEach((child) => {
      if (child !== null && child !== undefined) node.append(child);
    });
    return node;
  };

  W.number = (n) => Number(n).toLocaleString('en');

  /** A number with its unit: one case, two cases. */
  W.amount = (t, n, unit) => {
    const word = t(unit);
    return `${typeof n === 'number' ? W.number(n) : n}${n === 1 && word.startsWith(' ') ? word.replace(/s$/, '') : word}`;
  };

  /** Rows of a table given by column. */
  W.rows = (columns) => {
    const names = Object.keys(columns);
    return (columns[names[0]] || []).map((_, i) => Object.fromEntries(names.map((name) => [name, columns[name][i]])));
  };

  function insideRing(ring, lat, lng) {
    let inside = false;
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i, i += 1) {
      const a = ring[i];
      const b = ring[j];
      if ((a.lat > lat) !== (b.lat > lat) && lng < (b.lng - a.lng) * (lat - a.lat) / (b.lat - a.lat) + a.lng) inside = !inside;
    }
    return inside;
  }

  /** Whether a polygon of the map covers a point. */
  W.covers = (layer, lat, lng) => {
    if (!layer.getBounds().contains([lat, lng])) return false;
    const rings = layer.getLatLngs();
    const polygons = Array.isArray(rings[0][0]) ? rings : [rings];
    return polygons.some((polygon) => insideRing(polygon[0], lat, lng) && !polygon.slice(1).some((hole) => insideRing(hole, lat, lng)));
  };

  /** Metres of ground per pixel at the middle of the map. */
  W.metresPerPixel = (map) =>
    40075016.686 * Math.cos(map.getCenter().lat * Math.PI / 180) / 2 ** (map.getZoom() + 8);

  /** Hatches by name, once in the page: shapes name them by fill: url(#wg-...). */
  W.hatches = (style) => {
    const ns = 'http://www.w3.org/2000/svg';
    const make = (name, attributes, parent) => {
      const node = document.createElementNS(ns, name);
      Object.entries(attributes).forEach(([key, value]) => node.setAttribute(key, value));
      parent.appendChild(node);
      return node;
    };
    const svg = make('svg', {width: 0, height: 0, 'aria-hidden': 'true', style: 'position:absolute'}, document.body);
    const defs = make('defs', {}, svg);
    const hatch = (name, fill, opacity, angle, size, line) => {
      const pattern = make('pattern', {id: `wg-${name}`, width: size, height: size, patternUnits: 'userSpaceOnUse',
        patternTransform: `rotate(${angle})`}, defs);
      make('rect', {width: size, height: size, fill, 'fill-opacity': opacity}, pattern);
      make('rect', {width: line, height: size, fill, 'fill-opacity': 0.75}, pattern);
    };
    Object.entries(style.bands).forEach(([state, band]) => {
      if (band.hatch !== null) hatch(state, band.fill, band.opacity, band.hatch, 7, 1.7);
    });
    Object.entries(style.grades).forEach(([grade, colour]) => hatch(`danger-${grade}`, colour, 0.2, 60, 6, 1.1));
  };
})();
