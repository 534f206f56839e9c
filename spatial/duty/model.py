"""Registers of hazards and cases as frames: the columns that readers fill and the use cases take.

Frames cross module borders only under the column lists given here. A column that a source does not have
is there, empty. Geometry is EPSG:4326. Kinds, grades, states and categories are those of ``hazards``,
``cases`` and ``categories``.
"""

from __future__ import annotations

HAZARD_COLUMNS = (
    "row", "number", "kind", "name", "state", "trend", "place", "scale_wan_m3", "scale", "grade",
    "property_wan", "households", "people", "frail", "found_on", "trigger", "monitoring", "warning",
    "plan", "cards", "last_drill", "struck_off_on", "struck_off_why", "review", "responsible",
    "monitors", "danger_area", "place_code", "deaths", "injured", "accuracy_m", "source",
    "geometry",
)  # fmt: skip
"""Columns of a hazards frame; one row = one hidden-danger point (隐患点) or event, index 0..n-1.

``row`` int, as the sheet counts; ``number`` text, unique; ``kind`` a key of ``hazards.TYPES``;
``state`` of ``hazards.STATES``; ``grade`` of the threat, I to IV or None, as the register says.
``scale_wan_m3`` in 10,000 m³, ``property_wan`` in 10,000 yuan, ``households``, ``people``, ``deaths``,
``injured``, ``accuracy_m`` (metres within which the point is known) float64, NaN where unknown: the
register's own numbers. ``frail``, ``plan``, ``cards`` True, False or None; ``found_on``,
``last_drill``, ``struck_off_on`` ``datetime.date`` or None; ``responsible`` a dict and ``monitors`` a
list of dicts (name, post, phone): persons, masked for who need not know. ``danger_area`` Polygon,
MultiPolygon or None: where none is drawn none is made up. ``geometry`` Point. All else text or None.
"""
HAZARD_NUMBERS = (
    "scale_wan_m3", "property_wan", "households", "people", "deaths", "injured", "accuracy_m",
)  # fmt: skip

CASE_TIMES = ("reported_at", "accepted_at", "dispatched_at", "fed_back_at", "closed_at", "due_at")
"""Times of a case in the order of its life; ``due_at`` is its limit."""
CASE_COLUMNS = (
    "row", "number", "category", "subcategory", "category_words", "description", "state",
    *CASE_TIMES, "steps", "satisfied", "stairwell", "floor", "place", "place_code", "source", "geometry",
)  # fmt: skip
"""Columns of a cases frame; one row = one case (事件), index 0..n-1. No column holds a person.

``row`` int, as the sheet counts; ``number`` text, unique; ``category`` and ``subcategory`` keys of
``categories.CATEGORIES``, ``category_words`` what the source says; ``state`` a key of ``cases.STATES``.
The times are datetime64 in UTC, NaT where unknown or before ``reported_at``. ``description`` has phone
and identity numbers masked. ``steps`` is what happened after the registration, the oldest first: a list of
dicts (kind, a key of ``cases.TRANSITIONS``; at, ISO 8601; who), empty where the source has no such history;
``satisfied`` True, False or None. ``floor`` nullable Int64. ``geometry`` Point; the grid is found from it,
never taken from the source.
"""
