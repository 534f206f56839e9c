"""A stand-in for the API: the town's page, the planner's, and one small plan that really moves cells."""

from __future__ import annotations

import json
from typing import Literal

import shapely
from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from shapely import LineString, MultiPolygon, box
from shapely.geometry import mapping, shape
from shapely.ops import split
from starlette.staticfiles import StaticFiles

from api import headers
from maps import assets
from maps.page import Extras, grid_page, plan_page, town_page
from tests.browser.panel_stub import Panels, add_panels
from tests.maps.frames import SOUTH, STEP, WEST, duty, face, relief, town

BANDS = {1: (300, 500), 2: (50, 100), 3: (10, 20)}


class Refusal(Exception):
    def __init__(self, code, zh, geometry=None):
        super().__init__(code)
        self.body = {
            "status": 409, "code": code, "words": {"zh": zh, "en": code},
            "where": [{"geometry": geometry}] if geometry else [], "data": {},
        }  # fmt: skip


class Plan:
    """6 x 4 faces of one building with 4 households each; three columns to a level-2 grid, one to a leaf."""

    def __init__(self):
        self.rev, self.last_id, self.published, self.review = 0, 20, False, "draft"
        self.here = ["li"]
        self.history, self.undone, self.faces_changed = [], [], False
        self.parents = {1: (None, 1), 2: (1, 2), 3: (1, 2)} | {10 + c: (2 + c // 3, 3) for c in range(6)}
        self.assign = {(c, r): 10 + c for c in range(6) for r in range(4)}
        self.posts = []
        self.unproved, self.kinds, self.more_flaws, self.accepted = set(), {}, [], {}
        self.panels = Panels(self)
        self.stood = {0: (dict(self.parents), dict(self.assign))}
        self.keys = set()

    def cells_of(self, node):
        kids = [n for n, (parent, _) in self.parents.items() if parent == node]
        own = [cell for cell, leaf in self.assign.items() if leaf == node]
        return own + [cell for kid in kids for cell in self.cells_of(kid)]

    def node(self, number):
        parent, level = self.parents[number]
        cells = self.cells_of(number)
        households = 4 * len(cells)
        low, high = BANDS[level]
        holds = low <= households <= high
        reason = {
            "code": "no_k",
            "proved": number not in self.unproved,
            "zh": "任何个数都不合区间",
            "en": "no number fits",
            "data": {},
        }
        return {
            "id": number, "parent": parent, "level": level,
            "kind": self.kinds.get(number, "ordinary"), "name": f"第{number}网格",
            "label": f"L{number}", "short": f"{level}-{number:02d}", "locked": False,
            "households": households, "registered": households + 1, "buildings": len(cells),
            "cells": len(cells), "parts": 1, "in_band": holds,
            "reason": None if holds else reason, "accepted": self.accepted.get(number),
        }  # fmt: skip

    def shape(self, number):
        return shapely.union_all([face(*cell) for cell in self.cells_of(number)])

    def flaws(self):
        out = [node for node in map(self.node, self.parents) if not node["in_band"]]
        return [
            {"kind": "out_of_band", "node_id": node["id"], "zh": f"{node['name']} {node['households']}户",
             "en": node["name"], "geometry": None, "blocking": True} for node in out
        ] + self.more_flaws  # fmt: skip

    def view(self):
        return {
            "id": 1, "area_code": "141126100001", "area_name": "凤城社区", "division": "community",
            "ground_id": 1, "rev": self.rev, "published": self.published, "review": self.review,
            "can_undo": bool(self.history),
            "can_redo": bool(self.undone), "flaws": self.flaws(),
            "levels": [{"level": level, "minimum": a, "maximum": b} for level, (a, b) in BANDS.items()],
            "nodes": [self.node(number) for number in self.parents],
        }  # fmt: skip

    def grids(self):
        rows = [(self.node(n), self.shape(n)) for n in self.parents]
        return collection([{**node, "node_id": node["id"]} for node, _ in rows], [geom for _, geom in rows])

    def cells(self):
        values = [
            {"cell": f"{c}-{r}", "face": f"{c}-{r}", "node_id": leaf, "bid": f"b{c}-{r}", "households": 4}
            for (c, r), leaf in self.assign.items()
        ]
        return collection(values, [face(*cell) for cell in self.assign])

    def act(self, action):
        before = (dict(self.parents), dict(self.assign))
        touched = getattr(self, "_" + action.pop("kind"))(**action)
        self.history.append(before)
        self.undone = []
        return self.delta([n for n in touched if n in self.parents], sorted(before[0].keys() - self.parents))

    def delta(self, touched, removed=()):
        self.rev += 1
        self.stood[self.rev] = (dict(self.parents), dict(self.assign))
        return self.told(touched, removed)

    def events(self, since):
        """A stream that ends at once: the browser opens the next."""
        words = {"zh": "把 1 栋移走", "en": "moved a building"}
        news = [f"id: {rev}\nevent: move\ndata: {json.dumps({'rev': rev, 'who': '王五', 'words': words})}\n\n"
                for rev in range(since + 1, self.rev + 1)]  # fmt: skip
        return "".join(["retry: 200\n\n", *news, f"event: here\ndata: {json.dumps({'who': self.here})}\n\n"])

    def told(self, touched, removed=()):
        return {
            "rev": self.rev,
            "nodes": [self.node(n) for n in touched],
            "removed": list(removed),
            "flaws": self.flaws(),
            "cells": [],
            "assigned": {f"{c}-{r}": leaf for (c, r), leaf in self.assign.items()},
            "faces_changed": self.faces_changed,
            "cells_removed": [],
            "new_cells": self.cells(),
            "can_undo": bool(self.history),
            "can_redo": bool(self.undone),
            "grids": self.grids(),
        }

    def undo(self):
        return self.back(self.history, self.undone)

    def redo(self):
        return self.back(self.undone, self.history)

    def back(self, steps, others):
        now, (self.parents, self.assign) = (self.parents, self.assign), steps.pop()
        others.append(now)
        return self.delta(self.parents, sorted(now[0].keys() - self.parents))

    def _give(self, building, to):
        cell = tuple(int(part) for part in building[1:].split("-"))
        source = self.assign[cell]
        self.assign[cell] = to
        if not self.cells_of(source):
            del self.parents[source]
        return [source, to]

    def _split(self, node, line):
        drawn, whole = shape(line), self.shape(node)
        pieces = shapely.get_parts(split(whole, drawn)) if drawn.crosses(whole) else [whole]
        if len(pieces) < 2:
            raise Refusal("cut_misses", "这条线没有把网格切开，请让它从一边画到另一边。", mapping(drawn))
        self.last_id += 1
        self.parents[self.last_id] = self.parents[node]
        for cell in self.cells_of(node):
            if pieces[0].contains(face(*cell).centroid):
                self.assign[cell] = self.last_id
        return [node, self.last_id]

    def _merge(self, nodes):
        keep, *gone = nodes
        self.assign = {cell: keep if leaf in gone else leaf for cell, leaf in self.assign.items()}
        for node in gone:
            del self.parents[node]
        return [keep]


def collection(values, geometries):
    features = [
        {"type": "Feature", "properties": row, "geometry": mapping(shapely.orient_polygons(geometry))}
        for row, geometry in zip(values, geometries, strict=True)
    ]
    return {"type": "FeatureCollection", "features": features}


def borders(level, node):
    """Of the grids 11 and 12 one border, along the line between the second and third column of faces."""
    line = LineString([(WEST + 2 * STEP, SOUTH), (WEST + 2 * STEP, SOUTH + 4 * STEP)])
    row = {
        "between": [11, 12], "level": level,
        "names_zh": ["第1网格", "第2网格"], "names_en": ["grid 1", "grid 2"],
        "feature": "凤城路", "class": "main_road", "zh": "凤城路", "en": "凤城路", "metres": 212.4,
    }  # fmt: skip
    return collection([row], [line]) if node in row["between"] else collection([], [])


def neighbour():
    """One grid right east of the plan's faces."""
    square = MultiPolygon([box(WEST + 6 * STEP, SOUTH, WEST + 9 * STEP, SOUTH + 4 * STEP)])
    row = {"node_id": 1, "level": 1, "leaf": True, "in_band": True, "name": "东关社区第1网格"}
    return collection([{**row, "level": 0, "leaf": False}, row], [square, square])


def edits(app, plan, checked):
    """What edits the plan, and what tells of edits."""

    def once(body, act):
        """Carry out an edit, but one whose key is known only once."""
        if body["client_id"] in plan.keys:
            plan.posts.append(body)
            return plan.told(plan.parents)
        checked(body)
        done = act()
        plan.keys.add(body["client_id"])
        return done

    @app.post("/v1/plans/1/moves")
    def move(body: dict):
        return once(body, lambda: plan.act(dict(body["action"])))

    @app.post("/v1/plans/1/undo")
    def undo(body: dict):
        return once(body, plan.undo)

    @app.get("/v1/plans/1/events")
    def events(request: Request, since: int = 0):
        known = int(request.headers.get("last-event-id", since))
        return Response(plan.events(known), media_type="text/event-stream")

    @app.get("/v1/plans/1/changes")
    def changes(since: int):  # noqa: ARG001
        return plan.told(plan.parents)

    @app.post("/v1/plans/1/redo")
    def redo(body: dict):
        return once(body, plan.redo)


def discussion(app, plan):
    """The plan's review, without a record; no notes; it would be the first edition."""

    @app.post("/v1/plans/1/{kind}")
    def review(kind: Literal["submit", "return", "approve"]):
        plan.review = {"submit": "submitted", "return": "returned", "approve": "approved"}[kind]
        return {"review": plan.review, "steps": []}

    app.get("/v1/plans/1/review")(lambda: {"review": plan.review, "steps": []})
    app.get("/v1/plans/1/notes")(lambda: {"notes": []})
    app.get("/v1/plans")(lambda: {"plans": []})
    app.get("/v1/plans/1/impact")(lambda: {"edition": None, "added": []})


def make_app(plan, layers=None):
    """Wire the stand-in; `plan` stays in the test's hands, to look into."""
    layers, extras = layers or town(), Extras(duty=duty(), told=True, relief=relief())
    app = FastAPI()

    @app.exception_handler(Refusal)
    def refused(_request, error):
        return JSONResponse(error.body, 409, media_type="application/problem+json")

    @app.middleware("http")
    async def asked_by_our_own_page(request: Request, call_next):
        if request.method == "POST" and request.headers.get("x-wangge") != "1":
            return JSONResponse({"code": "cross_site"}, 403)
        return await call_next(request)

    def checked(body):
        plan.posts.append(body)
        if body["base_rev"] != plan.rev:
            raise Refusal("stale_revision", "已被改动")

    app.get("/maps/town")(
        lambda: html(town_page(layers, title="灵泉镇网格地图", sample=True, extras=extras), headers.FOLIUM)
    )
    app.get("/maps/grid/{code}")(lambda code: html(grid_page(layers, code, extras=extras), headers.FOLIUM))
    app.get("/plan/1")(lambda: html(plan_page(1), headers.STRICT))
    app.get("/plan/{other}")(lambda other: html(f'<link rel="icon" href="data:,">{other}', headers.STRICT))
    app.get("/v1/plans/in-hand")(
        lambda: {"plans": [{"id": 2, "area_code": "141126100002", "area_name": "东关社区", "rev": 4}]}
    )
    app.get("/v1/plans/2/view")(neighbour)

    @app.post("/v1/transfers", status_code=201)
    def transfer(body: dict):
        plan.posts.append(body)
        return {"plans": [{"plan_id": 3, "before": 1}, {"plan_id": 4, "before": 2}]}

    app.get("/v1/plans/1")(plan.view)
    app.get("/v1/plans/1/grids")(lambda rev=None: plan.grids() if rev is None else plan.panels.past(int(rev)))
    app.get("/v1/plans/1/cells")(plan.cells)
    app.get("/v1/plans/1/mended")(lambda: collection([], []))
    app.get("/v1/plans/1/borders")(lambda level, node: borders(int(level), int(node)))
    app.get("/v1/plans/1/buildings")(lambda: layers["buildings"].__geo_interface__)
    app.get("/v1/plans/1/features")(lambda: layers["features"].__geo_interface__)

    edits(app, plan, checked)
    add_panels(app, plan.panels)

    @app.post("/v1/plans/1/publish", status_code=201)
    def publish(body: dict):
        plan.posts.append(body)
        plan.published = True
        return {"editions": [{"id": 1}]}

    discussion(app, plan)
    app.mount("/static/web", StaticFiles(directory=assets.WEB))
    app.mount("/static", StaticFiles(directory=assets.STATIC))
    return app


def html(text, policy):
    return HTMLResponse(text, headers={"Content-Security-Policy": policy})
