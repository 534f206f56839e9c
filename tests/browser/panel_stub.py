"""A stand-in for what the planner's panels ask: history, effects, posts, acceptances, layers, copies."""

from __future__ import annotations

from fastapi import Body, FastAPI, File, Form, UploadFile
from fastapi.responses import Response
from shapely.geometry import LineString, Point, mapping

from tests.maps.frames import SOUTH, STEP, WEST

AT = "2026-11-30T09:30:00+08:00"


def words(zh):
    return {"zh": zh, "en": zh}


class Panels:
    """What the panels may ask, of one plan of `tests.browser.stub`; ``asked`` counts why-nots."""

    def __init__(self, plan):
        self.plan, self.asked, self.copies, self.references, self.name = plan, 0, [], {}, None

    def moves(self, since=0):
        undone = [i >= len(self.plan.history) for i in range(self.plan.rev)]
        rows = [
            {
                "rev": i + 1, "who": "li", "at": AT, "kind": "assign", "step": "do", "origin": i + 1,
                "undone": gone, "words": words(f"第{i + 1}步"), "grids": [], "removed": [], "cells": [],
                "faces": False,
            }
            for i, gone in enumerate(undone)
        ]  # fmt: skip
        return {"moves": rows[since:]}

    def figures(self, state, node):
        parents, assign = state
        if node not in parents:
            return None
        own = [cell for cell, leaf in assign.items() if leaf == node]
        return {"households": 4 * len(own), "registered": 5 * len(own), "buildings": len(own),
                "cells": len(own), "cases": len(own), "hazards": 0, "area_m2": 1000.0 * len(own)}  # fmt: skip

    def effect(self, since):
        now = (self.plan.parents, self.plan.assign)
        then = self.plan.stood.get(since, now)
        rows = []
        for node in sorted({*now[0], *then[0]}):
            before, after = self.figures(then, node), self.figures(now, node)
            if before == after:
                continue
            state = [
                None if one is None else "in_band" if 10 <= one["households"] <= 20 else "over"
                for one in (before, after)
            ]
            rows.append({"node": node, "name": f"第{node}网格", "label": f"L{node}", "level": 3,
                         "before": before, "after": after, "band": [10, 20], "state_before": state[0],
                         "state_after": state[1], "new": before is None, "gone": after is None})  # fmt: skip
        return {
            "rev": self.plan.rev, "touched": rows, "parents": [], "crosses": [], "flaws_gone": [],
            "flaws_new": [words("新的问题")], "lines": {"type": "FeatureCollection", "features": []},
        }  # fmt: skip

    def why_not(self):
        self.asked += 1
        line = [[WEST + 2.4 * STEP, SOUTH], [WEST + 2.4 * STEP, SOUTH + 4 * STEP]]
        side = {"label": "L11", "node": 11, "households": 16, "households_after": 18, "walk_m": 120.4,
                "walk_m_after": 141.0, "polsby_popper": 0.5, "polsby_popper_after": 0.4}  # fmt: skip
        course = {"metres": 212.0, "followed_m": 212.0, "features_zh": [], "features_en": []}
        return {"plan": 1, "rev": 0, "sides": [side], "cells": [], "buildings": [], "price": 1.0,
                "now": {**course, "geometry": None}, "price_after": 1.25, "exact": True,
                "other": {**course, "followed_m": 90.0, "geometry": mapping(LineString(line))},
                **words("改沿北街走，少沿地物 122 米")}  # fmt: skip

    def past(self, rev):
        now = (self.plan.parents, self.plan.assign)
        self.plan.parents, self.plan.assign = self.plan.stood[rev]
        try:
            return self.plan.grids()
        finally:
            self.plan.parents, self.plan.assign = now

    def sign(self, node, reason):
        self.plan.accepted[node] = None if reason is None else {"reason": reason, "who": "li", "at": AT}
        return {"node": self.plan.node(node), "flaws": self.plan.flaws()}


def points(rows):
    return {"type": "FeatureCollection", "next": None, "features": [
        {"type": "Feature", "geometry": mapping(Point(WEST + x * STEP, SOUTH + y * STEP)), "properties": row}
        for x, y, row in rows
    ]}  # fmt: skip


def case(number, state):
    return {"id": number, "number": str(number), "category": "fire", "description": "冒烟", "state": state}


def add_panels(app: FastAPI, panels: Panels) -> None:
    """Wire them."""
    liaison = {"post": "grid_liaison", "post_zh": "网格联络员", "post_en": "liaison", "kept": True}
    posts = [
        liaison | {"node": n, "code": f"1411261000010010{n}", "short": f"1-{n}", "holders": int(n > 10)}
        for n in range(10, 16)
    ]
    app.get("/v1/plans/1/moves")(lambda since=0: panels.moves(int(since)))
    app.get("/v1/plans/1/effect")(lambda since: panels.effect(int(since)))
    app.get("/v1/plans/1/posts")(lambda: {"posts": posts})
    app.get("/v1/plans/1/why-not")(panels.why_not)
    app.post("/v1/plans/1/acceptances", status_code=201)(
        lambda body=Body(): panels.sign(body["node"], body["reason"])  # noqa: B008
    )
    app.delete("/v1/plans/1/acceptances/{node}")(lambda node: panels.sign(int(node), None))
    row = {"id": 1, "published": False, "who": "li", "made_at": AT, "area_name": "凤城社区"}
    app.get("/v1/plans")(lambda: {"plans": [row | {"name": panels.name, "rev": panels.plan.rev}]})
    cases = [(0.5, 0.5, case(1, "accepted")), (0.52, 0.5, case(2, "archived")), (4, 3, case(3, "void"))]
    app.get("/v1/cases")(lambda: points(cases))
    app.get("/v1/hazards")(
        lambda: points([(5.5, 0.5, {"number": "H1", "name": "北坡", "kind": "landslide", "grade": "III",
                                    "danger_area": None})])
    )  # fmt: skip
    add_bodies(app, panels)


def add_bodies(app: FastAPI, panels: Panels) -> None:
    """Wire what takes a body."""

    @app.post("/v1/plans/1/copy", status_code=201)
    def copy(body: dict):
        panels.copies.append(body)
        return {"id": 9}

    @app.patch("/v1/plans/1")
    def rename(body: dict):
        panels.name = body["name"]
        return {**panels.plan.view(), "name": panels.name}

    place = "/v1/places/141126100001/references"
    app.get(place)(lambda: {"references": [row for row, _ in panels.references.values()]})
    app.get(place + "/{number}")(lambda number: Response(panels.references[int(number)][1]))

    @app.post(place, status_code=201)
    def upload(file: UploadFile = File(), name: str = Form(), crs: str = Form()):  # noqa: B008
        number = len(panels.references) + 1
        row = {"id": number, "name": name, "file": file.filename, "features": 1, "who": "li", "crs": crs}
        panels.references[number] = (row, file.file.read())
        return row

    @app.delete(place + "/{number}", status_code=204)
    def drop(number: int):
        del panels.references[number]
