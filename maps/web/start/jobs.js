// The jobs: those that wait or run, with progress told live, and what the others made.
import {ask, post} from '../plan/api.js';
import {$, h} from '../parts/dom.js';
import {language, said, t} from './words.js';

const OPEN = ['waiting', 'running'];
const known = new Map();
const streams = new Map();
let settle = () => {};
let complain = () => {};

const when = (text) => new Date(text).toLocaleString(language() === 'zh' ? 'zh-CN' : 'en-GB', {month: 'numeric', day: 'numeric', hour: '2-digit', minute: '2-digit'});
const seconds = (job) => Math.round((new Date(job.ended_at) - new Date(job.started_at)) / 1000);

/** Begin to show the jobs of a town; `ended` is called when one ends, `failed` with what went wrong. */
export async function followJobs(area, {ended, failed}) {
  settle = ended;
  complain = failed;
  streams.forEach((stream) => stream.close());
  streams.clear();
  known.clear();
  (await ask(`/v1/jobs?area=${area}`)).jobs.forEach((job) => known.set(job.id, job));
  known.forEach(watch);
  drawJobs();
}

/** Show a job that was just asked for. */
export function addJob(job) {
  known.set(job.id, job);
  watch(job);
  drawJobs();
  document.querySelector(`[data-job="${job.id}"]`).scrollIntoView({block: 'nearest'});
}

function watch(job) {
  if (!OPEN.includes(job.state) || streams.has(job.id)) return;
  const stream = new EventSource(`/v1/jobs/${job.id}/events`);
  streams.set(job.id, stream);
  stream.addEventListener('job', (event) => {
    const now = JSON.parse(event.data);
    known.set(now.id, now);
    if (!OPEN.includes(now.state)) {
      stream.close();
      streams.delete(now.id);
      settle(now);
    }
    redraw(now);
  });
}

window.addEventListener('pagehide', () => streams.forEach((stream) => stream.close()));

export function drawJobs() {
  const rows = [...known.values()].sort((a, b) => OPEN.includes(b.state) - OPEN.includes(a.state) || b.id - a.id);
  $('work-title').textContent = t('work');
  $('work-none').textContent = t('work_none');
  $('work-none').hidden = rows.length > 0;
  $('jobs').replaceChildren(...rows.map(row));
}

/** Write one job anew where it stands; progress leaves the focus where it is. */
function redraw(job) {
  const old = document.querySelector(`[data-job="${job.id}"]`);
  if (!old || old.dataset.state !== job.state) { drawJobs(); return; }
  const focused = old.contains(document.activeElement);
  const now = row(job);
  old.replaceWith(now);
  if (focused && now.querySelector('button')) now.querySelector('button').focus();
}

function row(job) {
  const state = job.stopping ? 'stopping' : job.state;
  return h('li', {'data-job': job.id, 'data-state': job.state, class: 'job'},
    h('div', {class: 'job-head'}, h('b', {}, job.place), job.asked.alternatives ? h('span', {}, t('kinds', {n: job.asked.alternatives})) : null,
      h('span', {class: `state ${state}`}, t(state)), h('small', {}, t('by', {who: job.who, at: when(job.made_at)}))),
    job.state === 'running' ? bar(job) : null, job.state === 'waiting' ? queued(job) : null,
    job.state === 'done' ? made(job) : null,
    job.error ? h('p', {class: 'wrong'}, said(job.error.words)) : null,
    OPEN.includes(job.state) ? h('button', {type: 'button', class: 'btn small', disabled: job.stopping, onclick: () => stop(job.id)}, t('cancel')) : null);
}

async function stop(id) {
  try {
    const now = await post(`/v1/jobs/${id}/cancel`, {});
    known.set(id, now);
    redraw(now);
  } catch (error) {
    complain(error);
  }
}

function bar(job) {
  const percent = job.total ? Math.floor(100 * job.done / job.total) : 0;
  const stage = job.stage ? said(job.stage) : t('begin');
  return h('div', {class: 'progress'}, h('progress', {max: 100, value: percent, 'aria-label': stage}), h('span', {}, stage), h('b', {}, `${percent} %`));
}

const queued = (job) => h('p', {class: job.served ? 'none' : 'wrong'}, job.served ? t(job.ahead ? 'ahead' : 'next_up', {n: job.ahead}) : t('unserved'));

function made(job) {
  if (job.result.alternatives) return sideBySide(job.result.alternatives);
  const {plans} = job.result;
  const counts = [1, 2, 3].map((level) => sum(plans, level, (one) => one.grids + one.dedicated)).filter((n) => n > 0);
  const out = sum(plans, null, (one) => one.out_of_band);
  const figures = [t('counts', {counts: counts.join(' / ')}), out ? t('out', {n: out}) : null, t('took', {s: seconds(job)})].filter((text) => text);
  const link = (one) => h('a', {href: `/plan/${one.plan_id}?lang=${language()}`, class: 'btn primary small'}, plans.length > 1 ? t('open_n', {name: one.area_name}) : t('open_plan'));
  if (plans.length === 1) return h('div', {class: 'made'}, h('p', {}, figures.join(' · ')), link(plans[0]));
  return h('div', {class: 'made'}, h('p', {}, [t('made', {n: plans.length}), ...figures].join(' · ')),
    h('details', {}, h('summary', {}, t('all_plans', {n: plans.length})), h('div', {class: 'links'}, plans.map((one) => h('a', {href: `/plan/${one.plan_id}?lang=${language()}`}, one.area_name)))));
}

const sum = (plans, level, figure) => plans.flatMap((one) => one.levels).filter((one) => level === null || one.level === level).reduce((all, one) => all + figure(one), 0);

function sideBySide(found) {
  const links = found[0].plans.map((place, at) => h('a', {
    href: `/maps/alternatives?area=${place.area_code}&plans=${found.map((one) => one.plans[at].plan_id).join(',')}&lang=${language()}`,
    class: found[0].plans.length > 1 ? null : 'btn primary small',
  }, found[0].plans.length > 1 ? t('compare_n', {name: place.area_name}) : t('compare')));
  return h('div', {class: 'made'}, h('p', {}, found.map(said).join(' · ')), links.length > 1 ? h('div', {class: 'links'}, links) : links);
}
