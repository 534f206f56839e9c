// What people say and decide about the plan: notes, review, meeting mode, kept together for the page.
import {Offline} from './api.js';
import {$} from './dom.js';
import {Meeting} from './meeting.js';
import {Notes} from './notes.js';
import {openReview, reviewLabel, shut} from './review.js';
import {t} from './words.js';

export class Discussion {
  /** ctx: as the page has it, with resting() (the tool that only looks), drawAll() and reload(). */
  constructor(ctx) {
    this.ctx = ctx;
    ctx.closeDialog = () => { $('dialog').close(); };
    $('dialog').addEventListener('close', () => $('dialog').classList.remove('wide'));
    ctx.reviewed = (review) => this.reviewed(review);
    ctx.notes = new Notes(ctx);
    this.notes = ctx.notes;
    this.meeting = new Meeting(ctx);
  }

  /** Whether the plan takes no edits: it is published, under review or approved. */
  get shut() { return shut(this.ctx.state.view); }

  draw() {
    $('publish').textContent = reviewLabel(this.ctx.state.view);
    this.notes.draw();
    this.meeting.draw();
  }

  open() { openReview(this.ctx); }

  /** What the stream of events tells beside moves. */
  news() { return {notes: () => this.notes.changed(), review: () => this.asked()}; }

  /** The plan's review stands elsewhere now. */
  reviewed(review) {
    this.ctx.state.view.review = review;
    this.ctx.clearNotice();
    this.ctx.resting();
    this.ctx.drawAll();
    this.ctx.reload().then(this.ctx.drawAll, () => {});
    this.ctx.notice(t('review_done', {state: t(review)}), {good: true});
  }

  /** Somebody took a step of the review: show where the plan stands. */
  async asked() {
    try {
      const {review} = await this.ctx.api.reviewRecord();
      if (review !== this.ctx.state.view.review) this.reviewed(review);
    } catch (error) {
      // the next step, or the next opened stream, asks again
      if (!(error instanceof Offline) && error.status === undefined) throw error;
    }
  }
}
