/* The layers' box: the theme, the layers on and off, the relief's strength, the filter of cases; and the legend. */
(() => {
  const W = window.Wangge;
  const {h, $} = W;

  function legendRow(fill, text, kind) {
    const swatch = h('span', {class: `wg-swatch ${kind}`, 'aria-hidden': 'true'});
    if (!String(fill.fillColor).startsWith('url')) {
      swatch.style.background = fill.fillColor;
      swatch.style.opacity = Math.min(1, fill.fillOpacity + 0.2);
    }
    return h('div', {}, swatch, h('span', {}, text));
  }

  /** Hazard points by grade; those struck off, which the map shows from near only. */
  function hazardSigns(ctx) {
    const sign = (one, text, row) => h('div', {class: row}, h('span', {class: 'wg-swatch wg-key-hazard', 'aria-hidden': 'true'}, W.hazardSign(ctx.style, one)), h('span', {}, text));
    const gone = (one) => one.state === 'struck_off';
    const grades = [...new Set(ctx.duty.hazards.filter((one) => !gone(one)).map((one) => one.grade || 'IV'))].sort();
    const signs = grades.map((grade) => sign({grade, kind: 'other', state: 'registered'},
      `${ctx.t('hazard_short')} ${grade}${ctx.state.lang === 'zh' ? ` ${ctx.word('grades', grade)}` : ''}`));
    if (ctx.duty.hazards.some(gone)) signs.push(sign({grade: 'IV', kind: 'other', state: 'struck_off'}, `${ctx.t('hazard_short')} ${ctx.word('hazardStates', 'struck_off')}`, 'wg-gone whole'));
    return signs;
  }

  /** The legend: the theme's classes at the level shown, and the signs of the layers that are on. */
  W.legend = (ctx) => {
    const {t, state, style} = ctx;
    const theme = ctx.themes[state.theme];
    const rows = theme.legend(state.level, t).map(([fill, text, kind]) => legendRow(fill, text, kind));
    if (rows.length) rows.unshift(h('h4', {}, `${t(theme.label)} · ${t(`level${state.level}`)}`));
    const signs = [];
    const sign = (kind, text, row) => signs.push(h('div', {class: row}, h('span', {class: `wg-swatch ${kind}`, 'aria-hidden': 'true'}), h('span', {}, text)));
    if (ctx.duty && state.layers.cases) {
      sign('wg-key-cluster', t('legend_cluster'));
      sign('wg-key-open', t('legend_open'));
    }
    if (ctx.duty && state.layers.heat) {
      sign('wg-key-heat', t('legend_heat'), 'whole');
      const shades = Object.keys(style.heat).sort().map((share) => style.heat[share]);
      signs[signs.length - 1].firstChild.style.background = `linear-gradient(to right, ${shades.join(', ')})`;
    }
    if (ctx.duty && state.layers.hazards) signs.push(...hazardSigns(ctx));
    if (ctx.duty && state.layers.danger) sign('wg-key-danger', t('layer_danger'));
    if (state.layers.buildings) {
      sign('dwelling', t('dwelling'));
      if (ctx.hasCaves) sign('cave', t('cave'));
    }
    sign('water', t('water'));
    sign('road', t('road'));
    $('wg-legend-rows').replaceChildren(...rows, h('h4', {}, t('signs')), h('div', {class: 'wg-signs'}, signs));
  };

  function themes(ctx) {
    return h('div', {class: 'wg-themes', role: 'radiogroup', 'aria-label': ctx.t('theme')}, Object.entries(ctx.themes).map(([name, theme]) =>
      h('button', {type: 'button', role: 'radio', 'data-theme': name, 'aria-checked': String(ctx.state.theme === name), onclick: () => ctx.setTheme(name)}, ctx.t(theme.label))));
  }

  function toggles(ctx) {
    const names = ['cases', 'heat', 'hazards', 'danger', 'relief', 'buildings', 'labels'].filter((name) => ctx.state.layers[name] !== undefined);
    return names.map((name) => {
      const box = h('input', {type: 'checkbox', 'data-layer': name, onchange: (e) => ctx.setLayer(name, e.target.checked)});
      box.checked = ctx.state.layers[name];
      const row = h('div', {class: `wg-toggle ${name}`}, h('label', {}, box, ctx.t(`layer_${name}`)));
      if (name === 'relief') {
        const slider = h('input', {type: 'range', min: 10, max: 100, step: 5, value: Math.round(100 * ctx.state.relief), 'aria-label': ctx.t('relief_strength'),
          oninput: (e) => ctx.setRelief(Number(e.target.value) / 100)});
        row.append(slider);
      }
      return row;
    });
  }

  function filters(ctx) {
    const {duty, t} = ctx;
    const pick = (id, label, options, value, key) => {
      const list = h('select', {id, 'aria-label': label, onchange: (e) => ctx.refilter({[key]: e.target.value})}, options.map(([k, word]) => h('option', {value: k}, word)));
      list.value = value;
      return list;
    };
    const used = (key) => new Set(duty.cases.map((one) => one[key]));
    const of = (table, key) => Object.keys(duty.tables[table]).filter((k) => used(key).has(k)).map((k) => [k, ctx.word(table, k)]);
    return h('div', {class: 'wg-filters'},
      pick('wg-category', t('category'), [['', t('every_category')], ...of('categories', 'category')], duty.filter.category, 'category'),
      pick('wg-state', t('state'), [['', t('every_state')], ['open', t('open')], ['closed', t('closed')], ...of('caseStates', 'state')], duty.filter.state, 'state'));
  }

  /** Fill the layers' box anew, in the language of now. */
  W.controls = (ctx) => {
    const {t} = ctx;
    const parts = [h('h4', {}, t('theme')), themes(ctx), h('h4', {}, t('layers')), h('div', {class: 'wg-toggles'}, toggles(ctx))];
    if (ctx.duty && ctx.duty.cases.length) parts.push(h('h4', {}, t('case_filter')), filters(ctx));
    $('wg-layers-rows').replaceChildren(...parts);
  };
})();
