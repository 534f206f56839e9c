// The tools: select, give a building, split by a line, merge two grids. Each ends in one action sent by ctx.act.
import {Draw, Modify} from '../../vendor/ol.js';
import {writeGeometry} from './map.js';
import {drawPanel, nameOf, offerList} from './panel.js';
import {t} from './words.js';

function select(ctx) {
  return {
    start() { ctx.hint(t('hint_select')); },
    click(at) { ctx.choose(ctx.map.gridAt(at)); },
    stop() {},
  };
}

function give(ctx) {
  let bid = null;
  const reset = () => {
    bid = null;
    ctx.map.picked = null;
    ctx.map.offered = new Set();
    ctx.hint(t('hint_give'));
    ctx.map.mark([]);
    drawPanel(ctx);
  };
  const take = (id) => {
    const building = bid;
    ctx.act({kind: 'give', building, to: id}, 'done_give').then((done) => { if (done) { reset(); ctx.choose(id); } });
  };
  const pick = (building) => {
    bid = String(building.get('bid'));
    const name = building.get('name') || bid;
    const ids = ctx.state.neighboursOfBuilding(bid);
    ctx.map.picked = building.get('bid');
    ctx.map.chosen = null;
    ctx.map.offered = new Set(ids);
    ctx.map.mark([]);
    ctx.hint(ids.length ? t('hint_give_to', {name}) : t('no_neighbour'));
    offerList(ctx, t('give_to'), ids, take);
  };
  return {
    start() { ctx.setLevel(ctx.state.levels[ctx.state.levels.length - 1]); reset(); },
    click(at) {
      const building = ctx.map.buildingAt(at);
      const grid = ctx.map.gridAt(at);
      if (bid !== null && ctx.map.offered.has(grid)) take(grid);
      else if (building) pick(building);
      else ctx.notice(t('no_building'));
    },
    stop() { ctx.map.picked = null; ctx.map.offered = new Set(); ctx.map.mark([]); drawPanel(ctx); },
  };
}

/** The grid that most of a line lies in, among those shown. */
function gridOfLine(ctx, line) {
  const count = new Map();
  for (let i = 0; i <= 40; i += 1) {
    const id = ctx.map.gridAt(line.getCoordinateAt(i / 40));
    if (id !== null) count.set(id, (count.get(id) || 0) + 1);
  }
  if (count.has(ctx.map.chosen)) return ctx.map.chosen;
  return [...count.entries()].sort((a, b) => b[1] - a[1]).map(([id]) => id)[0] ?? null;
}

function split(ctx) {
  const source = ctx.map.drawn.getSource();
  const draw = new Draw({source, type: 'LineString', stopClick: true});
  const modify = new Modify({source});
  const reset = () => { source.clear(); draw.setActive(true); modify.setActive(false); };
  const clear = () => { reset(); ctx.clearNotice(); };
  const send = (feature) => {
    const line = feature.getGeometry();
    const node = gridOfLine(ctx, line);
    if (node === null) { keep(feature, t('no_grid')); return; }
    ctx.act({kind: 'split', node, line: writeGeometry(line)}, 'done_split', (words) => keep(feature, words))
      .then((done) => { if (done) { reset(); ctx.map.chosen = null; ctx.map.mark([]); drawPanel(ctx); } });
  };
  // the line stays on the map after a refusal, with its points to drag
  const keep = (feature, words) => {
    draw.setActive(false);
    modify.setActive(true);
    ctx.notice(`${words} ${t('mend')}`, {actions: [[t('retry'), () => send(feature)], [t('drop'), clear]], stays: true});
  };
  draw.on('drawstart', clear);
  // a third click must not begin another line over the one that is being sent
  draw.on('drawend', (event) => { draw.setActive(false); setTimeout(() => send(event.feature)); });
  return {
    start() { ctx.hint(t('hint_split')); ctx.map.map.addInteraction(draw); ctx.map.map.addInteraction(modify); modify.setActive(false); },
    click() {},
    stop() { source.clear(); ctx.map.map.removeInteraction(draw); ctx.map.map.removeInteraction(modify); },
    undoPoint() { if (source.getFeatures().length === 0) draw.removeLastPoint(); },
  };
}

function merge(ctx) {
  let first = null;
  const reset = () => { first = null; ctx.map.offered = new Set(); ctx.map.mark([]); ctx.hint(t('hint_merge')); };
  const take = (id) => {
    const nodes = [first, id];
    ctx.act({kind: 'merge', nodes}, 'done_merge').then((done) => {
      if (done) { const kept = nodes.find((one) => ctx.state.nodes.has(one)); reset(); ctx.choose(kept ?? null); }
    });
  };
  const pick = (id) => {
    first = id;
    const node = ctx.state.nodes.get(id);
    const ids = ctx.state.mergeable(id);
    ctx.map.chosen = id;
    ctx.map.offered = new Set(ids);
    ctx.map.mark([]);
    ctx.hint(ids.length ? t('hint_merge_with', {name: nameOf(node)}) : t('no_merge'));
    offerList(ctx, t('merge_with'), ids, take, t('no_merge'));
  };
  return {
    start() { reset(); if (ctx.map.chosen !== null && ctx.map.byNode.has(ctx.map.chosen)) pick(ctx.map.chosen); },
    click(at) {
      const id = ctx.map.gridAt(at);
      if (id === null) return;
      if (first !== null && ctx.map.offered.has(id)) take(id);
      else pick(id);
    },
    stop() { ctx.map.offered = new Set(); ctx.map.mark([]); drawPanel(ctx); },
  };
}

export const TOOLS = ['select', 'give', 'split', 'merge'];

/** ctx: state, map, choose, act, hint, notice, clearNotice, setLevel. */
export const makeTools = (ctx) => ({select: select(ctx), give: give(ctx), split: split(ctx), merge: merge(ctx)});
