"""New York's 311 service requests (CSV) read as cases: a real load of cases for trials and tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spatial.readers.cases import CaseFile, Form, read_cases
from spatial.readers.cells import AMERICAN

if TYPE_CHECKING:
    import os

    from spatial.readers.tables import Words

WORDS: Words = {
    "number": ("unique_key", "uniquekey"),
    "category": ("category", "complaint_type", "complainttype"),
    "subcategory": ("descriptor",),
    "state": ("status",),
    "reported_at": ("created", "created_date", "createddate"),
    "closed_at": ("closed", "closed_date", "closeddate"),
    "due_at": ("due_date", "duedate"),
    "lon": ("lon", "longitude"),
    "lat": ("lat", "latitude"),
}
CATEGORIES: dict[str, str] = {
    "Illegal Parking": "order/parking", "Blocked Driveway": "order/parking",
    "Derelict Vehicle": "order/parking", "Derelict Vehicles": "order/parking", "Vending": "order/stalls",
    "Graffiti": "environment", "Noise": "environment/noise", "Noise - Residential": "environment/noise",
    "Noise - Street/Sidewalk": "environment/noise", "Noise - Commercial": "environment/noise",
    "Noise - Vehicle": "environment/noise", "Noise - Park": "environment/noise",
    "Noise - Helicopter": "environment/noise", "Noise - House of Worship": "environment/noise",
    "UNSANITARY CONDITION": "environment", "Sanitation Condition": "environment", "Rodent": "environment",
    "Dirty Conditions": "environment/rubbish", "Illegal Dumping": "environment/rubbish",
    "Request Large Bulky Item Collection": "environment/rubbish",
    "Electronics Waste Appointment": "environment/rubbish",
    "Missed Collection (All Materials)": "environment/rubbish", "Water Quality": "environment/water",
    "Building/Use": "environment/illegal_building", "Street Light Condition": "facilities/lamp",
    "Street Condition": "livelihood/road", "Sidewalk Condition": "livelihood/road",
    "Curb Condition": "livelihood/road", "HEAT/HOT WATER": "livelihood/heating",
    "Water System": "livelihood/water_supply", "WATER LEAK": "livelihood/water_supply",
    "Water Conservation": "livelihood/water_supply", "Benefit Card Replacement": "livelihood/benefits",
    "Sewer": "facilities/pipe", "PLUMBING": "facilities/pipe",
    "General Construction/Plumbing": "facilities/pipe", "Plumbing": "facilities/pipe",
    "Elevator": "facilities/lift", "ELEVATOR": "facilities/lift", "Traffic Signal Condition": "facilities",
    "Broken Parking Meter": "facilities", "Broken Muni Meter": "facilities",
    "ELECTRIC": "safety/electricity", "Electrical": "safety/electricity",
    "Non-Emergency Police Matter": "order", "SAFETY": "safety", "Fire Safety Director - F58": "fire",
}  # fmt: skip
"""Their hundred categories in ours; what is not here is other, its words are kept."""
STATES = {
    "closed": "archived",
    "open": "registered",
    "pending": "dispatched",
    "in progress": "dispatched",
    "assigned": "dispatched",
    "started": "dispatched",
    "email sent": "fed_back",
}
FORM = Form(
    WORDS, "America/New_York", AMERICAN, CATEGORIES, STATES, "NYC Open Data, 311 Service Requests",
    (("number",), ("category",), ("reported_at",), ("lon",), ("lat",)),
)  # fmt: skip


def read_requests(path: str | os.PathLike[str]) -> CaseFile:
    """Read 311 records; positions are WGS 84, times New York's.

    Rows without coordinates are in ``unplaced``, each named; a closing time before the creation is named and
    not taken.
    """
    return read_cases(path, crs="wgs84", form=FORM)
