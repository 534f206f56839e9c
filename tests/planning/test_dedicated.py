"""Dedicated areas on the drawn community: carved out with nobody in them, whatever their shape."""

from __future__ import annotations

import pytest
from shapely import box

from spatial import planning
from tests.planning import drawn
from tests.planning.conftest import database
from tests.planning.drawn import COMMUNITY


@pytest.fixture(scope="module")
def store(cluster, template):
    with database(cluster, template) as opened:
        yield opened


def divided(store, folder, *areas, code=COMMUNITY):
    """The community with dedicated areas (name, lattice metres), imported and proposed: grids and notes."""
    site = drawn.community(code)
    site.lines += [("dedicated", "school", name, box(*(v * 100 for v in extent))) for name, extent in areas]
    planning.import_place(store, drawn.drawn(site).write(folder))
    (made,) = planning.propose(store, code, who="li")
    grids = planning.plan_grids(store, made.plan_id)
    flaws = [f.kind for f in planning.plan(store, made.plan_id).flaws if f.blocking]
    own = grids[grids["kind"] == "dedicated"].set_index("name")
    metres = drawn.LATTICE.to_lattice(own.geometry.to_numpy())
    m2 = {
        name.removeprefix("凤城社区"): round(g.area / 1e4) for name, g in zip(own.index, metres, strict=True)
    }
    assert (own["households"] == 0).all()
    assert grids.loc[grids["level"] == 1, "households"].sum() == 640
    return m2, made.notes, flaws


def test_a_school_between_houses_is_carved_out_exactly(store, tmp_path):
    m2, notes, flaws = divided(store, tmp_path, ("小学", (20, 20, 40, 28)))
    assert m2 == {"小学": 160}
    assert (notes, flaws) == ([], [])


def test_of_two_that_overlap_the_smaller_keeps_the_common_ground(store, tmp_path):
    m2, _, flaws = divided(store, tmp_path, ("市场", (20, 20, 60, 28)), ("医院", (50, 20, 70, 28)))
    assert m2 == {"市场": 240, "医院": 160}
    assert flaws == []


def test_a_house_inside_stays_ordinary_and_is_said_by_name(store, tmp_path):
    # the house 001-000 stands at x 6-20, y 6-18
    m2, notes, _ = divided(store, tmp_path, ("大院", (4, 4, 40, 28)))
    (note,) = [n for n in notes if n["code"] == "dedicated_households"]
    assert note["data"]["households"] == 32
    assert note["zh"].startswith("大院：")
    assert m2 == {}  # all of its ground belongs to the two houses


def test_a_belt_that_cuts_the_ground_leaves_all_in_band_and_says_which_grid_has_parts(store, tmp_path):
    # from edge to edge, between the houses of the western blocks and the street
    m2, notes, flaws = divided(store, tmp_path, ("绿化带", (70, 0, 80, 100)))
    assert m2 == {"绿化带": 1_000}
    (note,) = notes  # neither side holds 300 households: one grid of level 1 on both
    assert (note["code"], note["data"]["households"]) == ("grid_in_parts", [160, 160])
    assert flaws == []


def test_one_smaller_than_any_face_makes_no_grid_and_is_said(store, tmp_path):
    m2, notes, flaws = divided(store, tmp_path, ("警务亭", (70, 25, 72, 27)))
    assert m2 == {}
    assert flaws == []
    (note,) = notes
    assert (note["code"], note["data"]) == ("dedicated_too_small", {"dedicated": "警务亭", "area_m2": 4.0})
