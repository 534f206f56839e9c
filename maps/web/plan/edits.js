// Edits on their way to the server: one after another, kept until they are answered, sent again under the same key.
import {Offline} from './api.js';

const WAITS_MS = [1000, 2000, 4000, 8000, 15000];

/** A key that no other edit has; crypto.randomUUID is there on secure pages only, an intranet's may not be. */
function newKey() {
  return [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Whether an edit may still get through: no network, a proxy that lost its server, or nobody signed in any more. */
const waits = (error) => error instanceof Offline || [401, 502, 503, 504].includes(error.status);

export class Edits {
  /**
   * The outbox of one plan.
   *
   * taken(delta, edit): show what the server answered. refused(error, edit): say why it would not, before `how.refused`.
   * told(word, n, error): 'saved', 'sending' or 'offline', how many edits wait, and for what.
   */
  constructor({api, state, plan, taken, refused, told}) {
    Object.assign(this, {api, state, taken, refused, told, sending: false, late: null, tries: 0, timer: 0});
    this.shelf = `wangge-edits-${plan}`;
    this.how = new Map();
    this.queue = JSON.parse(sessionStorage.getItem(this.shelf) || '[]');
    window.addEventListener('online', () => this.pump());
    window.addEventListener('beforeunload', (event) => {
      if (!this.queue.length) return;
      event.preventDefault();
      event.returnValue = '';
    });
  }

  /** Send an edit when those before it are through; resolves to whether the server took it. */
  send(call, action, {done, lean = null, refused = null} = {}) {
    const edit = {key: newKey(), call, action, base: this.state.rev, done, lean};
    this.queue.push(edit);
    this.keep();
    return new Promise((resolve) => {
      this.how.set(edit.key, {refused, resolve});
      if (!this.sending) this.pump();
      else this.tell();
    });
  }

  keep() { sessionStorage.setItem(this.shelf, JSON.stringify(this.queue)); }

  tell() { this.told(this.queue.length ? (this.late ? 'offline' : 'sending') : 'saved', this.queue.length, this.late); }

  async pump() {
    if (this.sending || !this.queue.length) return;
    clearTimeout(this.timer);
    this.sending = true;
    this.tell();
    const edit = this.queue[0];
    try {
      await this.answered(edit, await this.api.send(edit));
    } catch (error) {
      if (!(error instanceof Offline) && error.status === undefined) throw error;
      if (waits(error)) this.later(error);
      else await this.settle(edit, false, error);
    } finally {
      this.sending = false;
      this.tell();
    }
    if (!this.late) this.pump();
  }

  async answered(edit, delta) {
    this.late = null;
    this.tries = 0;
    this.drop(edit);
    // what was drawn after one's own edit has seen it
    if (delta.rev === edit.base + 1) this.queue.forEach((later) => { if (later.base === edit.base) later.base = delta.rev; });
    this.keep();
    await this.taken(delta, edit);
    this.resolve(edit, true);
  }

  async settle(edit, taken, error) {
    this.late = null;
    this.drop(edit);
    const {refused} = this.how.get(edit.key) || {};
    const words = await this.refused(error, edit, Boolean(refused));
    if (refused) refused(words, error);
    this.resolve(edit, taken);
  }

  drop(edit) {
    this.queue = this.queue.filter((one) => one !== edit);
    this.keep();
  }

  resolve(edit, taken) {
    const how = this.how.get(edit.key);
    this.how.delete(edit.key);
    if (how) how.resolve(taken);
  }

  later(error) {
    this.late = error;
    this.timer = setTimeout(() => this.pump(), WAITS_MS[Math.min(this.tries, WAITS_MS.length - 1)]);
    this.tries += 1;
  }
}
