// What the panels ask the server: borders' alternatives, history, acceptances, posts, cases and hazards, reference layers.
import {ask, post} from './api.js';

const PAGES = 10;

/** All pages of a paged collection, as far as PAGES go. */
async function everyPage(path) {
  const features = [];
  let next = path;
  for (let i = 0; next && i < PAGES; i += 1) {
    const page = await ask(next);
    features.push(...page.features);
    next = page.next;
  }
  return {type: 'FeatureCollection', features, more: Boolean(next)};
}

/** The calls of one plan on the ground of one basic grid. */
export function panelApi(plan, area) {
  const base = `/v1/plans/${plan}`;
  const layers = `/v1/places/${area}/references`;
  return {
    whyNot: (between, at, signal) => ask(`${base}/why-not?${between ? `a=${between[0]}&b=${between[1]}` : `lon=${at[0]}&lat=${at[1]}`}`, {signal}),
    effect: (since) => ask(`${base}/effect?since=${since}`),
    moves: (since) => ask(`${base}/moves?since=${since}`),
    gridsAt: (rev) => ask(`${base}/grids?rev=${rev}`),
    plans: () => ask(`/v1/plans?area=${area}`),
    copy: (name, rev) => post(`${base}/copy`, {name, rev}),
    name: (name) => ask(base, {method: 'PATCH', body: JSON.stringify({name})}),
    accept: (node, reason) => post(`${base}/acceptances`, {node, reason}),
    withdraw: (node) => ask(`${base}/acceptances/${node}`, {method: 'DELETE'}),
    posts: () => ask(`${base}/posts`),
    cases: () => everyPage(`/v1/cases?area=${area}&limit=1000`),
    hazards: () => everyPage(`/v1/hazards?area=${area}&limit=1000`),
    references: () => ask(layers),
    reference: (id) => ask(`${layers}/${id}`),
    dropReference: (id) => ask(`${layers}/${id}`, {method: 'DELETE'}),
    addReference: (file, name, crs) => {
      const form = new FormData();
      form.append('file', file);
      form.append('name', name);
      form.append('crs', crs);
      return ask(layers, {method: 'POST', body: form});
    },
  };
}
