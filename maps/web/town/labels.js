/* Labels of the read-only maps in their own pane: greedy, the most important first, none over another. */
(() => {
  const W = window.Wangge;
  const {within} = W;
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
    const add = (box, cells) => cells.forEach((key) => { if (!bins.has(key)) bins.set(key, []); bins.get(key).push(box); });
    return {
      take(box) {
        const cells = keys(box);
        const hit = cells.some((key) => (bins.get(key) || []).some(
          (o) => box[0] < o[2] && box[2] > o[0] && box[1] < o[3] && box[3] > o[1]));
        if (hit) return false;
        add(box, cells);
        return true;
      },
      keep: (box) => add(box, keys(box)),
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

  function gridLabel(view, entry, ctx) {
    const p = entry.p;
    const big = p.level <= 1;
    const narrow = p.level === 0 && view.narrow;
    const font = `${big ? 700 : 600} ${big && !narrow ? 14 : 12}px ${ctx.font}`;
    const name = ctx.name(p);
    const count = ctx.text(p);
    const topWidth = width(name, font);
    const countWidth = width(count, `12px ${ctx.font}`);
    const [w, n, e, s] = ctx.box(entry);
    const room = [(e - w) * view.k, (s - n) * view.k];
    const mark = ctx.mark(p);
    // a name may reach a little over the sides of its grid: more so where the whole town is in view
    const spare = p.level === 0 ? 0.55 : 0.85;
    if (room[0] < topWidth * spare || room[1] < 15) {
      return mark && room[0] > 9 && room[1] > 9 ? {lines: [[mark, 'n']], w: 11, h: 13} : null;
    }
    if (!count || narrow || room[0] < countWidth * 0.9 || room[1] < 34) return {lines: [[name, 'n']], w: topWidth, h: 16, big};
    return {lines: [[name, 'n'], [count, 'c']], w: Math.max(topWidth, countWidth), count: countWidth, h: 33, big};
  }

  /** Where the name of a line stands: its middle, its direction there; null where the line is too short. */
  function lineLabel(row, view, font) {
    const line = row.lines.reduce((a, b) => (b.length > a.length ? b : a));
    const points = [];
    for (let i = 0; i < line.length; i += 2) points.push(L.point(line[i] * view.k - view.ox, line[i + 1] * view.k - view.oy));
    let total = 0;
    const upto = points.map((q, i) => { if (i) total += q.distanceTo(points[i - 1]); return total; });
    const text = row.p.name;
    const w = width(text, font);
    if (total < w * 1.4) return null;
    const at = (d) => {
      const i = Math.max(1, upto.findIndex((u) => u >= d));
      const f = (d - upto[i - 1]) / ((upto[i] - upto[i - 1]) || 1);
      return L.point(points[i - 1].x + (points[i].x - points[i - 1].x) * f, points[i - 1].y + (points[i].y - points[i - 1].y) * f);
    };
    // the straightest of three places along the line
    const spots = [0.5, 0.3, 0.7].map((f) => f * total).filter((d) => d > w / 2 && d < total - w / 2).map((d) => {
      const a = at(d - w / 2);
      const b = at(d + w / 2);
      return {at: at(d), a, b, straight: a.distanceTo(b) / w};
    });
    const best = spots.sort((p, q) => q.straight - p.straight)[0];
    if (!best || best.straight < 0.8) return null;
    let angle = Math.atan2(best.b.y - best.a.y, best.b.x - best.a.x) * 180 / Math.PI;
    if (angle > 90) angle -= 180;
    if (angle < -90) angle += 180;
    return {text, w, angle, at: best.at};
  }

  const NARROW_PX = 600;
  const LINES = [['roads', 'road', 5], ['streams', 'water', 9], ['gullies', 'gully', 9]];

  /** Letter the map. ctx: font, entries(), text(p), mark(p), box(entry), rows, places, marks(), areas(). Returns draw(). */
  W.labels = (map, ctx) => {
    const pane = map.getPane('labels');
    const leaders = map.getPane('leaders'); // below the marks, so that no line strikes a number out
    [pane, leaders].forEach((one) => L.DomUtil.addClass(one, 'leaflet-zoom-hide'));
    const point = (view, [x, y]) => L.point(x * view.k - view.ox, y * view.k - view.oy);
    const inView = (view, [x, y]) => x > view.box[0] && x < view.box[2] && y > view.box[1] && y < view.box[3];

    /** Names along roads, water and gullies; returns those that were drawn. */
    function drawLines(taken, view) {
      const seen = {};
      LINES.forEach(([kind, look, farthest]) => {
        if (view.mpp > farthest) return;
        ctx.rows[kind].forEach((row) => {
          const {name} = row.p;
          if (!name || !W.seen(row, view)) return;
          const label = lineLabel(row, view, `12px ${ctx.font}`);
          if (!label || (seen[name] || []).some((o) => o.distanceTo(label.at) < 420)) return;
          const c = Math.abs(Math.cos(label.angle * Math.PI / 180));
          const s = Math.abs(Math.sin(label.angle * Math.PI / 180));
          const w = (label.w * c + 14 * s) / 2 + 2;
          const h = (label.w * s + 14 * c) / 2 + 2;
          if (!taken.take([label.at.x - w, label.at.y - h, label.at.x + w, label.at.y + h])) return;
          (seen[name] = seen[name] || []).push(label.at);
          place(pane, label.at, [[label.text]], look, label.angle);
        });
      });
      return new Set(Object.keys(seen));
    }

    /** Names of estates, parks and rivers in their middle, where there is room. */
    function drawSpots(taken, view, seen) {
      [['land', 'place', 2.2], ['ponds', 'water', 30]].forEach(([kind, look, farthest]) => {
        if (view.mpp > farthest) return;
        ctx.rows[kind].forEach((row) => {
          const {name} = row.p;
          if (!name || seen.has(name) || !W.seen(row, view)) return;
          const w = width(name, `12px ${ctx.font}`) / 2 + 3;
          const a = point(view, [row.box[0], row.box[1]]);
          const b = point(view, [row.box[2], row.box[3]]);
          if (b.x - a.x < 2 * w) return;
          // where grids' names stand in the middle, above or below them
          const y = [0, -0.17, 0.17, -0.33, 0.33].map((f) => (a.y + b.y) / 2 + f * (b.y - a.y));
          const x = (a.x + b.x) / 2;
          const free = y.find((one) => within(row, (x + view.ox) / view.k, (one + view.oy) / view.k) && taken.take([x - w, one - 9, x + w, one + 9]));
          if (free === undefined) return;
          seen.add(name);
          place(pane, L.point(x, free), [[name]], look);
        });
      });
    }

    /** Names of basic grids over the finer levels: at the free spot nearest to the middle of their ground. */
    function drawAreas(taken, view) {
      ctx.areas().forEach((entry) => {
        const box = ctx.box(entry);
        const w = width(ctx.name(entry.p), `700 13px ${ctx.font}`) / 2 + 5;
        if ((box[2] - box[0]) * view.k < 2 * w || !W.seen({box}, view)) return;
        const middle = point(view, W.plane(entry.p.at[1], entry.p.at[0]));
        const spots = [];
        for (let i = 1; i < 20; i += 1) {
          for (let j = 1; j < 12; j += 1) {
            const at = [box[0] + (box[2] - box[0]) * j / 12, box[1] + (box[3] - box[1]) * i / 20];
            if ([-w, w].every((side) => inView(view, [at[0] + side / view.k, at[1]])) && within(ctx.outline(entry), ...at)) spots.push([point(view, at).distanceTo(middle), point(view, at)]);
          }
        }
        spots.sort((p, q) => p[0] - q[0]);
        const found = spots.find(([, at]) => taken.take([at.x - w, at.y - 10, at.x + w, at.y + 10]));
        if (found) place(pane, found[1], [[ctx.name(entry.p)]], 'area');
      });
    }

    /** The boxes over the map and the marks on it keep their room: no label ends under them. */
    function keepClear(taken) {
      const frame = map.getContainer().getBoundingClientRect();
      document.querySelectorAll('.wg-levels, .wg-layers, .wg-zoom, .wg-north, .wg-legend, .wg-time, .leaflet-control-scale').forEach((node) => {
        const b = node.getBoundingClientRect();
        const p = map.containerPointToLayerPoint([b.left - frame.left, b.top - frame.top]);
        if (b.width) taken.keep([p.x - 2, p.y - 2, p.x + b.width + 2, p.y + b.height + 2]);
      });
      ctx.marks().forEach((box) => taken.keep(box));
    }

    function drawPlaces(taken, view) {
      const names = new Set(ctx.everyArea());
      ctx.places.forEach(([name, lat, lon]) => {
        const at = W.plane(lon, lat);
        if (names.has(name) || !inView(view, at) || view.mpp > 16) return;
        const p = point(view, at);
        const w = width(name, `12px ${ctx.font}`) / 2 + 3;
        if (taken.take([p.x - w, p.y - 9, p.x + w, p.y + 9])) place(pane, p, [[name]], 'place');
      });
    }

    /** A grid's label at its point, or a little off where something stands there; its name alone if need be; whether there was room. */
    function drawGrid(taken, view, entry) {
      const label = gridLabel(view, entry, ctx);
      if (!label) return false;
      const middle = point(view, W.plane(entry.p.at[1], entry.p.at[0]));
      const full = label.lines.length;
      const inside = (x, y) => within(ctx.outline(entry), (x + view.ox) / view.k, (y + view.oy) / view.k);
      // no border of a basic grid strikes its count out
      const clear = (at, lines) => lines < 2 || entry.p.level > 0 || [-0.5, 0.5].every((side) => inside(at.x + side * label.count, at.y + 9));
      for (let lines = full; lines > 0; lines -= 1) {
        const h = lines === 2 ? label.h : Math.min(16, label.h);
        const found = [[0, 0], [0, 19], [0, -19], [22, 0], [-22, 0], [0, 32], [0, -32]].find(([dx, dy]) => {
          const at = L.point(middle.x + dx, middle.y + dy);
          if (((dx || dy) && !inside(at.x, at.y)) || !clear(at, lines)) return false;
          return taken.take([at.x - label.w / 2 - 2, at.y - h / 2, at.x + label.w / 2 + 2, at.y + h / 2]);
        });
        if (found) {
          place(pane, L.point(middle.x + found[0], middle.y + found[1]), label.lines.slice(0, lines), label.big ? 'grid big' : 'grid');
          return true;
        }
      }
      return false;
    }

    /** A name beside its ground, where there is no room on it: at the nearest free spot around, led to by a line. */
    function lead(taken, view, entry) {
      const from = point(view, W.plane(entry.p.at[1], entry.p.at[0]));
      const name = ctx.name(entry.p);
      const w = width(name, `700 ${view.narrow ? 12 : 14}px ${ctx.font}`) / 2 + 3;
      const size = map.getSize();
      const corner = map.containerPointToLayerPoint([0, 0]);
      for (let far = 20; far <= (view.narrow ? 50 : 80); far += 10) {
        for (let turn = 0; turn < 16; turn += 1) {
          const angle = (turn % 2 ? turn + 1 : -turn) * Math.PI / 16; // due east first, then either side of it
          const at = L.point(from.x + (far + w * Math.abs(Math.cos(angle))) * Math.cos(angle), from.y + far * Math.sin(angle));
          const seen = at.x - w > corner.x && at.x + w < corner.x + size.x && at.y - 10 > corner.y && at.y + 10 < corner.y + size.y;
          if (!seen || !taken.take([at.x - w, at.y - 10, at.x + w, at.y + 10])) continue;
          const end = L.point(Math.min(at.x + w, Math.max(at.x - w, from.x)), Math.min(at.y + 9, Math.max(at.y - 9, from.y)));
          const line = L.DomUtil.create('div', 'wg-leader', leaders);
          Object.assign(line.style, {left: `${from.x}px`, top: `${from.y}px`, width: `${from.distanceTo(end)}px`,
            transform: `rotate(${Math.atan2(end.y - from.y, end.x - from.x)}rad)`});
          place(pane, at, [[name, 'n']], 'grid big');
          return;
        }
      }
    }

    return function draw(on) {
      pane.textContent = '';
      leaders.textContent = '';
      if (!on) return;
      const taken = boxes();
      keepClear(taken);
      const view = {...W.view(map), narrow: map.getSize().x < NARROW_PX};
      L.DomUtil[view.narrow ? 'addClass' : 'removeClass'](pane, 'wg-narrow');
      const shown = ctx.entries().filter((e) => inView(view, W.plane(e.p.at[1], e.p.at[0])));
      shown.sort((a, b) => (b.chosen ? 1 : 0) - (a.chosen ? 1 : 0) || a.p.level - b.p.level || (ctx.mark(b.p) ? 1 : 0) - (ctx.mark(a.p) ? 1 : 0)
        || b.p.households - a.p.households);
      const left = shown.filter((entry) => !drawGrid(taken, view, entry));
      left.filter((entry) => entry.p.level === 0).forEach((entry) => lead(taken, view, entry));
      drawAreas(taken, view);
      const lettered = drawLines(taken, view);
      drawPlaces(taken, view);
      drawSpots(taken, view, lettered);
    };
  };
})();
