// The review of the plan: submitted, returned with a comment, approved; then it is published.
import {Offline} from './api.js';
import {$, h} from './dom.js';
import {impactSection} from './impact.js';
import {openPublish} from './publish.js';
import {language, t} from './words.js';

const SHUT = ['submitted', 'approved'];
const LABELS = {draft: 'review_go', returned: 'review_again', submitted: 'review_open', approved: 'publish'};

/** Whether the plan takes no edits. */
export const shut = (view) => Boolean(view && (view.published || SHUT.includes(view.review)));

/** What the header's button says. */
export const reviewLabel = (view) => t(view && view.published ? 'publish' : LABELS[(view && view.review) || 'draft']);

const when = (at) => new Intl.DateTimeFormat(language() === 'zh' ? 'zh-CN' : 'en-GB', {timeZone: 'Asia/Shanghai', dateStyle: 'medium', timeStyle: 'short'}).format(new Date(at));

/** The way from draft to published, with where the plan stands. */
function path(review) {
  const at = review === 'returned' ? 'draft' : review;
  const steps = [['draft', review === 'returned' ? 'returned' : 'draft'], ['submitted', 'submitted'], ['approved', 'approved'], ['published', 'published']];
  return h('ol', {class: 'path'}, steps.map(([key, words]) => h('li', {'aria-current': key === at ? 'step' : null}, t(words))));
}

const step = (row) => h('li', {}, h('b', {}, t(`step_${row.kind}`)), ` ${row.who} · ${when(row.at)} · ${t('rev')} ${row.rev}`, row.own ? h('em', {}, ` ${t('step_own')}`) : null, row.text ? h('p', {}, row.text) : null);

/** Open the dialog for where the plan stands. ctx: state, api, notes, refused, closeDialog, reviewed(). */
export function openReview(ctx) {
  const {view} = ctx.state;
  const dialog = $('dialog');
  const again = () => openReview(ctx);
  const impact = impactSection(ctx, again);
  const record = h('ol', {class: 'record'});
  const judging = SHUT.includes(view.review);
  const text = h('textarea', {id: 'review-text', rows: 2, maxlength: 2000, 'aria-label': t(judging ? 'review_text' : 'review_note'), placeholder: t(judging ? 'review_text' : 'review_note')});
  const message = h('p', {class: 'message', role: 'status', id: 'review-why'});
  const blocking = ctx.state.flaws.filter((flaw) => flaw.blocking && flaw.kind !== 'out_of_band').length;
  const objections = ctx.notes.openObjections();

  async function take(kind) {
    if (kind === 'return' && !text.value.trim()) { message.textContent = t('comment_missing'); text.focus(); return; }
    message.textContent = t('working');
    try {
      const made = await ctx.api.review(kind, text.value.trim() || null);
      ctx.closeDialog();
      ctx.reviewed(made.review);
    } catch (error) {
      if (!(error instanceof Offline) && error.status === undefined) throw error;
      message.textContent = ctx.refused(error);
    }
  }

  const button = (kind, key, primary) => h('button', {type: 'button', id: `review-${kind}`, class: primary ? 'btn primary' : 'btn', onclick: () => take(kind)}, t(key));
  const publish = h('button', {type: 'button', class: 'btn primary', id: 'review-publish', onclick: () => { ctx.closeDialog(); openPublish(ctx); }}, t('publish_next'));
  const actions = {
    draft: [button('submit', 'review_submit', true)], returned: [button('submit', 'review_submit', true)],
    submitted: [button('return', 'review_return'), button('approve', 'review_approve', true)], approved: [button('return', 'review_return'), publish],
  }[view.review];
  dialog.classList.add('wide');
  dialog.replaceChildren(h('h2', {id: 'dialog-title'}, `${view.area_name} · ${t('review_title')}`), h('div', {class: 'accepts plain'}, path(view.review),
    judging ? null : h('p', {}, t('review_shut')),
    blocking ? h('p', {class: 'warn'}, t('review_blocking', {n: blocking})) : null, objections ? h('p', {class: 'warn'}, t('review_objections', {n: objections})) : null,
    impact.element, h('section', {class: 'recorded', hidden: true}, h('h3', {}, t('review_record')), record)), text, message,
  h('div', {class: 'buttons'}, h('button', {type: 'button', class: 'btn', onclick: () => ctx.closeDialog()}, t('cancel')), actions));
  dialog.showModal();
  impact.load(null);
  ctx.api.reviewRecord().then(({steps}) => { record.replaceChildren(...steps.map(step)); record.parentElement.hidden = !steps.length; }, (error) => { message.textContent = ctx.refused(error); });
}
