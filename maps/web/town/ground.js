/* The ground of the read-only maps: land, gullies, water, roads with casing by class, walls, buildings. */
(() => {
  const W = window.Wangge;
  const GREEN = new Set(['forest', 'wood', 'grass', 'meadow', 'orchard', 'park', 'farmland', 'scrub', 'vineyard',
    'recreation_ground', 'village_green', 'garden', 'allotments', 'cemetery', 'grassland']);
  const WIDTH_M = {river: 14, canal: 8};
  const DWELLING = /apart|resid|house|dwell|dorm|terrace|detached|cave|courtyard|yes|住宅|民居|窑/i;
  const CAVE = /cave|窑/i;
  // roads of a class are drawn while a pixel is no wider than so many metres
  const FARTHEST = {footway: 2.6, path: 5, service: 4, steps: 2.6, track: 9, residential: 11, unclassified: 22, living_street: 8};
  const FOOT = new Set(['footway', 'path', 'steps', 'track']);

  W.isDwelling = (p) => (p.households || 0) > 0 || (p.btype ? DWELLING.test(p.btype) : false);

  /** Style of a road: the first row of the table that names its class, else the last. */
  W.roadRow = (style, p) => {
    if (p.layer === 'rail') return style.roads[0];
    return style.roads.find((row) => row.classes.includes(p.class)) || style.roads[style.roads.length - 1];
  };

  W.roadWidth = (row, mpp) => Math.min(30, Math.max(row.least_px, row.width_m / mpp));

  function stroke(ctx, rows, view, look) {
    const shown = rows.filter((row) => W.seen(row, view));
    if (!shown.length) return;
    ctx.beginPath();
    shown.forEach((row) => W.trace(ctx, row, view));
    Object.assign(ctx, {lineCap: 'round', lineJoin: 'round', globalAlpha: 1, ...look});
    ctx.setLineDash(look.dash || []);
    ctx.stroke();
    ctx.setLineDash([]);
    ctx.globalAlpha = 1;
  }

  function fill(ctx, rows, view, look) {
    const shown = rows.filter((row) => W.seen(row, view));
    if (!shown.length) return;
    ctx.beginPath();
    shown.forEach((row) => W.trace(ctx, row, view, 0.35));
    Object.assign(ctx, {globalAlpha: 1, ...look});
    ctx.fill('evenodd');
    ctx.globalAlpha = 1;
    if (look.lineWidth) ctx.stroke();
  }

  const by = (rows, key) => rows.reduce((all, row) => all.set(key(row), (all.get(key(row)) || []).concat([row])), new Map());

  function drawUnder(ctx, view, rows, style) {
    const c = style.colours;
    fill(ctx, rows.areas, view, {fillStyle: c.area, strokeStyle: c.area, lineWidth: 1});
    rows.landBy.forEach((of, kind) => fill(ctx, of, view, {fillStyle: GREEN.has(kind) ? c.green : (style.land[kind] || c.landuse)}));
  }

  function drawWater(ctx, view, rows, c) {
    const {mpp} = view;
    if (mpp < 26) stroke(ctx, rows.gullies, view, {strokeStyle: c.gully, lineWidth: Math.min(2.2, Math.max(0.5, 3 / mpp)), globalAlpha: 0.5});
    rows.streamsBy.forEach((of, kind) => {
      const wide = WIDTH_M[kind] || 4;
      stroke(ctx, of, view, {strokeStyle: kind === 'river' ? c.water : c.stream, lineWidth: Math.min(26, Math.max(0.9, wide / mpp)), globalAlpha: 0.95});
    });
    // a river keeps its width of a hair or two when the whole town is in view
    fill(ctx, rows.ponds, view, {fillStyle: c.water, strokeStyle: mpp > 5 ? c.water : c.water_line, lineWidth: mpp > 5 ? 2 : 1});
  }

  function drawRoads(ctx, view, rows, style) {
    const {mpp} = view;
    const drawn = rows.roadsBy.filter(([kind]) => mpp <= (FARTHEST[kind] || 99));
    drawn.forEach(([kind, row, of]) => {
      if (FOOT.has(kind)) return;
      const width = W.roadWidth(row, mpp);
      stroke(ctx, of, view, {strokeStyle: row.casing, lineWidth: width + (row.dash ? 1.2 : Math.min(2.4, 1 + width / 6))});
    });
    drawn.forEach(([kind, row, of]) => {
      const width = W.roadWidth(row, mpp);
      if (FOOT.has(kind)) {
        const near = mpp < 2.2;
        if (near) stroke(ctx, of, view, {strokeStyle: '#ffffff', lineWidth: kind === 'track' ? 3 : 2.4, globalAlpha: 0.8});
        stroke(ctx, of, view, {strokeStyle: kind === 'track' ? '#8f7850' : '#8c8372', lineWidth: kind === 'track' ? 1.3 : 0.9,
          dash: near ? (kind === 'track' ? [6, 3] : [3, 3]) : [3, 2], lineCap: 'butt', globalAlpha: 0.85});
      } else stroke(ctx, of, view, {strokeStyle: row.fill, lineWidth: width, lineCap: row.dash ? 'butt' : 'round', dash: row.dash ? row.dash.split(' ').map(Number) : null});
    });
    if (mpp < 1.6) stroke(ctx, rows.walls, view, {strokeStyle: style.colours.wall, lineWidth: 1.1, globalAlpha: 0.9});
  }

  function drawBuildings(ctx, view, rows, c, chosen) {
    const {mpp} = view;
    if (mpp > 5.5) return;
    const near = mpp < 1.7;
    const looks = {
      other: [c.building, c.building_line], dwelling: [c.dwelling, c.dwelling_line], cave: [c.cave, c.cave_line], chosen: ['#4d4a44', '#2b2a27'],
    };
    const groups = {other: [], dwelling: [], cave: [], chosen: []};
    rows.buildings.forEach((row) => { if (W.seen(row, view)) groups[chosen.has(row.p.bid) ? 'chosen' : row.kind].push(row); });
    Object.entries(groups).forEach(([kind, of]) => fill(ctx, of, view, {
      fillStyle: looks[kind][0], globalAlpha: near ? 0.92 : 0.75, strokeStyle: looks[kind][1], lineWidth: near ? 0.7 : (kind === 'cave' ? 0.8 : 0),
    }));
  }

  /** Put the ground on the map. Returns {rows, recolour(bids), buildings(shown)}. */
  W.ground = (map, packed, style) => {
    const rows = {};
    ['areas', 'land', 'ponds', 'streams', 'gullies', 'walls', 'roads', 'buildings'].forEach((name) => { rows[name] = W.unpack(packed[name]); });
    rows.landBy = by(rows.land, (row) => row.p.class);
    rows.streamsBy = by(rows.streams, (row) => row.p.class);
    const order = (p) => style.roads.indexOf(W.roadRow(style, p));
    rows.roadsBy = [...by(rows.roads, (row) => (row.p.layer === 'rail' ? 'rail' : row.p.class))]
      .map(([kind, of]) => [kind, W.roadRow(style, of[0].p), of]).sort((a, b) => order(b[2][0].p) - order(a[2][0].p));
    rows.buildings.forEach((row) => {
      row.kind = CAVE.test(row.p.btype || '') ? 'cave' : (W.isDwelling(row.p) ? 'dwelling' : 'other');
    });
    let chosen = new Set();
    let shown = true;
    const under = W.canvas('under', (ctx, view) => drawUnder(ctx, view, rows, style));
    const above = W.canvas('above', (ctx, view) => {
      drawWater(ctx, view, rows, style.colours);
      drawRoads(ctx, view, rows, style);
      if (shown) drawBuildings(ctx, view, rows, style.colours, chosen);
    });
    under.addTo(map);
    above.addTo(map);
    return {
      rows,
      recolour(bids) {
        if (!bids.size && !chosen.size) return;
        chosen = bids;
        above.redraw();
      },
      buildings(on) {
        shown = on;
        above.redraw();
      },
    };
  };

  /** Borders of the grids, one path a level: entries shown or above what is shown. Returns draw(groups). */
  W.borders = (map, style) => {
    let groups = [];
    const canvas = W.canvas('upper', (ctx, view) => groups.forEach(([level, alpha, entries]) => {
      entries.forEach((e) => { e.outline = e.outline || W.outline(e.shape); });
      const lines = entries.map((e) => e.outline);
      const scale = Math.min(1, Math.max(0.55, 1.15 - Math.log2(view.mpp) * 0.13));
      if (level <= 1) stroke(ctx, lines, view, {strokeStyle: '#ffffff', lineWidth: style.gridLines[level] * scale + 2, globalAlpha: 0.55 * alpha, lineJoin: 'round'});
      stroke(ctx, lines, view, {strokeStyle: style.colours.grid_line, lineWidth: style.gridLines[level] * scale, globalAlpha: alpha, lineJoin: 'round'});
    }));
    canvas.addTo(map);
    return (next) => {
      groups = next;
      canvas.redraw();
    };
  };
})();
