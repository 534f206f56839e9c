# ruff: noqa: ARG005
"""Fakes of the duty use cases, beside those of `tests.api.conftest`."""

import datetime as dt

import geopandas as gpd
import pandas as pd
import shapely

from spatial import casework, staffing, watch
from spatial.duty.cases import Case

USE_CASES = {
    casework: ("list_cases", "case", "register", "follow"),
    watch: ("list_hazards", "join"),
    staffing: ("list_staff", "vacancies"),
}


def case(case_id=1):
    at = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)
    return Case(
        case_id, "1", "fire", None, "x", "registered", "grid", at, 110.8, 37.0, "141126100001", None, None
    )


def page(**columns):
    """One point, as the duty use cases give a page."""
    return gpd.GeoDataFrame(
        {"number": ["1"], **{name: [value] for name, value in columns.items()}},
        geometry=[shapely.Point(110.8, 37)], crs="EPSG:4326",
    )  # fmt: skip


def put(use):
    """Put the fakes in place by ``use(module, **members)``."""
    use(
        casework,
        list_cases=lambda store, **k: page(description="x"),
        case=lambda store, case_id: case(),
        register=lambda store, *a, **k: case(),
        follow=lambda store, case_id, *a, **k: case(),
    )
    use(
        watch,
        list_hazards=lambda store, **k: page(responsible=None, monitors=None, danger_area=None),
        join=lambda store, **k: watch.Threatened([], None),
    )
    use(
        staffing,
        list_staff=lambda store, **k: pd.DataFrame(columns=["code", "post", "phone", "time", "body"]),
        vacancies=lambda store, area: pd.DataFrame({"vacant": pd.Series([], dtype=bool)}),
    )


def break_all(use, broken):
    """Let every duty use case break."""
    for module, names in USE_CASES.items():
        use(module, **dict.fromkeys(names, broken))
