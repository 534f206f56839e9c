// What a border follows, told beside the mouse; read from the server once a revision and level, when it is first asked for.
import {VectorSource} from '../../vendor/ol.js';
import {Offline} from './api.js';
import {$, h} from './dom.js';
import {readFeatures} from './map.js';
import {said, t} from './words.js';

const REACH_PX = 7;

/** Tell borders under the mouse while the tool is to select. */
export function tellBorders({map, state, api}) {
  const source = new VectorSource();
  const tip = h('div', {id: 'tip', class: 'tip', role: 'tooltip', hidden: true});
  $('map').append(tip);
  let held = '';

  async function load() {
    const wanted = `${state.rev}/${state.level}`;
    if (held === wanted) return;
    held = wanted;
    source.clear();
    try {
      const found = readFeatures(await api.borders(state.level));
      if (held === wanted) source.addFeatures(found);
    } catch (error) {
      // the page works without: the next revision or level asks again
      if (!(error instanceof Offline) && error.status === undefined) throw error;
    }
  }

  function nearest(coordinate) {
    const found = source.getClosestFeatureToCoordinate(coordinate);
    if (!found) return null;
    const [x, y] = found.getGeometry().getClosestPoint(coordinate);
    const gap = Math.hypot(x - coordinate[0], y - coordinate[1]) / map.map.getView().getResolution();
    return gap <= REACH_PX ? found : null;
  }

  function tell(event) {
    const idle = !event.dragging && event.originalEvent.pointerType !== 'touch' && $('map').dataset.tool === 'select';
    if (idle) load();
    const found = idle ? nearest(event.coordinate) : null;
    tip.hidden = !found;
    if (!found) return;
    const words = {zh: found.get('zh'), en: found.get('en')};
    const names = {zh: found.get('names_zh').join(' | '), en: found.get('names_en').join(' | ')};
    tip.replaceChildren(h('b', {}, said(words)), ` ${t('metres', {n: Math.round(found.get('metres'))})}`, h('span', {}, said(names)));
    tip.style.transform = `translate(${Math.round(event.pixel[0]) + 14}px, ${Math.round(event.pixel[1]) + 14}px)`;
  }

  map.map.on('pointermove', tell);
  map.map.getViewport().addEventListener('pointerleave', () => { tip.hidden = true; });
}
