// Elements of the planner's page: a tool's picture, a band's swatch and bar, beside those that every page makes.
import {$, h, s} from '../parts/dom.js';
import {t} from './words.js';

export {$, h};

const ICONS = {
  select: 'M5 3l14 7-6 2-2 6z', give: 'M4 20l1-5L16 4l4 4L9 19zM13 7l4 4', split: 'M4 5h6v14H4zM14 5h6v14h-6zM14 2l-4 20',
  merge: 'M3 6h18v12H3zM12 6v3M12 15v3M9 12h6', paint: 'M14 4l6 6-7 6-5-5zM8 11c-3 0-4 2-4 4s-1 3-2 4c4 1 9 0 9-5', reshape: 'M3 5c5 0 6 4 9 7s4 7 9 7M16 5h5v5M21 5l-6 6',
  handles: 'M12 3v6M12 15v6M3 12h6M15 12h6M9 9h6v6H9z', divide: 'M3 5h18v14H3zM9 5v14M15 5v14', draw: 'M5 18L3 8l9-5 9 6-4 11zM12 8v8M8 12h8', fill: 'M4 4h16v16H4zM4 12h8V4M8 16l3 3 6-7',
  repropose: 'M20 12a8 8 0 11-3-6M20 3v4h-4M9 12h6M12 9v6', reasons: 'M4 5h16v11H11l-4 4v-4H4zM8 9h8M8 12h5',
  tower: 'M6 21V3h12v18M6 9h12M6 15h12M12 3v18M3 21h18', more: 'M5 12h.01M12 12h.01M19 12h.01', help: 'M9 9a3 3 0 116 0c0 2-3 2-3 5M12 18h.01', undo: 'M9 5L4 10l5 5M4 10h9a6 6 0 010 12h-2', redo: 'M15 5l5 5-5 5M20 10h-9a6 6 0 000 12h2',
};

/** A tool's picture, drawn as strokes. */
export function icon(name) {
  return s('svg', {viewBox: '0 0 24 24', width: 22, height: 22, fill: 'none', stroke: 'currentColor', 'stroke-width': 1.9,
    'stroke-linejoin': 'round', 'stroke-linecap': 'round', 'aria-hidden': 'true'}, s('path', {d: ICONS[name]}));
}

export const swatch = (style, state) => h('span', {class: `swatch ${state}`, 'aria-hidden': 'true'}, style.bands[state].mark);

/** The bar: where the households stand against the band. */
export function bandBar(households, band, state) {
  if (!band || state === 'none') return null;
  const top = Math.max(band.max * 1.25, households * 1.05, 1);
  const pct = (n) => `${Math.min(100, 100 * n / top)}%`;
  const zone = h('i', {class: 'zone'});
  const fill = h('i', {class: `fill ${state}`});
  zone.style.left = pct(band.min);
  zone.style.width = pct(band.max - band.min);
  fill.style.width = pct(households);
  const low = h('b', {}, String(band.min));
  const high = h('b', {}, String(band.max));
  low.style.left = pct(band.min);
  high.style.left = pct(band.max);
  return h('div', {class: 'barbox', role: 'img', 'aria-label': `${households}${t('unit')} / ${band.min}–${band.max}`},
    h('div', {class: 'bar'}, zone, fill), h('div', {class: 'ticks'}, low, high));
}
