// The side panel: how much is disputed, each piece with those it lies between, and the small ones together.
import {$, h} from '../plan/dom.js';
import {KINDS, TINTS} from './map.js';
import {language, t} from './words.js';

const number = (value, digits = 0) => value.toLocaleString('en', {maximumFractionDigits: digits, minimumFractionDigits: digits});
export const m2 = (value) => t('m2', {n: number(value, value < 100 ? 1 : 0)});
const joined = (names) => names.join(language() === 'zh' ? '、' : ', ');
export const nameOf = (piece, code) => piece.names[piece.codes.indexOf(code)] || code;

export function mark(kind) { return h('i', {class: `mark ${kind}`, 'aria-hidden': 'true'}); }

/** One line about a piece: kind, area, neighbours. */
function line(piece) {
  return [mark(piece.kind), h('span', {class: 'nm'}, h('b', {}, `${t(piece.kind)} ${m2(piece.area_m2)}`), h('small', {}, t('between', {names: joined(piece.names)})))];
}

function sides(ctx, piece) {
  if (!ctx.mayAssign) return h('p', {class: 'none'}, t('looking'));
  const side = (code, i) => {
    const button = h('button', {type: 'button', class: 'side', 'data-to': code, onclick: () => ctx.give(piece, code)},
      h('b', {}, t('give', {name: nameOf(piece, code)})), h('small', {}, `${code} · ${t('border', {n: number(piece.borders_m[i], 1)})}`));
    button.style.borderLeftColor = TINTS[i % TINTS.length];
    return button;
  };
  return h('div', {class: 'sides'}, piece.codes.map(side));
}

function item(ctx, piece) {
  const open = piece.id === ctx.chosen;
  return h('li', {class: open ? 'piece open' : 'piece', 'data-id': String(piece.id)},
    h('button', {type: 'button', class: 'item', 'aria-expanded': String(open), onclick: () => ctx.choose(open ? null : piece.id)}, line(piece)),
    open ? h('p', {class: 'none'}, t(`${piece.kind}_long`)) : null, open ? sides(ctx, piece) : null);
}

function summary(ctx) {
  const all = ctx.pieces.reduce((sum, piece) => sum + piece.area_m2, 0);
  if (ctx.pieces.length) return [h('h2', {}, t('sum', {n: ctx.pieces.length, m2: number(all)})), h('p', {}, t('why'))];
  return [h('h2', {class: 'good'}, t(ctx.assigned ? 'all' : 'none')), h('p', {}, t('next')), h('a', {class: 'btn primary', href: ctx.townUrl}, t('open_town'))];
}

function small(ctx) {
  if (!ctx.mayAssign || ctx.pieces.length < 2) return [];
  const input = h('input', {type: 'number', id: 'below', min: '0', step: 'any', inputmode: 'decimal', value: String(ctx.below)});
  const show = (event) => { event.preventDefault(); ctx.preview(Number(input.value)); };
  return [h('h3', {}, t('small')), h('form', {class: 'small', onsubmit: show}, h('label', {for: 'below'}, t('small_below')), input, h('span', {}, t('small_unit')),
    h('button', {type: 'submit', class: 'btn'}, t('preview')))];
}

export function drawPanel(ctx) {
  $('sum').replaceChildren(...(ctx.pieces ? summary(ctx) : [h('p', {}, t('loading'))]));
  if (!ctx.pieces) return;
  $('list').replaceChildren(h('ul', {class: 'pieces'}, ctx.pieces.map((piece) => item(ctx, piece))));
  $('small').replaceChildren(...small(ctx));
  $('legend').replaceChildren(...Object.keys(KINDS).map((kind) => h('div', {}, mark(kind), t(kind))), h('div', {}, mark('outline'), t('outline')));
}

/** Ask before something that is not undone; resolves to true if it is wanted. */
export function asked(title, pieces) {
  const dialog = $('dialog');
  return new Promise((resolve) => {
    let wanted = false;
    const end = (answer) => { wanted = answer; dialog.close(); };
    dialog.onclose = () => { dialog.replaceChildren(); resolve(wanted); };
    dialog.replaceChildren(h('h2', {id: 'dialog-title'}, title),
      h('ul', {class: 'pieces accepts'}, pieces.map(([piece, to]) => h('li', {class: 'piece'}, h('div', {class: 'item'}, line(piece), h('span', {class: 'to'}, t('give', {name: nameOf(piece, to)})))))),
      h('p', {}, t('effect')),
      h('div', {class: 'buttons'}, h('button', {type: 'button', class: 'btn', onclick: () => end(false)}, t('cancel')),
        h('button', {type: 'button', id: 'yes', class: 'btn primary', onclick: () => end(true)}, t('yes'))));
    dialog.showModal();
    $('yes').focus();
  });
}
