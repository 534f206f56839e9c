"""Publishing: what it refuses and by which place, what it accepts, codes over editions, dates, releases."""

import datetime as dt

import pytest
import shapely
import sqlalchemy as sa
from shapely.geometry import shape

from spatial import lookup, planning
from spatial.errors import BadParameter, Flawed, Locked, NotFound, Refused
from spatial.planning.accepting import accept_reason, withdraw_acceptance
from tests.planning import drawn
from tests.planning.conftest import database, nested, settle
from tests.planning.drawn import COMMUNITY, LATTICE, TOWERS, TOWN, VILLAGE
from tests.planning.ledger import ledger
from tests.planning.test_stages import act, leaf_of, line, planning_cells

CELL_M2 = 80 * 50


@pytest.fixture(scope="module")
def _lumpy(cluster, template, tmp_path_factory):
    with database(cluster, template) as store:
        # a house of 24 is above the maximum of 20 and can't be divided: each leaf a lump
        site = drawn.community(halves=1, each=24)
        yield settle(store, tmp_path_factory.mktemp("lumpy"), [site])


@pytest.fixture
def lumpy(_lumpy):
    """Half a community of 20 houses with 24 households each, proposed; rolled back after the test."""
    yield from nested(_lumpy)


@pytest.fixture(scope="module")
def _fine(cluster, template, tmp_path_factory):
    with database(cluster, template) as store:
        site = drawn.community(halves=3, each=5)
        yield settle(store, tmp_path_factory.mktemp("fine"), [site], publish=True)


@pytest.fixture
def fine(_fine):
    """60 houses of 5 households, published: leaves of two to four houses; rolled back after the test."""
    yield from nested(_fine)


def publish(store, *plans, day, accept=()):
    return planning.publish(store, list(plans), valid_from=day, who="li", accept=accept)


def next_plan(town):
    """A second plan on the same ground, equal to the first."""
    (made,) = planning.propose(town.store, COMMUNITY, who="li")
    return made.plan_id


def published_grids(store, edition_id):
    with store.transaction() as tx:
        rows = tx.execute(
            sa.text(
                "SELECT code, level, households, registered, ST_AsBinary(geom) AS geom FROM grid"
                " WHERE edition_id = :id"
            ),
            {"id": edition_id},
        ).all()
    return {row.code: row for row in rows}


def check_crosswalk(store, old_edition, new_edition):
    """Households and ground that go from old codes to new ones add up on both sides, level by level."""
    old, new = published_grids(store, old_edition), published_grids(store, new_edition)
    walk = planning.crosswalk(store, new_edition)
    assert {len(row["old"]) for row in walk} == {len(row["new"]) for row in walk} == {15, 17, 19}
    assert all(len(row["old"]) == len(row["new"]) for row in walk)
    for side, grids in (("old", old), ("new", new)):
        people, m2 = {}, {}
        for row in walk:
            people[row[side]] = people.get(row[side], 0) + row["households"]
            m2[row[side]] = m2.get(row[side], 0.0) + row["m2"]
        for code, grid in grids.items():
            if grid.level:
                assert people.get(code, 0) == grid.households
                area = shapely.area(LATTICE.to_lattice(shapely.from_wkb(bytes(grid.geom)))) / 10_000
                assert m2[code] == pytest.approx(area, abs=1e-6)
    return walk


# -- refusals ----------------------------------------------------------------------------------------------


def test_grid_out_of_band_without_a_proof_is_refused_by_its_place(drafted, today):
    store, plan = drafted.store, drafted.plans[COMMUNITY]
    one, two = leaf_of(store, plan, "001-000"), leaf_of(store, plan, "001-001")
    act(store, plan, kind="merge", nodes=[one.id, two.id])
    kept = leaf_of(store, plan, "001-000")
    before = ledger(store)
    for accept in ((), "proved"):
        with pytest.raises(Flawed) as refusal:
            publish(store, plan, day=today, accept=accept)
        (where,) = refusal.value.where
        assert (where.ref, where.field) == (str(kept.id), "out_of_band")
        assert "32" in where.value
        polygon = planning.plan_grids(store, plan).set_index("node_id").geometry[kept.id]
        assert polygon.covers(shape(where.geometry))
        assert ledger(store) == before


@pytest.mark.parametrize("reason", ["lump", "no_k", "locked", "nonsense"])
def test_reason_that_does_not_hold_is_not_accepted(drafted, today, reason):
    store, plan = drafted.store, drafted.plans[COMMUNITY]
    act(store, plan, kind="merge", nodes=[leaf_of(store, plan, f"001-00{n}").id for n in (0, 1)])
    kept = leaf_of(store, plan, "001-000")
    before = ledger(store)
    with pytest.raises(Flawed) as refusal:
        publish(store, plan, day=today, accept=[{"node": kept.id, "reason": reason}])
    assert refusal.value.code == "reason_not_proved"
    assert refusal.value.data == {"node": kept.id, "proved": None}
    assert ledger(store) == before


def test_unassigned_and_empty_and_dedicated_with_households_are_refused(drafted, today):
    store, plan = drafted.store, drafted.plans[COMMUNITY]
    house, other = leaf_of(store, plan, "001-000"), leaf_of(store, plan, "001-001")
    act(store, plan, kind="assign", cells=planning_cells(store, plan, "001-000"), to=None)
    with pytest.raises(Flawed) as refusal:
        publish(store, plan, day=today, accept="proved")
    kinds = {w.field for w in refusal.value.where}
    assert {"unassigned", "empty"} <= kinds
    assert any(w.ref == str(house.id) and w.field == "empty" for w in refusal.value.where)
    planning.undo(store, plan, base_rev=1, who="li")
    act(store, plan, kind="tree", op="kind", node=other.id, grid_kind="dedicated")
    with pytest.raises(Flawed) as refusal:
        publish(store, plan, day=today, accept="proved")
    assert ("dedicated_households", str(other.id)) in {(w.field, w.ref) for w in refusal.value.where}


# -- acceptances -------------------------------------------------------------------------------------------


def out_of_band(store, plan):
    return [n for n in planning.plan(store, plan).nodes if n.in_band is False]


def test_proved_reasons_are_accepted_by_name_and_date(lumpy, today):
    store, plan = lumpy.store, lumpy.plans[COMMUNITY]
    lumps = out_of_band(store, plan)
    assert [(n.households, n.reason.code, n.reason.proved) for n in lumps] == [(24, "lump", True)] * 20
    before = ledger(store)
    with pytest.raises(Flawed) as refusal:
        publish(store, plan, day=today)
    assert {w.ref for w in refusal.value.where} == {str(n.id) for n in lumps}
    assert ledger(store) == before
    (edition,) = publish(store, plan, day=today, accept="proved")
    view = planning.plan(store, plan)
    assert {n.accepted.reason for n in view.nodes if n.accepted} == {"lump"}
    assert {n.accepted.who for n in view.nodes if n.accepted} == {"li"}
    assert all(dt.datetime.fromisoformat(n.accepted.at).tzinfo for n in view.nodes if n.accepted)
    assert len([n for n in view.nodes if n.accepted]) == 20
    grids = lookup.grids(store, area=COMMUNITY)
    assert grids["reason"].dropna().tolist() == ["lump"] * 20
    assert grids.loc[grids["reason"].notna(), "level"].eq(3).all()
    assert edition.who == "li"


def test_reasons_accepted_one_by_one(lumpy, today):
    store, plan = lumpy.store, lumpy.plans[COMMUNITY]
    lumps = [n.id for n in out_of_band(store, plan)]
    before = ledger(store)
    with pytest.raises(Flawed) as refusal:
        publish(store, plan, day=today, accept=[{"node": n, "reason": "lump"} for n in lumps[1:]])
    assert [(w.ref, w.field) for w in refusal.value.where] == [(str(lumps[0]), "out_of_band")]
    with pytest.raises(Flawed) as refusal:
        publish(store, plan, day=today, accept=[{"node": n, "reason": "no_k"} for n in lumps])
    assert refusal.value.code == "reason_not_proved"
    assert refusal.value.data["proved"] == "lump"
    assert ledger(store) == before
    assert publish(store, plan, day=today, accept=[{"node": n, "reason": "lump"} for n in lumps])


def blocking(found, node):
    return [f.blocking for f in found if f.kind == "out_of_band" and f.node_id == node]


def test_a_reason_is_accepted_in_a_draft_and_counts_when_it_is_published(lumpy, today):
    store, plan = lumpy.store, lumpy.plans[COMMUNITY]
    first, *others = (n.id for n in out_of_band(store, plan))
    with pytest.raises(Flawed) as refusal:
        accept_reason(store, plan, node=first, reason="no_k", who="zhang")
    assert refusal.value.code == "reason_not_proved"
    taken = accept_reason(store, plan, node=first, reason="lump", who="zhang")
    assert (taken.node.accepted.reason, taken.node.accepted.who) == ("lump", "zhang")
    assert blocking(taken.flaws, first) == [False]
    back = withdraw_acceptance(store, plan, node=first)
    assert back.node.accepted is None
    assert blocking(back.flaws, first) == [True]
    with pytest.raises(NotFound) as missing:
        withdraw_acceptance(store, plan, node=first)
    assert missing.value.code == "not_accepted"
    for node in (first, *others):
        accept_reason(store, plan, node=node, reason="lump", who="zhang")
    assert publish(store, plan, day=today)
    with pytest.raises(Locked):
        withdraw_acceptance(store, plan, node=first)


def test_acceptance_of_another_state_does_not_cover_what_came_after(lumpy, today):
    """An acceptance is of a reason: when the grid changes so that nothing proves it, it is void."""
    store, plan = lumpy.store, lumpy.plans[COMMUNITY]
    with store.transaction() as tx:
        for node in out_of_band(store, plan):
            tx.execute(
                sa.text(
                    "INSERT INTO acceptance (plan_id, county_code, node, reason, who)"
                    " VALUES (:plan, '141126', :node, 'lump', 'li')"
                ),
                {"plan": plan, "node": node.id},
            )
    one, two = leaf_of(store, plan, "001-000"), leaf_of(store, plan, "001-001")
    act(store, plan, kind="merge", nodes=[one.id, two.id])  # 48 households by choice, not by need
    with pytest.raises(Flawed) as refusal:
        publish(store, plan, day=today)
    kept = leaf_of(store, plan, "001-000")
    assert [(w.ref, w.field) for w in refusal.value.where] == [(str(kept.id), "out_of_band")]


@pytest.mark.parametrize(
    "accept", ["all", [{"node": 1}], [{"reason": "lump"}], ["lump"], [{"node": "x", "reason": "lump"}]]
)
def test_acceptance_that_can_not_be_read(lumpy, today, accept):
    before = ledger(lumpy.store)
    with pytest.raises(BadParameter):
        publish(lumpy.store, lumpy.plans[COMMUNITY], day=today, accept=accept)
    assert ledger(lumpy.store) == before


# -- editions ----------------------------------------------------------------------------------------------


def test_two_basic_grids_are_one_release(drafted, today):
    store, plans = drafted.store, drafted.plans
    found = publish(store, plans[VILLAGE], plans[COMMUNITY], day=today)
    assert [(e.area_code, e.release) for e in found] == [(VILLAGE, 1), (COMMUNITY, 1)]
    (third,) = publish(store, plans[TOWERS], day=today)
    assert third.release == 2
    assert [e.id for e in planning.editions(store, area=TOWN)] == [third.id, found[1].id, found[0].id]
    assert planning.edition(store, third.id) == third


def test_one_flawed_plan_holds_back_all(drafted, today):
    store, plans = drafted.store, drafted.plans
    act(
        store, plans[COMMUNITY], kind="merge",
        nodes=[leaf_of(store, plans[COMMUNITY], f"001-00{n}").id for n in (0, 1)],
    )  # fmt: skip
    before = ledger(store)
    with pytest.raises(Flawed):
        publish(store, plans[VILLAGE], plans[COMMUNITY], day=today)
    assert ledger(store) == before


def test_two_plans_of_one_basic_grid_are_refused(drafted, today):
    store, plan = drafted.store, drafted.plans[COMMUNITY]
    other = next_plan(drafted)
    before = ledger(store)
    for plans in ([plan, other], [plan, plan]):
        with pytest.raises(Refused) as refusal:
            publish(store, *plans, day=today)
        assert refusal.value.code == "same_area_twice"
    with pytest.raises(BadParameter):
        publish(store, day=today)
    assert ledger(store) == before


def test_plans_of_two_towns_are_refused(drafted, tmp_path, today):
    other = drawn.community("141126101001", halves=1).shifted(2_000)
    planning.import_place(drafted.store, drawn.drawn(other, parent="141126101").write(tmp_path))
    (made,) = planning.propose(drafted.store, "141126101", who="li")
    with pytest.raises(Refused) as refusal:
        publish(drafted.store, drafted.plans[COMMUNITY], made.plan_id, day=today)
    assert refusal.value.code == "several_towns"
    assert refusal.value.data["towns"] == [TOWN, "141126101"]


def test_published_plan_is_locked(drafted, today):
    store, plan = drafted.store, drafted.plans[COMMUNITY]
    leaf = leaf_of(store, plan, "001-001")
    act(store, plan, kind="tree", op="rename", node=leaf.id, name="文化路小组")
    publish(store, plan, day=today)
    before = ledger(store)
    view = planning.plan(store, plan)
    assert view.published
    assert not view.can_undo
    with pytest.raises(Locked):
        act(store, plan, kind="give", building="001-000", to=leaf.id)
    with pytest.raises(Locked):
        planning.undo(store, plan, base_rev=1, who="li")
    with pytest.raises(Locked):
        publish(store, plan, day=today + dt.timedelta(1))
    assert ledger(store) == before
    assert "文化路小组" in set(lookup.grids(store, area=COMMUNITY)["name"])


def test_edition_equal_to_the_one_before_keeps_every_code(fine, today):
    store = fine.store
    (first,) = planning.editions(store, area=COMMUNITY)
    plan = next_plan(fine)
    (second,) = publish(store, plan, day=today + dt.timedelta(1), accept="proved")
    old, new = published_grids(store, first.id), published_grids(store, second.id)
    assert old.keys() == new.keys()
    assert all(old[c].geom == new[c].geom for c in old)
    walk = check_crosswalk(store, first.id, second.id)
    assert all(row["old"] == row["new"] for row in walk)
    with store.transaction() as tx:
        assert tx.execute(sa.text("SELECT count(*) FROM retired_code")).scalar_one() == 0


def by_short(store, plan):
    return {n.short: n for n in planning.plan(store, plan).nodes}


def leaves_with(store, plan, households):
    return [n for n in planning.plan(store, plan).nodes if n.level == 3 and n.households == households]


def houses(store, plan, node):
    cells = planning.plan_cells(store, plan)
    return cells.loc[(cells["node_id"] == node) & cells["bid"].notna(), "bid"].tolist()


def code_at(store, bid, day):
    """Leaf's code at a house on a day."""
    site = drawn.community(halves=3, each=5)
    point = site.buildings[bid][0].centroid
    lon, lat = LATTICE.coords_to_lonlat(shapely.get_coordinates(point))[0]
    found = lookup.locate(store, lon, lat, "wgs84", at=day)
    return found.matches[0].chain[-1].code


def merge_pair(store, plan):
    """Merge two neighbouring leaves of 10 households in one grid; the houses of both."""
    small = leaves_with(store, plan, 10)
    for one in small:
        for two in small:
            if one.id < two.id and one.parent == two.parent:
                held = [*houses(store, plan, one.id), *houses(store, plan, two.id)]
                try:
                    act(store, plan, kind="merge", nodes=[one.id, two.id])
                except Refused:
                    continue
                return held
    raise AssertionError("no two leaves of 10 are neighbours")


def test_codes_over_three_editions(fine, today):
    """Split, merge and move a grid: half of its households keep its code, retired codes never come back."""
    store = fine.store
    (first,) = planning.editions(store, area=COMMUNITY)
    days = [today + dt.timedelta(n) for n in range(4)]
    big = next(n for n in leaves_with(store, next_plan(fine), 20))
    second_plan = planning.plans(store, area=COMMUNITY)[0].id
    held = houses(store, second_plan, big.id)
    code = code_at(store, held[0], today)
    # a new grid beside the old takes two of its four houses
    siblings = [n for n in planning.plan(store, second_plan).nodes if n.parent == big.parent]
    act(store, second_plan, kind="tree", op="create", parent=big.parent, grid_kind="ordinary")
    new = max(n.id for n in planning.plan(store, second_plan).nodes)
    cells = [c for b in held[:2] for c in planning_cells(store, second_plan, b)]
    act(store, second_plan, kind="assign", cells=cells, to=new)
    (second,) = publish(store, second_plan, day=days[1], accept="proved")
    check_crosswalk(store, first.id, second.id)
    codes = {code_at(store, b, days[1]) for b in held}
    fresh = f"{code[:17]}{len(siblings) + 1:02d}"
    assert codes == {code, fresh}
    assert len(planning.editions(store, area=COMMUNITY)) == 2
    # merged again: the code with the stronger claim stays, the other is retired for good
    (made,) = planning.propose(store, COMMUNITY, who="li")
    (third,) = publish(store, made.plan_id, day=days[2], accept="proved")
    check_crosswalk(store, second.id, third.id)
    (kept,) = {code_at(store, b, days[2]) for b in held}
    gone = ({code, fresh} - {kept}).pop()
    with store.transaction() as tx:
        assert tx.execute(sa.text("SELECT code FROM retired_code")).scalars().all() == [gone]
    # split once more: not the retired number but the next
    plan = next_plan(fine)
    big = leaf_of(store, plan, held[0])
    act(store, plan, kind="tree", op="create", parent=big.parent, grid_kind="ordinary")
    new = max(n.id for n in planning.plan(store, plan).nodes)
    cells = [c for b in held[:2] for c in planning_cells(store, plan, b)]
    act(store, plan, kind="assign", cells=cells, to=new)
    (fourth,) = publish(store, plan, day=days[3], accept="proved")
    check_crosswalk(store, third.id, fourth.id)
    codes = {code_at(store, b, days[3]) for b in held}
    assert codes == {kept, f"{code[:17]}{len(siblings) + 2:02d}"}
    assert {code_at(store, b, days[1]) for b in held} == {code, fresh}  # history stays


def test_grid_moved_under_another_parent_gets_a_new_code(drafted, today):
    store, plan = drafted.store, drafted.plans[COMMUNITY]
    publish(store, plan, day=today)
    plan = next_plan(drafted)
    leaf, far = leaf_of(store, plan, "001-004"), leaf_of(store, plan, "001-010")
    act(store, plan, kind="tree", op="reparent", node=leaf.id, parent=far.parent)
    (second,) = publish(store, plan, day=today + dt.timedelta(1), accept="proved")
    (first,) = (e for e in planning.editions(store, area=COMMUNITY) if e.id != second.id)
    walk = check_crosswalk(store, first.id, second.id)
    changed = [row for row in walk if len(row["old"]) == 19 and row["old"] != row["new"]]
    (row,) = changed
    assert row["households"] == 16
    assert row["old"][:17] != row["new"][:17]
    assert row["new"].endswith("06")
    parents = {r["old"]: r["new"] for r in walk if len(r["old"]) == 17 and r["households"] >= 64}
    assert all(old == new for old, new in parents.items())
    with store.transaction() as tx:
        assert tx.execute(sa.text("SELECT code FROM retired_code")).scalars().all() == [row["old"]]


# -- dates -------------------------------------------------------------------------------------------------


def test_future_edition_comes_into_force_on_its_day(drafted, today):
    store, plan = drafted.store, drafted.plans[COMMUNITY]
    (first,) = publish(store, plan, day=today)
    later = today + dt.timedelta(30)
    (second,) = publish(store, next_plan(drafted), day=later)
    assert lookup.place(store, COMMUNITY).edition == first.id
    ends = {e.id: (e.valid_from, e.valid_to) for e in planning.editions(store, area=COMMUNITY)}
    assert ends == {first.id: (today, later), second.id: (later, None)}
    lon, lat = LATTICE.coords_to_lonlat(shapely.get_coordinates(shapely.Point(1_300, 1_200)))[0]
    for day, edition in ((None, first), (later - dt.timedelta(1), first), (later, second)):
        assert lookup.locate(store, lon, lat, "wgs84", at=day).edition == edition.id
    assert lookup.locate(store, lon, lat, "wgs84", at=today - dt.timedelta(1)).status == "outside"
    with store.transaction() as tx:
        froms = tx.execute(sa.text("SELECT DISTINCT valid_from FROM published.grids")).scalars().all()
    assert froms == [today]
    # one that begins before it withdraws it
    (third,) = publish(store, next_plan(drafted), day=today + dt.timedelta(10))
    ends = {e.id: (e.valid_from, e.valid_to) for e in planning.editions(store, area=COMMUNITY)}
    assert ends == {first.id: (today, third.valid_from), third.id: (third.valid_from, None)}


def test_withdrawn_future_edition_leaves_its_plan_free(drafted, today):
    store = drafted.store
    publish(store, drafted.plans[COMMUNITY], day=today)
    plan = next_plan(drafted)
    publish(store, plan, day=today + dt.timedelta(30))
    publish(store, next_plan(drafted), day=today + dt.timedelta(10))
    assert not planning.plan(store, plan).published


def test_edition_before_the_one_in_force_is_refused(drafted, today):
    store = drafted.store
    publish(store, drafted.plans[COMMUNITY], day=today)
    before = ledger(store)
    plan = next_plan(drafted)
    before = ledger(store)
    with pytest.raises(Refused) as refusal:
        publish(store, plan, day=today - dt.timedelta(1))
    assert refusal.value.code == "begins_too_early"
    assert ledger(store) == before


def test_second_edition_on_the_same_day_replaces_the_first(drafted, today):
    store = drafted.store
    publish(store, drafted.plans[COMMUNITY], day=today)
    (second,) = publish(store, next_plan(drafted), day=today)
    assert lookup.place(store, COMMUNITY).edition == second.id
    with store.transaction() as tx:
        twice = "SELECT count(*) - count(DISTINCT code) FROM published."
        for view in ("grids", "grid_history"):
            assert tx.execute(sa.text(twice + view)).scalar_one() == 0


def test_cut_ground_is_published_without_a_seam(drafted, today):
    store, plan = drafted.store, drafted.plans[COMMUNITY]
    cells = planning.plan_cells(store, plan)
    face = cells.loc[cells["bid"] == "001-000", "face"].item()
    delta = act(store, plan, kind="cut", face=face, line=line((23, -1), (23, 32)))
    loose = planning.plan_cells(store, plan)
    (east,) = loose.loc[loose["cell"].isin(delta.cells) & loose["bid"].isna(), "cell"]
    act(store, plan, kind="assign", cells=[east], to=leaf_of(store, plan, "001-001").id)
    publish(store, plan, day=today)
    grids = lookup.grids(store, area=COMMUNITY)
    for level in (1, 2, 3):
        shapes = LATTICE.to_lattice(grids.loc[grids["level"] == level].geometry.to_numpy())
        assert shapely.coverage_is_valid(shapes)
        assert sum(shapely.area(shapes)) == pytest.approx(8 * CELL_M2 * 10_000, abs=0.1)
