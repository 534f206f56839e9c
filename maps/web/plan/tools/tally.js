// The figures beside a drawing: households of each touched grid before and after, summed from cells.
import {h} from '../dom.js';
import {nameOf, shortOf} from '../panel.js';
import {t} from '../words.js';

const MOST = 4;

/** [{node, before, after}], the taker first, of cells that would go to it. */
export function tally(state, cells, to) {
  const change = new Map([[to, 0]]);
  cells.forEach((cell) => {
    change.set(to, change.get(to) + cell.households);
    if (cell.node_id !== null) change.set(cell.node_id, (change.get(cell.node_id) || 0) - cell.households);
  });
  return [...change].filter(([id]) => state.nodes.has(id)).map(([id, by]) => {
    const node = state.nodes.get(id);
    return {node, before: node.households, after: node.households + by};
  });
}

/** How a grid would stand with some households. */
export function standing(state, node, households) {
  const band = state.bandOf(node);
  if (!band) return 'none';
  if (households < band.min) return 'under';
  return households > band.max ? 'over' : 'in_band';
}

/** The tally as elements. */
export function tallyRow(ctx, rows) {
  const one = ({node, before, after}) => {
    const look = standing(ctx.state, node, after);
    return h('span', {class: `count ${look}`, 'data-tally': String(node.id), title: nameOf(node)}, h('span', {class: 'nm'}, shortOf(node) || nameOf(node)), ` ${before} → `, h('b', {}, `${ctx.table.bands[look].mark}${after}`));
  };
  const rest = rows.length - MOST;
  return h('div', {class: 'tally', role: 'status'}, rows.slice(0, MOST).map(one), rest > 0 ? h('span', {}, t('tally_more', {n: rest})) : null);
}
