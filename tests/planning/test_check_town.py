"""A stored town proved as a whole, on the lattice and in EPSG:4326: a sound one, and each kind of spoil."""

import pytest
import shapely
import sqlalchemy as sa

from spatial import planning
from spatial.checking import check_town
from spatial.errors import NotFound
from spatial.store import places
from tests.planning import drawn
from tests.planning.drawn import COMMUNITY, TOWERS, TOWN, VILLAGE


def failed(store, area=TOWN):
    result = check_town(store, area)
    wrong = {(p.subject, p.system, p.code) for p in result.proofs if not p.ok}
    assert result.ok == (not wrong)
    assert all(p.zh and p.en for p in result.proofs)
    return wrong


def spoil(store, statement, **values):
    with store.transaction() as tx:
        assert tx.execute(sa.text(statement), values).rowcount > 0


def test_a_sound_town_is_proved_twice(published):
    result = check_town(published.store, TOWN)
    assert result.ok
    told = {(p.subject, p.system) for p in result.proofs}
    assert told == {
        ("disputed", "lattice"), ("stored", "EPSG:4326"),
        *((s, w) for s in ("town", "ground", "outline", "nesting") for w in ("lattice", "EPSG:4326")),
    }  # fmt: skip
    assert {p.area_code for p in result.proofs if p.subject == "ground"} == {COMMUNITY, TOWERS, VILLAGE}
    parents = {p.code for p in result.proofs if p.subject == "nesting" and p.system == "lattice"}
    assert parents == {p.code for p in result.proofs if p.subject == "nesting" and p.system == "EPSG:4326"}
    assert len(parents) > 10


def test_a_town_without_editions_is_proved_as_far_as_it_goes(drafted):
    result = check_town(drafted.store, TOWN)
    assert result.ok
    assert {p.zh for p in result.proofs if p.subject == "outline"} == {"尚未发布"}


def test_a_vertex_of_a_grid_moved_by_a_hair_fails_in_both(published):
    """One ten-millionth of a degree, 1 cm: an edge of the child meets nothing any more."""
    code = f"{COMMUNITY}001"
    with published.store.transaction() as tx:
        tx.execute(sa.text("ALTER TABLE grid DISABLE TRIGGER USER"))
    spoil(
        published.store,
        "UPDATE grid SET geom = ST_Multi(ST_MakePolygon(ST_SetPoint(ST_ExteriorRing(ST_GeometryN(geom, 1)),"
        " 1, ST_Translate(ST_PointN(ST_ExteriorRing(ST_GeometryN(geom, 1)), 2), 0.0000003, 0.0000003))))"
        " WHERE code = :code",
        code=code,
    )
    wrong = failed(published.store)
    assert {("nesting", "lattice", COMMUNITY), ("nesting", "EPSG:4326", COMMUNITY)} <= wrong
    assert ("stored", "EPSG:4326", None) in wrong


def test_a_vertex_less_on_one_side_of_a_shared_border_fails(store, tmp_path):
    west, east = drawn.community(halves=1), drawn.community(f"{TOWN}003", "东街社区", halves=1).shifted(160)
    planning.import_place(store, drawn.drawn(west, east).write(tmp_path))
    assert failed(store) == set()
    spoil(
        store,
        "UPDATE place SET outline = ST_SetSRID(ST_GeomFromWKB(:shape), 4326) WHERE code = :code",
        code=COMMUNITY, shape=shapely.to_wkb(drawn.lonlat([shapely.box(0, 0, 16_000, 10_000)])[0]),
    )  # fmt: skip
    wrong = failed(store)
    assert {("town", "lattice", TOWN), ("town", "EPSG:4326", TOWN)} <= wrong
    assert {("ground", "lattice", COMMUNITY)} <= wrong


def test_a_gap_between_outlines_and_disputed_ground_fail(store, tmp_path):
    west, east = drawn.community(halves=1), drawn.community(f"{TOWN}003", "东街社区", halves=1).shifted(165)
    planning.import_place(store, drawn.drawn(west, east).write(tmp_path))
    result = check_town(store, TOWN)
    wrong = {p.subject: p for p in result.proofs if not p.ok}
    assert set(wrong) == {"town", "disputed"}
    assert wrong["disputed"].geometry["type"] == "Polygon"
    (dispute,) = planning.disputes(store, TOWN)
    planning.assign_disputed(store, dispute.id, COMMUNITY)
    assert failed(store) == set()


def test_a_hairline_hole_in_an_outline_or_between_two_fails(store, tmp_path):
    west, east = drawn.community(halves=1), drawn.community(f"{TOWN}003", "东街社区", halves=1).shifted(160)
    planning.import_place(store, drawn.drawn(west, east).write(tmp_path))
    with store.transaction() as tx:
        known = places.outlines(tx, places.town_of(tx, TOWN))[COMMUNITY]
    inside = shapely.Polygon([(2_000, 2_000), (5_000, 2_000), (5_000, 2_003)])
    between = shapely.Polygon([(16_000, 2_000), (16_000, 2_400), (15_997, 2_200)])
    for hole in (inside, between):
        spoilt = shapely.difference(known, hole, grid_size=1.0)
        spoil(
            store,
            "UPDATE place SET outline = ST_SetSRID(ST_GeomFromWKB(:shape), 4326) WHERE code = :code",
            code=COMMUNITY, shape=shapely.to_wkb(drawn.lonlat([spoilt])[0]),
        )  # fmt: skip
        assert ("town", "lattice", None) in failed(store)


def test_one_basic_grid_alone(published):
    result = check_town(published.store, COMMUNITY)
    assert result.ok
    assert {p.area_code for p in result.proofs} == {COMMUNITY}


def test_a_place_that_is_not(store):
    with pytest.raises(NotFound):
        check_town(store, "999999999")
