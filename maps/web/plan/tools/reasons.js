// Say the reasons on the map: barriers, lines that are no border, zones, habit areas, dedicated grids; the list of what was said.
import {Feature, Fill, Modify, Stroke, Style, Text, VectorLayer, VectorSource, buffer} from '/static/vendor/ol.js';
import {Offline, ask, post, put} from '../api.js';
import {$, h} from '../dom.js';
import {readFeatures, readGeometry, rgba, writeGeometry} from '../map.js';
import {t} from '../words.js';
import {sketch} from './sketch.js';

const KINDS = {barrier: '#1f2d36', no_border: '#4b5560', zone: '#0b5fa5', habit: '#8a5a00', dedicated: '#6b2f8a'};
const LINES = new Set(['barrier', 'no_border']);
const CLASSES = ['wall', 'main_road', 'minor_road', 'lane', 'river', 'stream', 'gully', 'ridge', 'cliff', 'rail'];

/** The layer of what was said, and its list beside the map. */
class Sayings {
  /** correct(feature): take up what was said once more. */
  constructor(ctx, correct) {
    Object.assign(this, {ctx, correct});
    this.layer = new VectorLayer({source: new VectorSource(), zIndex: 5.5, visible: false, style: (feature) => this.style(feature)});
    this.sheet = h('section', {id: 'sayings', class: 'beside', hidden: true});
    ctx.map.map.addLayer(this.layer);
    $('map').after(this.sheet);
  }

  get url() { return `/v1/places/${this.ctx.state.view.area_code}/sayings`; }

  style(feature) {
    const kind = feature.get('kind');
    const text = new Text({text: titleOf(feature), font: `600 12px ${this.ctx.table.font}`, placement: LINES.has(kind) ? 'line' : 'point', overflow: true,
      fill: new Fill({color: KINDS[kind]}), stroke: new Stroke({color: '#fff', width: 4}), textBaseline: LINES.has(kind) ? 'bottom' : 'middle'});
    const dash = kind === 'no_border' ? [3, 7] : LINES.has(kind) ? undefined : [10, 5];
    return [new Style({stroke: new Stroke({color: '#fff', width: 7})}),
      new Style({stroke: new Stroke({color: KINDS[kind], width: 4, lineDash: dash}), fill: new Fill({color: rgba(KINDS[kind], 0.1)}), text})];
  }

  async load() {
    const found = readFeatures(await ask(this.url));
    this.layer.getSource().clear();
    this.layer.getSource().addFeatures(found);
    this.list();
  }

  list() {
    const found = this.layer.getSource().getFeatures().sort((a, b) => a.get('id') - b.get('id'));
    const row = (feature) => h('li', {'data-saying': String(feature.get('id'))},
      h('button', {type: 'button', class: 'item', onclick: () => this.ctx.map.fit(buffer(feature.getGeometry().getExtent(), 60), {maxZoom: 19})},
        h('i', {class: `key ${feature.get('kind')}`, 'aria-hidden': 'true'}), h('span', {class: 'nm'}, titleOf(feature),
          h('small', {}, [feature.get('note'), `${feature.get('who')} ${String(feature.get('at')).slice(0, 10)}`].filter(Boolean).join(' · ')))),
      h('button', {type: 'button', class: 'x word', 'aria-label': t('saying_correct', {name: titleOf(feature)}), onclick: () => this.correct(feature)}, t('correct')),
      h('button', {type: 'button', class: 'x', 'aria-label': t('saying_drop', {name: titleOf(feature)}), onclick: () => this.drop(feature)}, '×'));
    this.sheet.setAttribute('aria-label', t('sayings'));
    this.sheet.replaceChildren(h('h2', {}, t('sayings')), found.length ? h('ul', {}, found.map(row)) : h('p', {class: 'none'}, t('sayings_none')),
      h('p', {class: 'more'}, t('sayings_weigh')));
  }

  async drop(feature) {
    await guarded(this.ctx, async () => {
      await ask(`${this.url}/${feature.get('id')}`, {method: 'DELETE'});
      await this.load();
      this.ctx.map.mark([]);
      this.ctx.notice(t('saying_dropped'), {good: true});
    });
  }

  show(on) {
    this.layer.setVisible(on);
    this.sheet.hidden = !on;
  }
}

const titleOf = (feature) => {
  const kind = t(`say_${feature.get('kind')}`);
  const more = feature.get('name') || (feature.get('kind') === 'barrier' ? t(`class_${feature.get('class')}`) : '');
  return more ? `${kind} · ${more}` : kind;
};

/** Do something with the server; what it refuses is said, on the map or to `refused`. */
async function guarded(ctx, run, refused = null) {
  try {
    await run();
    return true;
  } catch (error) {
    if (!(error instanceof Offline) && error.status === undefined) throw error;
    const words = ctx.refused(error);
    if (refused) refused(words);
    else ctx.notice(words);
    return false;
  }
}

/** Tell along which stretches of a new barrier no border can run yet, in red on the map. */
function tellOpen(ctx, open) {
  if (!open) { ctx.notice(t('done_say'), {good: true}); return; }
  ctx.map.mark([readGeometry(open)]);
  ctx.notice(t('say_open'), {stays: true});
}

export function reasons(ctx) {
  let sayings = null;
  let kind = 'barrier';
  let on = null;
  const choice = h('div', {class: 'modes', role: 'radiogroup'});
  const classes = h('select', {id: 'say-class'});
  const name = h('input', {type: 'text', maxlength: '100', size: '10', id: 'say-name'});
  const note = h('input', {type: 'text', maxlength: '300', size: '14', id: 'say-note'});
  const label = (words, control) => h('label', {}, h('span', {}, words), control);

  const action = (geometry) => ({geometry: writeGeometry(geometry), properties: {kind, ...(kind === 'barrier' ? {class: classes.value} : {}),
    ...(name.value.trim() ? {name: name.value.trim()} : {}), ...(note.value.trim() ? {note: note.value.trim()} : {})}});
  const taken = () => { name.value = ''; note.value = ''; };
  const drawClasses = (chosen) => classes.replaceChildren(...CLASSES.map((one) => h('option', {value: one, selected: one === chosen}, t(`class_${one}`))));
  const details = () => [kind === 'barrier' ? label(t('say_class'), classes) : null, label(t('name'), name), label(t('say_note'), note)];
  const options = () => {
    choice.setAttribute('aria-label', t('say_kind'));
    choice.replaceChildren(...Object.keys(KINDS).map((one) => h('button', {type: 'button', role: 'radio', id: `say-${one}`, 'aria-checked': String(one === kind), onclick: () => use(one)}, t(`say_${one}`))));
    drawClasses(classes.value);
    name.placeholder = t(`say_name_${kind}`);
    return [choice, ...details()];
  };
  const send = (asked, {refused}) => guarded(ctx, async () => {
    const {open} = await post(sayings.url, asked);
    await sayings.load();
    setTimeout(() => tellOpen(ctx, open));
  }, refused);
  const drawing = {...ctx, act: send};
  const make = (type, hint) => sketch(drawing, {type, hint, done: 'done_say', action, options, taken});
  const sketches = {line: make('LineString', 'hint_say_line'), area: make('Polygon', 'hint_say_area')};

  function use(next) {
    if (on) on.stop();
    kind = next;
    on = sketches[LINES.has(kind) ? 'line' : 'area'];
    on.start();
  }

  /** What was said, once more: its points to drag, its words to change; drawing goes on when it is kept or left. */
  function correct(feature) {
    if (on) on.stop();
    kind = feature.get('kind');
    drawClasses(feature.get('class'));
    name.value = feature.get('name') || '';
    note.value = feature.get('note') || '';
    ctx.clearNotice();
    ctx.map.mark([]);
    const source = ctx.map.drawn.getSource();
    const copy = new Feature(feature.getGeometry().clone());
    const modify = new Modify({source});
    source.addFeature(copy);
    ctx.map.map.addInteraction(modify);
    ctx.map.fit(buffer(copy.getGeometry().getExtent(), 60), {maxZoom: 19});
    const end = () => { taken(); use(kind); };
    const keep = () => guarded(ctx, async () => {
      const {open} = await put(`${sayings.url}/${feature.get('id')}`, action(copy.getGeometry()));
      await sayings.load();
      end();
      tellOpen(ctx, open);
    });
    on = {
      start() {},
      finish: keep,
      undoPoint() {},
      cancel() { end(); return true; },
      stop() { source.clear(); ctx.options(); ctx.map.map.removeInteraction(modify); },
    };
    ctx.hint(t('hint_correct'));
    ctx.options(h('b', {}, t(`say_${kind}`)), ...details(),
      h('button', {type: 'button', class: 'btn', id: 'saying-keep', onclick: keep}, t('save')), h('button', {type: 'button', class: 'btn', id: 'saying-leave', onclick: end}, t('cancel')));
  }

  return {
    start() {
      sayings = sayings || new Sayings(ctx, correct);
      sayings.show(true);
      sayings.list();
      guarded(ctx, () => sayings.load());
      use(kind);
    },
    click() {},
    finish() { on.finish(); },
    undoPoint() { on.undoPoint(); },
    cancel() { return on.cancel(); },
    stop() {
      if (on) on.stop();
      on = null;
      sayings.show(false);
      ctx.map.mark([]);
    },
  };
}
