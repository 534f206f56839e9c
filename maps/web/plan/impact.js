// What publishing the plan would change, before it is published: figures, tables, a highlight on the map, files.
import {Point, fromLonLat} from '/static/vendor/ol.js';
import {Offline} from './api.js';
import {h} from './dom.js';
import {language, t} from './words.js';

const MOST_ROWS = 200;

const called = (ref) => (ref ? `${ref.short || ref.name}` : '—');
const code = (ref) => (ref ? h('td', {title: ref.name}, called(ref), h('small', {class: 'code'}, ref.code)) : h('td', {}, '—'));
const floors = (runs) => runs.map(([low, high]) => (low === high ? `${low}` : `${low}–${high}`)).join('、');

function building(row) {
  const parts = [row.name || row.bid, /^\d+$/.test(row.stairwell || '') ? t('in_stairwell', {n: row.stairwell}) : row.stairwell, row.floors.length ? t('floors', {n: floors(row.floors)}) : ''];
  return parts.filter(Boolean).join(' ');
}

function table(title, rows, cells, heads) {
  if (!rows.length) return null;
  const shown = rows.slice(0, MOST_ROWS);
  return h('details', {}, h('summary', {}, `${title} (${rows.length})`), h('div', {class: 'scroll', tabindex: '0', role: 'region', 'aria-label': title}, h('table', {}, h('thead', {}, h('tr', {}, heads.map((one) => h('th', {scope: 'col'}, one)))),
    h('tbody', {}, shown.map((row) => h('tr', {}, cells(row))))), rows.length > MOST_ROWS ? h('p', {}, t('more_rows', {n: rows.length - MOST_ROWS})) : null));
}

function tables(found) {
  const pair = [t('what'), t('old_grid'), t('new_grid')];
  const point = (row) => [h('td', {}, row.number), code(row.old), code(row.new)];
  const codes = [...found.retired.map((ref) => ({what: 'retired', old: ref, new: null})), ...found.added.map((ref) => ({what: 'added', old: null, new: ref}))];
  return [
    table(t('impact_buildings'), found.buildings, (row) => [h('td', {}, building(row)), code(row.old), code(row.new), h('td', {class: 'num'}, String(row.households))], [...pair, t('households')]),
    table(t('impact_cases'), found.cases, point, pair), table(t('impact_hazards'), found.hazards, point, pair),
    table(t('impact_posts'), found.posts, (row) => [h('td', {}, `${language() === 'zh' ? row.post_zh : row.post_en}${row.holders ? ` × ${row.holders}` : ''}`), code(row.old), code(row.new)], pair),
    table(t('impact_codes'), codes, (row) => [h('td', {}, t(row.what)), code(row.old), code(row.new)], pair),
  ];
}

function tiles(found) {
  const rows = Object.entries(found.moved).map(([level, n]) => [n, t('impact_level', {n: level})]);
  [['buildings', new Set(found.buildings.map((row) => row.bid)).size], ['cases', found.cases.length], ['hazards', found.hazards.length], ['posts', found.posts.length]].forEach(([key, n]) => rows.push([n, t(`impact_${key}`)]));
  return h('div', {class: 'tiles'}, rows.map(([n, words]) => h('div', {class: 'tile'}, h('b', {}, n.toLocaleString('en')), h('span', {}, words))));
}

/** Geometries of all that changes grid. */
function places(ctx, found) {
  const bids = new Set(found.buildings.map((row) => row.bid));
  const houses = ctx.map.buildings.getSource().getFeatures().filter((one) => bids.has(String(one.get('bid')))).map((one) => one.getGeometry());
  return [...houses, ...[...found.cases, ...found.hazards].map((row) => new Point(fromLonLat([row.lon, row.lat])))];
}

/** A section that loads the impact for a first day in force; `again` opens the dialog anew from the map. */
export function impactSection(ctx, again) {
  const body = h('div', {'aria-live': 'polite'});
  const element = h('section', {class: 'impact', id: 'impact'}, h('h3', {}, t('impact')), body);

  function show(found) {
    const shapes = places(ctx, found);
    ctx.closeDialog();
    ctx.map.mark(shapes);
    ctx.map.fitAll(200);
    ctx.notice(t('impact_shown', {n: shapes.length}), {stays: true, actions: [[t('impact_back'), () => { ctx.clearNotice(); ctx.map.mark([]); again(); }]]});
  }

  function draw(found, day) {
    if (found.edition === null) { body.replaceChildren(h('p', {}, t('impact_first', {n: found.added.length}))); return; }
    const any = found.grids.length || found.buildings.length || found.cases.length || found.hazards.length || found.posts.length;
    const file = (ending) => h('a', {class: 'btn small', href: ctx.api.impactFile(ending, day, language()), download: ''}, `${t('download')} ${ending.toUpperCase()}`);
    body.replaceChildren(...(any ? [tiles(found), ...tables(found).filter(Boolean)] : [h('p', {}, t('impact_none'))]),
      h('div', {class: 'buttons'}, any ? h('button', {type: 'button', class: 'btn small', id: 'impact-show', onclick: () => show(found)}, t('impact_show')) : null, file('csv'), file('xlsx')));
  }

  async function load(day) {
    body.replaceChildren(h('p', {class: 'wait'}, t('impact_wait')));
    try {
      draw(await ctx.api.impact(day), day);
    } catch (error) {
      if (!(error instanceof Offline) && error.status === undefined) throw error;
      body.replaceChildren(h('p', {class: 'message'}, ctx.refused(error)));
    }
  }

  return {element, load};
}
