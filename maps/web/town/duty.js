/* Cases, hazard points and posts of the town, counted by grid; the filter of cases stands here. */
(() => {
  const W = window.Wangge;
  const DIGITS = [12, 15, 17, 19];
  const DAY_MS = 86400000;

  const upwards = (code) => DIGITS.filter((n) => n <= code.length).map((n) => code.slice(0, n));

  function tally(pairs) {
    const sets = new Map();
    pairs.forEach(([code, what]) => upwards(code).forEach((up) => {
      if (!sets.has(up)) sets.set(up, new Set());
      sets.get(up).add(what);
    }));
    return sets;
  }

  /** Days since 1970 of an ISO date. */
  W.dayNumber = (iso) => Math.round(Date.parse(`${iso}T00:00:00Z`) / DAY_MS);
  W.dayText = (n) => new Date(n * DAY_MS).toISOString().slice(0, 10);

  /** values: of the page; entries: grids. Returns what the other scripts ask. */
  W.duty = (values, entries) => {
    if (!values) return null;
    const cases = W.rows(values.cases);
    const hazards = W.rows(values.hazards);
    const byId = new Map(hazards.map((one) => [one.id, one]));
    cases.forEach((one) => { one.at = W.dayNumber(one.day); one.code = one.grid || one.area_code || ''; });
    const days = cases.map((one) => one.at);
    const span = days.length ? [Math.min(...days), Math.max(...days)] : null;
    const filter = {from: span ? span[0] : 0, to: span ? span[1] : 0, category: '', state: ''};

    const threats = W.rows(values.threats);
    const threatened = tally([...threats.map((one) => [one.code, one.hazard]),
      ...hazards.filter((one) => one.grid || one.area_code).map((one) => [one.grid || one.area_code, one.id])]
      .filter(([, id]) => byId.has(id) && byId.get(id).state !== 'struck_off'));
    const people = new Map();
    threats.forEach((one) => upwards(one.code).forEach((up) => people.set(`${up} ${one.hazard}`, (people.get(`${up} ${one.hazard}`) || 0) + one.households)));

    const held = (p) => (values.posts[p.code] || []).filter((one) => one[0] === p.post);
    const vacant = tally(entries.filter((e) => e.p.post && !held(e.p).length).map((e) => [e.p.code, e.p.code]));

    const passes = (one) => one.at >= filter.from && one.at <= filter.to && (!filter.category || one.category === filter.category)
      && (!filter.state || (filter.state === 'open' ? !one.closed : (filter.state === 'closed' ? one.closed : one.state === filter.state)));
    const size = (sets, code) => (sets.get(code) || {size: 0}).size;
    const count = (of) => {
      const sums = new Map();
      of.forEach((one) => upwards(one.code).forEach((up) => sums.set(up, (sums.get(up) || 0) + 1)));
      return sums;
    };
    const all = count(cases);
    const open = count(cases.filter((one) => !one.closed));
    let shown = cases;
    let sums = all;

    return {
      cases, hazards, byId, span, filter, tables: values.tables,
      shown: () => shown,
      /** Take over a changed filter; returns the cases that pass it. */
      refilter(changes) {
        Object.assign(filter, changes);
        shown = cases.filter(passes);
        sums = count(shown);
        return shown;
      },
      count(name, code) {
        if (name === 'cases') return sums.get(code) || 0;
        if (name === 'allCases') return all.get(code) || 0;
        if (name === 'openCases') return open.get(code) || 0;
        return size(name === 'hazards' ? threatened : vacant, code);
      },
      /** Hazard points that threaten a grid, with the households of it inside their areas. */
      threats: (code) => [...(threatened.get(code) || [])].map((id) => ({...byId.get(id), inside: people.get(`${code} ${id}`) ?? null})),
      /** Finest grids that a hazard point threatens, with the households of each inside its area. */
      grids: (id) => threats.filter((one) => one.hazard === id),
      posts: (p) => ({wanted: p.post, held: held(p), others: (values.posts[p.code] || []).filter((one) => one[0] !== p.post)}),
    };
  };
})();
