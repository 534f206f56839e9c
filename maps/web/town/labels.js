/* Labels of the read-only maps in their own pane: greedy, the most important first, none over another. */
(() => {
  const W = window.Wangge;
  const measure = document.createElement('canvas').getContext('2d');

  function width(text, font) {
    measure.font = font;
    return measure.measureText(text).width;
  }

  /** Boxes already taken, binned so that a thousand labels stay quick. */
  function boxes() {
    const bins = new Map();
    const size = 96;
    const keys = (box) => {
      const out = [];
      for (let x = Math.floor(box[0] / size); x <= Math.floor(box[2] / size); x += 1) {
        for (let y = Math.floor(box[1] / size); y <= Math.floor(box[3] / size); y += 1) out.push(`${x},${y}`);
      }
      return out;
    };
    return {
      take(box) {
        const cells = keys(box);
        const hit = cells.some((key) => (bins.get(key) || []).some(
          (o) => box[0] < o[2] && box[2] > o[0] && box[1] < o[3] && box[3] > o[1]));
        if (hit) return false;
        cells.forEach((key) => { if (!bins.has(key)) bins.set(key, []); bins.get(key).push(box); });
        return true;
      },
    };
  }

  function place(pane, point, lines, className, angle) {
    const node = L.DomUtil.create('div', `wg-label ${className}`, pane);
    lines.forEach(([text, name]) => {
      const line = L.DomUtil.create('span', name || '', node);
      line.textContent = text;
    });
    node.style.left = `${point.x}px`;
    node.style.top = `${point.y}px`;
    const steep = angle && Math.abs(angle) > 55 && /[\u3400-\u9fff]/.test(lines[0][0]);
    if (steep) { // Chinese runs down a steep line, each character upright
      L.DomUtil.addClass(node, 'down');
      node.style.transform = `translate(-50%, -50%) rotate(${angle > 0 ? angle - 90 : angle + 90}deg)`;
    } else if (angle) node.style.transform = `translate(-50%, -50%) rotate(${angle}deg)`;
    return node;
  }

  function gridLabel(map, entry, ctx) {
    const p = entry.p;
    const big = p.level <= 1;
    const font = `${big ? 700 : 600} ${big ? 14 : 12}px ${ctx.font}`;
    const name = p.level === 0 || !p.short ? p.name : p.short;
    const count = p.kind === 'dedicated' && !p.households ? ctx.dedicated : `${ctx.mark(p.state)}${p.households}${ctx.unit}`;
    const topWidth = width(name, font);
    const countWidth = width(count, `12px ${ctx.font}`);
    const nw = map.latLngToLayerPoint(entry.bounds.getNorthWest());
    const se = map.latLngToLayerPoint(entry.bounds.getSouthEast());
    const room = [Math.abs(se.x - nw.x), Math.abs(se.y - nw.y)];
    const bad = p.state === 'under' || p.state === 'over';
    if (room[0] < topWidth * 0.82 || room[1] < 15) {
      return bad && room[0] > 9 && room[1] > 9 ? {lines: [[ctx.mark(p.state), 'n']], w: 11, h: 13} : null;
    }
    if (room[0] < countWidth * 0.9 || room[1] < 34) return {lines: [[name, 'n']], w: topWidth, h: 16, big};
    return {lines: [[name, 'n'], [count, 'c']], w: Math.max(topWidth, countWidth), h: 33, big};
  }

  function lineLabel(map, layer, font) {
    const rings = layer.getLatLngs();
    const longest = (Array.isArray(rings[0]) ? rings : [rings]).reduce((a, b) => (b.length > a.length ? b : a));
    const points = longest.map((at) => map.latLngToLayerPoint(at));
    let total = 0;
    const upto = points.map((q, i) => { if (i) total += q.distanceTo(points[i - 1]); return total; });
    const text = layer.feature.properties.name;
    const w = width(text, font);
    if (total < w * 1.4) return null;
    const at = (d) => {
      const i = Math.max(1, upto.findIndex((u) => u >= d));
      const f = (d - upto[i - 1]) / ((upto[i] - upto[i - 1]) || 1);
      return L.point(points[i - 1].x + (points[i].x - points[i - 1].x) * f, points[i - 1].y + (points[i].y - points[i - 1].y) * f);
    };
    const a = at(total / 2 - w / 2);
    const b = at(total / 2 + w / 2);
    let angle = Math.atan2(b.y - a.y, b.x - a.x) * 180 / Math.PI;
    if (angle > 90) angle -= 180;
    if (angle < -90) angle += 180;
    return {text, w, angle, at: at(total / 2)};
  }

  /** Letter the map. ctx: font, entries() of shown grids, mark(state), unit, layers, places. Returns draw(). */
  W.labels = (map, ctx) => {
    const pane = map.getPane('labels');
    L.DomUtil.addClass(pane, 'leaflet-zoom-hide');

    /** Names along water, gullies and roads; returns those that were drawn. */
    function drawLines(taken, view) {
      const seen = {};
      ['lines', 'roads'].forEach((kind) => {
        if (!ctx.layers[kind] || map.getZoom() < 14.5) return;
        ctx.layers[kind].eachLayer((layer) => {
          const p = layer.feature.properties;
          if (!p.name || p.layer === 'walls' || !layer.getLatLngs || !view.intersects(layer.getBounds())) return;
          const label = lineLabel(map, layer, `12px ${ctx.font}`);
          if (!label || (seen[p.name] || []).some((o) => o.distanceTo(label.at) < 320)) return;
          const c = Math.abs(Math.cos(label.angle * Math.PI / 180));
          const s = Math.abs(Math.sin(label.angle * Math.PI / 180));
          const w = (label.w * c + 14 * s) / 2 + 2;
          const h = (label.w * s + 14 * c) / 2 + 2;
          if (!taken.take([label.at.x - w, label.at.y - h, label.at.x + w, label.at.y + h])) return;
          (seen[p.name] = seen[p.name] || []).push(label.at);
          place(pane, label.at, [[label.text]], p.layer === 'water_lines' ? 'water' : (p.layer === 'gullies' ? 'gully' : 'road'), label.angle);
        });
      });
      return new Set(Object.keys(seen));
    }

    /** Names of estates, parks and ponds in their middle, where there is room. */
    function drawSpots(taken, view, seen) {
      ['land', 'ponds'].forEach((kind) => {
        if (!ctx.layers[kind] || map.getZoom() < 15.5) return;
        ctx.layers[kind].eachLayer((layer) => {
          const {name} = layer.feature.properties;
          if (!name || seen.has(name) || !layer.getBounds || !view.intersects(layer.getBounds())) return;
          const w = width(name, `12px ${ctx.font}`) / 2 + 3;
          const [a, b] = [layer.getBounds().getNorthWest(), layer.getBounds().getSouthEast()].map((at) => map.latLngToLayerPoint(at));
          if (b.x - a.x < 2 * w) return;
          // where grids' names stand in the middle, above or below them
          const y = [0, -0.17, 0.17, -0.33, 0.33].map((f) => (a.y + b.y) / 2 + f * (b.y - a.y));
          const x = (a.x + b.x) / 2;
          const inside = (one) => { const at = map.layerPointToLatLng([x, one]); return ctx.covers(layer, at.lat, at.lng); };
          const free = y.find((one) => inside(one) && taken.take([x - w, one - 9, x + w, one + 9]));
          if (free === undefined) return;
          seen.add(name);
          place(pane, L.point(x, free), [[name]], kind === 'land' ? 'place' : 'water');
        });
      });
    }

    /** Names of basic grids, where several are shown: at the free spot nearest to the middle of their ground. */
    function drawAreas(taken, view) {
      const areas = ctx.areas();
      if (areas.length < 2) return;
      areas.forEach((entry) => {
        const b = entry.bounds;
        const w = width(entry.p.name, `700 13px ${ctx.font}`) / 2 + 5;
        const across = map.latLngToLayerPoint(b.getSouthEast()).x - map.latLngToLayerPoint(b.getNorthWest()).x;
        if (across < 2 * w || !view.intersects(b)) return;
        const middle = map.latLngToLayerPoint(entry.p.at);
        const spots = [];
        for (let i = 1; i < 24; i += 1) {
          for (let j = 1; j < 12; j += 1) {
            const at = L.latLng(b.getSouth() + (b.getNorth() - b.getSouth()) * i / 24, b.getWest() + (b.getEast() - b.getWest()) * j / 12);
            const point = map.latLngToLayerPoint(at);
            if (ctx.covers(entry.shape, at.lat, at.lng)) spots.push([point.distanceTo(middle), point]);
          }
        }
        spots.sort((p, q) => p[0] - q[0]);
        const found = spots.find(([, at]) => taken.take([at.x - w, at.y - 10, at.x + w, at.y + 10]));
        if (found) place(pane, found[1], [[entry.p.name]], 'area');
      });
    }

    /** The buttons over the map keep their room: no label ends under them. */
    function keepClear(taken) {
      const frame = map.getContainer().getBoundingClientRect();
      document.querySelectorAll('.wg-levels, .wg-zoom, .wg-north, .wg-legend').forEach((node) => {
        const b = node.getBoundingClientRect();
        const p = map.containerPointToLayerPoint([b.left - frame.left, b.top - frame.top]);
        if (b.width) taken.take([p.x - 2, p.y - 2, p.x + b.width + 2, p.y + b.height + 2]);
      });
    }

    function drawPlaces(taken, view) {
      const areas = new Set(ctx.areas().length < 2 ? [] : ctx.areas().map((e) => e.p.name));
      ctx.places.forEach(([name, lat, lon]) => {
        if (areas.has(name) || !view.contains([lat, lon]) || map.getZoom() < 13) return;
        const at = map.latLngToLayerPoint([lat, lon]);
        const w = width(name, `12px ${ctx.font}`) / 2 + 3;
        if (taken.take([at.x - w, at.y - 9, at.x + w, at.y + 9])) place(pane, at, [[name]], 'place');
      });
    }

    return function draw() {
      pane.textContent = '';
      const taken = boxes();
      keepClear(taken);
      const view = map.getBounds().pad(0.05);
      const urgent = (p) => (p.state === 'over' || p.state === 'under' ? 1 : 0);
      const shown = ctx.entries().filter((e) => view.contains(e.p.at));
      shown.sort((a, b) => (b.chosen ? 1 : 0) - (a.chosen ? 1 : 0) || a.p.level - b.p.level || urgent(b.p) - urgent(a.p)
        || b.p.households - a.p.households);
      shown.forEach((entry) => {
        const label = gridLabel(map, entry, ctx);
        if (!label) return;
        const at = map.latLngToLayerPoint(entry.p.at);
        const box = [at.x - label.w / 2 - 2, at.y - label.h / 2, at.x + label.w / 2 + 2, at.y + label.h / 2];
        const short = label.lines.length > 1;
        if (taken.take(box)) place(pane, at, label.lines, label.big ? 'grid big' : 'grid');
        else if (short && taken.take([box[0], at.y - 8, box[2], at.y + 8])) place(pane, at, label.lines.slice(0, 1), 'grid');
      });
      drawAreas(taken, view);
      const lettered = drawLines(taken, view);
      drawPlaces(taken, view);
      drawSpots(taken, view, lettered);
    };
  };
})();
