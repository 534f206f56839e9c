// The right side: search, what just changed, tabs (flaws, layers, history, plans); a sheet from below on a phone.
import {$, h} from './dom.js';
import {Flaws} from './flaws.js';
import {History} from './history.js';
import {Layers} from './layers.js';
import {Past} from './past.js';
import {panelApi} from './panelapi.js';
import {Pending} from './pending.js';
import {Plans} from './plans.js';
import {Search} from './search.js';
import {WhyNot} from './whynot.js';
import {t} from './words.js';

const TABS = ['flaws', 'layers', 'history', 'plans'];
const PAUSE_MS = 400;
const SIZES = ['low', 'mid', 'high'];

export class Sidebar {
  /** ctx: as main.js makes it; config: the page's. It fills itself once the plan is there (draw). */
  constructor(ctx, config) {
    this.ctx = ctx;
    this.config = config;
    this.tab = 'flaws';
    $('tabs').addEventListener('keydown', (event) => this.step(event));
    $('sheet').addEventListener('click', () => this.size(SIZES[(SIZES.indexOf(document.body.dataset.sheet || 'mid') + 1) % SIZES.length]));
  }

  /** Make the panels, once the plan's place is known. */
  make() {
    const {ctx, config} = this;
    const api = panelApi(config.plan, ctx.state.view.area_code);
    this.past = new Past(ctx, api);
    this.parts = {
      flaws: new Flaws(ctx, api, $('flaws')), layers: new Layers(ctx, api, $('layers'), config),
      history: new History(ctx, api, $('history'), this.past), plans: new Plans(ctx, api, $('plans'), this.past),
    };
    this.search = new Search(ctx, this.parts.flaws);
    this.pending = new Pending(ctx, api, $('changed'));
    this.why = new WhyNot(ctx, api);
    this.past.moved = () => this.parts.history.draw();
  }

  /** Draw what is open from the state as it is. */
  draw() {
    if (!this.ctx.state.view) return;
    if (!this.parts) this.make();
    const counts = {flaws: this.parts.flaws.count()};
    $('tabs').setAttribute('aria-label', t('tabs'));
    $('tabs').replaceChildren(...TABS.map((name) => h('button', {type: 'button', role: 'tab', id: `tab-${name}`, 'aria-controls': name, 'aria-selected': String(name === this.tab), tabindex: name === this.tab ? '0' : '-1',
      onclick: () => this.open(name)}, t(`tab_${name}`), counts[name] ? h('span', {class: 'badge'}, String(counts[name])) : null)));
    TABS.forEach((name) => { $(name).hidden = name !== this.tab; });
    this.label();
    this.search.relabel();
    this.pending.draw();
    this.parts[this.tab].draw();
  }

  /** What a grid's borders follow, into its card; asked for when the planner pauses. */
  listBorders(node, host) {
    clearTimeout(this.listing);
    this.listing = setTimeout(() => { if (this.why && host.isConnected) this.why.list(node, host); }, PAUSE_MS);
  }

  /** Rows that the legend has beside, or in place of, the bands'. */
  legend() {
    if (!this.parts) this.make();
    return this.parts.layers.legend();
  }

  open(name) {
    const inside = $('tabs').contains(document.activeElement);
    this.tab = name;
    this.draw();
    if (inside) $(`tab-${name}`).focus();
    if (document.body.dataset.sheet === 'low') this.size('mid');
  }

  step(event) {
    const by = {ArrowRight: 1, ArrowLeft: -1}[event.key];
    if (!by) return;
    event.preventDefault();
    this.open(TABS[(TABS.indexOf(this.tab) + by + TABS.length) % TABS.length]);
  }

  size(name) {
    document.body.dataset.sheet = name;
    this.label();
  }

  label() { $('sheet').setAttribute('aria-label', t(`sheet_${document.body.dataset.sheet || 'mid'}`)); }

  /** Somebody accepted a reason, or took that back: read the grids and flaws anew. */
  async accepted() {
    const {state, api, drawAll} = this.ctx;
    const view = await api.view();
    if (view.rev !== state.rev) return;
    state.setView(view);
    drawAll();
  }

  get inPast() { return Boolean(this.past) && this.past.rev !== null; }

  /** True, and said, while the page shows the past: nothing may be changed there. */
  refuses() {
    if (!this.inPast) return false;
    this.ctx.notice(t('past_first'));
    return true;
  }
}
