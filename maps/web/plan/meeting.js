// Meeting mode: for the projector, large type, panels away, high contrast; the plan beside the edition in force.
import {Offline} from './api.js';
import {$, h} from './dom.js';
import {PlanMap} from './map.js';
import {PlanState} from './state.js';
import {swipe, viewOfEdition} from './swipe.js';
import {t} from './words.js';

const BIG = 1.5;

export class Meeting {
  /** ctx: state, map, api, table, notice, refused, resting(): back to the tool that only looks. */
  constructor(ctx) {
    this.ctx = ctx;
    this.on = false;
    this.unswipe = null;
    this.button = h('button', {type: 'button', id: 'meeting', class: 'btn', 'aria-pressed': 'false', onclick: () => this.toggle()});
    this.compare = h('button', {type: 'button', id: 'before-after', class: 'btn', 'aria-pressed': 'false', onclick: () => this.slide()});
    $('lang').before(this.compare, this.button);
  }

  draw() {
    this.button.textContent = t(this.on ? 'meeting_end' : 'meeting');
    this.button.setAttribute('aria-pressed', String(this.on));
    this.compare.textContent = t('swipe');
    this.compare.setAttribute('aria-pressed', String(Boolean(this.unswipe)));
    if (this.before) this.before.labels.changed();
  }

  toggle() {
    this.on = !this.on;
    document.body.classList.toggle('meeting', this.on);
    if (this.on) this.ctx.resting();
    this.ctx.map.textScale = this.on ? BIG : 1;
    if (this.before) this.before.textScale = this.ctx.map.textScale;
    this.ctx.map.map.updateSize();
    this.ctx.map.labels.changed();
    if (!this.on && this.unswipe) this.slide();
    this.ctx.drawAll();
  }

  /** Lay the edition in force over the plan's left side, or take it away. */
  async slide() {
    if (this.unswipe) {
      this.unswipe();
      this.unswipe = null;
      this.before.map.setTarget(null);
      this.element.remove();
      this.draw();
      return;
    }
    try {
      await this.load();
    } catch (error) {
      if (!(error instanceof Offline) && error.status === undefined) throw error;
      this.ctx.notice(this.ctx.refused(error));
      return;
    }
    if (!this.before) { this.ctx.notice(t('no_before')); return; }
    $('map').after(this.element);
    this.before.map.setTarget(this.element);
    this.before.textScale = this.ctx.map.textScale;
    this.level();
    this.unswipe = swipe({host: document.querySelector('main'), over: this.element, titles: [this.since ? `${t('before')} ${this.since}` : t('before'), t('after', {n: this.ctx.state.view.id})], label: t('swipe_label')});
    this.draw();
  }

  /** Read the grids in force once, and draw them on a map of their own that shares the ground and the view. */
  async load() {
    if (this.before) return;
    const {state, map, table, api} = this.ctx;
    const found = await api.inForce(state.view.area_code);
    if (!found.features.length) return;
    this.since = found.features[0].properties.valid_from;
    const {view, grids} = viewOfEdition(found, state.view.levels);
    const own = new PlanState();
    own.level = state.level;
    own.setView(view);
    this.element = h('div', {id: 'before', class: 'before', 'aria-hidden': 'true'});
    this.before = new PlanMap(this.element, table, own);
    ['land', 'ground', 'buildings'].forEach((name) => this.before[name].setSource(map[name].getSource()));
    this.before.map.setView(map.map.getView());
    this.before.setGrids(grids);
    this.before.map.addLayer(this.ctx.notes.layer());
  }

  /** Show the same level on both sides. */
  level() {
    if (!this.before) return;
    const {state} = this.before;
    const wanted = this.ctx.state.level;
    if (state.level === wanted && state.levels.includes(wanted)) return;
    state.level = wanted;
    this.before.redraw();
  }
}
