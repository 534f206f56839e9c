// A line or polygon drawn point by point; after a refusal it stays on the map, with its points to drag, and can be sent again.
import {Draw, Modify} from '/static/vendor/ol.js';
import {h} from '../dom.js';
import {t} from '../words.js';

/** The grid that most of a line lies in, among those shown; the chosen one if the line passes through it. */
export function gridOfLine(ctx, line) {
  const count = new Map();
  for (let i = 0; i <= 40; i += 1) {
    const id = ctx.map.gridAt(line.getCoordinateAt(i / 40));
    if (id !== null) count.set(id, (count.get(id) || 0) + 1);
  }
  if (count.has(ctx.map.chosen)) return ctx.map.chosen;
  return [...count.entries()].sort((a, b) => b[1] - a[1]).map(([id]) => id)[0] ?? null;
}

/**
 * Make a tool that draws. action(geometry): what to send, or {words} why it can't be; done: word of success;
 * options(): elements for the bar above the map; taken(): what to do when the server took it.
 */
export function sketch(ctx, {type, hint, done, action, options = () => [], taken = () => {}}) {
  const source = ctx.map.drawn.getSource();
  const draw = new Draw({source, type, stopClick: true});
  const modify = new Modify({source});
  let points = 0;
  const buttons = () => ctx.options(...options(), points > 1
    ? h('button', {type: 'button', class: 'btn', id: 'sketch-finish', onclick: () => draw.finishDrawing()}, t('finish')) : null);
  const reset = () => { source.clear(); points = 0; draw.setActive(true); modify.setActive(false); buttons(); };
  const clear = () => { reset(); ctx.clearNotice(); ctx.map.mark([]); };
  const send = async (feature) => {
    const asked = action(feature.getGeometry());
    if (asked.words) { keep(feature, asked.words); return; }
    const sent = await ctx.act(asked, {done, refused: (words) => keep(feature, words)});
    if (!sent) return;
    reset();
    taken();
  };
  const keep = (feature, words) => {
    if (!source.hasFeature(feature)) return;
    draw.setActive(false);
    modify.setActive(true);
    ctx.notice(`${words} ${t('mend')}`, {actions: [[t('retry'), () => send(feature)], [t('drop'), clear]], stays: true});
  };
  draw.on('drawstart', (event) => {
    clear();
    event.feature.getGeometry().on('change', () => {
      const drawn = event.feature.getGeometry().getCoordinates();
      const now = (type === 'Polygon' ? drawn[0] : drawn).length - 1;
      if (now !== points) { points = now; buttons(); }
    });
  });
  // a third click must not begin another line over the one that is being sent
  draw.on('drawend', (event) => { draw.setActive(false); points = 0; buttons(); setTimeout(() => send(event.feature)); });
  return {
    start() {
      ctx.hint(t(hint));
      ctx.map.map.addInteraction(draw);
      ctx.map.map.addInteraction(modify);
      reset();
    },
    click() {},
    finish() { if (points > 1) draw.finishDrawing(); },
    undoPoint() { if (!source.getFeatures().length) draw.removeLastPoint(); },
    cancel() {
      const had = points > 0 || source.getFeatures().length > 0;
      draw.abortDrawing();
      if (had) clear();
      return had;
    },
    stop() {
      draw.abortDrawing();
      source.clear();
      ctx.options();
      [draw, modify].forEach((one) => ctx.map.map.removeInteraction(one));
    },
  };
}
