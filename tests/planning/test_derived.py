"""Households that a rule derived are told apart wherever households in force are counted; what is next."""

import pytest
import sqlalchemy as sa

from spatial import lookup, planning, townmap
from spatial.overview import overview
from spatial.signpost import signpost
from spatial.writers.gridfile import DERIVED_TOLD, write_grids
from tests.planning import drawn
from tests.planning.drawn import COMMUNITY, TOWN, VILLAGE


@pytest.fixture
def half_derived(published):
    """The community's two western blocks have households by a rule: 10 houses of 16."""
    with published.store.transaction() as tx:
        done = tx.execute(sa.text("UPDATE household SET derived = TRUE WHERE bid LIKE '001-0%'"))
        assert done.rowcount == 10
    return published


def test_every_grid_says_how_many_of_its_households_are_derived(half_derived):
    grids = lookup.grids(half_derived.store, area=COMMUNITY).set_index("code")
    assert grids["derived"][COMMUNITY] == 160
    assert sorted(grids[grids["level"] == 1]["derived"]) == [0, 160]
    assert sorted(grids[grids["level"] == 2]["derived"]) == [0] * 6 + [80] * 2
    assert sorted(grids[grids["level"] == 3]["derived"]) == [0] * 30 + [16] * 10
    assert (lookup.grids(half_derived.store, area=VILLAGE)["derived"] == 0).all()
    shown = townmap.town_layers(half_derived.store, TOWN)["grids"].set_index("code")["derived"]
    assert shown[COMMUNITY] == 160


def test_the_overview_tells_them_by_basic_grid_and_division(half_derived):
    found = overview(half_derived.store, TOWN)
    assert {a.code: a.derived for a in found.areas}[COMMUNITY] == 160
    assert {d.division: d.derived for d in found.divisions} == {"community": 160, "village": 0}


def test_an_export_says_so_where_there_are_some(half_derived, tmp_path):
    for area, told in ((COMMUNITY, True), (VILLAGE, False)):
        path = tmp_path / f"{area}.gpkg"
        write_grids(path, lookup.grids(half_derived.store, area=area))
        with sa.create_engine(f"sqlite:///{path}").connect() as file:
            about = file.execute(sa.text("SELECT description FROM gpkg_contents")).scalar_one()
        assert (DERIVED_TOLD in about) == told


def test_a_signpost_names_the_towns_and_what_is_next(store, tmp_path, today):
    planning.import_place(store, drawn.drawn(drawn.community()).write(tmp_path))
    sign = signpost(store, TOWN)
    assert sign.towns == ((TOWN, TOWN),)
    assert (sign.unpublished, sign.disputes, sign.plans) == ((COMMUNITY,), 0, ())
    (made,) = planning.propose(store, COMMUNITY, who="li")
    assert signpost(store, TOWN).plans == ((made.plan_id, COMMUNITY),)
    planning.publish(store, [made.plan_id], valid_from=today, who="li", accept="proved")
    assert signpost(store, COMMUNITY).unpublished == ()
