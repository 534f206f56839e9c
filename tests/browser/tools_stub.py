"""The stand-in's plan with what the drawing tools ask for: their edits, previews, handles, a tower."""

from __future__ import annotations

from fastapi import HTTPException
from shapely import LineString, Point
from shapely.geometry import mapping, shape

from tests.browser.stub import Plan, Refusal, collection, make_app
from tests.maps.frames import SOUTH, STEP, WEST


def place(column, row):
    return WEST + column * STEP, SOUTH + row * STEP


class ToolPlan(Plan):
    """Cells go where they are painted to; ``refuse_next`` says why the next edit is refused."""

    def __init__(self):
        super().__init__()
        self.refuse_next, self.done = None, []

    def act(self, action):
        if self.refuse_next:
            refusal, self.refuse_next = self.refuse_next, None
            raise refusal
        self.done.append(dict(action))
        return super().act(action)

    def _paint(self, cells, to):
        places = [tuple(int(part) for part in cell.split("-")) for cell in cells]
        sources = {self.assign[cell] for cell in places}
        self.assign |= dict.fromkeys(places, to)
        for source in sources:
            if not self.cells_of(source):
                del self.parents[source]
        return [*sources, to, 1, 2, 3]

    def _hand(self, bid, stairwell, floors, to):  # noqa: ARG002
        return self._give(bid, to)

    def _reshape(self, node, line):
        drawn = shape(line)
        if drawn.length < STEP:
            raise Refusal("reshape_misses", "这条线没有碰到边界。", mapping(drawn))
        return [node or 10]

    def _drag(self, level, **_ends):
        return [n for n, (_, at) in self.parents.items() if at == level]

    def _tree(self, op, node, name=None):  # noqa: ARG002
        return [node]

    def preview(self, action):
        sources = sorted({self.assign[tuple(map(int, cell.split("-")))] for cell in action["cells"]})

        def row(number, by):
            node = self.node(number)
            figures = {"households": node["households"], "registered": node["registered"]}
            after = {key: value + by for key, value in figures.items()}
            in_band = {"state_before": "in_band", "state_after": "in_band", "new": False, "gone": False}
            return {"node": number, "name": node["name"], "label": node["label"], "level": node["level"],
                    "before": figures, "after": after, "band": [10, 100], **in_band}  # fmt: skip

        moved = 4 * len(action["cells"])
        return {
            "touched": [row(action["to"], moved), *(row(n, -moved) for n in sources)],
            "parents": [row(2, moved), row(3, -moved)],
            "crosses": [{"zh": "还会把 1 栋从 3 移到 2", "en": "this also moves 1", "from": 3, "to": 2}],
            "flaws_new": [],
            "flaws_gone": [],
        }


def handles():
    """A junction in the middle of the map, at the end of a border between the second and third column."""
    points = [
        {"id": "j1", "kind": "junction", "grids": [11, 12]},
        {"id": "c1", "kind": "corner", "grids": [11, 12]},
    ]
    lines = [{"a": 11, "b": 12}]
    shapes = [Point(place(2, 2)), Point(place(2, 3)), LineString([place(2, 1), place(2, 2), place(2, 3)])]
    return collection([*points, *lines], shapes)


def make_tools_app(plan):
    """The stand-in with the routes of the drawing tools."""
    app = make_app(plan)

    @app.post("/v1/plans/1/preview")
    def preview(body: dict):
        return plan.preview(body["action"])

    @app.get("/v1/plans/1/handles")
    def read_handles():
        return handles()

    @app.get("/v1/plans/1/tower")
    def tower(bid: str):
        if bid != "b1-1":
            raise HTTPException(404)
        cells = [{"cell": "1-1", "floors": [1, 6], "households": 4, "registered": 4, "node": 11}]
        return {"bid": bid, "name": "6号楼", "stairwells": [{"stairwell": "1", "cells": cells}]}

    # what was added last stands behind the stand-in's own patterns and files: it goes first
    app.router.routes[:] = app.router.routes[-3:] + app.router.routes[:-3]
    return app
