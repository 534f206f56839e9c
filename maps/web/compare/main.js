// Two plans over one another: one view, two maps, a slider between; rows of the tables are shown on the map.
import {Fill, Stroke, Style, VectorLayer, VectorSource, buffer, createEmpty, extend} from '/static/vendor/ol.js';
import {ask, planApi} from '../plan/api.js';
import {$, h} from '../plan/dom.js';
import {PlanMap, readFeatures} from '../plan/map.js';
import {PlanState} from '../plan/state.js';
import {swipe} from '../plan/swipe.js';
import {said, setLanguage, t} from '../plan/words.js';

const config = JSON.parse($('config').textContent);
setLanguage(config.lang);
const COLOURS = {a: '#b3261e', b: '#0b5fa5'};
const STROKES = Object.fromEntries(Object.entries(COLOURS).map(([side, color]) => [side, [new Style({stroke: new Stroke({color: '#fff', width: 7})}), new Style({stroke: new Stroke({color, width: 4})})]]));
const CHOSEN = new Style({stroke: new Stroke({color: '#ffd400', width: 6}), fill: new Fill({color: 'rgba(255, 212, 0, .45)'}), zIndex: 9});

/** One plan on a map of its own, with the borders that only it has. */
function side(target, key, [view, grids], lines) {
  const state = new PlanState();
  state.setView(view);
  const map = new PlanMap(target, config.style, state);
  map.setGrids(grids);
  const own = new VectorLayer({source: new VectorSource({features: lines.filter((line) => line.get('side') === key)}), style: STROKES[key], zIndex: 6});
  const chosen = new VectorLayer({source: new VectorSource(), style: CHOSEN, zIndex: 7});
  [own, chosen].forEach((layer) => map.map.addLayer(layer));
  return {state, map, chosen: chosen.getSource()};
}

function wire(sides, lines) {
  const [left, right] = sides;
  const show = (features, row) => {
    document.querySelectorAll('.rows tr[aria-current]').forEach((one) => one.removeAttribute('aria-current'));
    row.setAttribute('aria-current', 'true');
    const around = createEmpty();
    features.forEach((feature) => extend(around, feature.getGeometry().getExtent()));
    sides.forEach((one) => { one.chosen.clear(); one.chosen.addFeatures(features.map((feature) => feature.clone())); });
    right.map.fit(buffer(around, 60), {maxZoom: 19});
    $('stage').scrollIntoView({block: 'nearest'});
  };
  document.querySelectorAll('[data-bid]').forEach((button) => {
    button.onclick = () => show(right.map.buildings.getSource().getFeatures().filter((one) => String(one.get('bid')) === button.dataset.bid), button.closest('tr'));
  });
  document.querySelectorAll('[data-line]').forEach((button) => { button.onclick = () => show([lines[Number(button.dataset.line)]], button.closest('tr')); });
  const levels = () => $('levels').replaceChildren(...left.state.levels.map((level) => h('button', {type: 'button', role: 'radio', 'aria-checked': String(level === left.state.level), 'data-level': String(level), onclick: () => {
    sides.forEach((one) => { if (one.state.levels.includes(level)) { one.state.level = level; one.map.redraw(); } });
    levels();
  }}, t(`level${level}`))));
  levels();
}

async function start() {
  const [a, b] = config.plans.map(planApi);
  const read = (api) => Promise.all([api.view(), api.grids()]);
  const [one, other, buildings, features, compared] = await Promise.all([read(a), read(b), b.buildings(), b.features(), ask(`/v1/plans/compare?a=${config.plans[0]}&b=${config.plans[1]}`)]);
  const lines = readFeatures(compared.lines);
  const right = side('right', 'b', other, lines);
  const left = side('left', 'a', one, lines);
  right.map.setGround(features);
  right.map.setBuildings(buildings);
  ['land', 'ground', 'buildings'].forEach((name) => left.map[name].setSource(right.map[name].getSource()));
  left.map.map.setView(right.map.map.getView());
  swipe({host: $('stage'), over: $('left'), titles: config.titles, label: config.label});
  right.map.fitAll();
  wire([left, right], lines);
  window.wangge = {left, right};
  $('waiting').hidden = true;
  document.body.dataset.ready = 'true';
}

start().catch((error) => {
  $('waiting').hidden = true;
  $('problem').textContent = said(error.words) || t('server');
  $('problem').hidden = false;
});
