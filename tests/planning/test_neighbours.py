"""Imports that follow one another: a changed file, a frozen outline, a neighbour that comes later."""

import numpy as np
import pytest
import shapely
from shapely.geometry import shape

from spatial import lookup, planning
from spatial.checking import check
from spatial.errors import Flawed
from spatial.ground.seam import prove
from spatial.store import grounds, places
from spatial.writers.gridfile import write_grids
from tests.planning import drawn
from tests.planning.drawn import COMMUNITY, TOWN
from tests.planning.ledger import counts

EAST = f"{TOWN}003"


def half(code=COMMUNITY, name="凤城社区", **kwargs):
    """160 m x 100 m, 320 households."""
    return drawn.community(code, name, halves=1, **kwargs)


def put(store, folder, *sites):
    numbers = len(list(folder.glob("*.gpkg")))
    return planning.import_place(store, drawn.drawn(*sites).write(folder, f"{numbers}.gpkg"))


def outlines(store):
    with store.transaction() as tx:
        return places.outlines(tx, places.town_of(tx, TOWN))


def ground(store, code):
    with store.transaction() as tx:
        return grounds.load_ground(tx, grounds.latest(tx, code).id)


def seam(store, *codes):
    """Flaws of the faces of several grounds together against the union of their outlines, edge by edge."""
    faces = np.concatenate([ground(store, c).faces for c in codes])
    known = outlines(store)
    return prove(faces, shapely.coverage_union_all([known[c] for c in codes]))


def test_changed_file_makes_a_new_ground_and_leaves_plans_alone(store, tmp_path):
    first = put(store, tmp_path, half())
    (plan,) = planning.propose(store, COMMUNITY, who="li")
    before = planning.plan_cells(store, plan.plan_id)
    second = put(store, tmp_path, half(each=15))
    assert second.areas[0].new
    assert second.areas[0].ground_id != first.areas[0].ground_id
    assert (first.areas[0].households, second.areas[0].households) == (320, 300)
    assert planning.plan(store, plan.plan_id).ground_id == first.areas[0].ground_id
    assert planning.plan_cells(store, plan.plan_id).equals(before)
    (other,) = planning.propose(store, COMMUNITY, who="li")
    assert planning.plan(store, other.plan_id).ground_id == second.areas[0].ground_id
    assert sum(n.households for n in planning.plan(store, other.plan_id).nodes if n.level == 3) == 300
    # and back again: the first file is news after the second
    assert put(store, tmp_path, half()).areas[0].new


def test_household_count_alone_keeps_every_face(store, tmp_path):
    put(store, tmp_path, half())
    faces = ground(store, COMMUNITY).face_ids.tolist()
    put(store, tmp_path, half(each=15))
    assert ground(store, COMMUNITY).face_ids.tolist() == faces


def test_outline_moves_while_nothing_is_published(store, tmp_path):
    put(store, tmp_path, half())
    wider = half()
    wider.outline = shapely.box(0, 0, 17_000, 10_000)
    report = put(store, tmp_path, wider).report
    assert [r.code for r in report] == []
    assert outlines(store)[COMMUNITY].bounds == (0, 0, 17_000, 10_000)


def test_published_outline_stays_frozen(store, tmp_path):
    put(store, tmp_path, half())
    planning.propose(store, COMMUNITY, who="li", publish=True)
    frozen = outlines(store)[COMMUNITY]
    wider = half(each=15)
    wider.outline = shapely.box(0, 0, 17_000, 10_000)
    result = put(store, tmp_path, wider)
    (row,) = [r for r in result.report if r.code == "outline_kept"]
    assert (row.layer, row.ref, row.field, row.action) == ("boundary", COMMUNITY, "geometry", "noted")
    assert outlines(store)[COMMUNITY].wkb == frozen.wkb
    assert result.areas[0].new
    assert ground(store, COMMUNITY).outline.equals(frozen)
    (plan,) = planning.propose(store, COMMUNITY, who="li", publish=True)
    assert plan.edition_id
    assert lookup.grids(store, area=COMMUNITY, level=0)["households"].tolist() == [300]


def test_published_numbers_stay_when_a_new_ground_comes(store, tmp_path):
    put(store, tmp_path, half())
    planning.propose(store, COMMUNITY, who="li", publish=True)
    before = lookup.grids(store, area=COMMUNITY)
    put(store, tmp_path, half(each=15))
    assert lookup.grids(store, area=COMMUNITY).equals(before)


@pytest.mark.parametrize("slip_cm", [0, 3, -3])
def test_later_neighbour_fits_a_published_outline(store, tmp_path, slip_cm):
    """Its border is off by three centimetres, on other vertices: it takes those that are frozen."""
    put(store, tmp_path, half())
    planning.propose(store, COMMUNITY, who="li", publish=True)
    frozen = outlines(store)[COMMUNITY]
    east = half(EAST, "东街社区").shifted(160)
    ring = [(16_000 + slip_cm, 0), (32_000, 0), (32_000, 10_000), (16_000 - slip_cm, 10_000), (16_000, 4_321)]
    east.outline = shapely.Polygon(ring)
    result = put(store, tmp_path, east)
    assert [r.code for r in result.report if r.action == "disputed"] == []
    assert outlines(store)[COMMUNITY].wkb == frozen.wkb
    assert seam(store, COMMUNITY, EAST) == []
    planning.propose(store, EAST, who="li", publish=True)
    leaves = lookup.grids(store, area=TOWN)
    leaves = leaves[~leaves["code"].isin(set(leaves["parent"].dropna()))]
    lattice = drawn.LATTICE
    flat = prove(
        lattice.to_lattice(leaves.geometry.to_numpy()),
        shapely.coverage_union_all(list(outlines(store).values())),
    )
    assert flat == []


def test_two_neighbours_of_one_file_share_every_vertex(store, tmp_path):
    place = drawn.drawn(half(), half(EAST, "东街社区").shifted(160)).write(tmp_path)
    planning.import_place(store, place)
    assert seam(store, COMMUNITY, EAST) == []
    planning.propose(store, TOWN, who="li", publish=True)
    path = tmp_path / "grids.gpkg"
    write_grids(path, lookup.grids(store, area=TOWN))
    assert check(place, path).ok


def test_village_beside_a_community_takes_its_finer_vertices(store, tmp_path):
    place = drawn.drawn(half(), drawn.village().shifted(160))
    report = planning.import_place(store, place.write(tmp_path)).report
    assert [r.code for r in report if r.action == "disputed"] == []
    assert seam(store, COMMUNITY, drawn.VILLAGE) == []


def test_village_later_beside_a_published_community(store, tmp_path):
    put(store, tmp_path, half())
    planning.propose(store, COMMUNITY, who="li", publish=True)
    put(store, tmp_path, drawn.village().shifted(160))
    assert seam(store, COMMUNITY, drawn.VILLAGE) == []


def test_community_later_beside_a_published_village(store, tmp_path):
    """The village's border has a vertex every 10 m; the community's ground keeps to these."""
    put(store, tmp_path, drawn.village())
    planning.propose(store, drawn.VILLAGE, who="li", publish=True)
    frozen = outlines(store)[drawn.VILLAGE]
    put(store, tmp_path, half().shifted(-160, 37))
    assert outlines(store)[drawn.VILLAGE].wkb == frozen.wkb
    assert seam(store, drawn.VILLAGE, COMMUNITY) == []


def test_neighbour_over_a_published_outline_is_disputed(store, tmp_path):
    put(store, tmp_path, half())
    planning.propose(store, COMMUNITY, who="li", publish=True)
    report = put(store, tmp_path, half(EAST, "东街社区").shifted(150)).report
    assert [r.code for r in report if r.action == "disputed"] == ["disputed_overlap"]
    assert counts(store)["disputed"] == 1
    assert seam(store, COMMUNITY, EAST) == []


def test_assigned_dispute_lets_both_be_published(store, tmp_path):
    put(store, tmp_path, half(), half(EAST, "东街社区").shifted(165))
    (dispute,) = planning.disputes(store, TOWN)
    planning.assign_disputed(store, dispute.id, EAST)
    assert planning.disputes(store, TOWN) == []
    assert seam(store, COMMUNITY, EAST) == []
    assert len(planning.propose(store, TOWN, who="li", publish=True)) == 2


def test_plan_of_an_outline_that_is_no_longer_is_not_published(store, tmp_path, today):
    """Its grids would leave a gap to the neighbour, who was fitted to the new outline."""
    put(store, tmp_path, half())
    (old,) = planning.propose(store, COMMUNITY, who="li")
    wider = half()
    wider.outline = shapely.box(0, 0, 17_000, 10_000)
    put(store, tmp_path, wider, half(EAST, "东街社区").shifted(170))
    with pytest.raises(Flawed) as refusal:
        planning.publish(store, [old.plan_id], valid_from=today, who="li", accept="proved")
    (where,) = refusal.value.where
    assert (where.ref, where.field) == (COMMUNITY, "outline")
    strip = drawn.LATTICE.to_lattice(shape(where.geometry))
    assert strip.bounds == (16_000, 0, 17_000, 10_000)
    assert len(planning.propose(store, TOWN, who="li", publish=True)) == 2


def test_plan_from_before_a_dispute_was_settled_is_not_published(store, tmp_path, today):
    put(store, tmp_path, half(), half(EAST, "东街社区").shifted(165))
    plans = planning.propose(store, TOWN, who="li")
    (dispute,) = planning.disputes(store, TOWN)
    planning.assign_disputed(store, dispute.id, EAST)
    west, east = (p.plan_id for p in plans)
    with pytest.raises(Flawed):
        planning.publish(store, [east], valid_from=today, who="li", accept="proved")
    assert planning.publish(store, [west], valid_from=today, who="li", accept="proved")


def test_settled_dispute_outlives_the_same_file(store, tmp_path):
    place = drawn.drawn(half(), half(EAST, "东街社区").shifted(165)).write(tmp_path)
    planning.import_place(store, place)
    (dispute,) = planning.disputes(store, TOWN)
    planning.assign_disputed(store, dispute.id, EAST)
    known = {code: o.wkb for code, o in outlines(store).items()}
    planning.import_place(store, place)
    assert planning.disputes(store, TOWN) == []
    assert {code: o.wkb for code, o in outlines(store).items()} == known
