// Talking to /v1: JSON in and out, refusals as Problem, a lost network as Offline.

export class Problem extends Error {
  constructor(status, body) {
    super(body.code || String(status));
    this.status = status;
    this.code = body.code || '';
    this.words = body.words || null;
    this.where = body.where || [];
    this.data = body.data || {};
  }

  get stale() { return this.status === 409 && this.code.includes('stale'); }
}

export class Offline extends Error {}

const PATIENCE_MS = 60000;

export async function ask(path, options = {}) {
  let answer;
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE_MS);
  try {
    answer = await fetch(path, {
      credentials: 'same-origin', signal: stop.signal, ...options,
      headers: {Accept: 'application/json, application/geo+json', 'X-Wangge': '1', ...(typeof options.body === 'string' ? {'Content-Type': 'application/json'} : {})},
    });
  } catch (error) {
    throw new Offline(error.message);
  } finally {
    clearTimeout(timer);
  }
  const text = await answer.text();
  let body = {};
  try { body = text ? JSON.parse(text) : {}; } catch (error) { if (answer.ok) throw new Problem(answer.status, {}); }
  if (!answer.ok) throw new Problem(answer.status, body);
  return body;
}

export const put = (path, body) => ask(path, {method: 'PUT', body: JSON.stringify(body)});
export const post = (path, body) => ask(path, {method: 'POST', body: JSON.stringify(body)});

/** The calls of one plan. */
export function planApi(id) {
  const base = `/v1/plans/${id}`;
  return {
    view: () => ask(base),
    changes: (since) => ask(`${base}/changes?since=${since}`),
    events: (since) => `${base}/events?since=${since}`,
    inHand: (town) => ask(`/v1/plans/in-hand?area=${town}`),
    transfer: (building, rev, to) => post('/v1/transfers', {building, from_plan: id, to_plan: to.id, base_revs: [rev, to.rev]}),
    planView: (plan) => ask(`/v1/plans/${plan}/view`),
    grids: () => ask(`${base}/grids`),
    cells: () => ask(`${base}/cells`),
    borders: (level, node) => ask(`${base}/borders?level=${level}&node=${node}`),
    buildings: () => ask(`${base}/buildings`),
    // roads and water are there to look at: without them the page still works
    features: () => ask(`${base}/features`).catch((error) => {
      if (error instanceof Problem && error.status === 404) return {type: 'FeatureCollection', features: []};
      throw error;
    }),
    relief: (area) => ask(`/v1/relief/${area}`),
    /** Send an edit (see edits.js): call 'moves', 'undo', 'redo' or 'repropose'. */
    send: ({call, base: rev, action, key}) => post(`${base}/${call}`, {base_rev: rev, client_id: key, ...(call === 'moves' ? {action} : action)}),
    preview: (rev, action) => post(`${base}/preview`, {base_rev: rev, action}),
    handles: (level) => ask(`${base}/handles?level=${level}`),
    tower: (bid) => ask(`${base}/tower?bid=${encodeURIComponent(bid)}`),
    notes: () => ask(`${base}/notes`),
    addNote: (note) => post(`${base}/notes`, note),
    resolve: (number, resolved) => post(`${base}/notes/${number}/resolve`, {resolved}),
    minutes: (lang) => `/plan/${id}/minutes?lang=${lang}`,
    reviewRecord: () => ask(`${base}/review`),
    review: (kind, text) => post(`${base}/${kind}`, {text}),
    impact: (day) => ask(`${base}/impact${day ? `?valid_from=${day}` : ''}`),
    impactFile: (ending, day, lang) => `${base}/impact.${ending}?lang=${lang}${day ? `&valid_from=${day}` : ''}`,
    inForce: (area) => ask(`/v1/grids?area=${area}`),
    plansOf: (area) => ask(`/v1/plans?area=${area}`),
    other: (plan) => ask(`/v1/plans/${plan}`),
    release: (plans, validFrom, accept) => post('/v1/releases', {plans, valid_from: validFrom, accept}),
    publish: (validFrom, accept) => post(`${base}/publish`, {valid_from: validFrom, accept}),
  };
}
