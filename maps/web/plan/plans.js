// Plans: the name of this one, copies of it, and the other plans of the basic grid to switch to.
import {Offline} from './api.js';
import {$, h} from './dom.js';
import {when} from './history.js';
import {t} from './words.js';

export class Plans {
  constructor(ctx, api, host, past) {
    Object.assign(this, {ctx, api, host, past, rows: null, made: null});
    past.copy = (rev) => this.ask(rev);
  }

  async load() {
    try {
      this.rows = (await this.api.plans()).plans;
    } catch (error) {
      this.failed(error);
      return;
    }
    if (!this.host.hidden) this.draw();
  }

  failed(error) {
    if (!(error instanceof Offline) && error.status === undefined) throw error;
    this.ctx.notice(this.ctx.refused(error));
  }

  draw() {
    const {state} = this.ctx;
    // what is being typed is not taken away by somebody's edit
    if (this.host.contains(document.activeElement) && document.activeElement.tagName === 'INPUT') return;
    if (this.rows === null) { this.rows = []; this.load(); }
    const field = (id, value, words) => h('input', {type: 'text', id, maxlength: '100', required: true, value, 'aria-label': words});
    const form = (fields, words, run) => h('form', {class: 'plan-form', onsubmit: (event) => { event.preventDefault(); run(); }}, fields, h('button', {class: 'btn small'}, words));
    this.host.replaceChildren(
      h('h3', {}, t('plan_name')), form(field('plan-name', state.view.name || '', t('plan_name')), t('save_name'), () => this.rename()),
      h('h3', {}, t('copy_go')), form(field('copy-name', '', t('copy_name')), t('copy_go'), () => this.copy($('copy-name').value, null)),
      h('h3', {}, t('plans_of')), h('ul', {class: 'plan-list'}, this.rows.map((row) => this.row(row))));
  }

  row(row) {
    const own = row.id === this.ctx.state.view.id;
    return h('li', {'data-plan': String(row.id), 'aria-current': own ? 'true' : null},
      h('span', {class: 'nm'}, h('b', {}, row.name || `${t('plan')} ${row.id}`), h('small', {}, `${row.name ? `${t('plan')} ${row.id} · ` : ''}${row.who} ${when(row.made_at)} · #${row.rev} · ${t(row.published ? 'published' : 'draft')}`)),
      own ? h('span', {class: 'tag good'}, t('this_plan')) : h('span', {class: 'go'}, h('a', {class: 'btn small', href: `/plan/${row.id}${window.location.search}${window.location.hash}`}, t('open')),
        h('a', {class: 'btn small', href: `/maps/compare?a=${row.id}&b=${this.ctx.state.view.id}`}, t('compare'))));
  }

  async rename() {
    const name = $('plan-name').value.trim();
    if (!name) return;
    try {
      const view = await this.api.name(name);
      this.ctx.state.view.name = view.name;
      document.activeElement.blur();
      this.ctx.notice(t('done_name'), {good: true});
      await this.load();
      this.ctx.drawAll();
    } catch (error) { this.failed(error); }
  }

  /** Ask for a name, then copy a revision of the past. */
  ask(rev) {
    const dialog = $('dialog');
    const name = h('input', {type: 'text', id: 'past-name', maxlength: '100', required: true, 'aria-label': t('copy_name')});
    dialog.replaceChildren(h('h2', {id: 'dialog-title'}, t('copy_at', {n: rev})),
      h('form', {class: 'plan-form', onsubmit: (event) => { event.preventDefault(); dialog.close(); this.copy(name.value, rev); }}, name, h('button', {class: 'btn primary', id: 'past-copy-go'}, t('copy_go'))),
      h('div', {class: 'buttons'}, h('button', {type: 'button', class: 'btn', onclick: () => dialog.close()}, t('cancel'))));
    dialog.showModal();
    name.focus();
  }

  async copy(name, rev) {
    if (!name.trim()) return;
    try {
      const made = await this.api.copy(name.trim(), rev);
      document.activeElement.blur();
      this.ctx.notice(t('done_copy', {id: made.id}), {stays: true, good: true, actions: [[t('open'), () => window.location.assign(`/plan/${made.id}${window.location.hash}`)]]});
      await this.load();
    } catch (error) { this.failed(error); }
  }
}
