/* The ground of the read-only maps: renderers by pane, roads with casing by class, water, land, buildings. */
window.Wangge = window.Wangge || {};

// folium's layers name this function as their renderer; one renderer serves a pane.
window.wanggeRenderer = (() => {
  const made = {};
  return (pane, canvas) => {
    made[pane] = made[pane] || (canvas ? L.canvas({pane, padding: 0.4}) : L.svg({pane, padding: 0.4}));
    return made[pane];
  };
})();

(() => {
  const W = window.Wangge;
  const GREEN = new Set(['forest', 'wood', 'grass', 'meadow', 'orchard', 'park', 'farmland', 'scrub', 'vineyard',
    'recreation_ground', 'village_green', 'garden', 'allotments', 'cemetery', 'grassland']);
  const WATER_M = {river: 14, canal: 8};
  const DWELLING = /apart|resid|house|dwell|dorm|terrace|detached|cave|courtyard|yes|住宅|民居|窑/i;

  /** Metres of ground per pixel at the middle of the map. */
  W.metresPerPixel = (map) =>
    40075016.686 * Math.cos(map.getCenter().lat * Math.PI / 180) / 2 ** (map.getZoom() + 8);

  W.isDwelling = (p) => (p.households || 0) > 0 || (p.btype ? DWELLING.test(p.btype) : false);

  /** Style of a road: the first row of the table that names its class, else the last. */
  W.roadRow = (style, p) => {
    if (p.layer === 'rail') return style.roads[0];
    return style.roads.find((row) => row.classes.includes(p.class)) || style.roads[style.roads.length - 1];
  };

  W.roadWidth = (row, mpp) => Math.min(30, Math.max(row.least_px, row.width_m / mpp));

  function landStyle(c, p) {
    const fill = GREEN.has(p.class) ? c.green : c.landuse;
    return {stroke: false, fill: true, fillColor: fill, fillOpacity: 0.75};
  }

  function lineStyle(c, p, mpp) {
    if (p.layer === 'walls') return {color: c.wall, weight: 1.2, dashArray: '1 3', opacity: 0.9};
    if (p.layer === 'gullies') return {color: c.gully, weight: 1.2, dashArray: '8 4 2 4', opacity: 0.9};
    const wide = WATER_M[p.class] || 4;
    return {color: c.water, weight: Math.min(26, Math.max(1.6, wide / mpp)), opacity: 0.9, lineCap: 'round', lineJoin: 'round'};
  }

  function buildingStyle(c, p, chosen, mpp) {
    const dwelling = W.isDwelling(p);
    if (chosen) return {weight: 0.7, color: '#2b2a27', fillColor: '#4d4a44', fillOpacity: 0.95};
    return {
      weight: mpp > 1.6 ? 0 : 0.6, color: dwelling ? c.dwelling_line : c.building_line,
      fillColor: dwelling ? c.dwelling : c.building, fillOpacity: 0.85,
    };
  }

  /** Put the ground on the map, and keep its widths right at every zoom. Returns {recolour(chosenBids)}. */
  W.ground = (map, layers, style) => {
    const c = style.colours;
    const casing = L.featureGroup();
    const rows = [];
    if (layers.roads) {
      layers.roads.eachLayer((road) => {
        const row = W.roadRow(style, road.feature.properties);
        const under = L.polyline(road.getLatLngs(), {pane: 'casing', renderer: window.wanggeRenderer('casing', true),
          interactive: false, smoothFactor: 0.4, lineCap: 'round'});
        rows.push([road, under, row]);
      });
      rows.sort((a, b) => style.roads.indexOf(b[2]) - style.roads.indexOf(a[2]));
      rows.forEach(([, under]) => casing.addLayer(under));
    }
    let chosen = new Set();
    const restyle = () => {
      const mpp = W.metresPerPixel(map);
      rows.forEach(([road, under, row]) => {
        const width = W.roadWidth(row, mpp);
        road.setStyle({color: row.fill, weight: width, opacity: 0.92, lineCap: row.dash ? 'butt' : 'round', dashArray: row.dash});
        under.setStyle({color: row.casing, weight: width + (row.dash ? 1.2 : Math.min(2.4, 1 + width / 6)), opacity: 1});
      });
      if (layers.lines) layers.lines.setStyle((f) => lineStyle(c, f.properties, mpp));
      recolour(chosen);
    };
    const recolour = (bids) => {
      chosen = bids;
      if (!layers.buildings) return;
      const mpp = W.metresPerPixel(map);
      layers.buildings.setStyle((f) => buildingStyle(c, f.properties, chosen.has(f.properties.bid), mpp));
    };
    if (layers.areas) layers.areas.setStyle({stroke: true, color: '#c9c2b4', weight: 1, fill: true, fillColor: c.area, fillOpacity: 1});
    if (layers.ponds) layers.ponds.setStyle({stroke: true, color: c.water_line, weight: 0.8, fill: true, fillColor: c.water, fillOpacity: 0.88});
    if (layers.land) layers.land.setStyle((f) => landStyle(c, f.properties));
    [layers.areas, layers.land, layers.ponds, layers.lines].forEach((layer) => layer && layer.addTo(map));
    casing.addTo(map);
    rows.forEach(([road]) => road.addTo(map));
    if (layers.buildings) layers.buildings.addTo(map);
    restyle();
    map.on('zoomend', restyle);
    return {recolour};
  };

  /** Hatches for the bands, once in the page: grids name them by fill: url(#wg-...). */
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
    Object.entries(style.bands).forEach(([state, band]) => {
      if (band.hatch === null) return;
      const pattern = make('pattern', {id: `wg-${state}`, width: 7, height: 7, patternUnits: 'userSpaceOnUse',
        patternTransform: `rotate(${band.hatch})`}, defs);
      make('rect', {width: 7, height: 7, fill: band.fill, 'fill-opacity': band.opacity}, pattern);
      make('rect', {width: 1.7, height: 7, fill: band.fill, 'fill-opacity': 0.75}, pattern);
    });
  };

  W.gridFill = (style, state) => {
    const band = style.bands[state] || style.bands.none;
    return band.hatch === null ? {fillColor: band.fill, fillOpacity: band.opacity} : {fillColor: `url(#wg-${state})`, fillOpacity: 1};
  };
})();
