// The search box: grids by code, short number or name, buildings by name, stairwells, households by their address; arrows, Enter, Escape.
import {addressOf, named, stairwellOf} from './address.js';
import {$, h} from './dom.js';
import {nameOf, shortOf} from './panel.js';
import {t} from './words.js';

const MOST = 12;

/** Text as it is compared: half-width, lower case, no blanks. */
const plain = (text) => String(text ?? '').normalize('NFKC').toLowerCase().replace(/\s+/g, '');

/** 3 the same, 2 begins so, 1 holds it, 0 not at all. */
function score(text, query) {
  const own = plain(text);
  if (!own || !query) return 0;
  if (own === query) return 3;
  return own.startsWith(query) ? 2 : Number(own.includes(query));
}

export class Search {
  /** flaws: knows the codes that the grids would carry, once they were asked for. */
  constructor(ctx, flaws) {
    Object.assign(this, {ctx, flaws, hits: [], at: -1});
    this.input = $('find');
    this.list = $('find-hits');
    this.input.addEventListener('input', () => this.look());
    this.input.addEventListener('focus', () => { flaws.loadPosts(); this.look(); });
    this.input.addEventListener('blur', () => this.close());
    this.input.addEventListener('keydown', (event) => this.key(event));
    document.addEventListener('keydown', (event) => {
      if (event.key !== '/' || /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) || document.querySelector('dialog[open]')) return;
      event.preventDefault();
      this.input.focus();
    });
  }

  relabel() {
    this.input.placeholder = t('find_hint');
    this.input.setAttribute('aria-label', t('find'));
  }

  grids(query) {
    const codes = new Map((this.flaws.known || []).map((post) => [post.node, post]));
    return [...this.ctx.state.nodes.values()].filter((node) => node.level > 0).map((node) => {
      const post = codes.get(node.id) || {};
      const s = Math.max(score(node.name, query), score(node.label, query), score(node.short, query), score(post.code, query), score(post.short, query));
      return {rank: s * 10 - node.level, s, kind: t(`level${node.level}_long`), name: nameOf(node), more: post.code || shortOf(node), go: () => this.ctx.choose(node.id, true)};
    });
  }

  buildings(query) {
    return this.ctx.map.buildings.getSource().getFeatures().map((feature) => {
      const bid = String(feature.get('bid'));
      const name = feature.get('name') || bid;
      return {rank: Math.max(score(name, query), score(bid, query)) * 10 - 5, s: Math.max(score(name, query), score(bid, query)), kind: t('building'), name, more: bid, go: () => this.show(feature, null)};
    });
  }

  stairwells(query) {
    const features = new Map(this.ctx.map.buildings.getSource().getFeatures().map((feature) => [String(feature.get('bid')), feature]));
    const seen = new Map();
    this.ctx.state.cells.filter((cell) => cell.bid && cell.stairwell).forEach((cell) => { seen.set(`${cell.bid}|${cell.stairwell}`, cell); });
    return [...seen.values()].filter((cell) => features.has(String(cell.bid))).map((cell) => {
      const feature = features.get(String(cell.bid));
      const well = /单元|门/.test(cell.stairwell) ? cell.stairwell : `${cell.stairwell}${t('well')}`;
      const name = `${feature.get('name') || cell.bid} ${well}`;
      return {rank: score(name, query) * 10 - 6, s: score(name, query), kind: t('well'), name, more: String(cell.bid), go: () => this.show(feature, cell.node_id)};
    });
  }

  /** The cells that an address lies in: of its building, stairwell and floor, as far as it says them. */
  addresses(query) {
    const wanted = addressOf(query);
    if (!wanted) return [];
    const holds = (cell) => (!wanted.stairwell || stairwellOf(cell.stairwell) === wanted.stairwell)
      && (wanted.floor === null || cell.floor_low === null || (cell.floor_low <= wanted.floor && wanted.floor <= cell.floor_high));
    return this.ctx.map.buildings.getSource().getFeatures().flatMap((feature) => {
      const s = named(plain(feature.get('name')), wanted.building);
      const cell = s && this.ctx.state.cells.find((one) => String(one.bid) === String(feature.get('bid')) && holds(one));
      if (!cell) return [];
      const grid = this.ctx.state.nodes.get(cell.node_id);
      const where = [wanted.stairwell, wanted.floor === null ? null : t('floor_n', {n: wanted.floor})].filter(Boolean).join(' ');
      return [{rank: s * 10 - 4, s, kind: t('address'), name: `${feature.get('name')} ${where}`, more: grid ? shortOf(grid) : t('unassigned'), go: () => this.show(feature, cell.node_id)}];
    });
  }

  /** Go to a building, light it up, and choose the grid of a stairwell of it, or of its first cell. */
  show(feature, leaf) {
    const {map, state, choose} = this.ctx;
    const cell = state.cells.find((one) => String(one.bid) === String(feature.get('bid')));
    const node = leaf ?? (cell && cell.node_id) ?? null;
    choose(node);
    map.picked = feature.get('bid');
    map.buildings.changed();
    map.fit(feature.getGeometry().getExtent(), {maxZoom: 19});
  }

  look() {
    const query = plain(this.input.value);
    const found = query ? [...this.grids(query), ...this.buildings(query), ...this.stairwells(query), ...this.addresses(query)] : [];
    this.hits = found.filter((hit) => hit.s > 0).sort((a, b) => b.rank - a.rank).slice(0, MOST);
    const row = (hit, i) => h('li', {role: 'option', id: `find-${i}`, 'aria-selected': 'false', onmousedown: (event) => { event.preventDefault(); this.take(i); }},
      h('b', {}, hit.name), h('span', {}, `${hit.kind} · ${hit.more}`));
    this.list.replaceChildren(...this.hits.map(row), ...(query && !this.hits.length ? [h('li', {class: 'none', role: 'option', 'aria-disabled': 'true', 'aria-selected': 'false'}, t('find_none'))] : []));
    this.list.hidden = !query;
    this.input.setAttribute('aria-expanded', String(Boolean(query)));
    this.mark(this.hits.length ? 0 : -1);
  }

  mark(i) {
    this.at = i;
    [...this.list.children].forEach((node, j) => node.setAttribute('aria-selected', String(j === i)));
    if (i < 0) this.input.removeAttribute('aria-activedescendant');
    else {
      this.input.setAttribute('aria-activedescendant', `find-${i}`);
      this.list.children[i].scrollIntoView({block: 'nearest'});
    }
  }

  key(event) {
    const by = {ArrowDown: 1, ArrowUp: -1}[event.key];
    if (by && this.hits.length) {
      event.preventDefault();
      this.mark((this.at + by + this.hits.length) % this.hits.length);
    } else if (event.key === 'Enter') this.take(this.at);
    else if (event.key === 'Escape') { this.input.value = ''; this.close(); this.input.blur(); }
  }

  take(i) {
    const hit = this.hits[i];
    if (!hit) return;
    this.close();
    hit.go();
  }

  close() {
    this.list.hidden = true;
    this.input.setAttribute('aria-expanded', 'false');
    this.input.removeAttribute('aria-activedescendant');
  }
}
