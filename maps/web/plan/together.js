// Other approved plans of the town, to publish in the same transaction.
import {Offline} from './api.js';
import {h} from './dom.js';
import {t} from './words.js';

/** The reasons of a plan's grids out of band that the server proves. */
const proved = (view) => view.nodes.filter((node) => node.in_band === false && node.reason && node.reason.proved && node.reason.code)
  .map((node) => ({plan: view.id, node: node.id, reason: node.reason.code}));

/** A section that lists them, newest of each basic grid; empty where there is none. */
export function togetherSection(ctx) {
  const element = h('section', {class: 'together', hidden: true});
  const chosen = new Map();

  async function choose(box, row, words) {
    if (!box.checked) { chosen.delete(row.id); return; }
    box.disabled = true;
    const accept = proved(await ctx.api.other(row.id));
    chosen.set(row.id, accept);
    if (accept.length) words.textContent = t('together_reasons', {n: accept.length});
    box.disabled = false;
  }

  async function load() {
    const own = ctx.state.view.area_code;
    const {plans} = await ctx.api.plansOf(own.slice(0, 9));
    const seen = new Set([own]);
    const rows = plans.filter((row) => row.review === 'approved' && !row.published && !seen.has(row.area_code) && seen.add(row.area_code));
    element.hidden = !rows.length;
    element.replaceChildren(h('h3', {}, t('together')), ...rows.map((row) => {
      const words = h('small', {});
      const box = h('input', {type: 'checkbox', id: `with-${row.id}`, onchange: () => choose(box, row, words).catch(failed)});
      return h('label', {class: 'accept', for: `with-${row.id}`}, box, h('span', {class: 'nm'}, h('b', {}, row.area_name), ` ${t('plan')} ${row.id}`, words));
    }));
  }

  function failed(error) {
    // without the list this plan is published alone
    if (!(error instanceof Offline) && error.status === undefined) throw error;
    chosen.clear();
    element.replaceChildren(h('p', {class: 'message'}, ctx.refused(error)));
  }

  load().catch(failed);
  return {element, plans: () => [...chosen.keys()], accept: () => [...chosen.values()].flat()};
}
