// The page where a planner begins: loads the places, shows the one that is chosen, and keeps it in the address.
import {Offline, ask} from '../plan/api.js';
import {askingForm} from './asking.js';
import {$, h} from '../parts/dom.js';
import {addJob, drawJobs, followJobs} from './jobs.js';
import {drawMap, paintMap} from './map.js';
import {todayForm} from './today.js';
import {language, said, setLanguage, t} from './words.js';

const config = JSON.parse($('config').textContent);
const NEWEST = 4;
let places = [];
let plans = [];
let town = null;
let chosen = config.area;
let way = null;
let hiding = 0;
setLanguage(config.lang);

function say(text, good = false) {
  $('notice').className = good ? 'notice good' : 'notice';
  $('notice').replaceChildren(h('span', {}, text), h('button', {type: 'button', 'aria-label': t('close'), onclick: () => { $('notice').hidden = true; }}, '×'));
  $('notice').hidden = false;
  clearTimeout(hiding);
  if (good) hiding = setTimeout(() => { $('notice').hidden = true; }, 6000);
}

function failed(error) {
  if (error instanceof Offline) say(t('offline'));
  else if (error.status === undefined) throw error;
  else say(said(error.words) || t('server'));
}

const basics = () => places.filter((one) => one.parent === town.code);
const plansOf = (code) => plans.filter((one) => one.area_code.startsWith(code));
const stateOf = (one) => {
  if (!one.ground) return 'no_ground';
  if (one.edition) return 'published';
  return plansOf(one.code).length ? 'drafted' : 'blank';
};

async function loadTown(code) {
  town = places.find((one) => one.code === code);
  $('town').href = `/maps/town?area=${town.code}&lang=${language()}`;
  ['sample', 'foot-sample'].forEach((id) => { $(id).hidden = !town.sample; });
  [plans] = await Promise.all([
    ask(`/v1/plans?area=${town.code}`).then((found) => found.plans),
    followJobs(town.code, {ended, failed}),
    ask(`/v1/disputes/outlines?area=${town.code}`).then((outlines) => drawMap(outlines, {name: town.name, choose})),
  ]);
  drawPlaces();
}

/** Once a job has ended there may be new plans. */
async function ended() {
  try {
    plans = (await ask(`/v1/plans?area=${town.code}`)).plans;
    drawPlaces();
    drawContinue();
  } catch (error) {
    failed(error);
  }
}

function choose(code) {
  chosen = code;
  way = null;
  const address = new URL(window.location.href);
  address.searchParams.set('area', code);
  window.history.replaceState(null, '', address);
  drawPlaces();
  drawPlace();
}

function badge(one) {
  const mine = plansOf(one.code).length;
  return h('span', {class: 'badges'}, mine ? h('small', {}, t('plans_n', {n: mine})) : null, h('span', {class: `state ${stateOf(one)}`}, t(stateOf(one))));
}

function drawPlaces() {
  const mine = basics();
  const inForce = mine.filter((one) => one.edition).length;
  const item = (one, name, tail) => h('li', {}, h('button', {type: 'button', 'aria-pressed': String(one.code === chosen), 'data-code': one.code, onclick: () => choose(one.code)}, h('span', {class: 'nm'}, name, h('small', {}, one.code)), tail));
  const focused = document.activeElement && document.activeElement.dataset.code;
  $('places').replaceChildren(item(town, t('whole', {name: town.name, n: mine.length}), h('span', {class: 'badges'}, h('small', {}, t('some', {a: inForce, b: mine.length})))), ...mine.map((one) => item(one, one.name, badge(one))));
  if (focused) document.querySelector(`#places [data-code="${focused}"]`).focus();
  $('legend').replaceChildren(...['published', 'drafted', 'blank', 'no_ground'].filter((state) => mine.some((one) => stateOf(one) === state)).map((state) => h('span', {}, h('i', {class: `key ${state}`}), t(state))));
  paintMap(Object.fromEntries(mine.map((one) => [one.code, stateOf(one)])), chosen);
}

function drawPlace() {
  const one = places.find((place) => place.code === chosen) || town;
  const within = one.level === 'town' ? basics().filter((place) => place.ground) : [one];
  const place = {...one, divisions: [...new Set(within.map((each) => each.division))].filter((name) => name).sort(), published: within.some((each) => each.edition)};
  const head = h('h2', {}, one.name || one.code, h('span', {}, one.division ? t(one.division) : '', ' ', one.code));
  if (!within.some((each) => each.ground)) {
    $('place').replaceChildren(head, h('p', {class: 'none'}, t('none_ground')));
    return;
  }
  const forms = {today: () => todayForm(place, {begun: ended, failed}), propose: () => askingForm(place, config, {asked, failed})};
  if (!config.todays) way = 'propose';
  const body = h('div', {id: 'way'});
  const card = (name) => h('button', {type: 'button', class: 'choice', 'aria-expanded': String(way === name), 'aria-controls': 'way', onclick: () => { way = way === name ? null : name; drawPlace(); $('place').querySelector(`[data-way="${name}"]`).focus(); }, 'data-way': name},
    h('b', {}, t(name === 'today' ? 'from_today' : 'propose')), h('small', {}, t(name === 'today' ? 'from_today_note' : 'propose_note')));
  if (way) body.append(forms[way]());
  $('place').replaceChildren(head, h('div', {id: 'continue'}), h('p', {class: 'lead'}, t(config.todays ? 'question' : 'propose')),
    config.todays ? h('div', {class: 'choices'}, card('today'), card('propose')) : null, body);
  drawContinue();
}

/** The plans that there are, to go on with. */
function drawContinue() {
  const box = $('continue');
  const mine = chosen && chosen.length === 12 ? plansOf(chosen) : [];
  if (!box) return;
  box.replaceChildren(...(mine.length ? [h('h3', {}, t('continue')), h('ul', {class: 'plans'}, mine.slice(0, NEWEST).map((one) => h('li', {}, h('a', {href: `/plan/${one.id}?lang=${language()}`}, one.name || t('plan', {n: one.id})),
    one.published ? h('span', {class: 'state published'}, t('published')) : null, h('small', {}, t('by', {who: one.who, at: new Date(one.made_at).toLocaleDateString(language() === 'zh' ? 'zh-CN' : 'en-GB')}))))),
  mine.length > NEWEST ? h('small', {class: 'none'}, t('more', {n: mine.length - NEWEST})) : ''] : []));
}

function asked(job) {
  addJob(job);
  say(t('went'), true);
}

function drawWords() {
  document.documentElement.lang = language() === 'zh' ? 'zh-CN' : 'en';
  document.title = t('title');
  $('title').textContent = t('title');
  $('where-title').textContent = t('where');
  $('town').textContent = t('town');
  ['sample', 'foot-sample'].forEach((id) => { $(id).textContent = t('sample'); });
  $('lang').textContent = t('language');
  $('lang').setAttribute('aria-label', t('language_label'));
  $('disclaimer').textContent = t('disclaimer');
  $('towns').setAttribute('aria-label', t('towns'));
}

$('lang').addEventListener('click', () => {
  setLanguage(language() === 'zh' ? 'en' : 'zh');
  const address = new URL(window.location.href);
  address.searchParams.set('lang', language());
  window.history.replaceState(null, '', address);
  drawWords();
  if (!town) return;
  $('town').href = `/maps/town?area=${town.code}&lang=${language()}`;
  drawPlaces();
  drawPlace();
  drawJobs();
});

async function begin() {
  drawWords();
  ({places} = await ask('/v1/places'));
  const towns = places.filter((one) => one.level === 'town');
  if (!towns.length) { $('places').replaceChildren(h('li', {class: 'none'}, t('none_town'))); return; }
  if (!places.some((one) => one.code === chosen)) chosen = towns[0].code;
  $('towns').hidden = towns.length < 2;
  $('towns').replaceChildren(...towns.map((one) => h('option', {value: one.code}, one.name)));
  $('towns').value = chosen.slice(0, 9);
  $('towns').addEventListener('change', async () => {
    try { await loadTown($('towns').value); choose($('towns').value); } catch (error) { failed(error); }
  });
  await loadTown(chosen.slice(0, 9));
  drawPlace();
}

begin().catch(failed);
