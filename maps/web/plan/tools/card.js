// What is done to a grid from its card: rename, lock, kind.
import {h} from '../dom.js';
import {nameOf} from '../panel.js';
import {t} from '../words.js';

/** Buttons and a field for the card of a grid; nothing where the plan can't be changed. */
export function cardTools(ctx, node) {
  if (ctx.state.view.published || node.level === 0) return null;
  const tree = (more, done) => ctx.act({kind: 'tree', node: node.id, ...more}, {done});
  const field = h('input', {type: 'text', maxlength: '100', value: nameOf(node), 'aria-label': t('name')});
  const form = h('form', {class: 'rename', hidden: true, onsubmit: (event) => {
    event.preventDefault();
    if (field.value.trim() && field.value.trim() !== nameOf(node)) tree({op: 'rename', name: field.value.trim()}, 'done_rename');
    form.hidden = true;
  }}, field, h('button', {class: 'btn', id: 'rename-go'}, t('save')));
  const button = (id, words, run) => h('button', {type: 'button', class: 'btn small', id, onclick: run}, words);
  const other = node.kind === 'dedicated' ? 'ordinary' : 'dedicated';
  return h('div', {class: 'card-tools'},
    button('card-rename', t('rename'), () => { form.hidden = !form.hidden; if (!form.hidden) { field.focus(); field.select(); } }),
    button('card-lock', t(node.locked ? 'unlock' : 'lock'), () => tree({op: node.locked ? 'unlock' : 'lock'}, node.locked ? 'done_unlock' : 'done_lock')),
    node.locked ? null : button('card-kind', t(`make_${other}`), () => tree({op: 'kind', grid_kind: other}, 'done_kind')), form);
}
