/* The read-only map, wired: folium calls Wangge.town(map, layers, config). */
(() => {
  const W = window.Wangge;
  const {h, $} = W;

  W.town = (map, layers, config) => {
    const {style} = config;
    const {entries, byCode, sizes} = W.gather(layers);
    const duty = W.duty(config.duty, entries);
    const state = {
      lang: config.lang, mode: 'auto', level: -1, chosen: null, opened: null, theme: 'band', relief: 0.75,
      layers: {...(duty ? {cases: true, heat: false, hazards: true, danger: true} : {}), ...(config.relief ? {relief: true} : {}), buildings: true, labels: true},
    };
    const t = (key) => config.words[state.lang][key] ?? key;
    const word = (table, key) => ((duty && duty.tables[table] && duty.tables[table][key]) || [key, key])[state.lang === 'zh' ? 0 : 1];
    const wide = () => window.innerWidth > 820;

    map.setMaxZoom(21);
    W.hatches(style);
    const ground = W.ground(map, config.ground, style);
    const relief = config.relief ? L.imageOverlay(config.relief.url, config.relief.bounds, {pane: 'relief', opacity: state.relief}).addTo(map) : null;
    const ctx = {t, word, style, state, duty, byCode, entries, focus: config.focus, gridUrl: config.gridUrl, closable: true,
      buildings: ground.rows.buildings, hasCaves: ground.rows.buildings.some((row) => row.kind === 'cave'),
      tower, choose, open, showBuilding, setTheme, setLayer, setRelief, refilter};
    ctx.themes = W.themes(ctx);
    const grids = W.levels(map, {...ctx, sizes});
    const marks = W.marks(map, ctx, layers.danger);
    const timebar = W.timebar({t, duty, style, changed: casesChanged});
    const letter = W.labels(map, {
      font: style.font, rows: ground.rows, places: config.places, marks: marks.boxes,
      // "all" letters the levels above too
      entries: () => entries.filter((e) => e.visible || (state.mode === 'all' && e.p.level > 0 && e.p.level < state.level)),
      name: (p) => (p.level === 1 && W.ownName(ctx, p)) || (p.level && p.short) || p.name.replace(/（[^（）]*）$/, ''), // a remark in brackets stays in the card
      text: (p) => ctx.themes[state.theme].text(p, t),
      mark: (p) => (state.theme === 'band' && p.level ? style.bands[p.state].mark : ''),
      outline, box: (e) => outline(e).box,
      areas: () => (config.focus || state.level === 0 ? [] : entries.filter((e) => e.p.level === 0).filter((e, _, all) => all.length > 1)),
      everyArea: () => entries.filter((e) => e.p.level === 0).map((e) => e.p.name),
    });
    const drawLabels = () => letter(state.layers.labels);
    const search = W.search(ctx);
    L.control.scale({imperial: false, position: 'bottomright', maxWidth: 110}).addTo(map);

    const waiting = W.waiting(map, config.next);

    function outline(entry) {
      entry.outline = entry.outline || W.outline(entry.shape);
      return entry.outline;
    }

    function sheet() {
      return document.body.classList.contains('wg-open-sheet') ? 0.52 * window.innerHeight - 92 : 0;
    }

    function padding() {
      const left = $('wg-layers').open ? $('wg-layers').offsetWidth + 26 : 24;
      return wide() ? {paddingTopLeft: [left, 60], paddingBottomRight: [50, duty ? 76 : 30]}
        : {paddingTopLeft: [10, 56], paddingBottomRight: [10, 24 + (sheet() || (duty ? 60 : 0))]};
    }

    function fit(bounds, options) {
      if (bounds.isValid()) map.fitBounds(bounds, {...padding(), ...options});
    }

    /** On a phone the open sheet may lie over what was tapped: move it up. */
    function intoView(latlng) {
      if (wide() || !latlng) return;
      const free = map.getSize().y - sheet();
      const y = map.latLngToContainerPoint(latlng).y;
      if (y > free - 30) map.panBy([0, y - free * 0.6], {animate: true});
    }

    function whole() {
      const focus = config.focus && byCode.get(config.focus);
      if (focus) return focus.bounds.pad(0.18);
      const drawn = entries.reduce((all, e) => all.extend(e.bounds), L.latLngBounds([]));
      return waiting ? drawn.extend(waiting.getBounds()) : drawn;
    }

    function showLevel() {
      if (!grids.show()) return false;
      markLevels();
      W.legend(ctx);
      panel();
      return true;
    }

    function choose(code, zoom, event) {
      const entry = code ? byCode.get(code) : null;
      state.chosen = entry;
      state.opened = null;
      grids.choose(entry);
      if (entry && zoom && !entry.visible && state.mode !== 'auto') setMode(String(entry.p.level));
      const within = entry ? ground.rows.buildings.filter((row) => { const at = W.middle(row); return W.covers(entry.shape, at.lat, at.lng); }) : [];
      ground.recolour(new Set(within.map((row) => row.p.bid)));
      document.body.classList.toggle('wg-open-sheet', Boolean(entry));
      if (entry && zoom) {
        fit(entry.bounds.pad(entry.p.level >= 2 ? 0.9 : 0.15), {maxZoom: 19, animate: false});
        if (state.level < entry.p.level && state.mode === 'auto') map.setZoomAround(entry.bounds.getCenter(), Math.min(21, Math.ceil(4 * grids.zoomFor(entry.p.level)) / 4), {animate: false});
      } else if (entry) intoView(event);
      panel();
      drawLabels();
    }

    /** Open the card of a hazard point or a case. */
    function open(kind, one, zoom) {
      choose(null);
      state.opened = [kind, one];
      document.body.classList.add('wg-open-sheet');
      if (zoom) map.setView([one.lat, one.lon], Math.max(map.getZoom(), 17), {animate: false});
      intoView(L.latLng(one.lat, one.lon));
      panel();
    }

    function showBuilding(row) {
      const at = W.middle(row);
      const hits = entries.filter((e) => e.p.leaf && W.covers(e.shape, at.lat, at.lng));
      map.setView(at, Math.max(map.getZoom(), 18), {animate: false});
      if (hits.length) choose(hits[hits.length - 1].p.code);
      ground.recolour(new Set([row.p.bid]));
      intoView(at);
    }

    const held = (entry, row) => W.samples(row).filter(([x, y]) => W.within(outline(entry), x, y)).length;
    const meets = (a, b) => a[0] < b[2] && a[2] > b[0] && a[1] < b[3] && a[3] > b[1];

    /** Finest grids of the building that a grid is a part of, its floors and stairwells; none for a grid of more than that. */
    function tower(p) {
      if (!p.leaf || !(p.stairwell || p.floors)) return [];
      const entry = byCode.get(p.code);
      const near = ground.rows.buildings.filter((row) => meets(row.box, outline(entry).box)).map((row) => [held(entry, row), row]);
      const [most, house] = near.sort((a, b) => b[0] - a[0])[0] || [0];
      if (!most) return [p];
      return entries.filter((e) => e.p.leaf && meets(outline(e).box, house.box) && held(e, house)).map((e) => e.p);
    }

    function clicked(event) {
      const {lat, lng} = event.latlng;
      const hits = entries.filter((e) => e.visible && W.covers(e.shape, lat, lng));
      const top = entries.find((e) => e.shape === event.layer) || hits[hits.length - 1];
      choose(top ? top.p.code : null, false, event.latlng);
    }

    function cards(below, shown) {
      const entry = state.chosen;
      if (entry) {
        const kids = entries.filter((e) => e.p.parent === entry.p.code).map((e) => e.p).sort((a, b) => a.code.localeCompare(b.code));
        if (kids.length) below.push(W.list(ctx, `${t('children')} (${kids.length})`, kids));
        return W.card(ctx, entry.p);
      }
      if (state.opened) return W[`${state.opened[0]}Card`](ctx, state.opened[1]);
      const overview = W.overview(ctx, config.focus);
      if (overview) below.push(overview);
      const next = W.next(t, config.next, config.planUrl);
      if (!entries.length) return next || h('p', {class: 'wg-hint'}, t('unpublished'));
      below.push(W.list(ctx, t('out_list'), shown.filter((p) => p.state === 'under' || p.state === 'over'), t('all_in_band')));
      return h('div', {}, next, h('p', {class: 'wg-hint'}, t('pick')));
    }

    function panel() {
      const shown = entries.filter((e) => e.visible && grids.inFocus(e.p)).map((e) => e.p);
      const below = [];
      $('wg-tiles').hidden = !entries.length;
      $('wg-tiles').replaceChildren(...W.tiles(t, shown, state.level === 0 ? entries.filter((e) => e.p.leaf).map((e) => e.p) : shown));
      $('wg-card').replaceChildren(cards(below, shown));
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

    function setTheme(name) {
      state.theme = name;
      grids.paint();
      W.controls(ctx);
      W.legend(ctx);
      drawLabels();
    }

    function setLayer(name, on) {
      state.layers[name] = on;
      marks.show(name, on);
      if (name === 'buildings') ground.buildings(on);
      if (name === 'relief') shade();
      if (name === 'cases' || name === 'heat') timebar.show(state.layers.cases || state.layers.heat);
      W.legend(ctx);
      drawLabels();
    }

    /** The relief fades where a pixel of it would show as a square. */
    function shade() {
      if (!relief) return;
      const near = Math.min(1, Math.max(0.3, 0.3 + 0.24 * Math.log2(W.metresPerPixel(map))));
      relief.setOpacity(state.layers.relief ? state.relief * near : 0);
    }

    function setRelief(strength) {
      state.relief = strength;
      shade();
    }

    function zoomed() {
      document.body.classList.toggle('wg-far', W.metresPerPixel(map) > 7);
      shade();
      showLevel();
    }

    function casesChanged() {
      marks.refresh();
      if (state.theme === 'cases' || state.theme === 'rate') grids.paint();
      drawLabels();
    }

    function refilter(changes) {
      duty.refilter(changes);
      casesChanged();
      timebar.tell();
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
      [...$('wg-levels').children].forEach((button) => {
        const {mode} = button.dataset;
        button.textContent = t(mode === 'auto' || mode === 'all' ? mode : `level${mode}`);
      });
      [['wg-sample', 'sample', config.sample], ['wg-foot-sample', 'sample_long', config.sample], ['wg-back', 'back', config.backUrl], ['wg-overview', 'overview_page', config.overviewUrl], ['wg-plan', 'plan_page', config.planUrl],
        ['wg-export', 'download', config.exportUrl]].forEach(([id, key, on]) => {
        $(id).hidden = !on;
        $(id).textContent = t(key);
      });
      [['wg-overview', config.overviewUrl], ['wg-plan', config.planUrl]].filter(([, url]) => url).forEach(([id, url]) => {
        const page = new URL(url, window.location.href);
        page.searchParams.set('lang', state.lang);
        $(id).href = page.href;
      });
      W.towns(config, () => state.lang);
      $('wg-town').setAttribute('aria-label', t('choose_town'));
      search.relabel();
      W.controls(ctx);
      if (state.level >= 0) W.legend(ctx);
      panel();
      timebar.relabel();
      drawLabels();
    }

    ['auto', 'all', ...grids.levels.map(String)].forEach((mode) => {
      $('wg-levels').append(h('button', {type: 'button', role: 'radio', 'data-mode': mode, onclick: () => setMode(mode)}));
    });
    if (config.backUrl) $('wg-back').href = config.backUrl;
    if (config.exportUrl) { $('wg-export').href = config.exportUrl; $('wg-export').setAttribute('download', ''); }
    $('wg-legend').open = wide() && window.innerHeight > 860;
    $('wg-layers').open = wide() && window.innerHeight > 620;
    [$('wg-legend'), $('wg-layers')].forEach((box) => box.addEventListener('toggle', drawLabels));
    $('wg-lang').onclick = () => { state.lang = state.lang === 'zh' ? 'en' : 'zh'; relabel(); };
    $('wg-in').onclick = () => map.zoomIn(1);
    $('wg-out').onclick = () => map.zoomOut(1);
    $('wg-fit').onclick = () => fit(whole());
    $('wg-grip').onclick = () => document.body.classList.toggle('wg-open-sheet');
    document.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && event.target !== $('wg-q')) choose(null);
      if (event.key === '/' && event.target.tagName !== 'INPUT') { event.preventDefault(); $('wg-q').focus(); }
    });
    [0, 1, 2, 3].forEach((n) => layers[`grids${n}`] && layers[`grids${n}`].on('click', (e) => { L.DomEvent.stop(e); clicked(e); }));
    map.on('click', () => choose(null));
    document.body.classList.toggle('wg-open-sheet', !entries.length && Boolean(waiting));
    map.invalidateSize({animate: false});
    fit(whole(), {animate: false});
    Object.entries(state.layers).forEach(([name, on]) => marks.show(name, on));
    timebar.show(Boolean(duty) && (state.layers.cases || state.layers.heat));
    zoomed();
    relabel();
    map.on('zoomend', zoomed);
    map.on('moveend zoomend', drawLabels);
    if (config.focus) {
      choose(config.focus);
      fit(whole(), {animate: false}); // again: on a phone the sheet is open now
    }
    window.wanggeState = state;
    document.body.dataset.ready = 'true';
  };
})();
