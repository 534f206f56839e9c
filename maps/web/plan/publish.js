// The dialog that publishes a plan: a date, and the reasons of grids out of band to accept one by one.
import {$, h, swatch} from './dom.js';
import {impactSection} from './impact.js';
import {nameOf, shortOf} from './panel.js';
import {togetherSection} from './together.js';
import {said, t} from './words.js';

/** Today in Asia/Shanghai, where editions come into force. */
export const today = () => new Intl.DateTimeFormat('en-CA', {timeZone: 'Asia/Shanghai', year: 'numeric', month: '2-digit', day: '2-digit'}).format(new Date());

/** Only a reason that the server proves can be accepted: it refuses the others. */
const provable = (node) => Boolean(node.reason && node.reason.proved && node.reason.code);

/** Open it. ctx: state, table, api, refused(error) -> words, townUrl, choose, showFlaw, published(). */
export function openPublish(ctx) {
  const {state} = ctx;
  const dialog = $('dialog');
  const out = [...state.nodes.values()].filter((node) => node.in_band === false).sort((a, b) => a.level - b.level || shortOf(a).localeCompare(shortOf(b)));
  const unproved = out.filter((node) => !provable(node));
  const blocking = state.flaws.filter((flaw) => flaw.blocking && flaw.kind !== 'out_of_band');
  const date = h('input', {type: 'date', value: today(), id: 'pub-date', required: true});
  const boxes = new Map();
  const impact = impactSection(ctx, () => openPublish(ctx));
  const others = togetherSection(ctx);
  const message = h('p', {class: 'message', id: 'pub-why', role: 'status'});
  const go = h('button', {type: 'button', class: 'btn primary', id: 'pub-go', 'aria-describedby': 'pub-why', onclick: send}, t('pub_go'));
  const all = h('input', {type: 'checkbox', id: 'acc-all', onchange: () => { boxes.forEach((box) => { box.checked = all.checked; }); check(); }});

  /** The button answers only when nothing is left that the server would refuse. */
  function check() {
    const missing = [...boxes.values()].filter((box) => !box.checked).length;
    const why = [[blocking.length, 'pub_blocked'], [unproved.length, 'pub_unproved'], [missing, 'pub_missing']].filter(([n]) => n);
    message.replaceChildren(...why.map(([n, key]) => h('span', {}, t(key, {n}))));
    go.disabled = why.length > 0;
    all.checked = boxes.size > 0 && missing === 0;
  }

  async function send() {
    const accept = [...boxes].filter(([, box]) => box.checked).map(([node]) => ({node: node.id, reason: node.reason.code}));
    go.disabled = true;
    message.textContent = t('working');
    try {
      const plans = others.plans();
      if (plans.length) await ctx.api.release([state.view.id, ...plans], date.value, [...accept.map((one) => ({plan: state.view.id, ...one})), ...others.accept()]);
      else await ctx.api.publish(date.value, accept);
    } catch (error) {
      go.disabled = false;
      message.textContent = ctx.refused(error);
      return;
    }
    dialog.replaceChildren(h('h2', {id: 'dialog-title'}, t('pub_done')), h('p', {}, `${t('pub_date')} ${date.value}`),
      h('div', {class: 'buttons'}, h('button', {type: 'button', class: 'btn', onclick: () => ctx.closeDialog()}, t('close')), h('a', {class: 'btn primary', href: ctx.townUrl, id: 'pub-map'}, t('pub_map'))));
    ctx.published();
  }

  const show = (run) => h('button', {type: 'button', class: 'btn', onclick: () => { ctx.closeDialog(); run(); }}, t('show'));
  const about = (node, words) => [swatch(ctx.table, state.stateOf(node)),
    h('span', {class: 'nm'}, h('b', {}, `${shortOf(node)} ${nameOf(node)}`), h('small', {}, `${node.households} ${t('unit')} · ${words}`))];
  const row = (node) => {
    if (!provable(node)) return h('div', {class: 'accept off', 'data-unproved': String(node.id)}, about(node, t('unproved')), show(() => ctx.choose(node.id, true)));
    const box = h('input', {type: 'checkbox', id: `acc-${node.id}`, 'data-node': String(node.id), onchange: check,
      checked: Boolean(node.accepted && node.accepted.reason === node.reason.code)});
    boxes.set(node, box);
    return h('label', {class: 'accept', for: `acc-${node.id}`}, box, about(node, said(node.reason) || node.reason.code));
  };
  const hindering = blocking.map((flaw) => h('div', {class: 'accept off', 'data-blocking': flaw.kind},
    h('span', {class: 'swatch flaw', 'aria-hidden': 'true'}, '!'), h('span', {class: 'nm'}, said(flaw)), show(() => ctx.showFlaw(flaw))));
  const rows = [...unproved, ...out.filter(provable)].map(row);
  dialog.replaceChildren(h('h2', {id: 'dialog-title'}, t('pub_title')),
    h('label', {class: 'date', for: 'pub-date'}, t('pub_date'), date),
    h('p', {}, t(out.length ? 'pub_accept' : 'pub_none')),
    boxes.size > 1 ? h('label', {class: 'accept all', for: 'acc-all'}, all, t('pub_all')) : '',
    h('div', {class: 'accepts'}, hindering, rows, impact.element, others.element), message,
    h('div', {class: 'buttons'}, h('button', {type: 'button', class: 'btn', onclick: () => ctx.closeDialog()}, t('cancel')), go));
  date.addEventListener('change', () => impact.load(date.value));
  check();
  dialog.classList.add('wide');
  dialog.showModal();
  impact.load(date.value);
}
