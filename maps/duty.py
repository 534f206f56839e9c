"""Cases, hazard points and posts as JSON for the maps' scripts, with the words of their tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from maps.layers import collection, plain, require
from spatial.duty.cases import CLOSED
from spatial.duty.cases import STATES as CASE_STATES
from spatial.duty.categories import CATEGORIES
from spatial.duty.hazards import GRADES, TYPES
from spatial.duty.hazards import STATES as HAZARD_STATES
from spatial.duty.staff import POST_TABLE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import geopandas as gpd

CASE_COLUMNS = ("number", "category", "subcategory", "state", "reported_at", "area_code", "grid")
HAZARD_COLUMNS = (
    "id", "number", "kind", "name", "grade", "state", "households", "people", "area_code", "grid", "scale",
    "scale_wan_m3", "trend", "place", "trigger", "monitoring", "warning", "responsible", "monitors",
)  # fmt: skip
THREAT_COLUMNS = ("hazard", "code", "households")
STAFF_COLUMNS = ("code", "post", "holder", "phone", "time")
DIGITS = 6


def duty_values(duty: Mapping[str, pd.DataFrame], *, told: bool = False) -> dict[str, Any]:
    """Return the duty on a town by column, as the scripts take it.

    Parameters
    ----------
    duty
        Frames by name: ``cases`` (`CASE_COLUMNS`, and description where ``told``) and ``hazards``
        (`HAZARD_COLUMNS`) with Points in EPSG:4326, ``threats`` (`THREAT_COLUMNS`), ``staff``
        (`STAFF_COLUMNS`); persons are masked already for who must not see them.
    told
        Whether the descriptions of cases, free text, go along.

    Returns
    -------
    dict
        ``cases``, ``hazards``, ``threats``: column to values; ``posts``: code to the posts held there, each
        ``[post, holder, phone, time]``; ``tables``: the words of categories, states, types, grades, posts.

    Raises
    ------
    KeyError
        If a frame lacks a column.
    """
    cases = _columns(duty["cases"], (*CASE_COLUMNS, "description") if told else CASE_COLUMNS)
    cases["day"] = cases.pop("reported_at")
    cases["closed"] = [state in CLOSED for state in cases["state"]]
    staff = _columns(duty["staff"], STAFF_COLUMNS)
    posts: dict[str, list[list[Any]]] = {}
    for code, *held in zip(*(staff[c] for c in STAFF_COLUMNS), strict=True):
        posts.setdefault(code, []).append(held)
    return {
        "cases": {**cases, **_points(duty["cases"])},
        "hazards": {**_columns(duty["hazards"], HAZARD_COLUMNS), **_points(duty["hazards"])},
        "threats": _columns(duty["threats"], THREAT_COLUMNS),
        "posts": posts,
        "tables": tables(),
    }


def danger_areas(hazards: gpd.GeoDataFrame) -> dict[str, Any]:
    """Return the danger areas that are drawn as a feature collection: id and grade of their hazard point."""
    require(hazards, ("danger_area",))
    drawn = hazards[hazards["danger_area"].notna()].drop(columns="geometry")
    return collection(drawn.set_geometry("danger_area", crs=4326), ("id", "grade", "state"))


def tables() -> dict[str, dict[str, list[str]]]:
    """Return the words of every table of the duty: key to Chinese and English.

    Examples
    --------
    >>> tables()["categories"]["fire"], tables()["posts"]["grid_chief"]
    (['消防', 'fire'], ['网格长', 'grid chief'])
    """
    below = {k: list(words) for _, _, sub in CATEGORIES.values() for k, words in sub.items()}
    return {
        "categories": {key: [zh, en] for key, (zh, en, _) in CATEGORIES.items()},
        "subcategories": below,
        "caseStates": {key: list(words) for key, words in CASE_STATES.items()},
        "hazardStates": {key: list(words) for key, words in HAZARD_STATES.items()},
        "types": {key: [zh, en] for key, (zh, en, _) in TYPES.items()},
        "grades": {key: list(words) for key, words in GRADES.items()},
        "scales": {en: [zh, en] for zh, en in GRADES.values()},
        "posts": {key: [post.zh, post.en] for key, post in POST_TABLE.items()},
    }


def _columns(frame: pd.DataFrame, columns: Sequence[str]) -> dict[str, list[Any]]:
    require(frame, columns)
    return {column: [plain(value) for value in frame[column].to_numpy(dtype=object)] for column in columns}


def _points(frame: Any) -> dict[str, list[float]]:
    geometry = frame.geometry
    lon, lat = np.asarray(geometry.x, dtype=float), np.asarray(geometry.y, dtype=float)
    return {"lon": lon.round(DIGITS).tolist(), "lat": lat.round(DIGITS).tolist()}
