// Flaws: listed, filtered, walked through with [ and ], shown on the map; reasons accepted by name, or withdrawn.
import {Feature, Fill, Stroke, Style, VectorLayer, VectorSource} from '/static/vendor/ol.js';
import {Offline} from './api.js';
import {h, swatch} from './dom.js';
import {readGeometry, rgba} from './map.js';
import {nameOf} from './panel.js';
import {said, t} from './words.js';

const SEAM = new Set(['gap', 'overlap', 'edge', 'invalid']);
const KINDS = ['out_of_band', 'disconnected', 'unassigned', 'dedicated_households', 'empty', 'seam', 'disputed', 'vacant'];
const kindOf = (flaw) => (SEAM.has(flaw.kind) ? 'seam' : flaw.kind);
const PAUSE_MS = 2500;
const provable = (node) => Boolean(node && node.reason && node.reason.proved && node.reason.code);

/** The pieces of a flaw's place, one geometry each, the largest first. */
function piecesOf(flaw) {
  if (!flaw.geometry || flaw.geometry.type !== 'MultiPolygon') return flaw.geometry ? [flaw.geometry] : [];
  const size = (polygon) => polygon[0].length;
  return [...flaw.geometry.coordinates].sort((a, b) => size(b) - size(a)).map((coordinates) => ({type: 'Polygon', coordinates}));
}

export class Flaws {
  constructor(ctx, api, host) {
    Object.assign(this, {ctx, api, host, kind: 'all', at: -1, posts: [], postsOf: null, postsTold: '', timer: 0});
    const {colours} = ctx.table;
    this.layer = new VectorLayer({source: new VectorSource(), zIndex: 5.5, style: new Style({stroke: new Stroke({color: colours.flaw, width: 2.4, lineDash: [6, 4]}), fill: new Fill({color: rgba(colours.flaw, 0.07)})})});
    ctx.map.map.addLayer(this.layer);
    document.addEventListener('keydown', (event) => {
      if (/^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) || event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) return;
      if (event.key === ']' || event.key === '[') this.step(event.key === ']' ? 1 : -1);
    });
  }

  /** Flaws that the server found, worst first, then posts that nobody holds. */
  all() {
    const {state} = this.ctx;
    const found = state.flaws.map((flaw) => ({...flaw, what: kindOf(flaw), blocks: flaw.blocking}));
    const vacant = this.posts.filter((post) => !post.holders && state.nodes.has(post.node)).map((post) => {
      const name = nameOf(state.nodes.get(post.node));
      return {kind: 'vacant', what: 'vacant', node_id: post.node, zh: t('vacant_post', {name, post: post.post_zh}), en: t('vacant_post', {name, post: post.post_en}), blocks: false, geometry: null};
    });
    return [...found.filter((flaw) => flaw.blocks), ...found.filter((flaw) => !flaw.blocks), ...vacant];
  }

  shown() { return this.all().filter((flaw) => (this.kind === 'all' ? flaw.what !== 'vacant' : flaw.what === this.kind)); }

  count() { return this.ctx.state.flaws.length; }

  /** Who would hold the grids at this revision; asked once a revision, when edits pause. */
  loadPosts() {
    const {rev} = this.ctx.state;
    if (this.postsOf === rev) return;
    const first = this.postsOf === null;
    this.postsOf = rev;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.readPosts(rev), first ? 0 : PAUSE_MS);
  }

  async readPosts(rev) {
    try {
      const {posts} = await this.api.posts();
      if (this.postsOf !== rev) return;
      this.staffed = posts.some((post) => post.holders);
      this.known = posts;
      this.posts = this.staffed ? posts : [];
      this.postsTold = this.staffed || !posts.length ? '' : 'no_staff';
    } catch (error) {
      if (!(error instanceof Offline) && error.status === undefined) throw error;
      this.postsTold = 'posts_lost';
    }
    if (!this.host.hidden) this.draw();
  }

  draw() {
    this.loadPosts();
    const every = this.all();
    const rows = this.shown();
    if (this.at >= rows.length) this.at = -1;
    const kinds = KINDS.map((kind) => [kind, every.filter((flaw) => flaw.what === kind).length]).filter(([kind, n]) => n || kind === this.kind);
    const chip = (kind, words, n) => h('button', {type: 'button', role: 'radio', class: 'chip', 'data-kind': kind, 'aria-checked': String(this.kind === kind), onclick: () => this.filter(kind)}, words, h('b', {}, String(n)));
    this.host.replaceChildren(
      h('div', {class: 'flaw-head'},
        h('div', {class: 'chips', role: 'radiogroup', 'aria-label': t('flaw_kinds')}, chip('all', t('all'), every.filter((flaw) => flaw.what !== 'vacant').length), kinds.map(([kind, n]) => chip(kind, t(`f_${kind}`), n))),
        rows.length > 1 ? h('div', {class: 'steps'}, this.stepper('previous', '[', -1), h('span', {'aria-live': 'polite'}, t('flaw_at', {i: this.at + 1, n: rows.length})), this.stepper('next', ']', 1)) : null),
      rows.length ? h('ul', {class: 'flaw-list'}, rows.map((flaw, i) => this.row(flaw, i))) : h('p', {class: 'none'}, t(this.kind === 'all' ? 'no_flaws' : 'no_flaw_of')),
      this.postsTold ? h('p', {class: 'none'}, t(this.postsTold)) : '',
      every.some((flaw) => flaw.kind === 'disputed') ? h('a', {class: 'btn', id: 'disputes', href: `/disputes?area=${this.ctx.state.view.area_code}`}, t('assign_disputed')) : '');
    this.mark(rows);
  }

  stepper(key, sign, by) {
    return h('button', {type: 'button', class: 'btn small', id: `flaw-${key}`, title: `${t(key)} (${sign})`, 'aria-keyshortcuts': sign, onclick: () => this.step(by)}, t(key));
  }

  row(flaw, i) {
    const {state, table} = this.ctx;
    const node = state.nodes.get(flaw.node_id);
    const look = flaw.kind === 'out_of_band' && node ? state.stateOf(node) : 'flaw';
    const mark = look === 'flaw' ? h('span', {class: `swatch flaw ${flaw.what}`, 'aria-hidden': 'true'}, flaw.what === 'vacant' ? '?' : '!') : swatch(table, look);
    const pieces = flaw.kind === 'disconnected' || flaw.kind === 'unassigned' ? piecesOf(flaw) : [];
    return h('li', {class: 'flaw', 'data-at': String(i)},
      h('button', {type: 'button', class: 'item', 'data-flaw': flaw.kind, 'aria-current': i === this.at ? 'true' : null, onclick: () => this.go(i)}, mark,
        h('span', {class: 'nm'}, said(flaw), this.small(flaw, node))),
      pieces.length > 1 || flaw.kind === 'disconnected' ? h('div', {class: 'pieces', role: 'group', 'aria-label': t('pieces')}, pieces.map((piece, n) => h('button', {type: 'button', class: 'chip', onclick: () => this.ctx.showPlaces([piece], true)}, t('piece', {i: n + 1})))) : null,
      this.signing(flaw, node));
  }

  small(flaw, node) {
    if (flaw.kind !== 'out_of_band' || !node) return flaw.blocks ? h('small', {class: 'stop'}, t('blocking')) : null;
    const why = node.reason ? said(node.reason) || node.reason.code : '';
    const stands = node.accepted && node.reason && node.accepted.reason === node.reason.code;
    return [h('small', {}, provable(node) ? why : t('accept_unproved')),
      stands ? h('small', {class: 'signed'}, t('accepted_by', {who: node.accepted.who, at: String(node.accepted.at).slice(0, 10)})) : h('small', {class: 'stop'}, t('blocking'))];
  }

  /** Accept, or withdraw: only what the server proves can be signed. */
  signing(flaw, node) {
    if (flaw.kind !== 'out_of_band' || !provable(node) || this.ctx.state.view.published) return null;
    const stands = node.accepted && node.accepted.reason === node.reason.code;
    return h('button', {type: 'button', class: 'btn small sign', 'data-sign': String(node.id), onclick: () => this.sign(node, stands)}, t(stands ? 'withdraw' : 'accept'));
  }

  async sign(node, stands) {
    const {state, notice, refused, drawAll} = this.ctx;
    try {
      const told = await (stands ? this.api.withdraw(node.id) : this.api.accept(node.id, node.reason.code));
      state.nodes.set(told.node.id, told.node);
      state.flaws = told.flaws;
      drawAll();
      notice(t(stands ? 'done_withdraw' : 'done_accept'), {good: true});
    } catch (error) {
      if (!(error instanceof Offline) && error.status === undefined) throw error;
      notice(refused(error));
    }
  }

  filter(kind) {
    this.kind = kind;
    this.at = -1;
    this.draw();
    const chip = this.host.querySelector(`[data-kind="${kind}"]`);
    if (chip) chip.focus();
  }

  /** The next or the one before, round and round. */
  step(by) {
    const n = this.shown().length;
    if (n) this.go(this.at < 0 && by < 0 ? n - 1 : (this.at + by + n) % n);
  }

  go(i) {
    this.at = i;
    const flaw = this.shown()[i];
    this.ctx.showFlaw(flaw);
    if (this.host.hidden) return;
    this.draw();
    const row = this.host.querySelector('[aria-current="true"]');
    if (row) row.scrollIntoView({block: 'nearest'});
  }

  /** All flaws of a chosen kind on the map at once. */
  mark(rows) {
    const source = this.layer.getSource();
    source.clear();
    if (this.kind === 'all' || this.host.hidden) return;
    rows.forEach((flaw) => {
      const grid = this.ctx.map.byNode && this.ctx.map.byNode.get(flaw.node_id);
      const geometry = flaw.geometry ? readGeometry(flaw.geometry) : grid && grid.getGeometry();
      if (geometry) source.addFeature(new Feature({geometry}));
    });
  }
}
