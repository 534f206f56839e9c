/* Search by code, short number, grid name and building name; arrow keys, Enter, Escape. */
(() => {
  const W = window.Wangge;
  const {h} = W;

  /** Text as it is compared: half-width, lower case, no blanks; 3栋, 3幢 and 3号楼 are one. */
  const plain = (text) => String(text || '').normalize('NFKC').toLowerCase().replace(/\s+/g, '').replace(/(\d+)(?:栋|幢|座|#楼?)/g, '$1号楼');

  function matches(query, {entries, buildings, duty}) {
    const q = plain(query);
    if (!q) return [];
    const score = (text) => {
      const s = plain(text);
      if (!s) return 0;
      if (s === q) return 3;
      return s.startsWith(q) ? 2 : (s.includes(q) ? 1 : 0);
    };
    const grids = entries.map((e) => [Math.max(score(e.p.short), score(e.p.code), score(e.p.name)), e.p.level, e])
      .filter(([s]) => s > 0).map(([s, level, e]) => ({rank: s * 10 - level, entry: e}));
    const houses = buildings.map((b) => [Math.max(score(b.p.name), score(b.p.bid)), b]).filter(([s]) => s > 0)
      .map(([s, b]) => ({rank: s * 10 - 5, building: b}));
    const hazards = (duty ? duty.hazards : []).map((one) => [Math.max(score(one.name), score(one.number)), one]).filter(([s]) => s > 0)
      .map(([s, one]) => ({rank: s * 10 - 6, hazard: one}));
    return grids.concat(houses, hazards).sort((a, b) => b.rank - a.rank).slice(0, 12);
  }

  /** ctx: t, entries, buildings, choose(code, zoom), showBuilding(layer). Returns {relabel}. */
  W.search = (ctx) => {
    const input = document.getElementById('wg-q');
    const list = document.getElementById('wg-hits');
    let hits = [];
    let at = -1;

    const close = () => {
      list.hidden = true;
      input.setAttribute('aria-expanded', 'false');
      input.removeAttribute('aria-activedescendant');
    };
    const take = (hit) => {
      if (!hit) return;
      close();
      if (hit.entry) ctx.choose(hit.entry.p.code, true);
      else if (hit.hazard) ctx.open('hazard', hit.hazard, true);
      else ctx.showBuilding(hit.building);
    };
    const mark = (i) => {
      at = i;
      [...list.children].forEach((node, j) => node.setAttribute('aria-selected', String(j === at)));
      if (at >= 0 && list.children[at]) {
        input.setAttribute('aria-activedescendant', list.children[at].id);
        list.children[at].scrollIntoView({block: 'nearest'});
      }
    };
    const line = (hit, i) => {
      const p = hit.entry ? hit.entry.p : (hit.hazard || hit.building.p);
      const kind = hit.entry ? ctx.t(`level${p.level}_long`) : ctx.t(hit.hazard ? 'hazard' : 'building');
      const gone = p.state === 'struck_off' ? ` · ${ctx.word('hazardStates', p.state)}` : '';
      return h('li', {role: 'option', id: `wg-hit-${i}`, onmousedown: (e) => { e.preventDefault(); take(hit); }},
        h('b', {}, p.name || p.short || p.number || p.bid), h('span', {}, hit.entry ? `${p.short || ''} ${kind}` : kind, gone));
    };
    const update = () => {
      hits = matches(input.value, ctx);
      list.replaceChildren(...hits.map(line));
      if (!hits.length && input.value.trim()) list.append(h('li', {class: 'none'}, ctx.t('nothing')));
      list.hidden = !input.value.trim();
      input.setAttribute('aria-expanded', String(!list.hidden));
      mark(hits.length ? 0 : -1);
    };
    input.addEventListener('input', update);
    input.addEventListener('focus', () => { if (input.value.trim()) update(); });
    input.addEventListener('blur', close);
    input.addEventListener('keydown', (event) => {
      if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
        event.preventDefault();
        if (hits.length) mark((at + (event.key === 'ArrowDown' ? 1 : hits.length - 1)) % hits.length);
      } else if (event.key === 'Enter') take(hits[at]);
      else if (event.key === 'Escape') close();
    });
    return {
      relabel() {
        input.placeholder = ctx.t('search');
        input.setAttribute('aria-label', ctx.t('search_label'));
      },
    };
  };
})();
