// The side panel: tiles, the chosen grid's card, flaws; and the legend.
import {$, bandBar, h, swatch} from './dom.js';
import {cardTools} from './tools/card.js';
import {said, t} from './words.js';

const row = (label, value) => (value === null || value === undefined || value === ''
  ? null : h('div', {class: 'row'}, h('dt', {}, label), h('dd', {}, value)));

export const nameOf = (node) => node.name || node.short || node.label;
export const shortOf = (node) => node.short || node.label || '';

function tiles(state) {
  const n = state.counts();
  const rate = n.rate === null ? '—' : `${n.rate}%`;
  $('tiles').replaceChildren(...[[n.grids, 'grids'], [n.households, 'households'], [rate, 'rate'], [n.bad, 'to_adjust']]
    .map(([value, key]) => h('div', {class: 'tile'}, h('b', {'data-count': key}, typeof value === 'number' ? value.toLocaleString('en') : value), h('span', {}, t(key)))));
}

function reasonOf(node) {
  if (!node.reason) return null;
  const words = said(node.reason) || node.reason.code;
  return `${words}${node.reason.proved === false ? `（${t('unproved')}）` : ''}${node.accepted ? ` · ${t('accepted')} ${node.accepted.who} ${String(node.accepted.at).slice(0, 10)}` : ''}`;
}

function card(ctx) {
  const {state, table} = ctx;
  const node = state.nodes.get(ctx.map.chosen);
  if (!node) { $('card').replaceChildren(); return; }
  const look = state.stateOf(node);
  const band = state.bandOf(node);
  const bad = look === 'under' || look === 'over';
  const chain = state.chain(node);
  const parents = chain.length ? h('span', {class: 'chain'}, chain.map((up) => h('button', {type: 'button', onclick: () => ctx.choose(up.id, true)}, nameOf(up)))) : null;
  const stretches = h('div', {class: 'stretches'});
  $('card').replaceChildren(h('section', {class: 'card', 'data-node': String(node.id), 'aria-label': nameOf(node)},
    h('div', {class: 'card-head'}, h('div', {}, h('h2', {}, nameOf(node)), h('p', {}, `${t(`level${node.level}_long`)}${bad ? ` · ${table.bands[look].mark} ${t(look)}` : ''}`)),
      h('span', {class: 'short'}, shortOf(node)),
      h('button', {type: 'button', class: 'close', 'aria-label': t('close'), onclick: () => ctx.choose(null)}, '×')),
    bandBar(node.households, band, look),
    h('dl', {}, row(t('counted'), h('b', {'data-count': 'node'}, `${node.households} ${t('unit')}`)), row(t('registered'), `${node.registered} ${t('unit')}`),
      row(t('buildings'), node.buildings === undefined ? null : `${node.buildings} ${t('buildings_unit')}`),
      row(t('band'), band ? `${band.min}–${band.max}` : t('no_band')), row(t('kind'), t(node.kind)),
      row(t('parts'), state.flaws.some((flaw) => flaw.kind === 'disconnected' && flaw.node_id === node.id) ? t('no') : t('yes')),
      row(t('locked'), node.locked ? t('yes') : null), row(t('reason'), reasonOf(node)), row(t('parents'), parents)),
    cardTools(ctx, node), stretches));
  ctx.sidebar.listBorders(node, stretches);
}

function seam(state) {
  const gaps = state.flaws.some((flaw) => ['gap', 'overlap'].includes(flaw.kind));
  $('seam').textContent = t(gaps ? 'seam_bad' : 'seam_good');
  $('seam').className = gaps ? 'tag bad' : 'tag good';
}

/** Draw the whole panel again from the state. ctx: state, map, table, choose, showFlaw, sidebar. */
export function drawPanel(ctx) {
  tiles(ctx.state);
  card(ctx);
  seam(ctx.state);
  ctx.sidebar.draw();
  $('rev').textContent = `${t('rev')} ${ctx.state.rev}`;
}

/** A list of nodes to choose from by keyboard as well as on the map. */
export function offerList(ctx, title, ids, take, none = t('no_neighbour')) {
  $('card').replaceChildren(h('section', {class: 'card offers'}, h('h3', {}, title), ids.length
    ? ids.map((id) => { const node = ctx.state.nodes.get(id); return h('button', {type: 'button', class: 'item', 'data-offer': String(id), onclick: () => take(id)},
      swatch(ctx.table, ctx.state.stateOf(node)), h('span', {class: 'nm'}, nameOf(node)), h('span', {class: 'ct'}, `${node.households} ${t('unit')}`)); })
    : h('p', {class: 'none'}, none)));
}

export function drawLegend(ctx) {
  const bands = ctx.state.bands[ctx.state.level];
  const limit = {in_band: bands ? ` ${bands.min}–${bands.max}` : '', under: bands ? ` <${bands.min}` : '', over: bands ? ` >${bands.max}` : '', none: ''};
  const more = ctx.sidebar.legend();
  $('legend').replaceChildren(...(more.shades || ['in_band', 'under', 'over', 'none'].map((key) => h('div', {}, swatch(ctx.table, key), h('span', {}, t(key) + limit[key])))), ...more.marks);
}
