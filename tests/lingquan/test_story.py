"""The story: 60 / 212 / 1,113 and 84 / 471 asked of the sample town, published, counted in PostGIS."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from data.boundaries.lingquan.generator.people import SEATS
from spatial import planning
from tests.lingquan.conftest import FOLDER
from tests.planning.conftest import database

COUNTED = """
    SELECT substr(area_code, 10, 1) = '2' AS village, level, kind, count(*),
           count(*) FILTER (WHERE households = 0), min(households), max(households), count(reason),
           bool_and(ST_IsValid(geom) AND ST_Area(geom) > 0)
    FROM published.grids WHERE level > 0 GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""
SEATED = """
    SELECT area_code, level, count(*) FROM published.grids
    WHERE level > 1 GROUP BY 1, 2 ORDER BY 1, 2
"""


@pytest.fixture(scope="module")
def counted(published):
    """Grids of the published story by division, level and kind."""
    return {("village" if row[0] else "community", row[1], row[2]): row[3:] for row in published[COUNTED]}


@pytest.fixture(scope="module")
def published(cluster, template):
    """The story published: what the queries answer."""
    with database(cluster, template) as store:
        planning.import_place(store, FOLDER / "lingquan.gpkg")
        targets = {"community": (60, 212, 1113), "village": (84, 471)}
        planning.propose(store, "141126100", who="li", targets=targets, publish=True)
        with store.transaction() as tx:
            yield {query: tx.execute(text(query)).all() for query in (COUNTED, SEATED)}


def test_the_numbers_are_those_of_the_story(counted):
    assert {key: row[0] for key, row in counted.items()} == {
        ("community", 1, "dedicated"): 12,
        ("community", 1, "ordinary"): 48,
        ("community", 2, "ordinary"): 212,
        ("community", 3, "ordinary"): 1113,
        ("village", 1, "ordinary"): 84,
        ("village", 2, "ordinary"): 471,
    }


def test_every_residential_grid_is_in_band_and_lived_in(counted):
    bands = {
        ("community", 1): (300, 500),
        ("community", 2): (50, 100),
        ("community", 3): (10, 20),
        ("village", 2): (10, 20),
    }
    for (division, level, kind), (_, empty, least, most, reasons, sound) in counted.items():
        low, high = bands.get((division, level), (1, 1_000))
        if kind == "ordinary":
            assert (empty, reasons, sound) == (0, 0, True), (division, level)
            assert low <= least <= most <= high, (division, level)


def test_the_staff_of_the_sample_has_a_grid_for_every_seat(published):
    found: dict[str, tuple[int, ...]] = {}
    for code, _, count in published[SEATED]:
        found[code] = (*found.get(code, ()), count)
    assert found == SEATS
