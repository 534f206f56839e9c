// What the page knows of the plan: nodes, cells, flaws, and who borders on whom.

const number = (...values) => values.find((value) => Number.isFinite(value)) ?? null;

/** Bands by level from the view's `levels`: [{level, minimum, maximum}] or {level: {...}}. */
function bandsOf(levels) {
  const rows = Array.isArray(levels) ? levels : Object.entries(levels || {}).map(([level, band]) => ({level: Number(level), ...band}));
  const out = {};
  rows.forEach((row) => {
    const band = row.band || row;
    const min = number(band.minimum, band.min, band.band_min);
    const max = number(band.maximum, band.max, band.band_max);
    if (min !== null && max !== null) out[row.level] = {min, max};
  });
  return out;
}

/** Edges of every face, as keys of their end points, for finding neighbours: faces are noded exactly. */
function edgeKeys(geometry) {
  const polygons = geometry.type === 'MultiPolygon' ? geometry.coordinates : [geometry.coordinates];
  const keys = [];
  polygons.forEach((rings) => rings.forEach((ring) => {
    for (let i = 1; i < ring.length; i += 1) {
      const a = `${ring[i - 1][0]},${ring[i - 1][1]}`;
      const b = `${ring[i][0]},${ring[i][1]}`;
      keys.push(a < b ? `${a}|${b}` : `${b}|${a}`);
    }
  }));
  return keys;
}

export class PlanState {
  constructor() {
    this.rev = 0;
    this.nodes = new Map();
    this.flaws = [];
    this.cells = [];
    this.level = 3;
  }

  setView(view) {
    this.view = view;
    this.rev = view.rev;
    this.bands = bandsOf(view.levels);
    this.nodes = new Map(view.nodes.map((node) => [node.id, node]));
    this.flaws = view.flaws || [];
    this.canUndo = Boolean(view.can_undo);
    this.canRedo = Boolean(view.can_redo);
    this.setLevels();
  }

  setLevels() {
    this.levels = [...new Set([...this.nodes.values()].map((node) => node.level))].filter((n) => n > 0).sort();
    if (!this.levels.includes(this.level)) this.level = this.levels[this.levels.length - 1] || 1;
  }

  /** Take the answer of a move: new revision, touched and removed nodes, who holds the moved cells, flaws. */
  applyDelta(delta) {
    const gone = new Set(delta.removed || []);
    this.rev = delta.rev;
    (delta.nodes || []).forEach((node) => this.nodes.set(node.id, node));
    gone.forEach((id) => this.nodes.delete(id));
    this.setLevels();
    if (delta.faces_changed) this.changeCells(delta.cells_removed, delta.new_cells);
    Object.entries(delta.assigned).forEach(([id, node]) => { const cell = this.byCell.get(id); if (cell) cell.node_id = node; });
    if (delta.can_undo !== undefined) this.canUndo = delta.can_undo;
    if (delta.can_redo !== undefined) this.canRedo = delta.can_redo;
    this.flaws = (delta.flaws || this.flaws).filter((flaw) => !gone.has(flaw.node_id));
  }

  setCells(collection) {
    this.cells = collection.features.map((f) => ({...f.properties, geometry: f.geometry}));
    this.index();
  }

  /** Ground was cut or joined: cells that went with it, and those that came. */
  changeCells(removed, collection) {
    const gone = new Set([...removed.map(String), ...collection.features.map((f) => String(f.properties.cell))]);
    this.cells = this.cells.filter((cell) => !gone.has(String(cell.cell)));
    this.cells.push(...collection.features.map((f) => ({...f.properties, geometry: f.geometry})));
    this.index();
  }

  index() {
    this.edges = null;
    this.groundMark = (this.groundMark || 0) + 1;
    this.byCell = new Map(this.cells.map((cell) => [String(cell.cell), cell]));
    this.byFace = new Map();
    this.cells.forEach((cell) => {
      if (!this.byFace.has(cell.face)) this.byFace.set(cell.face, []);
      this.byFace.get(cell.face).push(cell);
    });
  }

  /** Give cells to a leaf before the server has said so; returns what takes it back. */
  lean(ids, to) {
    const moved = ids.map((id) => this.byCell.get(String(id))).filter((cell) => cell && cell.node_id !== to);
    const before = moved.map((cell) => cell.node_id);
    moved.forEach((cell) => this.hand(cell, to));
    return () => moved.forEach((cell, i) => { if (cell.node_id === to) this.hand(cell, before[i]); });
  }

  hand(cell, to) {
    const count = (leaf, sign) => this.upwards(leaf).forEach((node) => {
      const band = this.bandOf(node);
      node.households += sign * (cell.households || 0);
      node.registered += sign * (cell.registered || 0);
      if (band) node.in_band = node.households >= band.min && node.households <= band.max;
    });
    count(cell.node_id, -1);
    cell.node_id = to;
    count(to, 1);
  }

  upwards(leaf) {
    const out = [];
    for (let node = this.nodes.get(leaf); node; node = this.nodes.get(node.parent)) out.push(node);
    return out;
  }

  bandOf(node) {
    return node && node.kind !== 'dedicated' ? this.bands[node.level] || null : null;
  }

  /** in_band, under, over or none: how a node is drawn. */
  stateOf(node) {
    if (!node || node.in_band === null || node.in_band === undefined) return 'none';
    if (node.in_band) return 'in_band';
    const band = this.bandOf(node);
    return band && node.households < band.min ? 'under' : 'over';
  }

  isLeaf(node) {
    return ![...this.nodes.values()].some((other) => other.parent === node.id);
  }

  /** The nodes drawn at a level: those of it, and leaves that end above it. */
  shown(level = this.level) {
    const parents = new Set([...this.nodes.values()].map((node) => node.parent));
    return [...this.nodes.values()].filter((node) => node.level === level || (node.level > 0 && node.level < level && !parents.has(node.id)));
  }

  chain(node) {
    const out = [];
    for (let up = this.nodes.get(node.parent); up && up.level > 0; up = this.nodes.get(up.parent)) out.unshift(up);
    return out;
  }

  /** The node among those shown that a leaf belongs to. */
  shownOf(leafId, level = this.level) {
    let node = this.nodes.get(leafId);
    while (node && node.level > level) node = this.nodes.get(node.parent);
    return node || null;
  }

  /** Leaves (or their ancestors at a level) that share an edge with some cells but do not hold them. */
  neighbours(isOne, nodeOf) {
    if (!this.edges) {
      this.edges = new Map();
      const done = new Map();
      this.cells.forEach((cell, i) => {
        if (!done.has(cell.face)) done.set(cell.face, edgeKeys(cell.geometry));
        done.get(cell.face).forEach((key) => {
          if (!this.edges.has(key)) this.edges.set(key, []);
          this.edges.get(key).push(i);
        });
      });
    }
    const own = new Set(this.cells.filter(isOne).map((cell) => nodeOf(cell)));
    const found = new Set();
    this.edges.forEach((owners) => {
      if (!owners.some((i) => isOne(this.cells[i]))) return;
      owners.forEach((i) => { if (!isOne(this.cells[i])) found.add(nodeOf(this.cells[i])); });
    });
    found.delete(null);
    if (own.size === 1) own.forEach((id) => found.delete(id));
    return [...found].filter((id) => id !== undefined && this.nodes.has(id));
  }

  neighboursOfBuilding(bid) {
    return this.neighbours((cell) => cell.bid === bid, (cell) => cell.node_id);
  }

  neighboursOfNode(id) {
    const at = (cell) => { const node = this.shownOf(cell.node_id); return node ? node.id : null; };
    return this.neighbours((cell) => at(cell) === id, at);
  }

  locked(node) {
    return node.locked || this.chain(node).some((up) => up.locked);
  }

  /** The neighbours that the server would merge a grid with: leaves of its kind, none locked. */
  mergeable(id) {
    const node = this.nodes.get(id);
    if (!node || !this.isLeaf(node) || this.locked(node)) return [];
    return this.neighboursOfNode(id).filter((one) => {
      const other = this.nodes.get(one);
      return other.level > 0 && other.kind === node.kind && this.isLeaf(other) && !this.locked(other);
    });
  }

  counts() {
    const shown = this.shown();
    const banded = shown.filter((node) => this.stateOf(node) !== 'none');
    const good = banded.filter((node) => node.in_band).length;
    return {
      grids: shown.length, households: shown.reduce((sum, node) => sum + node.households, 0),
      rate: banded.length ? Math.floor(100 * good / banded.length) : null, bad: banded.length - good,
    };
  }
}
