// What just changed, and what an edit would change: figures of each touched grid before and after, what breaks and what is mended.
import {Offline} from './api.js';
import {$, h} from './dom.js';
import {when} from './history.js';
import {said, t} from './words.js';

const FIGURES = [['households', 'c_households'], ['registered', 'c_registered'], ['cases', 'c_cases'], ['hazards', 'c_hazards'], ['area_m2', 'c_area']];
const MOST = 4;
const PAUSE_MS = 250;
const number = (value) => Math.round(value).toLocaleString('en');
const look = (state) => (state === null || state === 'no_band' ? 'none' : state);

/** One figure: what it was and is, or what it stays; of a grid that comes or goes the one that there is. */
function figure([key, words], before, after) {
  const [a, b] = [before, after].map((one) => (one ? number(one[key]) : null));
  const moved = a !== null && b !== null && a !== b;
  return h('span', {class: moved ? 'fig moved' : 'fig', 'data-figure': key}, `${t(words)} `, moved ? [`${a} → `, h('b', {}, b)] : a ?? b);
}

/** What a grid is called in a narrow list: its number, and its name where that says more. */
function titleOf(row) {
  const plain = !row.label || row.name.endsWith(`${row.label}网格`);
  return plain ? row.label || row.name : `${row.label} ${row.name}`;
}

/** One grid: its marks before and after, and its figures. */
function gridRow(ctx, row) {
  const {bands} = ctx.table;
  const [was, is] = [bands[look(row.state_before)], bands[look(row.state_after)]];
  const turned = row.before && row.after && row.state_before !== row.state_after;
  const state = (one) => said(one);
  return h('li', {class: `change ${look(row.state_after ?? row.state_before)}`, 'data-change': String(row.node)},
    h('div', {class: 'change-head'}, h('b', {}, titleOf(row)), row.new ? h('i', {}, t('c_new')) : null, row.gone ? h('i', {}, t('c_gone')) : null,
      row.after ? h('span', {}, turned ? `${was.mark}${state(was)} → ` : '', `${is.mark}${state(is)}`) : null, row.band ? h('small', {}, `${row.band[0]}–${row.band[1]}`) : null),
    h('div', {class: 'figs'}, FIGURES.map((one) => figure(one, row.before, row.after))));
}

function flawList(key, rows, cls) {
  return rows.length ? h('div', {class: cls}, h('h4', {}, t(key)), h('ul', {}, rows.map((flaw) => h('li', {}, said(flaw))))) : null;
}

/** The whole of a change: touched grids, those above whose figures moved, flaws that come and go. */
export function changeList(ctx, told, most = MOST) {
  const moved = told.parents.filter((row) => JSON.stringify(row.before) !== JSON.stringify(row.after));
  const rest = told.touched.length - most;
  return [
    h('ul', {class: 'changes'}, told.touched.slice(0, most).map((row) => gridRow(ctx, row))), rest > 0 ? h('p', {class: 'none'}, t('c_more', {n: rest})) : null,
    moved.length ? [h('h4', {}, t('c_above')), h('ul', {class: 'changes'}, moved.slice(0, most).map((row) => gridRow(ctx, row)))] : null,
    flawList('c_breaks', told.flaws_new, 'breaks'), flawList('c_mends', told.flaws_gone, 'mends'),
    !told.touched.length && !told.flaws_new.length && !told.flaws_gone.length ? h('p', {class: 'none'}, t('c_same')) : null,
  ].flat().filter(Boolean);
}

export class Pending {
  constructor(ctx, api, host) {
    Object.assign(this, {ctx, api, host, rev: ctx.state.rev, shown: null, told: null, who: '', failed: false, open: true, since: null, timer: 0});
  }

  /** Called whenever the page is drawn: what is new is asked about once, when edits pause. */
  draw() {
    const {rev} = this.ctx.state;
    if (rev > this.rev) {
      this.since = this.since ?? this.rev;
      this.rev = rev;
      clearTimeout(this.timer);
      this.timer = setTimeout(() => { const since = this.since; this.since = null; this.ask(since, this.rev); }, PAUSE_MS);
    }
    this.show();
  }

  async ask(since, rev) {
    this.shown = rev;
    this.failed = false;
    this.told = null;
    try {
      const [told, {moves}] = await Promise.all([this.api.effect(since), this.api.moves(since)]);
      if (this.shown !== rev) return;
      this.told = told;
      this.open = true;
      this.who = moves.map((move) => `${move.who} ${when(move.at)} ${said(move.words)}`).slice(-3).join('；');
    } catch (error) {
      if (!(error instanceof Offline) && error.status === undefined) throw error;
      this.failed = true;
    }
    this.show();
  }

  show() {
    const {host} = this;
    const {chosen} = this.ctx.map;
    // who goes on to another grid has seen it
    if (this.told && this.chosen !== undefined && chosen !== null && chosen !== this.chosen) this.open = false;
    this.chosen = this.told ? chosen : undefined;
    host.hidden = (!this.told && !this.failed) || $('flaws').hidden;
    if (host.hidden) return;
    const head = h('summary', {}, h('b', {}, t('just')), h('small', {}, t('just_of', {rev: this.shown})));
    const away = h('button', {type: 'button', class: 'close', 'aria-label': t('close'), onclick: () => { this.told = null; this.failed = false; this.show(); }}, '×');
    const box = h('details', {class: 'just', open: this.open, ontoggle: (event) => { this.open = event.target.open; }}, head,
      h('p', {class: 'who'}, this.who), ...(this.failed ? [h('p', {class: 'none'}, t('c_figures'))] : changeList(this.ctx, this.told)));
    host.replaceChildren(h('div', {class: 'just-box'}, box, away));
  }
}
