// Two maps over one another with a slider between: the upper one is seen left of it, the lower one right of it.
import {h} from './dom.js';

const THUMB_PX = 44;

/**
 * Lay a slider over two maps that share a view.
 * host: the element that holds both; over: the upper map's element; titles: [left, right]; label: for who can't see it.
 * Returns what takes it away again.
 */
export function swipe({host, over, titles, label}) {
  const line = h('div', {class: 'swipe-line', 'aria-hidden': 'true'});
  const input = h('input', {type: 'range', class: 'swipe', min: 0, max: 1000, value: 500, 'aria-label': label});
  const left = h('span', {class: 'swipe-title left'}, titles[0]);
  const right = h('span', {class: 'swipe-title right'}, titles[1]);
  const place = () => {
    const width = host.clientWidth;
    const x = THUMB_PX / 2 + (Number(input.value) / 1000) * (width - THUMB_PX);
    over.style.clipPath = `inset(0 ${Math.max(0, width - x)}px 0 0)`;
    line.style.left = `${x}px`;
    left.style.right = `${width - x + 12}px`;
    right.style.left = `${x + 12}px`;
  };
  input.addEventListener('input', place);
  const watch = new ResizeObserver(place);
  watch.observe(host);
  host.append(line, input, left, right);
  place();
  return () => {
    watch.disconnect();
    [line, input, left, right].forEach((one) => one.remove());
  };
}

/** A PlanState's view of published grids (GeoJSON of /v1/grids): their codes stand for ids. */
export function viewOfEdition(collection, levels) {
  const bands = new Map((levels || []).map((row) => [row.level, row]));
  const holds = (p) => {
    const band = bands.get(p.level);
    if (p.kind !== 'ordinary' || !band || band.minimum === null) return null;
    return p.households >= band.minimum && p.households <= band.maximum;
  };
  const nodes = collection.features.map(({properties: p}) => ({
    id: p.code, parent: p.level ? p.parent : null, level: p.level, kind: p.kind, name: p.name, label: p.short, short: p.short,
    locked: false, households: p.households, registered: p.registered, in_band: holds(p), reason: null, accepted: null,
  }));
  const features = collection.features.map((f) => ({...f, properties: {...f.properties, node_id: f.properties.code}}));
  return {view: {rev: 0, levels, nodes, flaws: []}, grids: {...collection, features}};
}
