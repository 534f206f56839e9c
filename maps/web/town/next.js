/* What is to be done where nothing is published yet, the outlines that wait for it; and the choice of a town. */
(() => {
  const W = window.Wangge;
  const {h, $} = W;

  /** Outlines of the basic grids without grids in force, on the map; null where all have some. */
  W.waiting = (map, next) => (next ? L.geoJSON(next.outlines, {pane: 'upper', interactive: false,
    style: {color: '#25343c', weight: 2, dashArray: '7 5', fill: false},
    onEachFeature: (one, shape) => shape.bindTooltip(h('span', {}, one.properties.name || one.properties.code), {permanent: true, direction: 'center', className: 'wg-wait'})}).addTo(map) : null);

  /** The section of the panel that says what is next. */
  W.next = (t, next, planUrl) => {
    if (!next) return null;
    const line = (text, href) => h('p', {}, h('a', {href}, text));
    const waiting = next.outlines.features.length;
    const steps = next.disputes ? [line(t('next_disputes').replace('{n}', next.disputes), `/disputes?area=${next.area}`)] : [
      ...next.plans.map(([n, name]) => line(t('next_plan').replace('{n}', n).replace('{name}', name), `/plan/${n}`)),
      ...(planUrl ? [line(t('next_begin'), planUrl)] : [h('p', {}, t('next_propose')), h('code', {}, `wangge propose --area ${next.area} --publish`)])];
    return h('section', {class: 'wg-next'}, h('h2', {}, next.all ? t('unpublished') : t('unpublished_some').replace('{n}', waiting)), steps);
  };

  /** The choice of a town, where there are several. */
  W.towns = (config, lang) => {
    const list = $('wg-town');
    list.hidden = !config.towns || config.towns.length < 2;
    if (list.hidden || list.options.length) return;
    const here = config.area;
    list.append(...config.towns.map(([code, name]) => h('option', {value: code}, name)));
    list.value = here.slice(0, 9);
    list.onchange = () => { window.location.href = `/maps/town?area=${list.value}&lang=${lang()}`; };
  };
})();
