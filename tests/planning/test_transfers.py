"""A building moves between two communities: outlines, grounds and plans of both, exact, and back again."""

import numpy as np
import pytest
import shapely

from spatial import planning
from spatial.errors import Flawed, NotFound, Refused, StaleRevision
from spatial.ground.seam import prove
from spatial.store import grounds, places
from tests.planning import drawn
from tests.planning.drawn import COMMUNITY, TOWN
from tests.planning.ledger import ledger

EAST = f"{TOWN}003"


@pytest.fixture
def pair(store, tmp_path):
    """Two communities wall to wall, a plan of each."""
    one = drawn.community(halves=1)
    two = drawn.community(EAST, "东街社区", halves=1).shifted(160)
    planning.import_place(store, drawn.drawn(one, two).write(tmp_path))
    made = {p.area_code: p.plan_id for p in planning.propose(store, TOWN, who="li")}
    return store, made[COMMUNITY], made[EAST]


def outlines(store):
    with store.transaction() as tx:
        return places.outlines(tx, places.town_of(tx, TOWN))


def households(store, plan_id):
    return planning.plan(store, plan_id).nodes[0].households


def rim_house(store, plan_id):
    """A building whose ground touches the eastern community."""
    cells = planning.plan_cells(store, plan_id)
    built = cells[cells["bid"].notna()]
    east = built.geometry.bounds["maxx"]
    return built.loc[east.idxmax(), "bid"]


def test_a_building_moves_and_comes_back_exactly(pair, today):
    store, west, east = pair
    before, house = outlines(store), rim_house(store, west)
    there = planning.transfer(store, building=house, from_plan=west, to_plan=east, base_revs=(0, 0), who="li")
    (lost, gained), after = there, outlines(store)
    assert [t.area_code for t in there] == [COMMUNITY, EAST]
    assert (households(store, lost.plan_id), households(store, gained.plan_id)) == (304, 336)
    area = {code: shape.area for code, shape in after.items()}
    assert sum(area.values()) == sum(shape.area for shape in before.values())
    assert area[EAST] > before[EAST].area
    with store.transaction() as tx:
        for code in (COMMUNITY, EAST):
            ground = grounds.load_ground(tx, grounds.latest(tx, code).id)
            assert prove(ground.faces, after[code]) == []
    both = np.array([after[COMMUNITY], after[EAST]], dtype=object)
    assert prove(both, shapely.coverage_union_all(np.array([*before.values()], dtype=object))) == []
    assert not [
        f for p in there for f in planning.plan(store, p.plan_id).flaws if f.kind in {"gap", "overlap"}
    ]
    with pytest.raises(Refused):  # its outline is no longer the frozen one
        planning.publish(store, [west], valid_from=today, who="li", accept="proved")
    back = planning.transfer(
        store, building=house, from_plan=gained.plan_id, to_plan=lost.plan_id, base_revs=(0, 0), who="li"
    )
    assert [households(store, t.plan_id) for t in back] == [320, 320]
    for code, shape in outlines(store).items():
        assert prove(np.array([shape], dtype=object), before[code]) == []


def test_a_published_neighbour_must_be_published_with_it(pair, today):
    store, west, east = pair
    planning.publish(store, [west, east], valid_from=today, who="li", accept="proved")
    drafts = [planning.copy_plan(store, plan, name="改", who="li") for plan in (west, east)]
    house = rim_house(store, west)
    lost, gained = planning.transfer(
        store, building=house, from_plan=drafts[0], to_plan=drafts[1], base_revs=(0, 0), who="li"
    )
    with pytest.raises(Flawed) as alone:
        planning.publish(store, [lost.plan_id], valid_from=today, who="li", accept="proved")
    assert [w.ref for w in alone.value.where if w.field == "transfer"] == [EAST]
    with pytest.raises(Flawed) as both:
        planning.publish(store, [lost.plan_id, gained.plan_id], valid_from=today, who="li", accept="proved")
    assert {w.field for w in both.value.where} == {"out_of_band"}  # 32 households in the taker's grid


def test_a_moved_building_is_edited_and_undone_like_any_other(pair):
    store, west, east = pair
    house = rim_house(store, west)
    _, gained = planning.transfer(
        store, building=house, from_plan=west, to_plan=east, base_revs=(0, 0), who="li"
    )
    plan = planning.plan(store, gained.plan_id)
    other = next(n for n in plan.nodes if n.level == 3 and n.id != gained.node)
    done = planning.move(
        store,
        gained.plan_id,
        base_rev=0,
        action={"kind": "give", "building": house, "to": other.id},
        who="li",
    )
    planning.undo(store, gained.plan_id, base_rev=done.rev, who="li")
    assert gained.node in {n.id for n in planning.plan(store, gained.plan_id).nodes}


def test_transfers_that_are_refused_change_nothing(pair):
    store, west, east = pair
    house = rim_house(store, west)
    inner = planning.plan_cells(store, west).dropna(subset="bid").geometry.bounds["minx"].idxmin()
    far = planning.plan_cells(store, west).loc[inner, "bid"]
    before = ledger(store)
    for error, code, building, plans, revs in (
        (Refused, "not_beside", far, (west, east), (0, 0)),
        (NotFound, "no_such_building", "none", (west, east), (0, 0)),
        (StaleRevision, "stale", house, (west, east), (0, 1)),
        (Exception, "same_area", house, (west, west), (0, 0)),
    ):
        with pytest.raises(error) as caught:
            planning.transfer(
                store, building=building, from_plan=plans[0], to_plan=plans[1], base_revs=revs, who="li"
            )
        assert caught.value.code == code
    assert ledger(store) == before
