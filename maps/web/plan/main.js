// The planner's page: starts it, keeps tools, panel and map in step, and sends every edit to the server.
import {boundingExtent, buffer, createEmpty, extend, getCenter} from '/static/vendor/ol.js';
import {Offline, planApi} from './api.js';
import {Around, recallView, rememberView} from './around.js';
import {Discussion} from './discussion.js';
import {$, h} from './dom.js';
import {follow} from './live.js';
import {PlanMap, readGeometry} from './map.js';
import {showMended} from './mended.js';
import {drawLegend, drawPanel} from './panel.js';
import {Sidebar} from './sidebar.js';
import {PlanState} from './state.js';
import {Toolbar, showHelp} from './toolbar.js';
import {TOOLS, makeTools} from './tools/index.js';
import {language, said, setLanguage, t} from './words.js';
import {Working} from './working.js';

const config = JSON.parse($('config').textContent);
setLanguage(config.lang);
const state = new PlanState();
const api = planApi(config.plan);
const map = new PlanMap('map', config.style, state);
let tool = 'select';
let timer = 0;
let reloading = null;

const ctx = {
  state, map, api, table: config.style, townUrl: config.townUrl, choose, showFlaw, act, hint, options, notice, clearNotice, setLevel, refused,
  published, drawAll, reload, send, showPlaces, resting: () => useTool('select'),
};
ctx.sidebar = new Sidebar(ctx, config);
const tools = makeTools(ctx);
const working = new Working(ctx, {plan: config.plan, changed: () => tools[tool].changed && tools[tool].changed()});
const toolbar = new Toolbar({use: useTool, undo, redo, help: showHelp});
const around = new Around(ctx);
const discussion = new Discussion(ctx);
ctx.around = around;

function hint(text) { $('hint').textContent = text; }

/** What the tool in use can be set to, in a bar over the map. */
function options(...parts) {
  $('options').replaceChildren(...parts.filter(Boolean));
  $('options').setAttribute('aria-label', t('tool_options'));
  document.body.classList.toggle('optioned', $('options').childElementCount > 0);
}

function clearNotice() {
  clearTimeout(timer);
  $('notice').hidden = true;
}

/** Say something over the map; with actions it stays until one is taken. */
function notice(text, {actions = [], stays = false, good = false} = {}) {
  clearTimeout(timer);
  $('notice').className = good ? 'notice good' : 'notice';
  $('notice').replaceChildren(h('span', {}, text), ...actions.map(([label, run]) => h('button', {type: 'button', onclick: run}, label)),
    h('button', {type: 'button', class: 'x', 'aria-label': t('close'), onclick: () => { clearNotice(); map.mark([]); }}, '×'));
  $('notice').hidden = false;
  if (!stays) timer = setTimeout(clearNotice, good ? 2500 : 12000);
}

function choose(id, zoom = false) {
  const node = id === null || id === undefined ? null : state.nodes.get(id);
  if (node && !state.shown().includes(node)) setLevel(node.level);
  map.chosen = node ? node.id : null;
  map.mark([]);
  if (node && zoom) map.fitNode(node.id);
  drawPanel(ctx);
}

/** Show geometries of the server (GeoJSON, EPSG:4326) in red, and go there if they are out of sight. */
function showPlaces(geometries, go) {
  const shapes = geometries.filter(Boolean).map(readGeometry);
  map.mark(shapes);
  if (!shapes.length) return;
  const extent = createEmpty();
  shapes.forEach((shape) => extend(extent, shape.getExtent()));
  const view = map.map.getView().calculateExtent();
  const [x, y] = getCenter(extent);
  if (go || x < view[0] || x > view[2] || y < view[1] || y > view[3]) map.fit(buffer(boundingExtent([extent.slice(0, 2), extent.slice(2)]), 60), {maxZoom: 19.5});
}

function showFlaw(flaw) {
  const node = state.nodes.get(flaw.node_id);
  if (node) choose(node.id, !flaw.geometry);
  if (flaw.geometry) showPlaces([flaw.geometry], true);
}

/** Words of an error; a refusal's places are shown on the map. */
function refused(error) {
  if (error instanceof Offline) return t('offline');
  showPlaces((error.where || []).map((place) => place.geometry), false);
  return said(error.words) || t('server');
}

/** Send one action; what it does to cells shows at once (lean: {cells, to}). Resolves to whether the server took it. */
function act(action, {done, lean = null, refused: told = null} = {}) {
  if (ctx.sidebar.refuses()) return Promise.resolve(false);
  return working.send('moves', action, {done, lean, refused: told});
}

/** Send an edit by a call of its own. */
function send(call, action, how) { return working.send(call, action, how); }

/** The plan is an edition now: say so at once, then load what the server holds. */
function published() {
  state.view.published = true;
  state.canUndo = false;
  state.canRedo = false;
  clearNotice();
  drawAll();
  reload().then(drawAll, () => {});
}

/** Load the plan anew; of several at once only the last one asked for is shown, for answers may overtake each other. */
function reload() {
  const mine = Promise.all([api.view(), api.grids(), api.cells()]).then((found) => (mine === reloading ? show(...found) : reloading));
  reloading = mine;
  return mine;
}

function show(view, grids, cells) {
  state.setView(view);
  state.setCells(cells);
  if (!state.nodes.has(map.chosen)) map.chosen = null;
  map.setGrids(grids);
}

function drawAll() {
  document.documentElement.lang = language() === 'zh' ? 'zh-CN' : 'en';
  const view = state.view;
  $('title').textContent = view ? `${view.area_name || view.area_code} ${t('title')}` : t('title');
  $('sub').textContent = view ? `${t('plan')} ${view.id} · ${t(view.published ? 'published' : view.review)}${view.reproducible ? '' : ` · ${t('notReproducible')}`}` : '';
  document.title = $('title').textContent;
  $('sample').hidden = !config.sample;
  $('sample').textContent = t('sample');
  $('disclaimer').textContent = t('disclaimer');
  $('publish').disabled = !view || view.published;
  $('lang').textContent = t('language');
  [['lang', 'language_label'], ['tools', 'tools'], ['levels', 'levels'], ['zin', 'zoom_in'], ['zout', 'zoom_out'], ['zfit', 'fit'], ['relief', 'relief'], ['map', 'map']]
    .forEach(([id, key]) => $(id).setAttribute('aria-label', t(key)));
  toolbar.update({tool, shut: discussion.shut, canUndo: state.canUndo, canRedo: state.canRedo});
  drawLevels();
  working.edits.tell();
  discussion.draw();
  if (!view) return;
  drawLegend(ctx);
  drawPanel(ctx);
  map.labels.changed();
}

function drawLevels() {
  $('levels').replaceChildren(...(state.levels || []).map((level) => h('button', {type: 'button', role: 'radio', 'aria-checked': String(level === state.level), 'data-level': String(level), onclick: () => setLevel(level)}, t(`level${level}`))));
}

function setLevel(level) {
  if (!level || level === state.level) return;
  state.level = level;
  map.redraw();
  around.grids.changed();
  discussion.meeting.level();
  drawLevels();
  drawLegend(ctx);
  drawPanel(ctx);
}

function useTool(name) {
  tools[tool].stop();
  tool = name;
  clearNotice();
  toolbar.update({tool});
  $('map').dataset.tool = name;
  tools[name].start();
}

function undo() { if (!ctx.sidebar.refuses()) working.send('undo', null, {done: 'done_undo'}); }

function redo() { if (!ctx.sidebar.refuses()) working.send('redo', null, {done: 'done_redo'}); }

function onKey(event) {
  if ($('dialog').open || /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) return;
  const key = event.ctrlKey || event.metaKey ? event.key.toLowerCase() : '';
  if (key === 'z' || key === 'y') {
    event.preventDefault();
    if (key === 'y' || event.shiftKey) {
      if (state.canRedo) redo();
    } else if (state.canUndo) undo();
  } else if (event.key === 'Escape') {
    clearNotice();
    if (tools[tool].cancel && tools[tool].cancel()) return;
    useTool('select');
    choose(null);
  } else if (event.key === 'Backspace' && tools[tool].undoPoint) tools[tool].undoPoint();
  else if (event.key === 'Enter' && tools[tool].finish && !event.target.closest('button, a')) tools[tool].finish();
  else if (!event.ctrlKey && !event.metaKey && !event.altKey) onLetter(event.key);
}

function onLetter(key) {
  const named = TOOLS.find((one) => one.key === key.toUpperCase());
  if (key === '?') showHelp();
  else if (named && !$(`tool-${named.name}`).disabled) useTool(named.name);
}

function wire() {
  map.map.on('singleclick', (event) => {
    if (discussion.notes.click(event)) return;
    if (ctx.sidebar.inPast || (tool === 'select' && map.gridAt(event.coordinate) === null && around.click(event.coordinate))) return;
    tools[tool].click(event.coordinate, event.originalEvent);
  });
  document.addEventListener('keydown', onKey);
  $('lang').onclick = () => { setLanguage(language() === 'zh' ? 'en' : 'zh'); toolbar.build(); drawAll(); useTool(tool); };
  $('publish').onclick = () => {
    if (working.edits.queue.length) { notice(t('lost_first')); return; }
    useTool('select');
    discussion.open();
  };
  const zoom = (by) => map.map.getView().animate({zoom: map.map.getView().getZoom() + by, duration: 150});
  $('zin').onclick = () => zoom(1);
  $('zout').onclick = () => zoom(-1);
  $('zfit').onclick = () => map.fitAll(200);
  $('relief').onclick = showRelief;
}

/** Lay the relief under the grids' borders, or take it away; it is asked for when it is first wanted. */
async function showRelief() {
  const on = $('relief').getAttribute('aria-pressed') === 'true';
  try {
    if (!on && !map.relief) map.layRelief(await api.relief(state.view.area_code));
  } catch (error) {
    if (!(error instanceof Offline) && error.status === undefined) throw error;
    notice(refused(error));
    return;
  }
  map.relief.setVisible(!on);
  $('relief').setAttribute('aria-pressed', String(!on));
}

async function start() {
  drawAll();
  hint(t('loading'));
  try {
    const [buildings, features] = await Promise.all([api.buildings(), api.features(), reload()]);
    map.setGround(features);
    map.setBuildings(buildings);
    follow({api, state, changed: (move) => working.othersMoved(move), accepted: () => ctx.sidebar.accepted(), news: discussion.news()});
    discussion.notes.load();
  } catch (error) {
    if (!(error instanceof Offline) && error.status === undefined) throw error;
    notice(refused(error), {stays: true, actions: [[t('retry'), () => { clearNotice(); start(); }]]});
    return;
  }
  if (!recallView(map.map)) map.fitAll();
  rememberView(map.map);
  drawAll();
  useTool('select');
  document.body.dataset.ready = 'true';
  around.load();
  working.resume();
  showMended(ctx, config.plan);
}

toolbar.build();
wire();
// for the browser tests: where a lon, lat stands on the screen
window.wangge = {state, map, discussion, around, sidebar: ctx.sidebar, pixel: (lon, lat) => map.map.getPixelFromCoordinate(readGeometry({type: 'Point', coordinates: [lon, lat]}).getCoordinates())};
start();
