"""Publishing proves the outlines against their neighbours': outlines stored by an older wangge may fail."""

from dataclasses import replace

import pytest
import shapely
from shapely.geometry import shape

from spatial import lookup, planning
from spatial.checking import check_town
from spatial.errors import Flawed
from spatial.planning import outlining
from tests.planning import drawn
from tests.planning.drawn import COMMUNITY, LATTICE, TOWN
from tests.planning.ledger import ledger

EAST, NORTH = f"{TOWN}003", f"{TOWN}004"
OVER = shapely.Polygon([(16_000, 4_000), (16_000, 4_040), (15_980, 4_020)])
"""0.04 m² of the western neighbour."""
freeze = outlining.freeze


def overlapping(outlines):
    """The eastern outline takes ground of the western one."""
    i = int(shapely.bounds(outlines)[:, 2].argmax())
    outlines[i] = shapely.union(outlines[i], OVER, grid_size=1.0)


def less(outlines):
    """The eastern outline leaves ground that the western one does not have."""
    i = int(shapely.bounds(outlines)[:, 2].argmax())
    outlines[i] = shapely.difference(outlines[i], shapely.transform(OVER, mirrored), grid_size=1.0)


def coarser(outlines):
    """The western outline has a vertex less on the common border."""
    i = int(shapely.bounds(outlines)[:, 2].argmin())
    outlines[i] = shapely.box(*shapely.bounds(outlines[i]))


def mirrored(xy):
    return [32_000, 0] + [-1, 1] * xy


def frozen_by(spoil):
    """The freezing with a fault."""

    def at_fault(*given):
        found = freeze(*given)
        outlines = found.outlines.copy()
        spoil(outlines)
        return replace(found, outlines=outlines)

    return at_fault


@pytest.fixture
def faulty(store, tmp_path, monkeypatch):
    """Import two communities side by side and one to the north, frozen with a fault; gives the file."""

    def put(spoil):
        sites = [
            drawn.community(halves=1), drawn.community(EAST, "东街社区", halves=1).shifted(160),
            drawn.community(NORTH, "北街社区", halves=1).shifted(0, 400),
        ]  # fmt: skip
        place = drawn.drawn(*sites).write(tmp_path)
        with monkeypatch.context() as patch:
            patch.setattr(outlining, "freeze", frozen_by(spoil))
            planning.import_place(store, place)
        assert planning.disputes(store, TOWN) == []
        assert not check_town(store, TOWN).ok
        return place

    return put


def refused(store, area):
    """What is refused, with nothing kept."""
    before = ledger(store)
    with pytest.raises(Flawed) as refusal:
        planning.propose(store, area, who="li", publish=True)
    assert ledger(store) == before
    return refusal.value


@pytest.mark.parametrize("area", [TOWN, COMMUNITY, EAST])
def test_an_overlap_of_the_outlines_is_refused_by_its_place(store, faulty, area):
    faulty(overlapping)
    error = refused(store, area)
    mine = [w for w in error.where if w.field == "overlap"]
    assert {w.ref for w in mine} == {f"{COMMUNITY},{EAST}"}
    lattice = LATTICE.to_lattice(shape(mine[0].geometry))
    assert shapely.equals(lattice, OVER)
    assert "0.04" in mine[0].value
    assert "wangge disputes" in error.zh
    assert "wangge disputes" in error.en
    assert "wangge import" in error.zh


def test_a_hairline_between_two_outlines_is_refused_of_both(store, faulty):
    faulty(less)
    for code in (EAST, COMMUNITY):
        (where,) = refused(store, code).where
        assert (where.field, where.ref) == ("gap", f"{COMMUNITY},{EAST}")


def test_borders_that_do_not_meet_vertex_by_vertex_are_refused(store, faulty):
    faulty(coarser)
    where = refused(store, COMMUNITY).where
    assert {w.field for w in where} == {"edge"}
    assert all(w.geometry for w in where)


@pytest.mark.parametrize("spoil", [overlapping, less, coarser])
def test_a_basic_grid_afar_is_published_and_the_same_file_heals_the_others(store, faulty, spoil):
    place = faulty(spoil)
    planning.propose(store, NORTH, who="li", publish=True)
    again = planning.import_place(store, place)
    assert {a.code: a.new for a in again.areas}[NORTH] is False
    assert check_town(store, TOWN).ok
    assert len(planning.propose(store, TOWN, who="li", publish=True)) == 3
    assert check_town(store, TOWN).ok


def test_a_neighbour_of_a_published_outline_at_fault_is_made_to_fit_it(store, faulty):
    """The published one stays as it is; the other is frozen anew beside it."""
    place = faulty(overlapping)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("spatial.planning.meeting.outline_flaws", lambda *_: [])
        planning.propose(store, EAST, who="li", publish=True)
    before = lookup.grids(store, area=EAST, level=0).geometry.iloc[0]
    planning.import_place(store, place)
    planning.propose(store, COMMUNITY, who="li", publish=True)
    assert check_town(store, TOWN).ok
    assert lookup.grids(store, area=EAST, level=0).geometry.iloc[0].equals(before)
