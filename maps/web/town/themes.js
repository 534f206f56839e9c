/* The themes (choropleths): what each grid counts, its class and colour, and the legend's rows. */
(() => {
  const W = window.Wangge;
  const DIGITS = [12, 15, 17, 19];

  /** Upper ends of at most five classes of the numbers above zero: each number its own, or by quantiles. */
  W.breaks = (values, whole) => {
    const above = values.filter((v) => v > 0).sort((a, b) => a - b);
    const distinct = [...new Set(above)];
    if (whole && distinct.length <= 5) return distinct;
    const round = (v) => (whole ? Math.round(v) : Math.round(v * 10) / 10);
    const ends = [0.2, 0.4, 0.6, 0.8].map((q) => round(above[Math.floor(q * (above.length - 1))] ?? 0));
    const last = whole ? above[above.length - 1] : Math.ceil((above[above.length - 1] ?? 0) * 10) / 10;
    return [...new Set([...ends, last])].filter((v) => v > 0);
  };

  W.classOf = (breaks, value) => {
    if (!(value > 0)) return 0;
    const at = breaks.findIndex((end) => value <= end);
    return at < 0 ? breaks.length : at + 1;
  };

  const ramp = (colours, count) => Array.from({length: count + 1}, (_, i) => (i === 0 ? colours[0]
    : colours[count === 1 ? 3 : Math.round(1 + (i - 1) * (colours.length - 2) / (count - 1))]));

  /** Which class within the band: its lower, middle or upper third. */
  function third(p) {
    const f = (p.households - p.band_min) / Math.max(1, p.band_max - p.band_min);
    return f < 1 / 3 ? 0 : (f < 2 / 3 ? 1 : 2);
  }

  const within = (kind) => ['in_band0', 'in_band1', 'in_band2'].indexOf(kind);

  /** Themes of a town. ctx: style, entries, byCode, duty. Each has kind(p), value(p), mark(p, t), whole, label. */
  W.themes = (ctx) => {
    const {style, entries, byCode} = ctx;
    entries.forEach((e) => {
      e.p.out = 0;
    });
    entries.forEach(({p}) => {
      if (p.state !== 'under' && p.state !== 'over') return;
      DIGITS.forEach((n) => { const up = n < p.code.length && byCode.get(p.code.slice(0, n)); if (up) up.p.out += 1; });
    });
    const counts = (name) => (p) => (ctx.duty ? ctx.duty.count(name, p.code) : 0);
    const rate = (p) => (p.households ? 100 * counts('cases')(p) / p.households : 0);

    function bandKind(p) {
      // where no band applies to a grid itself, as to a village's groups: whether it does to those inside
      if (p.state === 'none' && !p.leaf) return p.out ? 'some_out' : 'in_band1';
      return p.state === 'in_band' ? `in_band${third(p)}` : p.state;
    }

    function bandFill(kind) {
      if (within(kind) >= 0) return {fillColor: style.ramps.band[within(kind)], fillOpacity: 0.46};
      if (kind === 'some_out') return {fillColor: 'url(#wg-under)', fillOpacity: 1};
      const band = style.bands[kind];
      return band.hatch === null ? {fillColor: band.fill, fillOpacity: band.opacity} : {fillColor: `url(#wg-${kind})`, fillOpacity: 1};
    }

    const themes = {
      band: {
        label: 'theme_band',
        fill: (p) => bandFill(bandKind(p)),
        text: (p, t) => (p.kind === 'dedicated' && !p.households ? t('dedicated_short')
          : `${p.level ? style.bands[p.state].mark : ''}${W.number(p.households)}${t('households_unit')}`),
        legend: (level, t) => {
          const rows = [['in_band0', 'third0'], ['in_band1', 'third1'], ['in_band2', 'third2']].map(([k, w]) => [bandFill(k), t(w), k]);
          if (level === 0) return [[bandFill('in_band1'), t('all_in'), 'in_band1'], [bandFill('under'), t('some_out'), 'under']];
          return [[bandFill('under'), t('under'), 'under'], ...rows, [bandFill('over'), t('over'), 'over'], [bandFill('none'), t('none'), 'none']];
        },
      },
      cases: {label: 'theme_cases', value: counts('cases'), all: counts('allCases'), whole: true, unit: 'cases_unit', colours: style.ramps.cases},
      rate: {label: 'theme_rate', value: rate, all: (p) => (p.households ? 100 * counts('allCases')(p) / p.households : 0), whole: false, unit: 'none_unit', colours: style.ramps.rate},
      hazards: {label: 'theme_hazards', value: counts('hazards'), whole: true, unit: 'hazards_unit', colours: style.ramps.hazards},
      vacancies: {label: 'theme_vacancies', value: counts('vacancies'), whole: true, unit: 'posts_unit', colours: style.ramps.vacancies},
      none: {label: 'theme_none', fill: () => ({fillColor: '#ffffff', fillOpacity: 0.01}), text: (p) => '', legend: () => []},
    };
    if (!ctx.duty) ['cases', 'rate', 'hazards', 'vacancies'].forEach((name) => delete themes[name]);

    // breaks are of the whole time, so that a colour means the same while the slider runs
    const kept = new Map();
    function breaksOf(name, level) {
      const key = `${name} ${level}`;
      if (!kept.has(key)) {
        const of = themes[name].all || themes[name].value;
        kept.set(key, W.breaks(entries.filter((e) => e.p.level === level || (e.p.leaf && e.p.level && e.p.level < level)).map((e) => of(e.p)), themes[name].whole));
      }
      return kept.get(key);
    }

    Object.entries(themes).forEach(([name, theme]) => {
      if (!theme.value) return;
      const colour = (level, value) => {
        const ends = breaksOf(name, level);
        return {fillColor: ramp(theme.colours, ends.length)[W.classOf(ends, value)], fillOpacity: 0.72};
      };
      theme.fill = (p, level) => colour(level, theme.value(p));
      theme.text = (p, t) => {
        const v = theme.value(p);
        return v ? W.amount(t, theme.whole ? v : v.toFixed(1), theme.unit) : '';
      };
      theme.legend = (level, t) => {
        const ends = breaksOf(name, level);
        const step = theme.whole ? 1 : 0.1;
        const show = (v) => (theme.whole ? W.number(v) : v.toFixed(1));
        const words = ends.map((end, i) => {
          const from = i ? ends[i - 1] + step : step;
          return from >= end - 1e-9 ? show(end) : `${show(from)}–${show(end)}`;
        });
        return ['0', ...words].map((word, i) => [{fillColor: ramp(theme.colours, ends.length)[i], fillOpacity: 0.72}, W.amount(t, word === '1' ? 1 : word, theme.unit), '']);
      };
    });
    return themes;
  };
})();
