// The dialog that publishes a plan: a date, and the reasons of grids out of band to accept one by one.
import {$, h, swatch} from './dom.js';
import {nameOf, shortOf} from './panel.js';
import {said, t} from './words.js';

/** Today in Asia/Shanghai, where editions come into force. */
export const today = () => new Intl.DateTimeFormat('en-CA', {timeZone: 'Asia/Shanghai', year: 'numeric', month: '2-digit', day: '2-digit'}).format(new Date());

/** Open it. ctx: state, table, api, refused(error) -> words, townUrl, published(). */
export function openPublish(ctx) {
  const {state} = ctx;
  const dialog = $('dialog');
  const out = [...state.nodes.values()].filter((node) => node.in_band === false).sort((a, b) => a.level - b.level || shortOf(a).localeCompare(shortOf(b)));
  const blocked = state.flaws.filter((flaw) => flaw.blocking && flaw.kind !== 'out_of_band').length;
  const date = h('input', {type: 'date', value: today(), id: 'pub-date', required: true});
  const boxes = new Map();
  const message = h('p', {class: 'message', role: 'alert'});
  const rows = out.map((node) => {
    const box = h('input', {type: 'checkbox', id: `acc-${node.id}`, 'data-node': String(node.id), checked: Boolean(node.accepted), disabled: !(node.reason && node.reason.code)});
    boxes.set(node, box);
    return h('label', {class: 'accept', for: `acc-${node.id}`}, box, swatch(ctx.table, state.stateOf(node)),
      h('span', {class: 'nm'}, h('b', {}, `${shortOf(node)} ${nameOf(node)}`), h('small', {}, `${node.households} ${t('unit')} · ${node.reason ? said(node.reason) || node.reason.code : t('unproved')}`)));
  });
  const all = h('input', {type: 'checkbox', id: 'acc-all', onchange: () => boxes.forEach((box) => { if (!box.disabled) box.checked = all.checked; })});
  const send = async () => {
    const accept = [...boxes].filter(([, box]) => box.checked).map(([node]) => ({node: node.id, reason: node.reason.code}));
    const missing = boxes.size - accept.length;
    if (missing) { message.textContent = t('pub_missing', {n: missing}); return; }
    go.disabled = true;
    message.textContent = t('working');
    try {
      await ctx.api.publish(date.value, accept);
      dialog.replaceChildren(h('h2', {id: 'dialog-title'}, `✓ ${t('pub_done')}`), h('p', {}, `${t('pub_date')} ${date.value}`),
        h('div', {class: 'buttons'}, h('button', {type: 'button', class: 'btn', onclick: () => dialog.close()}, t('close')), h('a', {class: 'btn primary', href: ctx.townUrl, id: 'pub-map'}, t('pub_map'))));
      ctx.published();
    } catch (error) {
      go.disabled = false;
      message.textContent = ctx.refused(error);
    }
  };
  const go = h('button', {type: 'button', class: 'btn primary', id: 'pub-go', onclick: send}, t('pub_go'));
  dialog.replaceChildren(h('h2', {id: 'dialog-title'}, t('pub_title')),
    h('label', {class: 'date', for: 'pub-date'}, t('pub_date'), date),
    blocked ? h('p', {class: 'message'}, t('pub_blocked', {n: blocked})) : '',
    h('p', {}, t(out.length ? 'pub_accept' : 'pub_none')),
    out.length > 1 ? h('label', {class: 'accept all', for: 'acc-all'}, all, t('pub_all')) : '',
    h('div', {class: 'accepts'}, rows), message,
    h('div', {class: 'buttons'}, h('button', {type: 'button', class: 'btn', onclick: () => dialog.close()}, t('cancel')), go));
  dialog.showModal();
}
