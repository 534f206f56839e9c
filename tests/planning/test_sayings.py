"""Reasons said on the map weigh in the next proposal, on the ground that is there."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from shapely.geometry import mapping, shape

from spatial import planning
from spatial.errors import BadParameter, NotFound, Refused
from spatial.planning import sayings
from spatial.planning.wishes import Wishes, weights_of
from spatial.store import grounds
from tests.planning.drawn import COMMUNITY, LATTICE, TOWN


def lonlat(geometry):
    """Lattice metres of the drawn community to GeoJSON."""
    cm = shapely.transform(geometry, lambda xy: xy * 100)
    return mapping(LATTICE.to_lonlat(np.array([cm]))[0])


def say(store, geometry, *, code=COMMUNITY, **said):
    return sayings.say(store, code, lonlat(geometry), said, who="li")


def ground_of(store, *, said=True):
    with store.transaction() as tx:
        ground = grounds.load_ground(tx, grounds.latest(tx, COMMUNITY).id)
        return sayings.with_sayings(tx, ground) if said else ground


RIVER, STREET = (
    shapely.LineString([(161, -2), (159, 50), (160, 101)]),
    shapely.LineString([(1, 51), (319, 49)]),
)


def test_the_lane_is_no_border_and_a_drawn_barrier_is_one(drafted):
    """Level 1 follows the river; told that it is no border, and the cross street is one, the street.

    Features weigh double: by the usual weights two halves of 320 m x 50 m are too long to be worth it.
    """
    store = drafted.store

    def halves(plan_id):
        grids = planning.plan_grids(store, plan_id, level=1)
        return {tuple(np.round(shapely.bounds(g) / 100 ).astype(int).tolist())
                for g in LATTICE.to_lattice(grids.geometry.to_numpy())}  # fmt: skip

    def proposed():
        (made,) = planning.propose(
            store, COMMUNITY, who="li", wishes=Wishes(weights=weights_of({"features": 2.0}))
        )
        return halves(made.plan_id)

    assert proposed() == {(0, 0, 160, 100), (160, 0, 320, 100)}
    assert say(store, RIVER, kind="no_border", note="已建三座桥").open is None
    assert say(store, STREET, kind="barrier", **{"class": "river"}).open is None
    assert proposed() == {(0, 0, 320, 50), (0, 50, 320, 100)}


def test_edges_along_a_line_take_its_strength_and_no_metre_is_lost(drafted):
    store = drafted.store
    before = ground_of(store, said=False).edges
    say(store, RIVER, kind="no_border")
    say(store, STREET, kind="barrier", name="新围墙", **{"class": "wall"})
    after = ground_of(store).edges
    assert after["length_m"].sum() == pytest.approx(before["length_m"].sum())
    assert before.loc[before["barrier"] == "river", "length_m"].sum() > 90
    assert not (after["barrier"] == "river").any()
    wall = after[after["feature"] == "新围墙"]
    assert set(wall["strength"]) == {1.0}
    # the piece that crosses the river's line runs no further along the street than the street itself
    assert wall["length_m"].sum() == pytest.approx(320, abs=12)


def test_areas_name_their_cells_and_what_is_taken_back_weighs_no_more(drafted):
    store = drafted.store
    west = shapely.box(0, 0, 160, 100)
    ids = [
        say(store, west, kind="zone", name="老城").id,
        say(store, west, kind="habit", name="同姓", code=TOWN).id,
        say(store, west, kind="dedicated", name="学校", **{"class": "school"}).id,
    ]
    layers = ground_of(store).layers
    assert [set(layers[one].dropna()) for one in ("zone", "affinity", "dedicated", "dedicated_kind")] == [
        {"老城"}, {"同姓"}, {"学校"}, {"school"},
    ]  # fmt: skip
    assert 0 < layers["zone"].notna().sum() < len(layers)
    listed = sayings.said_of(store, COMMUNITY)
    assert listed[["kind", "name", "who", "place"]].to_numpy().tolist() == [
        ["zone", "老城", "li", COMMUNITY], ["habit", "同姓", "li", TOWN],
        ["dedicated", "学校", "li", COMMUNITY],
    ]  # fmt: skip
    for number in ids:
        sayings.unsay(store, COMMUNITY, number)
    assert ground_of(store).layers.equals(ground_of(store, said=False).layers)
    with pytest.raises(NotFound):
        sayings.unsay(store, COMMUNITY, ids[0])


def test_a_reason_is_corrected_in_its_place(drafted):
    store = drafted.store
    number = say(store, RIVER, kind="barrier", name="新墙", **{"class": "wall"}).id
    said = {"kind": "barrier", "class": "river", "name": "屈产河"}
    sayings.say(store, COMMUNITY, lonlat(STREET), said, who="wang", number=number)
    (row,) = sayings.said_of(store, COMMUNITY).itertuples()
    assert (row.id, row.kind, row.name, row.who) == (number, "barrier", "屈产河", "wang")
    assert row.geometry.equals(shape(lonlat(STREET)))
    with pytest.raises(BadParameter):
        sayings.say(store, COMMUNITY, lonlat(RIVER), {"kind": "zone"}, who="li", number=number)
    with pytest.raises(NotFound) as lost:
        sayings.say(store, COMMUNITY, lonlat(RIVER), said, who="li", number=number + 1)
    assert lost.value.code == "no_such_saying"
    assert sayings.said_of(store, COMMUNITY)["name"].tolist() == ["屈产河"]


def test_where_no_border_can_run_yet_is_shown(drafted):
    """Across the middle of a house's own ground no two faces meet."""
    through = shapely.LineString([(13, -1), (13, 20)])
    found = say(drafted.store, through, kind="barrier", **{"class": "wall"})
    assert shape(found.open).intersects(shape(lonlat(shapely.box(12, 0, 14, 20))))


@pytest.mark.parametrize(
    ("geometry", "said", "code"),
    [
        (RIVER, {"kind": "barrier", "class": "dragon"}, "bad_saying"),
        (RIVER, {"kind": "zone"}, "bad_saying"),
        (shapely.box(0, 0, 9, 9), {"kind": "no_border"}, "bad_saying"),
        (shapely.Polygon([(0, 0), (9, 9), (9, 0), (0, 9)]), {"kind": "habit"}, "bad_saying"),
        (shapely.LineString([(9000, 0), (9000, 9)]), {"kind": "no_border"}, "saying_outside"),
    ],
)  # fmt: skip
def test_what_can_not_be_meant_is_refused(drafted, geometry, said, code):
    with pytest.raises((BadParameter, Refused)) as refused:
        say(drafted.store, geometry, **said)
    assert refused.value.code == code
    assert sayings.said_of(drafted.store, COMMUNITY).empty
