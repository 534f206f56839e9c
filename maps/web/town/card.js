/* The panel beside the map: tiles, the card of a grid, lists. Text only, never HTML made of data. */
(() => {
  const W = window.Wangge;
  const {h} = W;

  W.swatch = (style, state) => {
    const band = style.bands[state] || style.bands.none;
    return h('span', {class: `wg-swatch ${state}`, 'aria-hidden': 'true'}, band.mark);
  };

  /** The bar: where the number of households stands against the band. */
  W.bandBar = (style, p) => {
    if (p.band_min === null || p.band_max === null || p.state === 'none') return null;
    const top = Math.max(p.band_max * 1.25, p.households * 1.05, 1);
    const pct = (n) => `${Math.min(100, 100 * n / top)}%`;
    const bar = h('div', {class: 'wg-bar'}, h('i', {class: 'zone'}), h('i', {class: `fill ${p.state}`}));
    bar.children[0].style.left = pct(p.band_min);
    bar.children[0].style.width = pct(p.band_max - p.band_min);
    bar.children[1].style.width = pct(p.households);
    const ticks = h('div', {class: 'wg-ticks'}, h('b', {}, String(p.band_min)), h('b', {}, String(p.band_max)));
    ticks.children[0].style.left = pct(p.band_min);
    ticks.children[1].style.left = pct(p.band_max);
    return h('div', {class: 'wg-barbox'}, bar, ticks);
  };

  W.row = (label, value) => (value === null || value === undefined || value === ''
    ? null : h('div', {class: 'wg-row'}, h('dt', {}, label), h('dd', {}, value)));

  const {row} = W;

  /** The mark of households that nobody counted, with what derived them. */
  W.derived = (t, some, all) => (some ? h('span', {class: 'wg-derived', title: t('derived_title').replace('{n}', W.number(some))},
    some >= all ? t('derived') : t('derived_some').replace('{n}', W.number(some))) : null);

  function floors(value) {
    if (!value) return null;
    if (typeof value === 'object') return `${value[0]}–${value[1]}`;
    const found = /^\[(-?\d+),\s*(-?\d+)\)$/.exec(value);
    return found ? `${found[1]}–${Number(found[2]) - 1}` : String(value);
  }

  const areaText = (m2) => (m2 === null || m2 === undefined ? null
    : (m2 >= 1e6 ? `${(m2 / 1e6).toFixed(2)} km²` : (m2 >= 1e5 ? `${(m2 / 1e4).toFixed(1)} ha` : `${W.number(m2)} m²`)));

  /** Words of a reason: its code in the list, else the text itself. */
  function reason(t, value) {
    if (!value) return null;
    const code = String(value).split(/[\s:：{]/)[0];
    const known = t(code);
    return known === code ? String(value) : known;
  }

  /** A grid's name without that of its basic grid, which every name in a list would repeat. */
  W.shortName = (ctx, p) => {
    const area = ctx.byCode.get(p.area_code);
    const name = p.name || p.short;
    return area && p.level > 0 && area.p.name && name.startsWith(area.p.name) ? name.slice(area.p.name.length) || name : name;
  };

  /** A grid's own name, as a villagers' group has one; null where it is called by its number. */
  W.ownName = (ctx, p) => {
    const name = W.shortName(ctx, p);
    return p.kind !== 'ordinary' || /^第?[\d-]+网格/.test(name) ? null : name;
  };

  W.gridButton = (ctx, p, extra) => h('button', {type: 'button', class: 'wg-item', onclick: () => ctx.choose(p.code, true)},
    W.swatch(ctx.style, p.state), h('span', {class: 'nm'}, W.shortName(ctx, p)), h('span', {class: 'sh'}, p.short || ''),
    h('span', {class: 'ct'}, `${ctx.style.bands[p.state].mark} ${p.households}${ctx.t('households_unit')}`), extra);

  function heading(ctx, p) {
    const {t} = ctx;
    const bad = p.state === 'under' || p.state === 'over';
    return h('div', {class: 'wg-card-head'},
      h('div', {}, h('h2', {}, p.name || p.short), h('p', {}, `${t(`level${p.level}_long`)}${bad ? ` · ${ctx.style.bands[p.state].mark} ${t(p.state)}` : ''}`)),
      h('span', {class: 'wg-short'}, p.short || ''),
      ctx.closable ? h('button', {type: 'button', class: 'wg-close', 'aria-label': t('close'), onclick: () => ctx.choose(null)}, '×') : null);
  }

  const floorsText = (ctx, p) => (p.floors ? `${floors(p.floors)}${ctx.t('floors_unit')}` : ctx.t('every_floor'));
  const lowest = (p) => Number(/-?\d+/.exec(String(p.floors)) || 0);

  /** Grids that stand on one another or side by side in a building: a column a stairwell, the lowest floors at the bottom. */
  W.section = (ctx, grids, chosen) => {
    const wells = [...new Set(grids.map((p) => p.stairwell || ''))].sort((a, b) => a.localeCompare(b, 'zh', {numeric: true}));
    const cell = (p) => h('button', {type: 'button', 'aria-pressed': String(p === chosen), onclick: () => ctx.choose(p.code)},
      h('b', {}, floorsText(ctx, p)), h('span', {}, p.short), h('span', {}, `${p.households}${ctx.t('households_unit')}`));
    return h('section', {class: 'wg-part'}, h('h3', {}, `${ctx.t('stack')} (${grids.length})`), h('div', {class: 'wg-section'}, wells.map((well) => h('div', {class: 'well'},
      h('h4', {}, well || ctx.t('other_wells')), grids.filter((p) => (p.stairwell || '') === well).sort((a, b) => lowest(b) - lowest(a)).map(cell)))));
  };

  /** The card of one grid. ctx: t, style, choose, byCode, gridUrl, tower(p), children, closable. */
  W.card = (ctx, p) => {
    const {t} = ctx;
    const chain = [];
    for (let up = ctx.byCode.get(p.parent); up && chain.length < 4; up = ctx.byCode.get(up.p.parent)) chain.unshift(up.p);
    const parents = chain.length === 0 ? null : h('div', {class: 'wg-chain'}, chain.map((up, i) => [
      i ? h('span', {'aria-hidden': 'true'}, '›') : null,
      h('button', {type: 'button', onclick: () => ctx.choose(up.code, true)}, up.name || up.short)]).flat());
    const band = p.band_min === null || p.band_max === null ? t('no_band') : `${p.band_min}–${p.band_max}`;
    const dates = p.valid_from ? (p.valid_to ? `${p.valid_from} – ${p.valid_to}` : t('valid_from').replace('{date}', p.valid_from)) : null;
    const tower = ctx.tower(p);
    const card = h('section', {class: 'wg-card', 'aria-label': p.name || p.short}, heading(ctx, p), tower.length > 1 ? W.section(ctx, tower, p) : null, W.bandBar(ctx.style, p),
      h('dl', {},
        row(t('counted'), [h('b', {}, `${p.households}${t('households_unit')}`), W.derived(t, p.derived, p.households)]),
        row(t('registered'), p.registered === null || (p.derived && p.derived >= p.registered) ? null : `${p.registered - (p.derived || 0)}${t('households_unit')}`),
        row(t('band'), band), row(t('kind'), t(p.kind)), row(t('stairwell'), p.stairwell), row(t('floors'), floors(p.floors)),
        row(t('area'), areaText(p.area_m2)), row(t('cases'), W.casesText(ctx, p.code)), row(t('reason'), reason(t, p.reason)),
        row(t('parents'), parents), row(t('valid'), dates), row(t('code'), h('code', {}, p.code))),
      W.posts(ctx, p), W.threats(ctx, p.code), W.bounds(ctx, p));
    if (ctx.gridUrl && !(ctx.focus === p.code)) {
      card.append(h('a', {class: 'wg-open', href: ctx.gridUrl.replace('{code}', encodeURIComponent(p.code))}, t('open_grid')));
    }
    return card;
  };

  /** A titled list of grids, or a line of text where there are none. */
  W.list = (ctx, title, grids, none) => h('section', {class: 'wg-listbox'}, h('h3', {}, title),
    grids.length ? grids.slice(0, 200).map((p) => W.gridButton(ctx, p)) : (none ? h('p', {class: 'wg-none'}, none) : null));

  W.tiles = (t, shown, counted) => {
    const ordinary = counted.filter((p) => p.state !== 'none');
    const good = ordinary.filter((p) => p.state === 'in_band').length;
    const total = shown.reduce((sum, p) => sum + (p.households || 0), 0);
    const rate = ordinary.length ? `${Math.floor(100 * good / ordinary.length)}%` : '—';
    const derived = shown.reduce((sum, p) => sum + (p.derived || 0), 0);
    return [[shown.length, t('grids')], [total, t('households'), W.derived(t, derived, total)], [rate, t('rate')], [ordinary.length - good, t('to_adjust')]]
      .map(([n, label, mark]) => h('div', {class: 'wg-tile'}, h('b', {}, n.toLocaleString ? n.toLocaleString('en') : n), h('span', {}, label, mark)));
  };
})();
