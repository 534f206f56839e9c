// Merge grids: one click on a neighbour merges two; with "several" as many as are clicked.
import {h} from '../dom.js';
import {drawPanel, nameOf, offerList} from '../panel.js';
import {t} from '../words.js';

export function merge(ctx) {
  let nodes = [];
  const several = h('input', {type: 'checkbox', id: 'merge-several'});
  const show = () => {
    ctx.options(h('label', {}, several, h('span', {}, t('merge_several'))), nodes.length > 1
      ? h('button', {type: 'button', class: 'btn primary', id: 'merge-go', onclick: () => send()}, t('merge_go', {n: nodes.length})) : null);
  };
  const reset = () => { nodes = []; ctx.map.offered = new Set(); ctx.map.mark([]); ctx.hint(t('hint_merge')); show(); };
  const send = async (parts = false) => {
    const asked = [...nodes];
    const apart = (words, error) => ctx.notice(words, error.code === 'merge_apart'
      ? {stays: true, actions: [[t('merge_parts'), () => { nodes = asked; ctx.clearNotice(); send(true); }]]} : {});
    const sent = await ctx.act({kind: 'merge', nodes: asked, ...(parts ? {parts} : {})}, {done: 'done_merge', refused: apart});
    if (!sent) return;
    reset();
    ctx.choose(asked.find((one) => ctx.state.nodes.has(one)) ?? null);
  };
  const offer = () => {
    const ids = [...new Set(nodes.flatMap((id) => ctx.state.mergeable(id)))].filter((id) => !nodes.includes(id));
    ctx.map.offered = new Set(several.checked ? [...ids, ...nodes.slice(1)] : ids);
    ctx.map.mark([]);
    ctx.hint(ids.length ? t(several.checked ? 'hint_merge_more' : 'hint_merge_with', {name: nodes.map((id) => nameOf(ctx.state.nodes.get(id))).join('、')}) : t('no_merge'));
    offerList(ctx, t('merge_with'), ids, add, t('no_merge'));
    show();
  };
  const add = (id) => {
    nodes = nodes.includes(id) ? nodes.filter((one) => one !== id) : [...nodes, id];
    if (several.checked || nodes.length < 2) offer();
    else send();
  };
  const begin = (id) => { nodes = [id]; ctx.map.chosen = id; offer(); };
  return {
    start() { reset(); if (ctx.map.chosen !== null && ctx.map.byNode.has(ctx.map.chosen)) begin(ctx.map.chosen); },
    click(at, event) {
      const id = ctx.map.gridAt(at);
      if (id === null) return;
      if (event && event.shiftKey) several.checked = true;
      if (nodes.length && (several.checked || ctx.map.offered.has(id))) add(id);
      else begin(id);
    },
    finish() { if (nodes.length > 1) send(); },
    cancel() { const had = nodes.length > 0; reset(); if (had) { ctx.map.chosen = null; ctx.map.mark([]); drawPanel(ctx); } return had; },
    stop() { several.checked = false; ctx.map.offered = new Set(); ctx.map.mark([]); ctx.options(); drawPanel(ctx); },
  };
}
