// What was mended when a plan began from old grids: gaps, overlaps, ground outside, moved borders, as a layer with a list.
import {Fill, Stroke, Style, VectorLayer, VectorSource, buffer} from '/static/vendor/ol.js';
import {Offline, ask} from './api.js';
import {$, h} from './dom.js';
import {readFeatures, rgba} from './map.js';
import {t} from './words.js';

const COLOURS = {gap: '#b3261e', overlap: '#6b2f8a', outside: '#4b5560', moved: '#b26a00'};
const SHOWN = 30;
const metres = (n) => Math.round(n).toLocaleString('en');

/** Add the layer and its button to the page of a plan that began from old grids; nothing to any other. */
export async function showMended({map}, plan) {
  let found = [];
  try {
    found = readFeatures(await ask(`/v1/plans/${plan}/mended`));
  } catch (error) {
    // the page works without
    if (!(error instanceof Offline) && error.status === undefined) throw error;
  }
  if (!found.length) return;
  const style = (feature) => {
    const colour = COLOURS[feature.get('kind')];
    return new Style({stroke: new Stroke({color: colour, width: 1.6}), fill: new Fill({color: rgba(colour, 0.45)})});
  };
  const layer = new VectorLayer({source: new VectorSource({features: found}), zIndex: 6.4, visible: false, style});
  map.map.addLayer(layer);
  const sheet = h('section', {id: 'mended', class: 'beside', hidden: true});
  const button = h('button', {type: 'button', id: 'mended-toggle', 'aria-pressed': 'false'}, '补');
  $('map').after(sheet);
  $('zfit').before(button);

  const list = () => {
    const kinds = Object.keys(COLOURS).map((kind) => [kind, found.filter((one) => one.get('kind') === kind)]).filter(([, rows]) => rows.length);
    const sum = (rows) => rows.reduce((all, one) => all + one.get('m2'), 0);
    const row = (one) => h('li', {}, h('button', {type: 'button', class: 'item', onclick: () => map.fit(buffer(one.getGeometry().getExtent(), 40), {maxZoom: 20})},
      h('i', {class: `key ${one.get('kind')}`, 'aria-hidden': 'true'}),
      h('span', {class: 'nm'}, `${t(`mended_${one.get('kind')}`)} ${metres(one.get('m2'))} m²`, one.get('name') ? h('small', {}, t('mended_to', {name: one.get('name')})) : null)));
    sheet.setAttribute('aria-label', t('mended'));
    sheet.replaceChildren(h('h2', {}, t('mended')),
      h('p', {class: 'sums'}, kinds.map(([kind, rows]) => h('span', {}, h('i', {class: `key ${kind}`, 'aria-hidden': 'true'}), t('mended_sum', {what: t(`mended_${kind}`), n: rows.length, m2: metres(sum(rows))})))),
      h('ul', {}, found.slice(0, SHOWN).map(row)), found.length > SHOWN ? h('p', {class: 'more'}, t('mended_more', {n: found.length - SHOWN})) : null);
  };
  const name = () => { button.title = t('mended'); button.setAttribute('aria-label', t('mended')); };
  name();
  button.onclick = () => {
    const on = layer.getVisible();
    layer.setVisible(!on);
    sheet.hidden = on;
    button.setAttribute('aria-pressed', String(!on));
    name();
    list();
  };
}
