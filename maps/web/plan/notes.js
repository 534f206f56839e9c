// Notes and objections on the plan: pins on the map, threads in a panel, live. What is said is set as text, never as HTML.
import {CircleStyle, Feature, Fill, Point, Stroke, Style, Text, VectorLayer, VectorSource, getCenter} from '/static/vendor/ol.js';
import {Offline} from './api.js';
import {$, h} from './dom.js';
import {readGeometry, writeGeometry} from './map.js';
import {language, t} from './words.js';

const OPEN = '#b3261e';
const DONE = '#56616d';
const when = (at) => new Intl.DateTimeFormat(language() === 'zh' ? 'zh-CN' : 'en-GB', {timeZone: 'Asia/Shanghai', month: 'numeric', day: 'numeric', hour: '2-digit', minute: '2-digit'}).format(new Date(at));

export class Notes {
  /** ctx: state, map, api, notice, refused, hint, choose, language. */
  constructor(ctx) {
    this.ctx = ctx;
    this.rows = [];
    this.placing = false;
    this.draft = null;
    this.thread = null;
    this.onlyOpen = false;
    this.source = new VectorSource();
    this.pins = this.layer();
    ctx.map.map.addLayer(this.pins);
    this.button = h('button', {type: 'button', id: 'notes-open', class: 'btn', 'aria-expanded': 'false', 'aria-controls': 'notes', onclick: () => this.toggle()});
    this.panel = h('section', {id: 'notes', class: 'notes', hidden: true, 'aria-labelledby': 'notes-title'});
    $('lang').before(this.button);
    document.body.append(this.panel);
    this.panel.addEventListener('keydown', (event) => { if (event.key === 'Escape') { event.stopPropagation(); this.toggle(false); this.button.focus(); } });
  }

  /** A layer of the pins, for this map or one beside it. */
  layer() {
    return new VectorLayer({source: this.source, style: (feature) => this.pinStyle(feature), zIndex: 9});
  }

  async load() {
    const seen = this.rows.length;
    try {
      this.rows = (await this.ctx.api.notes()).notes;
    } catch (error) {
      // the page works without: the next notice, or the next opened stream, asks again
      if (!(error instanceof Offline) && error.status === undefined) throw error;
      return;
    }
    this.fresh = this.rows.length > seen ? this.rows[this.rows.length - 1] : null;
    this.draw();
  }

  /** Somebody wrote, answered or resolved: read anew, and say who spoke. */
  async changed() {
    const known = this.rows.length;
    await this.load();
    if (known < this.rows.length && this.fresh && this.fresh.number !== this.sent) this.ctx.notice(t('note_others', {who: this.fresh.who}), {good: true});
  }

  threads() { return this.rows.filter((row) => row.reply_to === null); }

  openObjections() { return this.threads().filter((row) => row.objection && !row.resolved_by).length; }

  toggle(show = this.panel.hidden) {
    this.panel.hidden = !show;
    this.button.setAttribute('aria-expanded', String(show));
    if (!show) this.place(false);
    this.draw();
    if (show) $('notes-title').focus();
  }

  /** Wait for a click on the map, or stop waiting. */
  place(on) {
    this.placing = on;
    if (!on) this.draft = null;
    document.body.classList.toggle('placing', on);
    this.ctx.hint(on ? t('note_where') : '');
    this.draw();
  }

  /** Take a click on the map, if it is for a note. */
  click(event) {
    if (this.placing) {
      const at = event.coordinate;
      this.draft = {geometry: writeGeometry(new Point(at)), node: this.ctx.map.gridAt(at), text: this.draft ? this.draft.text : ''};
      this.placing = false;
      document.body.classList.remove('placing');
      this.ctx.hint('');
      this.draw();
      $('note-text').focus();
      return true;
    }
    const hit = this.ctx.map.map.forEachFeatureAtPixel(event.pixel, (feature) => feature.get('note'), {layerFilter: (layer) => layer === this.pins, hitTolerance: 6});
    if (hit) this.openThread(hit);
    return Boolean(hit);
  }

  openThread(number) {
    this.thread = number;
    this.toggle(true);
    const item = this.panel.querySelector(`[data-note="${number}"]`);
    if (item) { item.scrollIntoView({block: 'nearest'}); item.focus(); }
  }

  show(row) {
    this.thread = row.number;
    if (row.lon !== null) {
      const view = this.ctx.map.map.getView();
      view.animate({center: getCenter(readGeometry({type: 'Point', coordinates: [row.lon, row.lat]}).getExtent()), duration: 200});
    } else if (row.node !== null && this.ctx.state.nodes.has(row.node)) this.ctx.choose(row.node, true);
    this.draw();
  }

  async send(call) {
    try {
      const made = await call();
      this.sent = made.number;
      this.draft = null;
      await this.load();
      return made;
    } catch (error) {
      if (!(error instanceof Offline) && error.status === undefined) throw error;
      this.ctx.notice(this.ctx.refused(error));
      return null;
    }
  }

  async post() {
    const text = $('note-text').value;
    this.draft.text = text;
    const made = await this.send(() => this.ctx.api.addNote({text, geometry: this.draft.geometry, node: this.draft.node, objection: $('note-objection').checked}));
    if (!made) return;
    this.ctx.notice(t('note_sent'), {good: true});
    this.openThread(made.number);
  }

  draw() {
    const open = this.threads().filter((row) => !row.resolved_by).length;
    this.button.textContent = t('notes_open', {n: open || ''}).trim();
    this.button.classList.toggle('alert', this.openObjections() > 0);
    const {source} = this;
    source.clear();
    this.threads().filter((row) => row.lon !== null).forEach((row) => source.addFeature(new Feature({geometry: readGeometry({type: 'Point', coordinates: [row.lon, row.lat]}), note: row.number, done: Boolean(row.resolved_by), objection: row.objection})));
    if (this.draft && this.draft.geometry) source.addFeature(new Feature({geometry: readGeometry(this.draft.geometry), note: 0}));
    if (!this.panel.hidden) this.drawPanel();
  }

  drawPanel() {
    const kept = this.panel.querySelector('#note-text');
    if (this.draft && kept) this.draft.text = kept.value;
    const writing = [...this.panel.querySelectorAll('.reply-box textarea')].map((box) => [box.dataset.to, box.value]);
    const list = this.threads().filter((row) => !this.onlyOpen || !row.resolved_by).reverse();
    const {state, api} = this.ctx;
    this.panel.replaceChildren(
      h('header', {}, h('h2', {id: 'notes-title', tabindex: '-1'}, t('notes')),
        h('button', {type: 'button', class: 'btn small', 'aria-pressed': String(this.onlyOpen), onclick: () => { this.onlyOpen = !this.onlyOpen; this.draw(); }}, t(this.onlyOpen ? 'note_only_open' : 'note_all')),
        h('a', {class: 'btn small', id: 'minutes', href: api.minutes(language()), target: '_blank', rel: 'noopener'}, t('minutes')),
        h('button', {type: 'button', class: 'close', 'aria-label': t('close'), onclick: () => this.toggle(false)}, '×')),
      this.draft ? this.form() : h('div', {class: 'note-new'},
        h('button', {type: 'button', class: 'btn primary', id: 'note-pin', 'aria-pressed': String(this.placing), onclick: () => this.place(!this.placing)}, t('note_new')),
        h('button', {type: 'button', class: 'btn', id: 'note-plain', onclick: () => { this.place(false); this.draft = {geometry: null, node: this.ctx.map.chosen, text: ''}; this.draw(); $('note-text').focus(); }}, t('note_plain'))),
      h('ol', {class: 'threads'}, list.length ? list.map((row) => this.item(row, state)) : h('li', {class: 'none'}, t('note_none'))));
    writing.forEach(([to, text]) => { const box = this.panel.querySelector(`textarea[data-to="${to}"]`); if (box) box.value = text; });
  }

  form() {
    const node = this.ctx.state.nodes.get(this.draft.node);
    const text = h('textarea', {id: 'note-text', rows: 3, maxlength: 2000, 'aria-label': t('note_text'), placeholder: t('note_text')});
    text.value = this.draft.text;
    return h('div', {class: 'note-form'}, node ? h('p', {class: 'about'}, t('note_about', {name: node.name})) : null, text,
      h('label', {for: 'note-objection'}, h('input', {type: 'checkbox', id: 'note-objection'}), t('note_objection')),
      h('div', {class: 'buttons'}, h('button', {type: 'button', class: 'btn', onclick: () => this.place(false)}, t('cancel')), h('button', {type: 'button', class: 'btn primary', id: 'note-send', onclick: () => this.post()}, t('note_send'))));
  }

  item(row, state) {
    const node = state.nodes.get(row.node);
    const replies = this.rows.filter((one) => one.reply_to === row.number);
    const said = (one) => h('div', {class: 'said'}, h('p', {}, one.text), h('small', {}, `${one.who} · ${when(one.at)}`));
    const done = Boolean(row.resolved_by);
    const answer = h('textarea', {rows: 2, maxlength: 2000, 'data-to': String(row.number), 'aria-label': t('note_reply')});
    const reply = () => { if (answer.value.trim()) this.send(() => this.ctx.api.addNote({text: answer.value, reply_to: row.number})).then((made) => { if (made) this.panel.querySelector(`textarea[data-to="${row.number}"]`).value = ''; }); };
    return h('li', {class: done ? 'thread done' : 'thread', 'data-note': String(row.number), tabindex: '-1', 'aria-current': this.thread === row.number ? 'true' : null},
      h('button', {type: 'button', class: 'head', onclick: () => this.show(row)}, h('b', {class: 'no'}, String(row.number)), row.objection ? h('span', {class: 'objection'}, t('objection')) : null, h('span', {class: 'nm'}, node ? node.name : '')),
      said(row), replies.map(said), done ? h('p', {class: 'by'}, t('note_resolved', {who: row.resolved_by})) : null,
      h('div', {class: 'reply-box'}, answer, h('div', {class: 'buttons'},
        h('button', {type: 'button', class: 'btn small', 'data-resolve': String(row.number), onclick: () => this.send(() => this.ctx.api.resolve(row.number, !done))}, t(done ? 'note_again' : 'note_resolve')),
        h('button', {type: 'button', class: 'btn small', 'data-reply': String(row.number), onclick: reply}, t('note_reply')))));
  }

  pinStyle(feature) {
    const big = document.body.classList.contains('meeting') ? 1.6 : 1;
    const colour = feature.get('done') ? DONE : OPEN;
    const chosen = feature.get('note') === this.thread;
    return new Style({zIndex: feature.get('note'), image: new CircleStyle({radius: (chosen ? 13 : 11) * big, fill: new Fill({color: colour}), stroke: new Stroke({color: feature.get('objection') ? '#ffd400' : '#fff', width: chosen ? 4 : 2.5})}),
      text: new Text({text: feature.get('note') ? String(feature.get('note')) : '+', font: `700 ${12 * big}px ${this.ctx.table.font}`, fill: new Fill({color: '#fff'})})});
  }
}
