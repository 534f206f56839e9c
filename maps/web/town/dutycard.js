/* The duty in the panel: who holds a grid's posts, what threatens it, its bounds; the card of a hazard or a case. */
(() => {
  const W = window.Wangge;
  const {h, row} = W;

  const part = (title, ...children) => h('section', {class: 'wg-part'}, h('h3', {}, title), ...children);

  W.casesText = (ctx, code) => {
    if (!ctx.duty) return null;
    const all = ctx.duty.count('allCases', code);
    const open = ctx.duty.count('openCases', code);
    return `${W.amount(ctx.t, all, 'cases_unit')}${open ? ` · ${ctx.t('open')} ${open}` : ''}`;
  };

  function person(ctx, [post, holder, phone, time]) {
    const {t} = ctx;
    return h('div', {class: 'wg-post'}, h('span', {class: 'what'}, ctx.word('posts', post)),
      h('span', {class: 'who'}, holder || t('held')), time ? h('span', {class: 'time'}, t(`time_${time}`)) : null, phone ? h('span', {class: 'phone'}, phone) : null);
  }

  /** Posts of a grid: the one that its level wants, held or vacant, and others. */
  W.posts = (ctx, p) => {
    if (!ctx.duty) return null;
    const {wanted, held, others} = ctx.duty.posts(p);
    const lines = [...held, ...others].map((one) => person(ctx, one));
    if (wanted && !held.length) {
      lines.unshift(h('div', {class: 'wg-post vacant'}, h('span', {class: 'what'}, ctx.word('posts', wanted)), h('span', {class: 'who'}, ctx.t('vacant'))));
    }
    const missing = ctx.duty.count('vacancies', p.code) - (wanted && !held.length ? 1 : 0);
    if (missing > 0) lines.push(h('p', {class: 'wg-none'}, ctx.t('vacant_below').replace('{n}', missing)));
    return lines.length ? part(ctx.t('posts'), lines) : null;
  };

  function hazardButton(ctx, one) {
    const inside = one.inside === null || one.inside === undefined ? '' : `${one.inside}${ctx.t('households_unit')}`;
    return h('button', {type: 'button', class: 'wg-item', 'data-hazard': one.id, onclick: () => ctx.open('hazard', ctx.duty.byId.get(one.id), true)},
      W.hazardSign(ctx.style, one), h('span', {class: 'nm'}, one.name || one.number), h('span', {class: 'ct'}, inside));
  }

  /** Hazard points that threaten a grid, the worst first. */
  W.threats = (ctx, code) => {
    if (!ctx.duty) return null;
    const order = ['I', 'II', 'III', 'IV'];
    const found = ctx.duty.threats(code).sort((a, b) => order.indexOf(a.grade) - order.indexOf(b.grade) || (b.inside || 0) - (a.inside || 0));
    if (!found.length) return null;
    return part(`${ctx.t('threatened_by')} (${found.length})`, found.slice(0, 60).map((one) => hazardButton(ctx, one)));
  };

  /** The four bounds, in the language of now, where the grid carries them. */
  W.bounds = (ctx, p) => {
    const said = p.bounds && (p.bounds[ctx.state.lang] || p.bounds.zh);
    if (!said) return null;
    return part(ctx.t('bounds'), h('dl', {}, ['east', 'south', 'west', 'north'].map((side) => row(ctx.t(`to_${side}`), said[side]))));
  };

  function head(ctx, title, below, right) {
    return h('div', {class: 'wg-card-head'}, h('div', {}, h('h2', {}, title), h('p', {}, below)), right,
      h('button', {type: 'button', class: 'wg-close', 'aria-label': ctx.t('close'), onclick: () => ctx.choose(null)}, '×'));
  }

  function gridLink(ctx, code) {
    let found = null;
    [19, 17, 15, 12].some((n) => { found = code && code.length >= n ? ctx.byCode.get(code.slice(0, n)) : null; return found; });
    return found ? h('button', {type: 'button', class: 'wg-inline', onclick: () => ctx.choose(found.p.code, true)}, found.p.name || found.p.short) : null;
  }

  /** A grid that a hazard point threatens: households inside the danger area, of all that it has. */
  function insideButton(ctx, of) {
    const {p} = ctx.byCode.get(of.code);
    return h('button', {type: 'button', class: 'wg-item', onclick: () => ctx.choose(of.code, true)},
      h('span', {class: 'nm'}, W.shortName(ctx, p)), h('b', {class: 'in'}, `${of.households}${ctx.t('households_unit')}`),
      h('span', {class: 'ct'}, ctx.t('of_all').replace('{n}', p.households)));
  }

  function watchers(ctx, one) {
    const line = (person, role) => person && (person.name || person.phone) && h('div', {class: 'wg-post'},
      h('span', {class: 'what'}, [ctx.t(role), person.post].filter(Boolean).join(' · ')), h('span', {class: 'who'}, person.name || ''),
      person.phone ? h('span', {class: 'phone'}, person.phone) : null);
    const lines = [line(one.responsible, 'responsible'), ...(one.monitors || []).map((person) => line(person, 'monitor'))].filter(Boolean);
    return lines.length ? part(ctx.t('persons'), lines) : null;
  }

  function scale(ctx, one) {
    const volume = one.scale_wan_m3 === null ? null
      : ctx.t('volume').replace('{wan}', one.scale_wan_m3).replace('{whole}', W.number(Math.round(one.scale_wan_m3 * 1e4)));
    return [volume, one.scale && ctx.word('scales', one.scale)].filter(Boolean).join(' · ');
  }

  W.hazardCard = (ctx, one) => {
    const {t, duty} = ctx;
    const gone = one.state === 'struck_off';
    const inside = gone ? [] : duty.grids(one.id).filter((part) => ctx.byCode.has(part.code)).sort((a, b) => b.households - a.households);
    const total = inside.length ? inside.reduce((sum, part) => sum + part.households, 0) : null;
    const count = (n, unit) => (n === null || n === undefined ? null : W.amount(t, n, unit));
    return h('section', {class: 'wg-card wg-hazard-card', 'aria-label': one.name || one.number},
      head(ctx, one.name || one.number, `${t('hazard')} · ${ctx.word('types', one.kind)}`, W.hazardSign(ctx.style, one)),
      h('dl', {}, row(t('grade'), one.grade ? `${one.grade} ${ctx.word('grades', one.grade)}` : null), row(t('state'), ctx.word('hazardStates', one.state)),
        row(t('inside_area'), count(total, 'households_unit')),
        row(t('register_households'), count(one.households, 'households_unit')), row(t('register_people'), count(one.people, 'people_unit')),
        row(t('scale'), scale(ctx, one)), row(t('trend'), one.trend), row(t('trigger'), one.trigger), row(t('monitoring'), one.monitoring), row(t('warning'), one.warning),
        row(t('in_grid'), gridLink(ctx, one.grid || one.area_code)), row(t('place'), one.place), row(t('number'), h('code', {}, one.number))),
      watchers(ctx, one),
      inside.length ? part(`${t('threatened')} (${inside.length}) · ${t('inside_area')}`, inside.map((of) => insideButton(ctx, of))) : h('p', {class: 'wg-none'}, t(gone ? 'gone_note' : 'no_area')));
  };

  W.caseCard = (ctx, one) => {
    const {t} = ctx;
    const sub = one.subcategory ? ` · ${ctx.word('subcategories', one.subcategory)}` : '';
    return h('section', {class: 'wg-card', 'aria-label': one.number},
      head(ctx, `${ctx.word('categories', one.category)}${sub}`, `${t('case')} · ${one.day}`, h('span', {class: `wg-state ${one.closed ? '' : 'open'}`}, ctx.word('caseStates', one.state))),
      one.description ? h('p', {class: 'wg-said'}, one.description) : null,
      h('dl', {}, row(t('in_grid'), gridLink(ctx, one.code)), row(t('number'), h('code', {}, one.number))));
  };

  /** What stands in the panel while nothing is chosen: the duty of the whole map in figures. */
  W.overview = (ctx, area) => {
    const {t, duty} = ctx;
    if (!duty) return null;
    const of = (name) => (area ? duty.count(name, area) : [...ctx.byCode.values()].filter((e) => e.p.level === 0).reduce((sum, e) => sum + duty.count(name, e.p.code), 0));
    const gone = duty.hazards.filter((one) => one.state === 'struck_off' && (!area || (one.grid || one.area_code || '').startsWith(area))).length;
    const live = area ? of('hazards') : duty.hazards.length - gone;
    return h('section', {class: 'wg-part wg-overview'}, h('h3', {}, t('overview')), h('dl', {},
      row(t('cases'), `${W.amount(t, of('allCases'), 'cases_unit')} · ${t('open')} ${of('openCases')}`),
      row(t('hazards_live'), [W.amount(t, live, 'hazards_unit'), gone ? ` · ${ctx.word('hazardStates', 'struck_off')} ${gone}` : null]),
      row(t('vacancies'), W.amount(t, of('vacancies'), 'posts_unit'))));
  };
})();
