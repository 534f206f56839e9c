"""A drawn community in the store: six houses in two rows, a tower among them, a lane and a named place."""

import dataclasses

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from spatial.ground.faces import build_ground
from spatial.ground.model import ReportRow
from spatial.ground.outline import freeze
from spatial.plans import CellRow, FaceRow, Node, PlanState
from spatial.policy import LINGQUAN
from spatial.store import grounds, places, plans
from tests.places import CODE, LATTICE, TOWN, lonlat, place_file

OUTLINE = shapely.box(0, 0, 12_000, 8_000)
HOUSES = {
    f"{row}{column}": (shapely.box(x, y, x + 2_000, y + 2_000), 10)
    for row, y in (("s", 1_000), ("n", 5_000))
    for column, x in (("1", 1_000), ("2", 5_000), ("3", 9_000))
}
REGISTER = [("n3", "1", floor, "resident" if floor < 6 else "vacant", 6) for floor in range(1, 9)]
LANE = shapely.LineString([(0, 4_000), (12_000, 4_000)])


def make_place(sha="sha-1", houses=None):
    place = place_file(
        OUTLINE, houses or HOUSES, features=[("roads", "footway", "凤城巷", LANE)], households=REGISTER
    )
    named = gpd.GeoDataFrame(
        {"name": ["凤城"], "kind": ["square"]}, geometry=list(lonlat([shapely.Point(6_000, 4_000)])), crs=4326
    )
    return dataclasses.replace(place, sha256=sha, places=named)


def make_ground(place):
    spacing = np.array([LINGQUAN.node_spacing_m["community"]])
    frozen = freeze(np.array([OUTLINE], dtype=object), spacing, np.empty(0, dtype=object))
    ground = build_ground(place, CODE, frozen.outlines[0], LATTICE, LINGQUAN)
    said = ReportRow("buildings", 3, "n3", None, "noted", "tower", "高楼", "a tower", {"type": "Point"})
    return dataclasses.replace(ground, report=[*ground.report, said])


def save_area(tx, outline=None):
    places.ensure_town(tx, TOWN, "灵泉镇", LATTICE)
    return places.save_basic(
        tx,
        CODE,
        name="凤城社区",
        division="community",
        parent=TOWN,
        outline=OUTLINE if outline is None else outline,
    )


def save_ground(tx, place=None):
    place = place or make_place()
    save_area(tx)
    return grounds.write_ground(tx, CODE, make_ground(place), place)


def make_state(ground):
    """Two level-1 grids: the southern houses and the northern."""
    nodes = [
        Node(0, None, 0, "basic", "凤城社区"),
        Node(1, 0, 1, "ordinary", "凤城社区第1网格", "1"),
        Node(2, 0, 1, "ordinary", "凤城社区第2网格", "2"),
    ]
    faces = {
        face: FaceRow(face, polygon, footprint)
        for face, polygon, footprint in zip(ground.face_ids, ground.faces, ground.footprints, strict=True)
    }
    cells, assign = {}, {}
    for row in ground.cells.itertuples():
        low, high, bid, stairwell = (
            None if pd.isna(value) else value
            for value in (row.floor_low, row.floor_high, row.bid, row.stairwell)
        )
        cells[row.Index] = CellRow(
            row.Index, ground.face_ids[row.face], low, high, bid, stairwell, row.households, row.registered
        )
        assign[row.Index] = 2 if bid and bid.startswith("n") else 1
    return PlanState({node.id: node for node in nodes}, cells, faces, assign, levels=3, spacing_m=2.0)


def save_plan(tx):
    ground_id, _ = save_ground(tx)
    state = make_state(grounds.load_ground(tx, ground_id))
    plan_id = plans.create(
        tx, ground_id, state, who="li", about={"seed": 0}, reasons={2: {"code": "no_k", "data": {"n": 3}}}
    )
    return plan_id, state
