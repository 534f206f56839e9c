/* The grids on the map: which level is shown, their fill by theme, their borders, and the one that is chosen. */
(() => {
  const W = window.Wangge;
  const LEAST_PX = 58;

  /** Every grid: its properties, its shape on the map; level -> typical size for the automatic switch. */
  W.gather = (layers) => {
    const entries = [];
    const byCode = new Map();
    const sizes = {};
    [0, 1, 2, 3].forEach((level) => {
      const layer = layers[`grids${level}`];
      if (!layer) return;
      const spans = [];
      layer.eachLayer((shape) => {
        const entry = {p: shape.feature.properties, shape, bounds: shape.getBounds()};
        const b = entry.bounds;
        spans.push(Math.sqrt((b.getEast() - b.getWest()) * (b.getNorth() - b.getSouth())));
        entries.push(entry);
        byCode.set(entry.p.code, entry);
      });
      spans.sort((a, b) => a - b);
      // a level is shown from where most of its grids can be told apart
      if (spans.length) sizes[level] = spans[Math.floor(spans.length * 0.4)];
    });
    return {entries, byCode, sizes};
  };

  /** ctx: entries, byCode, sizes, state, style, focus, themes. Returns {levels, finest, show(), paint(), choose(entry)}. */
  W.levels = (map, ctx) => {
    const {entries, byCode, sizes, state, style} = ctx;
    const focus = ctx.focus && byCode.get(ctx.focus);
    const several = (sizes[0] ? entries.filter((e) => e.p.level === 0).length : 0) > 1;
    const levels = Object.keys(sizes).map(Number).filter((n) => n > 0 || several || Object.keys(sizes).length === 1).sort();
    const finest = levels.length ? levels[levels.length - 1] : 0;
    const drawBorders = W.borders(map, style);
    const chosenLayer = L.layerGroup().addTo(map);

    function auto() {
      const px = (degrees) => degrees * 256 * 2 ** map.getZoom() / 360;
      const fits = levels.filter((level) => px(sizes[level]) >= LEAST_PX);
      const least = focus ? Math.min(finest, focus.p.level + 1) : Math.min(...levels, finest);
      return Math.max(least, ...fits);
    }

    const inFocus = (p) => !focus || p.code.startsWith(ctx.focus);
    const visibleAt = (p, level) => p.level === level || (p.level < level && p.leaf && p.level > 0);

    /** The zoom from which a level is shown by itself. */
    const zoomFor = (level) => (sizes[level] ? Math.log2(LEAST_PX * 360 / 256 / sizes[level]) + 0.01 : 0);

    function paint() {
      const theme = ctx.themes[state.theme];
      entries.forEach((e) => {
        if (!e.visible) return;
        const look = inFocus(e.p) ? theme.fill(e.p, state.level) : {fillOpacity: 0.06, fillColor: '#7c8ea3'};
        e.shape.setStyle({stroke: false, ...look});
      });
    }

    function show() {
      const level = state.mode === 'auto' ? auto() : (state.mode === 'all' ? finest : Number(state.mode));
      if (level === state.level) return false;
      state.level = level;
      const groups = [];
      entries.forEach((e) => { e.visible = visibleAt(e.p, level); });
      paint();
      entries.forEach((e) => {
        if (e.visible) e.shape.addTo(map);
        else e.shape.remove();
        if (!e.visible && e.p.level >= level) return;
        const alpha = inFocus(e.p) ? 0.85 : 0.35;
        const found = groups.find((g) => g[0] === e.p.level && g[1] === alpha);
        if (found) found[2].push(e);
        else groups.push([e.p.level, alpha, [e]]);
      });
      drawBorders(groups.sort((a, b) => b[0] - a[0]));
      return true;
    }

    function choose(entry) {
      entries.forEach((e) => { e.chosen = e === entry; });
      chosenLayer.clearLayers();
      if (!entry) return;
      const parts = entry.shape.getLatLngs();
      const renderer = window.wanggeRenderer('chosen');
      chosenLayer.addLayer(L.polygon(parts, {pane: 'chosen', renderer, interactive: false, fill: false, color: '#fff', weight: 6, opacity: 0.9, smoothFactor: 0.5}));
      chosenLayer.addLayer(L.polygon(parts, {pane: 'chosen', renderer, interactive: false, color: style.colours.selection,
        weight: 3.4, fillColor: style.colours.selection, fillOpacity: 0.07, smoothFactor: 0.5}));
    }

    return {levels, finest, inFocus, zoomFor, show, paint, choose};
  };
})();
