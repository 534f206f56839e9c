// What crosses the border of an upper grid is offered in words, with the totals on both sides, before it is sent.
import {$, h} from '../dom.js';
import {changeList} from '../pending.js';
import {said, t} from '../words.js';

const MOST = 12;

/** Whether cells would change the grid above their own. */
export function crosses(state, cells, to) {
  const home = state.nodes.get(to);
  return cells.some((cell) => {
    const leaf = state.nodes.get(cell.node_id);
    return leaf && home && leaf.parent !== home.parent;
  });
}

/** A button for what a refusal offers instead (a stairwell as a whole), or none; ctx.act's `how` as for the refused edit. */
export function instead(ctx, error, how) {
  const action = error && error.data && error.data.offer;
  if (!action) return [];
  return [[t('take_whole', {n: error.data.offer_households}), () => {
    ctx.clearNotice();
    ctx.act(action, {...how, lean: action.kind === 'paint' ? {cells: action.cells, to: action.to} : null});
  }]];
}

/** Ask the server what an action would do, show it, and resolve to whether the planner wants it. */
export async function offer(ctx, action) {
  const told = await ctx.api.preview(ctx.state.rev, action);
  const dialog = $('dialog');
  return new Promise((resolve) => {
    let yes = false;
    const close = (value) => { yes = value; dialog.close(); };
    dialog.replaceChildren(h('h2', {id: 'dialog-title'}, t('cross_title')),
      h('div', {class: 'offer-list'}, told.crosses.map((one) => h('p', {}, said(one))),
        changeList(ctx, told, MOST)),
      h('div', {class: 'buttons'}, h('button', {type: 'button', class: 'btn', onclick: () => close(false)}, t('cancel')),
        h('button', {type: 'button', class: 'btn primary', id: 'cross-go', onclick: () => close(true)}, t('cross_go'))));
    dialog.addEventListener('close', () => resolve(yes), {once: true});
    dialog.showModal();
    $('cross-go').focus();
  });
}
