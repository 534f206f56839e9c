// Beginning from today's grids: those in force, or a file that is sent; what was mended is said.
import {Offline, Problem} from '../plan/api.js';
import {h} from '../parts/dom.js';
import {language, t} from './words.js';

async function send(code, form) {
  let answer;
  try {
    answer = await fetch(`/v1/places/${code}/todays`, {method: 'POST', body: form, credentials: 'same-origin', headers: {Accept: 'application/json', 'X-Wangge': '1'}});
  } catch (error) {
    throw new Offline(error.message);
  }
  const body = await answer.json();
  if (!answer.ok) throw new Problem(answer.status, body);
  return body;
}

/** Make the form; `begun` is called when there are plans, `failed` with what went wrong. */
export function todayForm(place, {begun, failed}) {
  const file = h('input', {type: 'file', accept: '.gpkg,.zip,.geojson,.json,.kml,.kmz'});
  const crs = h('select', {}, ['', 'wgs84', 'cgcs2000', 'gcj02', 'bd09'].map((name) => h('option', {value: name}, name || '—')));
  const result = h('div', {class: 'made', 'aria-live': 'polite'});
  const message = h('p', {class: 'wrong', role: 'alert'});
  const go = h('button', {class: 'btn primary'}, t('today_go'));
  const run = async (form) => {
    message.textContent = '';
    go.disabled = true;
    result.replaceChildren(h('p', {class: 'none'}, t('today_busy')));
    try {
      const found = await send(place.code, form);
      result.replaceChildren(...found.plans.map(told));
      begun();
    } catch (error) { result.replaceChildren(); failed(error); } finally { go.disabled = false; }
  };
  return h('form', {class: 'asking', onsubmit: (event) => {
    event.preventDefault();
    if (!file.files.length) { message.textContent = t('choose_file'); return; }
    const form = new FormData();
    form.append('file', file.files[0]);
    if (crs.value) form.append('crs', crs.value);
    run(form);
  }}, place.published ? h('p', {}, h('button', {type: 'button', class: 'btn', onclick: () => {
    const form = new FormData();
    form.append('edition', 'current');
    run(form);
  }}, t('today_edition'))) : null,
  h('label', {class: 'field'}, h('span', {}, t('today_file')), file), h('label', {class: 'field'}, h('span', {}, t('today_crs')), crs),
  message, h('div', {class: 'buttons'}, go), result);
}

function told(plan) {
  const mended = plan.mended.features;
  const m2 = Math.round(mended.reduce((all, one) => all + (one.properties.m2 || 0), 0));
  return h('p', {}, t('today_done', {name: plan.area_name, grids: plan.grids, n: mended.length, m2: m2.toLocaleString()}), ' ',
    h('a', {href: `/plan/${plan.plan_id}?lang=${language()}`, class: 'btn primary small'}, t('open_plan')));
}
