/* Marks over the map: clusters and heat of cases, hazard points by grade with their danger areas. */
(() => {
  const W = window.Wangge;
  const SIGNS = {landslide: '滑', collapse: '崩', sinkhole: '陷', cut_slope: '坡', check_dam: '坝', debris_flow: '泥',
    ground_collapse: '塌', fissure: '裂', subsidence: '沉', unstable_slope: '斜', other: '险'};

  W.hazardSign = (style, one) => {
    const ns = 'http://www.w3.org/2000/svg';
    const svg = document.createElementNS(ns, 'svg');
    const gone = one.state === 'struck_off';
    Object.entries({width: 26, height: 24, viewBox: '0 0 26 24', 'aria-hidden': 'true'}).forEach(([k, v]) => svg.setAttribute(k, v));
    const path = document.createElementNS(ns, 'path');
    const colour = style.grades[one.grade] || style.colours.hazard;
    Object.entries({d: 'M13 2 24.5 22H1.5Z', fill: gone ? '#fff' : colour, stroke: gone ? colour : '#fff', 'stroke-width': 1.8, 'stroke-linejoin': 'round'})
      .forEach(([k, v]) => path.setAttribute(k, v));
    const text = document.createElementNS(ns, 'text');
    Object.entries({x: 13, y: 19.2, 'text-anchor': 'middle', 'font-size': 10.5, 'font-weight': 700, fill: gone ? colour : '#fff'}).forEach(([k, v]) => text.setAttribute(k, v));
    text.textContent = SIGNS[one.kind] || SIGNS.other;
    svg.append(path, text);
    return svg;
  };

  const HEAT_PX = 24;
  const HEAT_LEAST = 2; // a case alone is never of the darkest colour

  /** The most cases on a patch of ground as wide as the heat of one: the darkest colour stands for it. */
  function fullest(map, cases) {
    const k = 2 ** map.getZoom() / HEAT_PX;
    const patches = new Map();
    cases.forEach((one) => {
      const patch = W.plane(one.lon, one.lat).map((v) => Math.floor(v * k)).join();
      patches.set(patch, (patches.get(patch) || 0) + 1);
    });
    return Math.max(HEAT_LEAST, ...patches.values());
  }

  function clusterIcon(cluster) {
    const n = cluster.getChildCount();
    const size = Math.round(22 + 7 * Math.log10(n) + (n > 9 ? 4 : 0));
    return L.divIcon({html: W.h('span', {}, String(n)), className: 'wg-cluster', iconSize: [size, size]});
  }

  /** ctx: style, duty, open(case or hazard). Returns {show(name, on), refresh(), boxes()}. */
  W.marks = (map, ctx, danger) => {
    const {style, duty} = ctx;
    if (!duty) return {show() {}, refresh() {}, boxes: () => []};
    const cluster = L.markerClusterGroup({clusterPane: 'marks', maxClusterRadius: 44, showCoverageOnHover: false, animate: false,
      spiderfyOnMaxZoom: true, iconCreateFunction: clusterIcon});
    const dot = (closed) => L.divIcon({html: '', className: `wg-case${closed ? '' : ' open'}`, iconSize: [13, 13]});
    const icons = {true: dot(true), false: dot(false)};
    duty.cases.forEach((one) => {
      one.mark = L.marker([one.lat, one.lon], {pane: 'marks', icon: icons[one.closed], keyboard: false});
      one.mark.on('click', (event) => { L.DomEvent.stop(event); ctx.open('case', one); });
    });
    const hazards = L.layerGroup(duty.hazards.map((one) => {
      const icon = L.divIcon({html: W.hazardSign(style, one), className: `wg-hazard${one.state === 'struck_off' ? ' wg-gone' : ''}`, iconSize: [26, 24], iconAnchor: [13, 16]});
      one.mark = L.marker([one.lat, one.lon], {pane: 'marks', icon, keyboard: false, zIndexOffset: -3000, riseOnHover: true});
      one.mark.on('click', (event) => { L.DomEvent.stop(event); ctx.open('hazard', one); });
      return one.mark;
    }));
    const heat = L.heatLayer([], {radius: HEAT_PX, blur: 18, minOpacity: 0.3, maxZoom: 0, gradient: style.heat});
    if (danger) {
      // a point that was struck off threatens nothing any more: a faint outline, no hatching
      danger.setStyle((f) => (f.properties.state === 'struck_off'
        ? {color: style.colours.muted, weight: 1, opacity: 0.7, dashArray: '1 4', fillOpacity: 0}
        : {color: style.grades[f.properties.grade] || style.colours.hazard, weight: 1.4, opacity: 0.9, dashArray: '5 3', fillColor: `url(#wg-danger-${f.properties.grade || 'III'})`, fillOpacity: 1}));
    }
    const layers = {cases: cluster, heat, hazards, danger};

    function refresh() {
      const shown = duty.shown();
      cluster.clearLayers();
      cluster.addLayers(shown.map((one) => one.mark));
      warm();
    }

    function warm() {
      if (!map.hasLayer(heat)) return; // off the map, the layer can't be drawn anew
      const shown = duty.shown();
      heat.setLatLngs(shown.map((one) => [one.lat, one.lon]));
      heat.setOptions({max: fullest(map, shown)});
    }
    refresh();
    map.on('zoomend', warm);
    return {
      refresh,
      show(name, on) {
        const layer = layers[name];
        if (!layer) return;
        if (on) layer.addTo(map);
        else layer.remove();
        if (name === 'heat') warm();
      },
      /** What the marks take of the map, in layer points: labels keep off. */
      boxes: () => [...map.getPane('marks').children].map((node) => {
        const at = L.DomUtil.getPosition(node);
        const size = node.classList.contains('wg-cluster') ? parseInt(node.style.width, 10) / 2 : 12;
        return [at.x - size, at.y - size - (size === 12 ? 4 : 0), at.x + size, at.y + size];
      }),
    };
  };
})();
