// Fill leftovers: unassigned cells, and small islands of a grid, go to the best neighbour.
import {h} from '../dom.js';
import {nameOf} from '../panel.js';
import {t} from '../words.js';

export function fill(ctx) {
  const send = (node) => ctx.act({kind: 'fill', node}, {done: 'done_fill'});
  const buttons = () => {
    const node = ctx.state.nodes.get(ctx.map.chosen);
    const button = (id, words, run) => h('button', {type: 'button', class: 'btn', id, onclick: run}, words);
    ctx.options(button('fill-all', t('fill_all'), () => send(null)),
      node && ctx.state.isLeaf(node) ? button('fill-one', t('fill_one', {name: nameOf(node)}), () => send(node.id)) : null);
  };
  return {
    start() { ctx.hint(t('hint_fill')); buttons(); },
    click(at) { ctx.choose(ctx.map.gridAt(at)); buttons(); },
    stop() { ctx.options(); },
  };
}
