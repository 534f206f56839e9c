"""Look-ups equal what PostGIS ST_Covers says of the published polygons, point by point."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest
import shapely
import sqlalchemy as sa

from spatial import lookup, townmap
from spatial.errors import BadCoordinates
from spatial.ground.crs import from_wgs84
from tests.planning.drawn import COMMUNITY, LATTICE, TOWERS

CRS = ("wgs84", "cgcs2000", "gcj02", "bd09", "EPSG:4326", "EPSG:4490", "EPSG:4546", "EPSG:3857", "EPSG:32649")
COVERS = """
SELECT p.i, array_remove(array_agg(g.code ORDER BY g.code COLLATE "C"), NULL) AS codes,
       coalesce(bool_or(ST_Contains(g.geom, p.geom)), false) AS inside
  FROM (SELECT i, ST_SetSRID(ST_MakePoint(x, y), 4326) AS geom
          FROM unnest(CAST(:x AS float8[]), CAST(:y AS float8[])) WITH ORDINALITY AS t(x, y, i)) AS p
  LEFT JOIN (SELECT * FROM published.grids AS l
              WHERE NOT EXISTS (SELECT FROM published.grids AS c WHERE c.parent = l.code)) AS g
    ON ST_Covers(g.geom, p.geom)
 GROUP BY p.i ORDER BY p.i
"""


def leaves_of(store):
    grids = lookup.grids(store)
    return grids[~grids["code"].isin(set(grids["parent"].dropna()))]


def points_of(store, count=2_000):
    """Half of the points within 5 cm of a border (vertices, the outer border too), half anywhere."""
    rng = np.random.default_rng(2)
    shapes = leaves_of(store).geometry.to_numpy()
    every = lookup.grids(store)
    outer = shapely.get_coordinates(every.loc[every["level"] == 0].geometry.to_numpy())
    vertices = shapely.get_coordinates(shapes)
    exact = np.vstack([rng.choice(vertices, count // 8), rng.choice(outer, count // 8)])
    lines = shapely.boundary(LATTICE.to_lattice(shapes))
    on = rng.choice(len(lines), count // 4)
    along = shapely.line_interpolate_point(lines[on], rng.random(len(on)), normalized=True)
    near = shapely.get_coordinates(along) + rng.uniform(-3.5, 3.5, (len(on), 2))
    left, bottom, right, top = every.total_bounds
    free = rng.uniform((left - 1e-4, bottom - 1e-4), (right + 1e-4, top + 1e-4), (count // 4, 2))
    inside = np.array([
        shapely.get_coordinates(shapely.point_on_surface(s))[0] for s in rng.choice(shapes, count // 4)
    ])  # fmt: skip
    return np.vstack([exact, LATTICE.coords_to_lonlat(near), free, inside])


def frame_of(xy):
    return pd.DataFrame({"lon": xy[:, 0], "lat": xy[:, 1]})


@pytest.fixture(scope="module")
def points(_published):
    """2,000 points and what PostGIS says of each: codes of the covering leaves, and whether inside one."""
    xy = points_of(_published.store)
    with _published.store.transaction() as tx:
        rows = tx.execute(sa.text(COVERS), {"x": xy[:, 0].tolist(), "y": xy[:, 1].tolist()}).all()
    assert len(rows) == len(xy) == 2_000
    return xy, [(list(r.codes), r.inside) for r in rows]


def leaf_codes(found):
    return [m.chain[-1].code for m in found.matches]


def test_same_leaves_as_st_covers_lowest_code_first(published, points):
    xy, truth = points
    found = lookup.locate_many(published.store, frame_of(xy), "wgs84")
    assert [leaf_codes(f) for f in found] == [codes for codes, _ in truth]
    assert {len(codes) for codes, _ in truth} >= {0, 1, 2, 4}


def test_one_by_one_answers_as_many_at_once(published, points):
    xy, _ = points
    some = xy[::40]
    many = lookup.locate_many(published.store, frame_of(some), "wgs84")
    assert [lookup.locate(published.store, lon, lat, "wgs84") for lon, lat in some] == many


def test_statuses(published, points):
    xy, truth = points
    leaves = leaves_of(published.store)
    floors = dict(zip(leaves["code"], zip(leaves["stairwell"], leaves["floors"], strict=True), strict=True))
    seen = set()
    for found, (codes, inside) in zip(
        lookup.locate_many(published.store, frame_of(xy), "wgs84"), truth, strict=True
    ):
        runs = {floors[code] for code in codes} - {(None, None)}
        above_one_another = len({well for well, _ in runs}) < len(runs)
        if not codes:
            expected = "outside"
        elif above_one_another:
            expected = "ask_floor"
        else:
            expected = "inside" if inside else "border"
        assert found.status == expected, codes
        assert found.crs == "wgs84"
        assert (found.edition is None) == (expected == "outside")
        seen.add(expected)
    assert seen == {"outside", "inside", "border", "ask_floor"}


def test_chains_are_complete(published, points):
    xy, _ = points
    grids = lookup.grids(published.store).set_index("code")
    for found in lookup.locate_many(published.store, frame_of(xy[::20]), "wgs84"):
        for match in found.matches:
            assert [g.level for g in match.chain] == list(range(len(match.chain)))
            for parent, child in zip((None, *match.chain), match.chain, strict=False):
                row = grids.loc[child.code]
                assert (child.name, child.short, child.kind) == (row["name"], row["short"], row["kind"])
                assert row["parent"] == (None if parent is None else parent.code)


@pytest.mark.parametrize("crs", CRS)
def test_every_system_gives_the_same_answer(published, points, crs):
    """The inverse moves a point by micrometres at most, so points right on a border are left out."""
    xy, _ = points
    borders = shapely.union_all(shapely.boundary(leaves_of(published.store).geometry.to_numpy()))
    clear = xy[shapely.distance(shapely.points(xy), borders) > 2e-9][:400]
    assert len(clear) == 400
    x, y = from_wgs84(clear[:, 0], clear[:, 1], crs)
    told = lookup.locate_many(published.store, frame_of(np.column_stack([x, y])), crs)
    plain = lookup.locate_many(published.store, frame_of(clear), "wgs84")
    assert [leaf_codes(f) for f in told] == [leaf_codes(f) for f in plain]
    assert [f.status for f in told] == [f.status for f in plain]
    assert len({f.crs for f in told}) == 1


def test_other_spellings_of_a_system(published):
    lon, lat = LATTICE.coords_to_lonlat(np.array([[1_300.0, 1_200.0]]))[0]
    for crs in ("WGS84", "wgs-84", "WGS 84", "epsg:4326"):
        assert lookup.locate(published.store, lon, lat, crs).status == "inside"


@pytest.mark.parametrize("crs", ["", "mars", "EPSG:1", "EPSG:x", "EPSG:5773", "utm"])
def test_unknown_system_is_refused(published, crs):
    with pytest.raises(BadCoordinates) as refusal:
        lookup.locate(published.store, 110.84, 37.0, crs)
    assert refusal.value.code == "unknown_crs"


@pytest.mark.parametrize(
    ("lon", "lat"), [(float("nan"), 37.0), (110.84, float("inf")), (181.0, 37.0), (37.0, 110.84)]
)
def test_point_that_is_none(published, lon, lat):
    with pytest.raises(BadCoordinates) as refusal:
        lookup.locate(published.store, lon, lat, "wgs84")
    assert refusal.value.code == "bad_input"


def test_point_of_the_wrong_system_is_elsewhere(published):
    """GCJ-02 read as WGS 84 lies half a kilometre off: this is why a system is always required."""
    lon, lat = LATTICE.coords_to_lonlat(np.array([[1_300.0, 1_200.0]]))[0]
    x, y = from_wgs84(np.array([lon]), np.array([lat]), "gcj02")
    right = lookup.locate(published.store, x[0], y[0], "gcj02")
    wrong = lookup.locate(published.store, x[0], y[0], "wgs84")
    assert right.status == "inside"
    assert leaf_codes(wrong) != leaf_codes(right)


def test_dates(published, today):
    lon, lat = LATTICE.coords_to_lonlat(np.array([[1_300.0, 1_200.0]]))[0]
    store = published.store
    assert lookup.locate(store, lon, lat, "wgs84", at=today).status == "inside"
    assert lookup.locate(store, lon, lat, "wgs84", at=today + dt.timedelta(3_650)).status == "inside"
    assert lookup.locate(store, lon, lat, "wgs84", at=today - dt.timedelta(1)).status == "outside"
    assert len(lookup.grids(store, at=today - dt.timedelta(1))) == 0


def test_no_points_no_answers(published):
    assert lookup.locate_many(published.store, frame_of(np.empty((0, 2))), "wgs84") == []


def test_border_between_two_towers_is_a_border(published):
    """On open ground nobody stands above anybody: no floor to ask for."""
    leaves = leaves_of(published.store)
    mine = leaves[(leaves["area_code"] == TOWERS) & leaves["floors"].str.startswith("[1,")]
    east = mine.geometry.iloc[
        shapely.get_coordinates(shapely.centroid(mine.geometry.to_numpy()))[:, 0].argmax()
    ]
    touching = [g for g in mine.geometry if g is not east and g.touches(east)]
    shared = shapely.line_merge(shapely.intersection(shapely.boundary(east), shapely.boundary(touching[0])))
    walls = shapely.union_all(
        leaves.loc[(leaves["area_code"] == TOWERS) & ~leaves["code"].isin(mine["code"])].geometry
    )
    vertices = shapely.points(shapely.get_coordinates(shared))
    free = vertices[shapely.disjoint(vertices, walls)]
    assert len(free)
    lon, lat = free[0].x, free[0].y
    for asked in ({}, {"floor": 2}, {"floor": 17, "stairwell": "1"}):
        found = lookup.locate(published.store, lon, lat, "wgs84", **asked)
        assert (found.status, len(found.matches)) == ("border", 2)


def test_frames_of_points_may_carry_stairwell_and_floor(published):
    xy = LATTICE.coords_to_lonlat(np.array([[51_800.0, 2_200.0]] * 3))
    points = frame_of(xy).assign(stairwell=[None, "1", "2"], floor=pd.array([pd.NA, 3, 3], dtype="Int64"))
    statuses = [f.status for f in lookup.locate_many(published.store, points, "wgs84")]
    assert statuses[0] == "ask_floor"
    assert sorted(statuses[1:]) == ["ask_floor", "inside"]


def test_grids_by_area_level_code_and_bbox(published):
    store = published.store
    assert len(lookup.grids(store, area=COMMUNITY)) == 51
    assert set(lookup.grids(store, level=1)["area_code"]) > {COMMUNITY}
    one = lookup.grids(store, code=f"{COMMUNITY}001")
    assert one["households"].tolist() == [320]
    left, bottom, right, top = one.total_bounds
    middle = (left * 0.6 + right * 0.4, bottom * 0.6 + top * 0.4)
    near = lookup.grids(store, area=COMMUNITY, level=2, bbox=(*middle, middle[0] + 1e-6, middle[1] + 1e-6))
    assert len(near) == 1


def test_town_layers_show_every_grid(published):
    layers = townmap.town_layers(published.store)
    assert len(layers["grids"]) == len(lookup.grids(published.store))
    assert layers["grids"].geometry.is_valid.all()
    assert layers["grids"].loc[layers["grids"]["level"] == 3, "in_band"].all()
    assert len(layers["buildings"]) == 40 + 30 + 3
