// A tower in section: stairwells side by side, floors above each other; a run of floors is handed to another grid.
import {$, h} from '../dom.js';
import {Offline} from '../api.js';
import {nameOf, shortOf} from '../panel.js';
import {t} from '../words.js';
import {instead} from './crossing.js';

const TINTS = 6;

class Tower {
  constructor(ctx) {
    this.ctx = ctx;
    this.box = h('section', {id: 'tower', class: 'tower', hidden: true});
    $('map').parentElement.append(this.box);
  }

  start() {
    this.ctx.setLevel(this.ctx.state.levels[this.ctx.state.levels.length - 1]);
    this.ctx.hint(t('hint_tower'));
  }

  stop() { this.close(); }

  cancel() { const had = !this.box.hidden; this.close(); return had; }

  changed() { if (this.seen && !this.box.hidden) this.open(this.seen.bid); }

  close() {
    this.box.hidden = true;
    this.seen = null;
    this.ctx.map.picked = null;
    this.ctx.map.offered = new Set();
    this.ctx.map.mark([]);
  }

  click(at) {
    const building = this.ctx.map.buildingAt(at);
    if (building) this.open(building.get('bid'));
    else if (this.run && this.ctx.map.gridAt(at) !== null) this.hand(this.ctx.map.gridAt(at));
    else this.ctx.notice(t('no_building'));
  }

  async open(bid) {
    try {
      this.seen = await this.ctx.api.tower(bid);
    } catch (error) {
      if (!(error instanceof Offline) && error.status === undefined) throw error;
      this.ctx.notice(this.ctx.refused(error));
      return;
    }
    this.run = null;
    this.ctx.map.picked = bid;
    this.ctx.map.mark([]);
    this.draw();
    this.box.hidden = false;
  }

  tint(node) {
    const known = [...new Set(this.seen.stairwells.flatMap((one) => one.cells.map((cell) => cell.node)))];
    return `tint${known.indexOf(node) % TINTS}`;
  }

  draw() {
    this.choice = h('div', {class: 'tower-choice', role: 'status'});
    this.box.replaceChildren(
      h('header', {}, h('h2', {}, this.seen.name || this.seen.bid), h('button', {type: 'button', class: 'close', 'aria-label': t('close'), onclick: () => this.close()}, '×')),
      h('div', {class: 'stairwells'}, this.seen.stairwells.map((one, i) => this.column(one, i))), this.choice);
    this.choose(null);
  }

  /** One stairwell: a button a floor, from the top; dragged over, or stretched with shift and the arrows. */
  column({stairwell, cells}, index) {
    const floors = cells.flatMap((cell) => {
      const [low, high] = cell.floors || [1, 1];
      return Array.from({length: high - low + 1}, (_, i) => ({floor: low + i, cell}));
    }).sort((a, b) => b.floor - a.floor);
    const button = ({floor, cell}) => {
      const node = this.ctx.state.nodes.get(cell.node);
      return h('button', {type: 'button', class: `floor ${this.tint(cell.node)}`, 'data-floor': String(floor), 'data-stairwell': stairwell ?? '',
        title: `${this.title(stairwell, index)} ${t('floor', {n: floor})} ${node ? nameOf(node) : t('unassigned')}`}, h('i', {}, String(floor)), h('span', {}, node ? shortOf(node) : '—'));
    };
    const column = h('div', {class: 'stairwell', role: 'group', 'aria-label': this.title(stairwell, index)}, h('h3', {}, this.title(stairwell, index)), floors.map(button));
    this.wireColumn(column, stairwell);
    return column;
  }

  wireColumn(column, stairwell) {
    let anchor = null;
    const at = (event) => { const under = document.elementFromPoint(event.clientX, event.clientY); return under && under.closest('.floor'); };
    const reach = (node) => { if (node && column.contains(node)) this.choose({stairwell, column, floors: [anchor, Number(node.dataset.floor)].sort((a, b) => a - b)}); };
    column.addEventListener('pointerdown', (event) => {
      const node = event.target.closest('.floor');
      if (!node) return;
      if (!event.shiftKey || anchor === null) anchor = Number(node.dataset.floor);
      column.setPointerCapture(event.pointerId);
      reach(node);
    });
    column.addEventListener('pointermove', (event) => { if (column.hasPointerCapture(event.pointerId)) reach(at(event)); });
    column.addEventListener('keydown', (event) => {
      const step = {ArrowUp: 'previousElementSibling', ArrowDown: 'nextElementSibling'}[event.key];
      const node = event.target.closest('.floor');
      if (!node || (!step && event.key !== 'Enter' && event.key !== ' ')) return;
      event.preventDefault();
      const next = step ? node[step] : node;
      if (!next || !next.dataset.floor) return;
      next.focus();
      if (!event.shiftKey || anchor === null) anchor = Number(next.dataset.floor);
      reach(next);
    });
  }

  /** A stairwell's own name ("1单元"), or its number. */
  title(stairwell, index) { return stairwell && !/^\d+$/.test(stairwell) ? stairwell : t('stairwell', {n: stairwell || index + 1}); }

  /** Hold a run of floors and offer who may take it: the tower's own grids, and neighbours. */
  choose(run) {
    this.run = run;
    this.box.querySelectorAll('.floor').forEach((node) => {
      const floor = Number(node.dataset.floor);
      const on = Boolean(run) && run.column.contains(node) && floor >= run.floors[0] && floor <= run.floors[1];
      node.setAttribute('aria-pressed', String(on));
    });
    if (!run) { this.choice.replaceChildren(t('tower_first')); return; }
    const own = this.seen.stairwells.flatMap((one) => one.cells.map((cell) => cell.node));
    const ids = [...new Set([...own, ...this.ctx.state.neighboursOfBuilding(this.seen.bid)])].filter((id) => this.ctx.state.nodes.has(id));
    this.ctx.map.offered = new Set(ids);
    this.ctx.map.mark([]);
    const takers = h('div', {class: 'takers'}, ids.map((id) => h('button', {type: 'button', class: 'btn', 'data-taker': String(id), title: nameOf(this.ctx.state.nodes.get(id)), onclick: () => this.hand(id)}, shortOf(this.ctx.state.nodes.get(id)) || nameOf(this.ctx.state.nodes.get(id)))));
    this.choice.replaceChildren(h('b', {}, t('tower_to', {low: run.floors[0], high: run.floors[1]})), takers);
  }

  async hand(to) {
    const {bid} = this.seen;
    const action = {kind: 'hand', bid, stairwell: this.run.stairwell, floors: this.run.floors, to};
    await this.ctx.act(action, {done: 'done_hand', refused: (words, error) => this.ctx.notice(words, {stays: true, actions: instead(this.ctx, error, {done: 'done_hand'})})});
  }
}

export const tower = (ctx) => new Tower(ctx);
