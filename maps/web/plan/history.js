// History: who did what and when; a press shows the plan as it stood after it.
import {Offline} from './api.js';
import {h} from './dom.js';
import {language, said, t} from './words.js';

const AT_ONCE = 60;

export const when = (at) => new Intl.DateTimeFormat(language() === 'zh' ? 'zh-CN' : 'en-GB', {timeZone: 'Asia/Shanghai', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', hour12: false}).format(new Date(at));

export class History {
  /** past: shows a revision on the map. */
  constructor(ctx, api, host, past) {
    Object.assign(this, {ctx, api, host, past, moves: [], known: -1, more: AT_ONCE});
    past.words = (rev) => this.words(rev);
  }

  /** What made a revision: who, when, in words. */
  words(rev) {
    const move = this.moves.find((one) => one.rev === rev);
    return move ? `${move.who} ${when(move.at)} ${said(move.words)}` : t('begun');
  }

  async load() {
    const {rev} = this.ctx.state;
    if (this.known === rev) return;
    this.known = rev;
    try {
      // a later undo changes what an earlier row says of itself: read them all
      const {moves} = await this.api.moves(0);
      this.moves = moves;
    } catch (error) {
      if (!(error instanceof Offline) && error.status === undefined) throw error;
      this.known = -1;
      this.ctx.notice(this.ctx.refused(error));
      return;
    }
    if (!this.host.hidden) this.draw();
    this.past.draw();
  }

  draw() {
    this.load();
    const here = this.past.rev ?? this.ctx.state.rev;
    const rows = [...this.moves].reverse().slice(0, this.more);
    const row = (rev, who, at, words, undone) => h('li', {}, h('button', {type: 'button', class: undone ? 'move off' : 'move', 'data-rev': String(rev), 'aria-current': rev === here ? 'true' : null, onclick: () => this.past.show(rev)},
      h('span', {class: 'move-head'}, h('b', {}, who), h('time', {datetime: at}, at ? when(at) : ''), h('i', {}, rev === this.ctx.state.rev ? t('now') : `#${rev}`)),
      h('span', {}, words), undone ? h('small', {}, t('undone')) : null));
    this.host.replaceChildren(
      rows.length ? '' : h('p', {class: 'none'}, t('no_moves')),
      h('ol', {class: 'moves', reversed: true}, rows.map((one) => row(one.rev, one.who, one.at, said(one.words), one.undone)),
        this.moves.length > this.more ? null : row(0, t('begun'), '', '', false)),
      this.moves.length > this.more ? h('button', {type: 'button', class: 'btn small', id: 'moves-older', onclick: () => { this.more += AT_ONCE; this.draw(); }}, t('older')) : '');
  }
}
