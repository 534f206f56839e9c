"""Disputed ground assigned: who gets what, whose buildings go along, and what is refused."""

import numpy as np
import pytest
import shapely

from spatial import planning
from spatial.errors import BadParameter, NotFound, Refused
from spatial.ground.seam import prove
from spatial.store import grounds, places
from tests.planning import drawn
from tests.planning.drawn import COMMUNITY, TOWN

EAST = f"{TOWN}003"


def half(code=COMMUNITY, name="凤城社区", **kwargs):
    """160 m x 100 m, 320 households."""
    return drawn.community(code, name, halves=1, **kwargs)


def put(store, folder, *sites):
    folder.mkdir(exist_ok=True)
    return planning.import_place(
        store, drawn.drawn(*sites).write(folder, f"{len(sites)}{sites[0].code}.gpkg")
    )


def outlines(store):
    with store.transaction() as tx:
        return places.outlines(tx, places.town_of(tx, TOWN))


def ground(store, code):
    with store.transaction() as tx:
        return grounds.load_ground(tx, grounds.latest(tx, code).id)


def households(store, *codes):
    return {code: int(ground(store, code).cells["households"].sum()) for code in codes}


def seam(store, *codes):
    """Flaws of the faces of several grounds together against the union of their outlines, edge by edge."""
    known = outlines(store)
    whole = shapely.union_all([known[c] for c in codes], grid_size=1.0)
    return prove(np.concatenate([ground(store, c).faces for c in codes]), whole)


@pytest.fixture
def striped(store, tmp_path):
    """Two communities that overlap by 10 m, cut in two by a gap: an overlap north, a gap south."""
    west, east = half(), half(EAST, "东街社区").shifted(150)
    west.outline = shapely.Polygon(
        [(0, 0), (14_500, 0), (14_500, 5_000), (16_000, 5_000), (16_000, 10_000), (0, 10_000)]
    )
    east.outline = shapely.box(15_000, 0, 31_000, 10_000)
    west.buildings["on-overlap"] = (shapely.box(14_800, 7_000, 15_900, 8_000), 7)
    west.buildings["on-gap"] = (shapely.box(14_550, 4_400, 14_950, 4_800), 5)
    put(store, tmp_path, west, east)
    return {d.kind: d for d in planning.disputes(store, TOWN)}


def test_a_dispute_names_its_neighbours_and_their_common_border(striped):
    gap = striped["gap"]
    assert (gap.codes, gap.names) == ([COMMUNITY, EAST], ["凤城社区", "东街社区"])
    assert gap.area_m2 == pytest.approx(250.0, rel=0.02)
    # 50 m to the west, and to the east; the gap's north end touches the overlap's corner at the west
    assert gap.borders_m == pytest.approx([50.0, 50.0], abs=6)
    assert gap.nearest in gap.codes


def test_buildings_go_with_the_ground_and_none_is_counted_twice(store, striped):
    before = households(store, COMMUNITY, EAST)
    planning.assign_disputed(store, striped["overlap"].id, EAST)
    planning.assign_disputed(store, striped["gap"].id, EAST)
    after = households(store, COMMUNITY, EAST)
    assert "on-overlap" in set(ground(store, EAST).cells["bid"])
    assert "on-gap" in set(ground(store, EAST).cells["bid"])
    assert "on-overlap" not in set(ground(store, COMMUNITY).cells["bid"])
    assert sum(after.values()) == 320 + 320 + 7 + 5
    assert after[COMMUNITY] <= before[COMMUNITY]
    assert planning.disputes(store, TOWN) == []
    assert seam(store, COMMUNITY, EAST) == []


def test_all_at_once_gives_the_same_as_one_by_one(store, striped):
    done = planning.assign_disputes(
        store, {striped["overlap"].id: COMMUNITY, striped["gap"].id: EAST}, who="li"
    )
    assert set(done) == {COMMUNITY, EAST}
    assert seam(store, COMMUNITY, EAST) == []
    held = {code: set(ground(store, code).cells["bid"].dropna()) for code in (COMMUNITY, EAST)}
    assert ("on-overlap" in held[COMMUNITY], "on-gap" in held[EAST]) == (True, True)
    assert held[COMMUNITY] & held[EAST] == set()
    with store.transaction() as tx:
        report = places.reports(tx, places.town_of(tx, TOWN))[0]
    assert (report.who, [row.code for row in report.rows]) == ("li", ["dispute_assigned"] * 2)
    assert len(planning.propose(store, TOWN, who="li", publish=True)) == 2


def test_all_or_none(store, striped):
    known = {code: o.wkb for code, o in outlines(store).items()}
    with pytest.raises(Refused) as refusal:
        planning.assign_disputes(store, {striped["overlap"].id: EAST, striped["gap"].id: drawn.VILLAGE})
    assert refusal.value.code == "not_concerned"
    with pytest.raises(NotFound) as gone:
        planning.assign_disputes(store, {striped["overlap"].id: EAST, 999_999: EAST})
    assert gone.value.code == "no_such_dispute"
    with pytest.raises(BadParameter):
        planning.assign_disputes(store, {})
    assert len(planning.disputes(store, TOWN)) == 2
    assert {code: o.wkb for code, o in outlines(store).items()} == known


def test_ground_of_a_published_outline_goes_to_nobody_else(store, tmp_path):
    put(store, tmp_path, half())
    planning.propose(store, COMMUNITY, who="li", publish=True)
    put(store, tmp_path, half(EAST, "东街社区").shifted(150))
    (dispute,) = planning.disputes(store, TOWN)
    with pytest.raises(Refused) as refusal:
        planning.assign_disputed(store, dispute.id, EAST)
    assert refusal.value.code == "ground_published"
    assert COMMUNITY in refusal.value.zh
    frozen = outlines(store)[COMMUNITY]
    planning.assign_disputed(store, dispute.id, COMMUNITY)
    assert outlines(store)[COMMUNITY].equals(frozen)
    assert planning.disputes(store, TOWN) == []
    assert seam(store, COMMUNITY, EAST) == []


def test_ground_of_a_draft_outline_leaves_it(store, tmp_path):
    put(store, tmp_path, half())
    put(store, tmp_path, half(EAST, "东街社区").shifted(150))
    (dispute,) = planning.disputes(store, TOWN)
    planning.assign_disputed(store, dispute.id, EAST)
    assert outlines(store)[COMMUNITY].bounds[2] == 15_000
    assert outlines(store)[EAST].bounds[0] == 15_000
    assert seam(store, COMMUNITY, EAST) == []


@pytest.mark.usefixtures("striped")
def test_outlines_of_a_town(store):
    frame = planning.town_outlines(store, TOWN)
    assert list(frame["code"]) == [COMMUNITY, EAST]
    assert frame.crs == 4326
    known = outlines(store)
    assert [
        g.equals(known[c])
        for c, g in zip(frame["code"], drawn.LATTICE.to_lattice(frame.geometry.to_numpy()), strict=True)
    ] == [True, True]


def changed(*, west_to=14_500):
    """The two communities of ``striped`` from a changed file: other households, the same outlines."""
    west, east = half(each=15), half(EAST, "东街社区", each=15).shifted(150)
    west.outline = shapely.Polygon(
        [(0, 0), (west_to, 0), (west_to, 5_000), (16_000, 5_000), (16_000, 10_000), (0, 10_000)]
    )
    east.outline = shapely.box(15_000, 0, 31_000, 10_000)
    return west, east


def test_what_was_assigned_stays_assigned_when_a_changed_file_comes(store, tmp_path, striped):
    planning.assign_disputes(store, {striped["overlap"].id: EAST, striped["gap"].id: COMMUNITY})
    known = outlines(store)
    done = put(store, tmp_path / "later", *changed())
    assert [area.new for area in done.areas] == [True, True]
    assert planning.disputes(store, TOWN) == []
    assert [r.code for r in done.report if r.action == "disputed"] == []
    assert {code: shapely.equals(o, known[code]) for code, o in outlines(store).items()} == {
        COMMUNITY: True, EAST: True,
    }  # fmt: skip
    assert seam(store, COMMUNITY, EAST) == []


def test_only_what_was_assigned_stays_so_where_a_changed_file_disputes_more(store, tmp_path, striped):
    planning.assign_disputes(store, {striped["overlap"].id: EAST, striped["gap"].id: EAST})
    put(store, tmp_path / "later", *changed(west_to=14_000))
    (piece,) = planning.disputes(store, TOWN)
    assert (piece.kind, piece.area_m2) == ("gap", pytest.approx(250.0, rel=0.02))
    assert seam(store, COMMUNITY, EAST) == []
