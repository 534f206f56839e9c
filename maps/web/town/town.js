/* The read-only map: levels, selection, panel, language. folium calls Wangge.town(map, layers, config). */
(() => {
  const W = window.Wangge;
  const {h} = W;
  const $ = (id) => document.getElementById(id);
  const LEAST_PX = 62;

  function insideRing(ring, lat, lng) {
    let inside = false;
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i, i += 1) {
      const a = ring[i];
      const b = ring[j];
      if ((a.lat > lat) !== (b.lat > lat) && lng < (b.lng - a.lng) * (lat - a.lat) / (b.lat - a.lat) + a.lng) inside = !inside;
    }
    return inside;
  }

  function covers(layer, lat, lng) {
    if (!layer.getBounds().contains([lat, lng])) return false;
    const rings = layer.getLatLngs();
    const polygons = Array.isArray(rings[0][0]) ? rings : [rings];
    return polygons.some((polygon) => insideRing(polygon[0], lat, lng) && !polygon.slice(1).some((hole) => insideRing(hole, lat, lng)));
  }

  /** The closed rings of a shape, holes too. */
  function rings(shape) {
    const parts = shape.getLatLngs();
    return (Array.isArray(parts[0][0]) ? parts.flat() : parts).map((ring) => ring.concat([ring[0]]));
  }

  /** Every grid: its properties, its shape on the map, its level; level -> typical size for the automatic switch. */
  function gather(layers) {
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
      if (spans.length) sizes[level] = spans[Math.floor(spans.length / 2)];
    });
    return {entries, byCode, sizes};
  }

  W.town = (map, layers, config) => {
    const {style} = config;
    const {entries, byCode, sizes} = gather(layers);
    const levels = Object.keys(sizes).map(Number).filter((n) => n > 0);
    const finest = levels.length ? Math.max(...levels) : 0;
    const state = {lang: config.lang, mode: 'auto', level: -1, chosen: null, stack: []};
    const t = (key) => config.words[state.lang][key] ?? key;
    const wide = () => window.innerWidth > 820;
    const upper = L.layerGroup().addTo(map);
    const chosenLayer = L.layerGroup().addTo(map);
    const buildings = layers.buildings ? layers.buildings.getLayers() : [];

    W.hatches(style);
    const ground = W.ground(map, layers, style);
    const drawLabels = W.labels(map, {
      font: style.font, layers, places: config.places, mark: (s) => style.bands[s].mark, get unit() { return t('households_unit'); },
      get dedicated() { return t('dedicated_short'); }, covers,
      // "all" letters the levels above too
      entries: () => entries.filter((e) => e.visible || (state.mode === 'all' && e.p.level > 0)),
      areas: () => (config.focus ? [] : entries.filter((e) => e.p.level === 0)),
    });
    L.control.scale({imperial: false, position: 'bottomright', maxWidth: 110}).addTo(map);

    const ctx = {t, style, choose, byCode, gridUrl: config.gridUrl, focus: config.focus, closable: true, entries, buildings, showBuilding};
    const search = W.search(ctx);

    function padding() {
      const sheet = document.body.classList.contains('wg-open-sheet') ? 0.52 * window.innerHeight - 92 : 0;
      return wide() ? {paddingTopLeft: [24, 60], paddingBottomRight: [24, 30]} : {paddingTopLeft: [10, 56], paddingBottomRight: [10, 24 + sheet]};
    }

    function fit(bounds, options) {
      if (bounds.isValid()) map.fitBounds(bounds, {...padding(), ...options});
    }

    /** On a phone the open sheet may lie over what was tapped: move it up. */
    function intoView(latlng) {
      if (wide() || !latlng) return;
      const free = map.getSize().y - (0.52 * window.innerHeight - 92);
      const y = map.latLngToContainerPoint(latlng).y;
      if (y > free - 30) map.panBy([0, y - free * 0.6], {animate: true});
    }

    function whole() {
      const focus = config.focus && byCode.get(config.focus);
      if (focus) return focus.bounds.pad(0.18);
      return entries.reduce((all, e) => all.extend(e.bounds), L.latLngBounds([]));
    }

    function autoLevel() {
      const px = (degrees) => degrees * 256 * 2 ** map.getZoom() / 360;
      const fits = levels.filter((level) => px(sizes[level]) >= LEAST_PX);
      const least = config.focus ? Math.min(finest, byCode.get(config.focus).p.level + 1) : Math.min(...levels, finest);
      return Math.max(least, ...fits);
    }

    function visibleAt(p, level) {
      return p.level === level || (p.level < level && p.leaf && p.level > 0) || (level === 0 && p.level === 0);
    }

    function showLevel() {
      const level = state.mode === 'auto' ? autoLevel() : (state.mode === 'all' ? finest : Number(state.mode));
      if (level === state.level) return false;
      state.level = level;
      upper.clearLayers();
      const borders = {};
      entries.forEach((e) => {
        e.visible = visibleAt(e.p, level);
        const dim = config.focus && !inFocus(e.p);
        if (e.visible) {
          e.shape.setStyle({stroke: false, ...W.gridFill(style, e.p.state), ...(dim ? {fillOpacity: 0.06, fillColor: '#7c8ea3'} : {})});
          e.shape.addTo(map);
        } else e.shape.remove();
        if (e.visible || e.p.level < level) {
          const key = `${e.p.level} ${dim ? 0.35 : 0.9}`;
          (borders[key] = borders[key] || []).push(...rings(e.shape));
        }
      });
      // one path a level, the heavier ones last
      Object.keys(borders).sort().reverse().forEach((key) => {
        const [of, opacity] = key.split(' ').map(Number);
        upper.addLayer(L.polyline(borders[key], {pane: 'upper', renderer: window.wanggeRenderer('upper', false), interactive: false,
          color: style.colours.grid_line, weight: style.gridLines[of], opacity, smoothFactor: 0, lineJoin: 'round'}));
      });
      markLevels();
      panel();
      return true;
    }

    function inFocus(p) {
      return p.code === config.focus || p.code.startsWith(config.focus);
    }

    function choose(code, zoom, event) {
      const entry = code ? byCode.get(code) : null;
      state.chosen = entry;
      entries.forEach((e) => { e.chosen = e === entry; });
      chosenLayer.clearLayers();
      if (entry) {
        const parts = entry.shape.getLatLngs();
        const renderer = window.wanggeRenderer('chosen', false);
        chosenLayer.addLayer(L.polygon(parts, {pane: 'chosen', renderer, interactive: false, fill: false, color: '#fff', weight: 6, opacity: 0.9}));
        chosenLayer.addLayer(L.polygon(parts, {pane: 'chosen', renderer, interactive: false, color: style.colours.selection,
          weight: 3.4, fillColor: style.colours.selection, fillOpacity: 0.07}));
        if (zoom && !entry.visible && state.mode !== 'auto') setMode(String(entry.p.level));
      }
      const within = entry ? buildings.filter((b) => { const at = b.getBounds().getCenter(); return covers(entry.shape, at.lat, at.lng); }) : [];
      ground.recolour(new Set(within.map((b) => b.feature.properties.bid)));
      document.body.classList.toggle('wg-open-sheet', Boolean(entry));
      if (entry && zoom) fit(entry.bounds.pad(entry.p.level >= 2 ? 0.9 : 0.15), {maxZoom: 19});
      else if (entry) intoView(event);
      panel();
      drawLabels();
    }

    function showBuilding(layer) {
      const at = layer.getBounds().getCenter();
      const hits = entries.filter((e) => e.p.leaf && covers(e.shape, at.lat, at.lng));
      map.setView(at, Math.max(map.getZoom(), 18), {animate: false});
      if (hits.length) choose(hits[hits.length - 1].p.code);
      ground.recolour(new Set([layer.feature.properties.bid]));
    }

    function clicked(event) {
      const {lat, lng} = event.latlng;
      const hits = entries.filter((e) => e.visible && covers(e.shape, lat, lng));
      const top = entries.find((e) => e.shape === event.layer) || hits[hits.length - 1];
      state.stack = hits.length > 1 ? hits.map((e) => e.p) : [];
      choose(top ? top.p.code : null, false, event.latlng);
    }

    function panel() {
      const shown = entries.filter((e) => e.visible && (!config.focus || inFocus(e.p))).map((e) => e.p);
      $('wg-tiles').replaceChildren(...W.tiles(t, shown));
      const entry = state.chosen;
      const card = $('wg-card');
      const below = [];
      if (entry) {
        const shownCard = W.card(ctx, entry.p);
        const kids = entries.filter((e) => e.p.parent === entry.p.code).map((e) => e.p).sort((a, b) => a.code.localeCompare(b.code));
        card.replaceChildren(shownCard);
        if (state.stack.length > 1 && state.stack.includes(entry.p)) below.push(W.list(ctx, t('stack'), state.stack));
        if (kids.length) below.push(W.list(ctx, t('children'), kids));
      } else card.replaceChildren(h('p', {class: 'wg-hint'}, t('pick')));
      const bad = shown.filter((p) => p.state === 'under' || p.state === 'over');
      if (!entry) below.push(W.list(ctx, t('out_list'), bad, t('all_in_band')));
      $('wg-list').replaceChildren(...below);
    }

    function markLevels() {
      [...$('wg-levels').children].forEach((b) => {
        b.setAttribute('aria-checked', String(b.dataset.mode === state.mode));
        b.classList.toggle('now', Number(b.dataset.mode) === state.level);
      });
    }

    function setMode(mode) {
      state.mode = mode;
      if (!showLevel()) markLevels();
      drawLabels();
    }

    function legend() {
      const rows = ['in_band', 'under', 'over', 'none'].map((s) => h('div', {}, W.swatch(style, s), h('span', {}, t(s))));
      rows.push(h('div', {}, h('span', {class: 'wg-swatch dwelling'}), h('span', {}, t('dwelling'))),
        h('div', {}, h('span', {class: 'wg-swatch water'}), h('span', {}, t('water'))),
        h('div', {}, h('span', {class: 'wg-swatch road'}), h('span', {}, t('road'))));
      $('wg-legend-rows').replaceChildren(...rows);
    }

    function relabel() {
      document.documentElement.lang = state.lang === 'zh' ? 'zh-CN' : 'en';
      document.querySelectorAll('[data-t]').forEach((node) => { node.textContent = t(node.dataset.t); });
      $('wg-title').textContent = config.focus ? config.title : [config.title, t('grid_map')].filter(Boolean).join(' ');
      document.title = $('wg-title').textContent;
      $('wg-lang').textContent = t('language');
      $('wg-lang').setAttribute('aria-label', t('language_label'));
      [['wg-in', 'zoom_in'], ['wg-out', 'zoom_out'], ['wg-fit', 'fit'], ['wg-levels', 'levels'], ['wg-panel', 'panel'], ['wg-grip', 'panel']]
        .forEach(([id, key]) => $(id).setAttribute('aria-label', t(key)));
      ['auto', 'all', ...levels.map((n) => `level${n}`)].forEach((key, i) => {
        const button = $('wg-levels').children[i];
        button.textContent = t(key);
      });
      [['wg-sample', 'sample', config.sample], ['wg-foot-sample', 'sample_long', config.sample], ['wg-back', 'back', config.backUrl],
        ['wg-export', 'download', config.exportUrl]].forEach(([id, key, on]) => {
        $(id).hidden = !on;
        $(id).textContent = t(key);
      });
      search.relabel();
      legend();
      panel();
      drawLabels();
    }

    ['auto', 'all', ...levels.map(String)].forEach((mode) => {
      $('wg-levels').append(h('button', {type: 'button', role: 'radio', 'data-mode': mode, onclick: () => setMode(mode)}));
    });
    if (config.backUrl) $('wg-back').href = config.backUrl;
    if (config.exportUrl) { $('wg-export').href = config.exportUrl; $('wg-export').setAttribute('download', ''); }
    $('wg-legend').open = wide();
    $('wg-lang').onclick = () => { state.lang = state.lang === 'zh' ? 'en' : 'zh'; relabel(); };
    $('wg-in').onclick = () => map.zoomIn(1);
    $('wg-out').onclick = () => map.zoomOut(1);
    $('wg-fit').onclick = () => fit(whole());
    $('wg-grip').onclick = () => document.body.classList.toggle('wg-open-sheet');
    document.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && event.target !== $('wg-q')) choose(null);
      if (event.key === '/' && event.target.tagName !== 'INPUT') { event.preventDefault(); $('wg-q').focus(); }
    });
    levels.concat([0]).forEach((n) => layers[`grids${n}`] && layers[`grids${n}`].on('click', (e) => { L.DomEvent.stop(e); clicked(e); }));
    map.on('click', () => choose(null));
    map.on('zoomend', showLevel);
    map.on('moveend zoomend', drawLabels);
    map.invalidateSize({animate: false});
    fit(whole(), {animate: false});
    showLevel();
    relabel();
    if (config.focus) {
      choose(config.focus);
      fit(whole(), {animate: false}); // again: on a phone the sheet is open now
    }
    window.wanggeState = state;
    document.body.dataset.ready = 'true';
  };
})();
