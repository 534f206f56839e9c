"""Plans that begin from what a town has: drawn, spoiled copies of published grids, files of any form."""

from __future__ import annotations

import shutil

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spatial import planning
from spatial.errors import BadCoordinates, BadFile, Refused
from spatial.ground.crs import from_wgs84
from spatial.planning.drawn import draw
from spatial.planning.todays_rows import given_rows
from spatial.plans.inheriting import adopt
from spatial.plans.nesting import nest
from spatial.plans.start import adopted_plan
from spatial.policy import LINGQUAN
from spatial.readers.oldgrids import read_old_grids
from spatial.store import grounds, todays
from tests.fixtures.spoil import WAYS, old_grids, spoiled
from tests.planning.drawn import COMMUNITY, LATTICE, TOWERS, TOWN, VILLAGE


@pytest.fixture(scope="session")
def grids(_published):
    """Published grids of the town by basic grid, as files of old grids have them."""
    exported = gpd.read_file(_published.grids, layer="grids")
    return {area: old_grids(exported, area) for area in (COMMUNITY, TOWERS, VILLAGE)}


@pytest.fixture(scope="session")
def ground(_published):
    with _published.store.transaction() as tx:
        return {a: grounds.load_ground(tx, grounds.latest(tx, a).id) for a in (COMMUNITY, TOWERS)}


def begin(town, path, area=COMMUNITY, **how):
    (begun,) = planning.start_from(town.store, area, path, who="li", **how).plans
    return begun


def write(grids, path, **how):
    grids.to_file(path, **how)
    return path


def alike(store, one, other):
    """Two plans are the same: cells, tree, names, short numbers."""
    held = [planning.plan_cells(store, p).set_index("cell")["node_id"] for p in (one, other)]
    rows = [
        [
            (n.id, n.parent, n.level, n.kind, n.name, n.short, n.households)
            for n in planning.plan(store, p).nodes
        ]
        for p in (one, other)
    ]
    return held[0].equals(held[1]) and rows[0] == rows[1]


@pytest.mark.parametrize("area", [COMMUNITY, TOWERS, VILLAGE])
def test_an_untouched_copy_gives_the_identical_plan(published, grids, area, tmp_path):
    begun = begin(published, write(grids[area], tmp_path / "现有.gpkg"), area)
    assert alike(published.store, begun.plan_id, published.plans[area])
    assert begun.mended.empty
    assert begun.report == []
    now = begin(published, None, area)
    assert alike(published.store, now.plan_id, published.plans[area])


def test_a_town_begins_at_once_from_one_file(published, grids, tmp_path):
    path = write(pd.concat(grids.values(), ignore_index=True), tmp_path / "town.gpkg")
    start = planning.start_from(published.store, TOWN, path, who="li")
    assert [p.area_code for p in start.plans] == [COMMUNITY, TOWERS, VILLAGE]
    assert all(alike(published.store, p.plan_id, published.plans[p.area_code]) for p in start.plans)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sets(st.sampled_from(WAYS), min_size=1), st.integers(0, 10**6), st.sampled_from([COMMUNITY, TOWERS])
)
def test_any_spoiled_copy_gives_a_seamless_plan(ground, grids, tmp_path_factory, ways, seed, area):
    here = ground[area]
    bad = spoiled(grids[area], LATTICE, sorted(ways), seed)
    path = write(bad, tmp_path_factory.mktemp("bad") / "grids.gpkg")
    rows, _ = given_rows(read_old_grids(path).grids, here, set())
    tree = nest(rows, area, 3)
    adopted = adopt(here, tree)
    state, _ = adopted_plan(here, "凤城社区", tree, adopted.leaf, LINGQUAN)
    assert draw(here, state).flaws == []
    assert set(state.assign) == set(range(len(here.cells)))
    assert all(state.is_leaf(leaf) for leaf in state.assign.values())
    siblings = [(n.parent, n.name) for n in state.nodes.values()]
    assert len(siblings) == len(set(siblings))
    assert (adopted.mended["m2"] >= 1.0).all()


def half(left, right):
    """Box between two shares of the drawn community's width of 320 m, 100 m high, EPSG:4326."""
    return LATTICE.to_lonlat(np.array([shapely.box(left * 100, 0, right * 100, 10_000)]))[0]


def frame(*rows):
    return gpd.GeoDataFrame(
        {"网格名称": [r[0] for r in rows]}, geometry=[half(*r[1:]) for r in rows], crs=4326
    )


def named(store, plan_id):
    return {n.name: n for n in planning.plan(store, plan_id).nodes if n.level}


def test_gaps_and_overlaps_are_mended_and_shown_with_their_areas(published, tmp_path):
    """West to 150 m, east from 165 m, a third from 240 m over the east: a gap of 15 m, an overlap of 20 m."""
    path = write(frame(("西片", 0, 150), ("中片", 165, 260), ("东片", 240, 320)), tmp_path / "old.geojson")
    begun = begin(published, path)
    found = begun.mended
    gap = found[found["kind"] == "gap"].iloc[0]
    assert gap["m2"] == pytest.approx(1500, abs=1)
    overlap = found[found["kind"] == "overlap"].iloc[0]
    assert overlap["m2"] == pytest.approx(2000, abs=1)
    assert overlap["name"] in {"中片", "东片"}
    grids = named(published.store, begun.plan_id)
    assert set(grids) == {"西片", "中片", "东片"}
    assert sum(n.households for n in grids.values()) == 640
    view = planning.plan(published.store, begun.plan_id)
    assert not [f for f in view.flaws if f.kind in {"gap", "overlap", "unassigned"}]
    kept = planning.mended(published.store, begun.plan_id)
    columns = ["kind", "m2", "name"]
    assert kept[columns].to_numpy().tolist() == found[columns].to_numpy().tolist()


def test_old_codes_and_names_stay_with_the_plan_and_go_into_the_crosswalk(drafted, tmp_path, today):
    """Their own codes: the crosswalk leads from them. Standard codes: the first edition keeps them."""
    old = frame(("西片", 0, 160), ("东片", 160, 320)).assign(网格编码=["W-1", "E-2"])
    begun = begin(drafted, write(old, tmp_path / "old.geojson"))
    nodes = named(drafted.store, begun.plan_id)
    assert nodes["西片"].was == {"code": "W-1", "name": "西片"}
    copy = planning.copy_plan(drafted.store, begun.plan_id, name="改", who="li")
    (edition,) = planning.publish(drafted.store, [copy], valid_from=today, who="li", accept="proved")
    walk = planning.crosswalk(drafted.store, edition.id)
    assert [(row["old"], row["new"], row["households"]) for row in walk] == [
        ("E-2", f"{COMMUNITY}002", 320), ("W-1", f"{COMMUNITY}001", 320),
    ]  # fmt: skip


def test_standard_codes_are_kept_in_the_first_edition(drafted, tmp_path, today):
    codes = [f"{COMMUNITY}007", f"{COMMUNITY}003"]
    old = frame(("西片", 0, 160), ("东片", 160, 320)).assign(code=codes)
    begun = begin(drafted, write(old, tmp_path / "old.geojson"))
    assert {n.name: n.short for n in named(drafted.store, begun.plan_id).values()} == {
        "西片": "7",
        "东片": "3",
    }
    planning.publish(drafted.store, [begun.plan_id], valid_from=today, who="li", accept="proved")
    again = begin(drafted, None)
    assert {n.name: n.was["code"] for n in named(drafted.store, again.plan_id).values()} == dict(
        zip(("西片", "东片"), codes, strict=True)
    )


@pytest.mark.parametrize("suffix", [".zip", ".geojson", ".kml", ".gpkg"])
def test_any_form_is_taken(published, tmp_path, suffix):
    old = frame(("西片", 0, 160), ("东片", 160, 320))
    if suffix == ".zip":
        folder = tmp_path / "shp"
        folder.mkdir()
        write(old.rename(columns={"网格名称": "WGMC"}), folder / "wg.shp", encoding="utf-8")
        path = shutil.make_archive(str(tmp_path / "old"), "zip", folder)
    else:
        path = write(old.rename(columns={"网格名称": "name"}), tmp_path / f"old{suffix}")
    assert set(named(published.store, begin(published, path).plan_id)) == {"西片", "东片"}


def test_a_mapping_names_the_columns(published, tmp_path):
    path = write(
        frame(("西片", 0, 160), ("东片", 160, 320)).rename(columns={"网格名称": "A1"}), tmp_path / "o.gpkg"
    )
    mapping = tmp_path / "m.toml"
    mapping.write_text('[grids]\nlayer = "o"\ncolumns = { name = "A1" }\n', encoding="utf-8")
    assert set(named(published.store, begin(published, path, mapping=mapping).plan_id)) == {"西片", "东片"}


def test_gcj02_is_refused_with_its_name_and_taken_when_told(published, grids, tmp_path):
    old = grids[COMMUNITY].copy()
    moved = shapely.transform(
        old.geometry.to_numpy(), lambda xy: np.column_stack(from_wgs84(xy[:, 0], xy[:, 1], "gcj02"))
    )
    path = write(old.set_geometry(gpd.GeoSeries(moved, crs=4326)), tmp_path / "gcj.gpkg")
    with pytest.raises(BadCoordinates) as refused:
        begin(published, path)
    assert (refused.value.code, refused.value.data["crs"]) == ("todays_shifted", "gcj02")
    begun = begin(published, path, crs="gcj02")
    assert alike(published.store, begun.plan_id, published.plans[COMMUNITY])


def test_grids_elsewhere_lines_and_nothing_in_force_are_refused(drafted, published, tmp_path):
    far = frame(("外地", 5000, 5300))
    with pytest.raises(BadCoordinates) as refused:
        begin(published, write(far, tmp_path / "far.gpkg"))
    assert (refused.value.code, refused.value.where[0].geometry["type"]) == ("todays_outside", "Point")
    lines = far.set_geometry(far.boundary)
    with pytest.raises(BadFile) as unread:
        begin(published, write(lines, tmp_path / "lines.gpkg"))
    assert unread.value.code == "old_grids_none"
    with pytest.raises(Refused) as none:
        begin(drafted, None)
    assert none.value.code == "no_edition"


def test_a_grid_that_another_covers_is_told(published, tmp_path):
    path = write(frame(("西片", 0, 160), ("东片", 160, 320), ("小片", 158, 160)), tmp_path / "old.gpkg")
    begun = begin(published, path)
    assert [(row.code, row.ref) for row in begun.report] == [("old_grid_lost", "小片")]
    assert begun.report[0].geometry["type"] == "Point"
    with published.store.transaction() as tx:
        assert todays.origin_of(tx, begun.plan_id).grids[2]["node"] is None
