// The page of disputed ground: loads outlines and pieces, and sends what a planner decides.
import {Offline, ask, post} from '../plan/api.js';
import {$, h} from '../plan/dom.js';
import {asked, drawPanel, nameOf} from './list.js';
import {DisputeMap} from './map.js';
import {language, said, setLanguage, t} from './words.js';

const config = JSON.parse($('config').textContent);
setLanguage(config.lang);
const map = new DisputeMap('map', config.style);
const asking = `area=${encodeURIComponent(config.area)}`;
const ctx = {pieces: null, chosen: null, assigned: false, below: 10, mayAssign: config.mayAssign, townUrl: config.townUrl, choose, give, preview};
let busy = false;
let timer = 0;

function say(text, {good = false, action = null, lasts = 0} = {}) {
  clearInterval(timer);
  clearTimeout(timer);
  $('notice').className = good ? 'notice good' : 'notice';
  $('notice').replaceChildren(h('span', {}, text), action ? h('button', {type: 'button', onclick: action}, t('retry')) : '',
    h('button', {type: 'button', class: 'x', 'aria-label': t('close'), onclick: hush}, '×'));
  $('notice').hidden = false;
  if (lasts) timer = setTimeout(hush, lasts);
}

function hush() { $('notice').hidden = true; }

/** Count the seconds while the server works. */
function count() {
  const began = Date.now();
  const bar = h('progress', {'aria-label': t('working', {s: ''})});
  const text = h('span', {});
  const tick = () => { text.textContent = t('working', {s: Math.round((Date.now() - began) / 1000)}); };
  tick();
  clearTimeout(timer);
  $('notice').className = 'notice good';
  $('notice').replaceChildren(bar, text);
  $('notice').hidden = false;
  timer = setInterval(tick, 1000);
}

const refused = (error) => {
  if (error instanceof Offline) return t('offline');
  if (error.status === undefined) throw error;
  return said(error.words) || t('server');
};

function choose(id) {
  ctx.chosen = id;
  map.choose(id);
  if (id !== null) map.fitPiece(id);
  drawPanel(ctx);
  const row = document.querySelector(`.piece[data-id="${id}"] .item`);
  if (row) { row.focus({preventScroll: true}); row.scrollIntoView({block: 'nearest'}); }
}

async function give(piece, code) {
  if (busy || !await asked(t('confirm', {name: nameOf(piece, code)}), [[piece, code]])) return;
  await assign([{id: piece.id, to: code}], t('done', {name: nameOf(piece, code)}));
}

async function preview(below) {
  if (busy) return;
  ctx.below = below;
  const few = ctx.pieces.filter((piece) => piece.area_m2 < below);
  if (!few.length) { say(t('small_none', {n: below}), {lasts: 5000}); return; }
  if (!await asked(t('confirm_many', {n: few.length}), few.map((piece) => [piece, piece.nearest]))) return;
  await assign(few.map((piece) => ({id: piece.id, to: piece.nearest})), t('done_many', {n: few.length}));
}

async function assign(wanted, done) {
  setBusy(true);
  count();
  let taken = false;
  try {
    await (wanted.length === 1 ? post(`/v1/disputes/${wanted[0].id}/assign`, {to: wanted[0].to}) : post('/v1/disputes/assign', {assign: wanted}));
    taken = true;
    ctx.assigned = true;
    await load();
    say(done, {good: true, lasts: 4000});
    const next = document.querySelector('#list .item, #sum a');
    if (next) next.focus({preventScroll: true});
  } catch (error) {
    const words = refused(error);
    if (taken) say(t('unloaded'), {action: start});
    else {
      say(words);
      if (error.status === 404) await load().catch(() => {});
    }
  } finally {
    setBusy(false);
  }
}

function setBusy(value) {
  busy = value;
  document.body.classList.toggle('busy', value);
  $('panel').inert = value;
}

async function load() {
  const [outlines, disputes] = await Promise.all([ask(`/v1/disputes/outlines?${asking}`), ask(`/v1/disputes?${asking}`)]);
  ctx.pieces = disputes.features.map((feature) => feature.properties).sort((a, b) => b.area_m2 - a.area_m2);
  ctx.chosen = null;
  map.show(outlines, disputes);
  drawPanel(ctx);
}

function drawAll() {
  document.documentElement.lang = language() === 'zh' ? 'zh-CN' : 'en';
  $('title').textContent = `${config.name} ${t('title')}`;
  document.title = $('title').textContent;
  [['sample', 'sample'], ['foot-sample', 'sample_long']].forEach(([id, key]) => {
    $(id).hidden = !config.sample;
    $(id).textContent = t(key);
  });
  $('disclaimer').textContent = t('disclaimer');
  $('town').textContent = t('town');
  $('town').href = config.townUrl;
  $('lang').textContent = t('language');
  [['lang', 'language_label'], ['zin', 'zoom_in'], ['zout', 'zoom_out'], ['zfit', 'fit'], ['map', 'map']].forEach(([id, key]) => $(id).setAttribute('aria-label', t(key)));
  drawPanel(ctx);
}

function wire() {
  map.map.on('singleclick', (event) => { if (!busy) choose(map.pieceAt(event.pixel)); });
  document.addEventListener('keydown', (event) => { if (event.key === 'Escape' && !$('dialog').open && !busy) choose(null); });
  $('lang').onclick = () => { setLanguage(language() === 'zh' ? 'en' : 'zh'); drawAll(); };
  const zoom = (by) => map.map.getView().animate({zoom: map.map.getView().getZoom() + by, duration: 150});
  $('zin').onclick = () => zoom(1);
  $('zout').onclick = () => zoom(-1);
  $('zfit').onclick = () => map.fitAll(200);
}

async function start() {
  hush();
  drawAll();
  try {
    await load();
  } catch (error) {
    say(refused(error), {action: start});
    return;
  }
  map.fitAll();
  document.body.dataset.ready = 'true';
}

wire();
// for the browser tests
window.wangge = {map, ctx};
start();
