// Divide a grid into n by households.
import {h} from '../dom.js';
import {nameOf} from '../panel.js';
import {t} from '../words.js';

export function divide(ctx) {
  let id = null;
  const number = h('input', {type: 'number', min: '2', max: '20', id: 'divide-n'});
  const send = async () => {
    const node = id;
    const sent = await ctx.act({kind: 'split_into', node, n: Number(number.value)}, {done: 'done_divide'});
    if (sent) pick(null);
  };
  const pick = (grid) => {
    const node = ctx.state.nodes.get(grid);
    id = node && ctx.state.isLeaf(node) ? node.id : null;
    if (id === null) { ctx.hint(t(node ? 'no_leaf' : 'hint_divide')); ctx.options(); return; }
    const band = ctx.state.bandOf(node);
    number.value = String(Math.max(2, band ? Math.round(2 * node.households / (band.min + band.max)) : 2));
    ctx.hint(t('divide_ready', {name: nameOf(node), n: node.households}));
    ctx.options(h('label', {}, h('span', {}, t('divide_n')), number), h('button', {type: 'button', class: 'btn primary', id: 'divide-go', onclick: send}, t('divide')));
  };
  number.addEventListener('keydown', (event) => { if (event.key === 'Enter') send(); });
  return {
    start() { pick(ctx.map.chosen); },
    click(at) { const grid = ctx.map.gridAt(at); ctx.choose(grid); pick(grid); },
    finish() { if (id !== null) send(); },
    stop() { ctx.options(); },
  };
}
