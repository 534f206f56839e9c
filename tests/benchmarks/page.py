"""The planner's page as a person uses it, timed inside the browser: pictures, pans, edits, undo."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from playwright.sync_api import BrowserContext, Page
from shapely.geometry import shape

Place = tuple[float, ...]
"""Longitude and latitude, EPSG:4326."""
ZOOM = 18.4

READY = """() => new Promise((done) => {
  const look = () => {
    if (document.body && document.body.dataset.ready && window.wangge) {
      window.wangge.map.map.once('rendercomplete', () => done(performance.now()));
      window.wangge.map.map.render();
    } else requestAnimationFrame(look);
  };
  look();
})"""
"""Milliseconds from the navigation to the map drawn whole with the plan on it."""

ARM = """(kind) => {
  const {state, map} = window.wangge;
  const rev = state.rev;
  window.timed = new Promise((done) => {
    let from = 0;
    window.addEventListener(kind, () => { from = performance.now(); }, {capture: true, once: true});
    const look = () => {
      if (!from || state.rev === rev) { requestAnimationFrame(look); return; }
      map.map.once('postrender', () => requestAnimationFrame(() => done(performance.now() - from)));
      map.map.render();
    };
    requestAnimationFrame(look);
  });
}"""
"""Time the next edit: from an event of mouse or key to the new revision drawn and counted."""

FRAMES = """([own, steps]) => new Promise((done) => {
  const map = own ? window.wangge.map.map : window.bare;
  const view = map.getView();
  const [x, y] = view.getCenter();
  const scripts = [];
  const frames = [];
  let last = 0;
  let i = 0;
  view.beginInteraction();
  const next = () => {
    const from = performance.now();
    if (i > 1) frames.push(from - last);
    last = from;
    if (i === steps) {
      view.endInteraction();
      view.setCenter([x, y]);
      map.once('rendercomplete', () => done([frames, scripts]));
      map.render();
      return;
    }
    i += 1;
    view.setCenter([x + 6 * view.getResolution() * i, y]);
    const begun = performance.now();
    map.renderSync();
    scripts.push(performance.now() - begun);
    requestAnimationFrame(next);
  };
  map.once('rendercomplete', () => requestAnimationFrame(next));
  map.render();
})"""
"""Milliseconds of each frame while the map is dragged by 6 pixels a frame, and of the scripts in it.

A frame ends where the next begins, so that it holds what the browser paints; the browser must not wait for a
screen (`edit.UNTIMED`).
"""

LOOK = """([lon, lat, zoom]) => new Promise((done) => {
  const {map} = window.wangge;
  const view = map.map.getView();
  const [x, y] = window.wangge.pixel(lon, lat);
  view.setCenter(map.map.getCoordinateFromPixel([x, y]));
  view.setZoom(zoom);
  map.map.once('rendercomplete', () => done());
  map.map.render();
})"""
"""Bring a place to the middle of the map, at a zoom."""

SERVER = """() => {
  const all = performance.getEntriesByType('resource').filter((one) => one.name.endsWith('/moves'));
  const last = all[all.length - 1];
  return last.responseEnd - last.requestStart;
}"""
"""Milliseconds that the last move was on its way and with the server."""

CELLS = """() => {
  const {state} = window.wangge;
  const many = new Map();
  state.cells.forEach((cell) => many.set(cell.face, (many.get(cell.face) || 0) + 1));
  return state.cells.filter((cell) => cell.node_id !== null).map((cell) => ({
    node: cell.node_id, parent: state.nodes.get(cell.node_id).parent, bid: cell.bid,
    whole: many.get(cell.face) === 1, geometry: cell.geometry,
  }));
}"""
"""The plan's cells as the page knows them."""

BARE = """async () => {
  const ol = await import('/static/vendor/ol.js');
  const {map, around} = window.wangge;
  const theirs = around.grids.getSource().getFeatures().filter((one) => around.isShown(one));
  const shown = [...map.grids.getSource().getFeatures(), ...theirs];
  const source = new ol.VectorSource({features: shown.map((f) => new ol.Feature(f.getGeometry().clone()))});
  const fill = new ol.Fill({color: 'rgba(26,147,111,0.3)'});
  const style = new ol.Style({fill, stroke: new ol.Stroke({color: '#333', width: 1})});
  const div = document.createElement('div');
  const box = document.getElementById('map').getBoundingClientRect();
  div.style.cssText = `position:fixed;left:0;top:0;width:${box.width}px;height:${box.height}px;z-index:-1`;
  document.body.append(div);
  const view = map.map.getView();
  const all = ol.createEmpty();
  shown.forEach((one) => ol.extend(all, one.getGeometry().getExtent()));
  view.fit(all, {size: map.map.getSize()});
  window.bare = new ol.OlMap({
    target: div, controls: [], view: new ol.View({center: view.getCenter(), zoom: view.getZoom()}),
    layers: [new ol.VectorLayer({source, style})],
  });
  return shown.length;
}"""
"""A map of nothing but the same polygons, of the same size, both with all in view; gives their number."""


def first_picture_ms(context: BrowserContext, address: str) -> float:
    """Open the plan on a new page: milliseconds until it is drawn."""
    page = context.new_page()
    page.goto(address, wait_until="commit")
    found = page.evaluate(READY)
    page.close()
    return float(found)


def pan_ms(page: Page, steps: int = 40) -> tuple[float, float, float, float]:
    """Drag our map, then the bare one: median milliseconds of a frame, and of the scripts in it, of each."""
    return tuple(  # type: ignore[return-value]
        float(np.median(times)) for own in (True, False) for times in page.evaluate(FRAMES, [own, steps])
    )


@dataclass
class Planner:
    """A planner with the page of one plan open."""

    page: Page
    address: str

    @classmethod
    def of_largest(cls, page: Page, host: str, town: str) -> Planner:
        """Take the draft of the basic grid that has the most grids."""
        page.goto(host + "/maps/overview")
        ask = "(path) => fetch(path).then((answer) => answer.json())"
        plans = page.evaluate(ask, f"/v1/plans/in-hand?area={town}")["plans"]
        size = {p["id"]: len(page.evaluate(ask, f"/v1/plans/{p['id']}")["nodes"]) for p in plans}
        return cls(page, f"{host}/plan/{max(size, key=lambda plan: (size[plan], plan))}")

    def open(self) -> None:
        """Open the plan and wait for the town around it."""
        self.page.goto(self.address)
        self.page.wait_for_selector("body[data-ready]")
        self.page.wait_for_selector('body[data-around="ready"]', timeout=120_000)

    def whole_town(self) -> int:
        """Lay a bare map with the same polygons beside ours; their number."""
        return int(self.page.evaluate(BARE))

    def edits(self, count: int, seed: int = 7) -> tuple[list[float], list[float], list[float]]:
        """Paint a building to a neighbour and take it back, by mouse and keys: edits, undos, server.

        All in milliseconds; a gift that the plan refuses is left out.
        """
        gifts = self._gifts()
        random.Random(seed).shuffle(gifts)  # noqa: S311
        made, undone, server = [], [], []
        for here, there in gifts:
            if len(made) == count:
                break
            self._choose(there, ZOOM)
            self.page.wait_for_selector("#brush-size")
            self.page.evaluate("() => { document.getElementById('brush-size').value = 4; }")
            edit = self._timed("pointerup", lambda here=here: self._press(here))
            if edit is None:
                continue
            made.append(edit)
            server.append(self._server_ms())
            undone.append(self._undone())
        if len(made) < count:
            raise RuntimeError(f"only {len(made)} of {count} edits went through")
        return made, undone, server

    def strokes(self, cells: int, count: int) -> list[float]:
        """Lasso at least so many cells at once for one grid, agree, and take it back; milliseconds each."""
        corner, far, there = self._lasso(cells)
        out = []
        for _ in range(count):
            self._choose(there, None)
            self.page.keyboard.press("b")
            self.page.click("#paint-box")
            self.page.mouse.move(*self._pixel(corner))
            self.page.mouse.down()
            self.page.mouse.move(*self._pixel(far), steps=6)
            self.page.mouse.up()
            agree = self.page.locator("#cross-go")
            agree.wait_for()
            took = self._timed("pointerup", agree.click)
            if took is None:
                raise RuntimeError(f"{cells} cells in one stroke were refused: {self._notice()}")
            out.append(took)
            self._undone()
        return out

    def _choose(self, there: Place, zoom: float | None) -> None:
        """Look at a place, choose the grid that is there, and take the brush."""
        if zoom is not None:
            self.page.evaluate(LOOK, [*there, zoom])
        self.page.keyboard.press("Escape")
        self.page.keyboard.press("v")
        self.page.mouse.click(*self._pixel(there))
        self.page.wait_for_timeout(350)
        self.page.keyboard.press("b")

    def _press(self, here: Place) -> None:
        self.page.mouse.move(*self._pixel(here))
        self.page.mouse.down()
        self.page.mouse.up()

    def _undone(self) -> float:
        took = self._timed("keydown", lambda: self.page.keyboard.press("Control+z"))
        if took is None:
            raise RuntimeError(f"the undo did not come: {self._notice()}")
        return took

    def _timed(self, kind: str, act: Callable[[], Any]) -> float | None:
        """Milliseconds from an event that ``act`` makes until its edit is shown; None if it never is."""
        self.page.evaluate(ARM, kind)
        act()
        found = self.page.evaluate(
            "() => Promise.race([window.timed, new Promise((r) => setTimeout(r, 4000, null))])"
        )
        return None if found is None else float(found)

    def _notice(self) -> str:
        return self.page.locator("#notice").inner_text()

    def _pixel(self, place: Place) -> tuple[float, float]:
        x, y = self.page.evaluate("([lon, lat]) => window.wangge.pixel(lon, lat)", list(place))
        box = self.page.locator("#map").bounding_box()
        assert box is not None
        return box["x"] + x, box["y"] + y

    def _server_ms(self) -> float:
        return float(self.page.evaluate(SERVER))

    def _cells(self) -> tuple[list[dict[str, Any]], NDArray[np.object_]]:
        rows = self.page.evaluate(CELLS)
        return rows, np.array([shape(row["geometry"]) for row in rows], dtype=object)

    def _gifts(self) -> list[tuple[Place, Place]]:
        """Buildings of one cell beside a grid of the same parent: a point in it, and one in that grid."""
        rows, faces = self._cells()
        inside = shapely.get_coordinates(shapely.point_on_surface(faces))
        one, other = shapely.STRtree(faces).query(faces, predicate="touches")
        length = shapely.length(shapely.intersection(faces[one], faces[other]))
        out = []
        for a, b in zip(one[length > 5e-5].tolist(), other[length > 5e-5].tolist(), strict=True):
            mine, theirs = rows[a], rows[b]
            if (
                mine["whole"]
                and mine["bid"]
                and mine["node"] != theirs["node"]
                and mine["parent"] == theirs["parent"]
            ):
                out.append((tuple(inside[a].tolist()), tuple(inside[b].tolist())))
        return out

    def _lasso(self, cells: int) -> tuple[Place, Place, Place]:
        """Two corners of a box around the whole plan's middle that holds so many faces; a grid in it."""
        rows, faces = self._cells()
        inside = shapely.get_coordinates(shapely.point_on_surface(faces))
        middle = np.median(inside, axis=0)
        away = np.abs(inside - middle).max(axis=1)
        reach = np.sort(away)[min(cells + cells // 4, len(away) - 1)]
        nearest = int(np.argmin(np.where([row["whole"] for row in rows], away, np.inf)))
        self.page.evaluate(LOOK, [*middle.tolist(), 17.0])
        return (
            tuple((middle - reach).tolist()),
            tuple((middle + reach).tolist()),
            tuple(inside[nearest].tolist()),
        )
