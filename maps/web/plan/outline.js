// The outline of some faces, as the server will draw it: faces are noded exactly, so what two of them share falls away.

/** Directed edges of the faces' rings that no other face runs along the other way: {start: [end, ...]}. */
function outerEdges(geometries) {
  const edges = new Map();
  geometries.forEach((geometry) => {
    const polygons = geometry.type === 'MultiPolygon' ? geometry.coordinates : [geometry.coordinates];
    polygons.forEach((rings) => rings.forEach((ring) => {
      for (let i = 1; i < ring.length; i += 1) {
        const a = `${ring[i - 1][0]},${ring[i - 1][1]}`;
        const b = `${ring[i][0]},${ring[i][1]}`;
        if (!edges.delete(`${b}|${a}`)) edges.set(`${a}|${b}`, [a, b, ring[i - 1]]);
      }
    }));
  });
  const from = new Map();
  edges.forEach(([a, b, place]) => {
    if (!from.has(a)) from.set(a, {place, ends: []});
    from.get(a).ends.push(b);
  });
  return from;
}

/** Closed rings of the edges, outer ones counter-clockwise. */
function ringsOf(from) {
  const rings = [];
  from.forEach(({place, ends}, start) => {
    while (ends.length) {
      const ring = [place];
      for (let at = ends.pop(); at !== start; at = from.get(at).ends.pop()) ring.push(from.get(at).place);
      ring.push(place);
      rings.push(ring);
    }
  });
  return rings;
}

function twiceArea(ring) {
  let sum = 0;
  for (let i = 1; i < ring.length; i += 1) sum += (ring[i - 1][0] - ring[0][0]) * (ring[i][1] - ring[0][1]) - (ring[i][0] - ring[0][0]) * (ring[i - 1][1] - ring[0][1]);
  return sum;
}

function around(outer, [x, y]) {
  const xs = outer.map((place) => place[0]);
  const ys = outer.map((place) => place[1]);
  return x >= Math.min(...xs) && x <= Math.max(...xs) && y >= Math.min(...ys) && y <= Math.max(...ys);
}

/** Join faces (GeoJSON polygons, outer rings counter-clockwise) into one MultiPolygon; null of none. */
export function outlineOf(geometries) {
  const rings = ringsOf(outerEdges(geometries));
  const polygons = rings.filter((ring) => twiceArea(ring) > 0).map((ring) => [ring]);
  rings.filter((ring) => twiceArea(ring) < 0).forEach((hole) => {
    const home = polygons.find(([outer]) => around(outer, hole[0]));
    if (home) home.push(hole);
  });
  return polygons.length ? {type: 'MultiPolygon', coordinates: polygons} : null;
}
