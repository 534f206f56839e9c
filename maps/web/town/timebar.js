/* The time slider: a histogram of the cases by week, two handles, and a button that lets a window run. */
(() => {
  const W = window.Wangge;
  const {h, $} = W;
  const STEP_DAYS = 7;
  const FRAME_MS = 450;

  /** ctx: t, duty, style, changed(). Fills #wg-time; returns {relabel, show(on)}. */
  W.timebar = (ctx) => {
    const bar = $('wg-time');
    if (!ctx.duty || !ctx.duty.span) return {relabel() {}, show() {}};
    const {duty} = ctx;
    const [first, last] = duty.span;
    const canvas = h('canvas', {'aria-hidden': 'true'});
    const range = (id, value) => h('input', {type: 'range', id, min: first, max: last, value, step: 1});
    const from = range('wg-from', first);
    const to = range('wg-to', last);
    const play = h('button', {type: 'button', id: 'wg-play', class: 'wg-play', 'aria-pressed': 'false'});
    const told = h('output', {id: 'wg-told', for: 'wg-from wg-to'});
    const reset = h('button', {type: 'button', id: 'wg-alltime', class: 'wg-alltime', hidden: true, onclick: () => { stop(); set(first, last); }});
    bar.append(play, h('div', {class: 'wg-track'}, canvas, from, to), h('div', {class: 'wg-told'}, told, reset));
    let timer = null;

    function paint() {
      const box = canvas.getBoundingClientRect();
      if (!box.width) return;
      const ratio = Math.min(2, window.devicePixelRatio || 1);
      canvas.width = box.width * ratio;
      canvas.height = box.height * ratio;
      const ctx2d = canvas.getContext('2d');
      ctx2d.scale(ratio, ratio);
      const weeks = Math.floor((last - first) / STEP_DAYS) + 1;
      const bars = new Array(weeks).fill(0);
      const pass = (one) => (!duty.filter.category || one.category === duty.filter.category);
      duty.cases.filter(pass).forEach((one) => { bars[Math.floor((one.at - first) / STEP_DAYS)] += 1; });
      const top = Math.max(1, ...bars);
      const w = box.width / weeks;
      bars.forEach((n, i) => {
        const day = first + i * STEP_DAYS;
        const inside = day + STEP_DAYS > duty.filter.from && day <= duty.filter.to;
        ctx2d.fillStyle = inside ? ctx.style.colours.case : '#c6cfd8';
        const tall = (box.height - 2) * n / top;
        ctx2d.fillRect(i * w + 0.5, box.height - tall, Math.max(1, w - 1), tall);
      });
    }

    function tell() {
      const {filter} = duty;
      const n = duty.shown().length;
      told.replaceChildren(h('b', {}, W.amount(ctx.t, n, 'cases_unit')), h('span', {}, `${W.dayText(filter.from)} – ${W.dayText(filter.to)}`));
      [[from, filter.from, 'time_from'], [to, filter.to, 'time_to']].forEach(([input, value, word]) => {
        input.value = value;
        input.setAttribute('aria-label', ctx.t(word));
        input.setAttribute('aria-valuetext', W.dayText(value));
      });
      reset.hidden = filter.from === first && filter.to === last;
      from.style.zIndex = filter.from > (first + last) / 2 ? 3 : 2;
      paint();
    }

    function set(a, b) {
      duty.refilter({from: Math.max(first, Math.min(a, b)), to: Math.min(last, Math.max(a, b))});
      ctx.changed();
      tell();
    }

    function stop() {
      clearInterval(timer);
      timer = null;
      play.setAttribute('aria-pressed', 'false');
      play.setAttribute('aria-label', ctx.t('play'));
    }

    function start() {
      const {filter} = duty;
      const whole = filter.from === first && filter.to === last;
      const width = whole ? Math.max(STEP_DAYS, Math.round((last - first) / 12)) : filter.to - filter.from;
      let at = whole || filter.to >= last ? first : filter.from;
      set(at, at + width);
      play.setAttribute('aria-pressed', 'true');
      play.setAttribute('aria-label', ctx.t('pause'));
      timer = setInterval(() => {
        at += STEP_DAYS;
        if (at + width > last + STEP_DAYS) {
          stop();
          if (whole) set(first, last);
        } else set(at, at + width);
      }, FRAME_MS);
    }

    from.addEventListener('input', () => { stop(); set(Math.min(Number(from.value), duty.filter.to), duty.filter.to); });
    to.addEventListener('input', () => { stop(); set(duty.filter.from, Math.max(Number(to.value), duty.filter.from)); });
    play.addEventListener('click', () => { if (timer) stop(); else start(); });
    window.addEventListener('resize', paint);
    return {
      relabel() {
        bar.setAttribute('aria-label', ctx.t('time'));
        reset.textContent = ctx.t('all');
        reset.setAttribute('aria-label', ctx.t('time_all'));
        play.setAttribute('aria-label', ctx.t(timer ? 'pause' : 'play'));
        tell();
      },
      tell,
      show(on) {
        bar.hidden = !on;
        if (!on) stop();
        tell();
      },
    };
  };
})();
