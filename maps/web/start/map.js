// The town as a small drawing: each basic grid in the colour of its state, to be clicked.
import {$, s} from '../parts/dom.js';
import {t} from './words.js';

const WIDE = 560;
const LEAST = 1.5; // pixels between two corners that are worth drawing

/** Lay longitudes and latitudes out on a drawing, the shape kept at this latitude. */
function layout(shapes) {
  const points = shapes.flatMap((one) => one.rings.flat());
  const [lons, lats] = [points.map((p) => p[0]), points.map((p) => p[1])];
  const least = (values) => values.reduce((a, b) => Math.min(a, b), Infinity);
  const most = (values) => values.reduce((a, b) => Math.max(a, b), -Infinity);
  const [left, right, bottom, top] = [least(lons), most(lons), least(lats), most(lats)];
  const squeeze = Math.cos((bottom + top) * Math.PI / 360);
  const scale = WIDE / ((right - left) * squeeze);
  return {at: ([lon, lat]) => [(lon - left) * squeeze * scale, (top - lat) * scale], high: (top - bottom) * scale};
}

function path(rings, at) {
  return rings.map((ring) => {
    let last = null;
    const kept = ring.map(at).filter((p) => {
      if (last && Math.hypot(p[0] - last[0], p[1] - last[1]) < LEAST) return false;
      last = p;
      return true;
    });
    return `M${kept.map((p) => `${p[0].toFixed(1)} ${p[1].toFixed(1)}`).join('L')}Z`;
  }).join('');
}

/** Draw the outlines; `choose` is called with a code. */
export function drawMap(outlines, {name, choose}) {
  const shapes = outlines.features.filter((one) => one.geometry).map((one) => ({
    code: one.properties.code, name: one.properties.name,
    rings: one.geometry.type === 'Polygon' ? one.geometry.coordinates : one.geometry.coordinates.flat(),
  }));
  $('map').replaceChildren();
  $('map').toggleAttribute('hidden', !shapes.length);
  if (!shapes.length) return;
  const {at, high} = layout(shapes);
  $('map').setAttribute('viewBox', `-4 -4 ${WIDE + 8} ${high + 8}`);
  $('map').setAttribute('aria-label', t('map', {name}));
  shapes.forEach((one) => $('map').append(
    s('path', {d: path(one.rings, at), 'data-code': one.code, onclick: () => choose(one.code)}, s('title', {}, one.name))));
}

/** Colour the drawing by state, and mark what is chosen. */
export function paintMap(states, chosen) {
  document.querySelectorAll('#map path').forEach((one) => {
    const mine = one.dataset.code;
    one.setAttribute('class', `${states[mine] || 'no_ground'}${mine === chosen ? ' chosen' : ''}`);
    if (mine === chosen) one.parentNode.append(one); // on top of its neighbours
  });
}
