// Edits in hand: shown before the server has answered, sent by the outbox, settled by what comes back; others' edits taken in between.
import {$} from './dom.js';
import {Offline} from './api.js';
import {Edits} from './edits.js';
import {drawPanel} from './panel.js';
import {showStatus} from './status.js';
import {said, t} from './words.js';

export class Working {
  /** ctx: as main.js makes it; changed(): the plan is another now. */
  constructor(ctx, {plan, changed}) {
    this.ctx = ctx;
    this.changed = changed;
    this.leans = [];
    this.behind = null;
    this.edits = new Edits({
      api: ctx.api, state: ctx.state, plan, taken: (delta, edit) => this.taken(delta, edit), refused: (error, edit, quiet) => this.refused(error, edit, quiet),
      told: (word, waiting, error) => this.told(word, waiting, error),
    });
  }

  send(call, action, how) {
    if (how.lean) this.lean(how.lean);
    return this.edits.send(call, action, how);
  }

  /** Send again what a page left behind, and show it meanwhile. */
  resume() {
    this.edits.queue.forEach((edit) => { if (edit.lean) this.lean(edit.lean); });
    this.edits.pump();
  }

  told(word, waiting, error) {
    const before = $('saved').dataset.state;
    showStatus(word, waiting);
    document.body.classList.toggle('busy', word === 'sending');
    $('map').setAttribute('aria-busy', String(word === 'sending'));
    if (word === 'offline' && before !== 'offline') this.ctx.notice(t(error && error.status === 401 ? 'signed_out' : 'lost'));
    if (!this.edits.sending && this.behind) this.othersMoved(this.behind);
  }

  /** Show cells in their new grid at once; kept in mind until the server's answer stands in its place. */
  lean(lean) {
    const one = {...lean};
    this.leans.push(one);
    this.put(one);
    drawPanel(this.ctx);
  }

  put(one) {
    const {state, map} = this.ctx;
    const from = one.cells.map((id) => this.holder(id));
    one.back = state.lean(one.cells, one.to);
    map.redrawFrom(new Set([...from, one.to]));
  }

  holder(cell) { return (this.ctx.state.byCell.get(String(cell)) || {}).node_id; }

  /** Do something to the state as the server knows it, then show again what it has not answered yet. */
  plainly(done, settled) {
    [...this.leans].reverse().forEach((one) => one.back());
    this.leans = this.leans.filter((one) => !settled || one.cells !== settled.cells);
    done();
    this.leans.forEach((one) => this.put(one));
  }

  /** Load the plan whole, and show again what is not answered yet. */
  async afresh() {
    await this.ctx.reload();
    this.leans.forEach((one) => this.put(one));
    this.ctx.drawAll();
    this.changed();
  }

  async taken(delta, edit) {
    const {ctx} = this;
    const {state} = ctx;
    try {
      const whole = delta.rev > state.rev + 1 ? await ctx.api.changes(state.rev) : delta;
      this.show(whole, edit.lean);
      ctx.notice(t(edit.done), {good: true});
    } catch (error) {
      if (!(error instanceof Offline) && error.status === undefined) throw error;
      this.leans = this.leans.filter((one) => !edit.lean || one.cells !== edit.lean.cells);
      const again = () => this.afresh().then(ctx.clearNotice, () => {});
      ctx.notice(t('unloaded'), {stays: true, actions: [[t('reload'), again]]});
    }
  }

  /** Take a delta into state, map and panel; one that was seen already changes nothing. */
  show(delta, settled = null) {
    const {state, map} = this.ctx;
    this.plainly(() => {
      if (delta.rev < state.rev) return;
      state.applyDelta(delta);
      map.change([...delta.removed, ...delta.nodes.filter((node) => !node.cells).map((node) => node.id)], delta.grids);
    }, settled);
    this.ctx.drawAll();
    this.changed();
  }

  /** The server would not: take it back on the page; words are left to `quiet` askers. */
  async refused(error, edit, quiet) {
    const {ctx} = this;
    if (edit.lean) {
      this.plainly(() => {}, edit.lean);
      ctx.map.redrawFrom(new Set([...edit.lean.cells.map((id) => this.holder(id)), edit.lean.to]));
    }
    if (error.stale) await this.afresh().catch(() => {});
    else ctx.drawAll();
    const words = error.stale ? `${t('stale')} ${said(error.words)}` : ctx.refused(error);
    if (!quiet) ctx.notice(words);
    return words;
  }

  /** Somebody (or one's own other page) made a move: show it, but not in the middle of an own one. */
  async othersMoved(move) {
    const {state, api, notice} = this.ctx;
    this.behind = this.edits.sending ? move : null;
    if (this.edits.sending || move.rev <= state.rev) return;
    try {
      this.show(await api.changes(state.rev));
      notice(t('others', {who: move.who, words: said(move.words)}), {good: true});
    } catch (error) {
      // the next move, or the next own edit, brings the page up to date
      if (!(error instanceof Offline) && error.status === undefined) throw error;
    }
  }
}
