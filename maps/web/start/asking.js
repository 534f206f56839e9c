// The form that asks for a proposal: numbers, staff or neither; weights; alternatives.
import {ask, post} from '../plan/api.js';
import {h} from '../parts/dom.js';
import {said, t} from './words.js';

const number = (attributes) => h('input', {type: 'number', inputmode: 'numeric', min: 1, max: 1000000, ...attributes});
const row = (label, input, note = null) => h('label', {class: 'field'}, h('span', {}, label), input, note ? h('small', {}, note) : null);

/** Make the form for a place; `asked` is called with the job, `failed` with what went wrong. */
export function askingForm(place, config, {asked, failed}) {
  const divisions = place.divisions;
  const how = radios('how', ['auto', 'targets', 'staff']);
  const targets = targetFields(divisions, config.levels);
  const staff = staffFields(config.posts);
  const count = h('select', {name: 'count'}, h('option', {value: 1}, t('one')), [2, 3, 4, 5].map((n) => h('option', {value: n}, t('many', {n}))));
  const weights = weightFields(config.weights);
  const seed = number({name: 'seed', min: 0, max: 4294967295, value: 0});
  const mode = h('select', {name: 'mode'}, h('option', {value: 'fast'}, t('fast')), h('option', {value: 'best'}, t('best')));
  const message = h('p', {class: 'wrong', role: 'alert'});
  const go = h('button', {class: 'btn primary'}, t('go'));
  const show = () => {
    const several = Number(count.value) > 1;
    targets.node.hidden = how.value() !== 'targets';
    staff.node.hidden = how.value() !== 'staff';
    weights.node.hidden = several;
    how.disable('staff', several);
    if (several && how.value() === 'staff') { how.set('auto'); show(); }
  };
  const body = () => ({
    kind: 'propose', area: place.code, seed: Number(seed.value) || 0,
    ...(mode.value === 'fast' ? {} : {mode: mode.value}),
    ...(how.value() === 'targets' ? {targets: targets.value()} : {}), ...(how.value() === 'staff' ? {staff: staff.value()} : {}),
    ...(Number(count.value) > 1 ? {alternatives: Number(count.value)} : weights.value()),
  });
  const wrong = () => {
    if (how.value() === 'targets' && !targets.value()) return t('need_number');
    return how.value() === 'staff' && !staff.value() ? t('need_people') : '';
  };
  const form = h('form', {class: 'asking', onchange: show, onsubmit: async (event) => {
    event.preventDefault();
    message.textContent = wrong();
    if (message.textContent) return;
    go.disabled = true;
    try { asked(await post('/v1/jobs', body())); } catch (error) { failed(error); } finally { go.disabled = false; }
  }}, h('fieldset', {}, h('legend', {}, t('numbers')), how.node, targets.node, staff.node, place.level === 'basic' ? fitting(place.code, failed) : null),
  row(t('alternatives'), count), weights.node,
  h('details', {}, h('summary', {}, t('more_options')), row(t('seed'), seed, t('seed_note')), row(t('mode'), mode)),
  message, h('div', {class: 'buttons'}, go));
  show();
  return form;
}

function radios(name, values) {
  const inputs = values.map((value, at) => h('input', {type: 'radio', name, value, checked: at === 0}));
  return {
    node: h('div', {class: 'radios'}, inputs.map((input) => h('label', {}, input, t(input.value)))),
    value: () => inputs.find((input) => input.checked).value,
    set: (value) => { inputs.find((input) => input.value === value).checked = true; },
    disable: (value, off) => { inputs.find((input) => input.value === value).disabled = off; },
  };
}

/** Numbers by division and level; a field left empty leaves its level open. */
function targetFields(divisions, levels) {
  const fields = divisions.map((division) => [division, Array.from({length: levels[division]}, () => number({placeholder: t('open')}))]);
  const label = (division, n) => (divisions.length > 1 ? t('level_of', {division: t(division), n}) : t('level', {n}));
  return {
    node: h('div', {class: 'numbers'}, fields.flatMap(([division, inputs]) => inputs.map((input, at) => row(label(division, at + 1), input)))),
    value: () => {
      const given = fields.map(([division, inputs]) => [division, inputs.map((input) => (input.value ? Number(input.value) : null))]).filter(([, values]) => values.some((n) => n !== null));
      return given.length ? Object.fromEntries(given) : null;
    },
  };
}

function staffFields(posts) {
  const post = h('select', {}, [...posts].reverse().map((one) => h('option', {value: one.name}, said(one))));
  const people = number({placeholder: '55'});
  return {
    node: h('div', {class: 'numbers'}, row(t('post'), post), row(t('number'), people)),
    value: () => (people.value ? {[post.value]: Number(people.value)} : null),
  };
}

function weightFields(names) {
  const fields = names.map((words) => {
    const shown = h('output', {}, '1');
    const input = h('input', {type: 'range', min: 0, max: 3, step: 0.5, value: 1, 'aria-label': said(words), oninput: () => { shown.textContent = input.value; }});
    return {name: words.name, input, node: h('label', {class: 'weight'}, h('span', {}, said(words)), input, shown)};
  });
  return {
    node: h('fieldset', {}, h('legend', {}, t('weights'), h('small', {}, t('weights_note'))), fields.map((one) => one.node)),
    value: () => {
      const changed = fields.filter((one) => Number(one.input.value) !== 1).map((one) => [one.name, Number(one.input.value)]);
      return changed.length ? {weights: Object.fromEntries(changed)} : {};
    },
  };
}

/** Say between how many grids a basic grid fits, when asked: it takes a few seconds. */
function fitting(code, failed) {
  const lines = h('div', {class: 'fits', 'aria-live': 'polite'});
  const show = async () => {
    lines.replaceChildren(h('small', {}, t('fits_wait')));
    try {
      const [area] = (await ask(`/v1/places/${code}/feasible`)).areas;
      lines.replaceChildren(h('small', {}, said(area)));
    } catch (error) { lines.replaceChildren(); failed(error); }
  };
  return h('div', {}, h('button', {type: 'button', class: 'btn small', onclick: show}, t('fits')), lines);
}
