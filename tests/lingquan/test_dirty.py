"""The dirty copy as a user meets it: imported, every defect named, disputes assigned, published."""

from __future__ import annotations

import re

import pandas as pd
import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from spatial import lookup, planning
from spatial.checking import check_town
from spatial.errors import BadRows
from spatial.readers.hazards import read_hazards
from spatial.readers.placefile import read_place
from spatial.store import keys, places
from tests.lingquan.conftest import FOLDER
from tests.planning.conftest import database

TOWN = "141126100"
DEFECTS = pd.read_csv(FOLDER / "defects.csv", encoding="utf-8-sig", dtype=str).fillna("")
SAID_AS = {
    "footprints_overlap": {"footprints_overlap", "building_joined"},
    "disputed_overlap": {"disputed_overlap"},
    "disputed_gap": {"disputed_gap"},
}
"""Codes under which a defect of the list may stand in the report, where they are not its own."""


def named(defect, report):
    """Rows of a report that name a defect: its code, its layer, and its key or the number of rows."""
    codes = SAID_AS.get(defect.expect, {defect.expect})
    found = [row for row in report if row.code in codes and row.layer == defect.layer]
    if defect.layer == "households":
        count, field = re.fullmatch(r"(\d+) rows (\w+)", defect.key).groups()
        return [row for row in found if row.field == field and f" {count} " in row.zh]
    if defect.layer == "boundary" and defect.expect.startswith("disputed"):
        pair = {defect.key, *re.findall(r"\d{12}", defect.words)}
        return [row for row in found if pair <= set(re.findall(r"\d{12}", row.zh))]
    other = re.findall(r"LQ\d+", defect.words)
    if defect.expect in {"feature_kind", "feature_empty", "feature_repaired"}:
        return [row for row in found if row.row]
    return [row for row in found if all(key in row.zh for key in (defect.key, *other))]


@pytest.fixture(scope="module")
def imported(cluster, template):
    """A store with the dirty copy in it, and what the import said."""
    with database(cluster, template) as store:
        yield store, planning.import_place(store, FOLDER / "lingquan_dirty.gpkg")


def test_every_defect_is_named_by_the_import(imported):
    _, done = imported
    listed = DEFECTS[DEFECTS["file"] == "lingquan_dirty.gpkg"]
    assert listed["kind"].nunique() >= 18
    silent = [f"{d.layer} {d.key} {d.kind}" for d in listed.itertuples() if not named(d, done.report)]
    assert silent == []
    assert all(row.zh and row.en for row in done.report)


def test_what_can_be_repaired_is_repaired(imported):
    _, done = imported
    assert len(done.areas) == 25
    assert {area.code[:9] for area in done.areas} == {TOWN}
    clean = read_place(FOLDER / "lingquan.gpkg").buildings["households"].sum()
    aside = [int(n) for row in done.report for n in re.findall(r"连同 (\d+) 户", row.zh)]
    dirty = sum(area.households for area in done.areas)
    assert len(aside) == 7
    # the rest differs by what the spoiled register says of who lives there, a row of the register each
    assert abs(clean - sum(aside) - dirty) <= 60


def test_the_town_is_published_and_proved_once_its_disputes_are_assigned(imported):
    store, _ = imported
    with store.transaction() as tx:
        asked = {"Authorization": f"Bearer {keys.add_key(tx, 'li', 'planner')}"}
    client = TestClient(create_app(store, Settings()))
    found = client.get(f"/v1/disputes?area={TOWN}", headers=asked).json()["features"]
    pieces = [feature["properties"] for feature in found]
    assert {piece["kind"] for piece in pieces} == {"overlap", "gap"}
    assert not check_town(store, TOWN).ok
    body = {"assign": [{"id": piece["id"], "to": piece["nearest"]} for piece in pieces]}
    answer = client.post("/v1/disputes/assign", json=body, headers=asked)
    assert set(answer.json()["grounds"]) >= {piece["nearest"] for piece in pieces}
    assert client.get(f"/v1/disputes?area={TOWN}", headers=asked).json()["features"] == []
    planning.propose(store, TOWN, who="li", publish=True)
    assert len(lookup.grids(store, area=TOWN, level=0)) == 25
    proved = check_town(store, TOWN)
    assert [p.zh for p in proved.proofs if not p.ok] == []
    assert {p.system for p in proved.proofs if p.subject in {"town", "outline", "nesting"}} == {
        "lattice", "EPSG:4326",
    }  # fmt: skip


def test_the_register_of_hazards_is_put_right_where_it_is_swapped():
    listed = DEFECTS[DEFECTS["file"] == "hazards_dirty.csv"]
    ground = read_place(FOLDER / "lingquan_dirty.gpkg").areas.geometry.union_all()
    told = read_hazards(FOLDER / "hazards_dirty.csv", area=ground).report
    assert all(named(d._replace(layer="hazards_dirty.csv"), told) for d in listed.itertuples())


def test_what_no_import_may_take_is_named_row_by_row(store):
    listed = DEFECTS[DEFECTS["file"] == "village_refused.gpkg"]
    with pytest.raises(BadRows) as refusal:
        planning.import_place(store, FOLDER / "village_refused.gpkg")
    faults = refusal.value.data["faults"]
    for defect in listed.itertuples():
        said = [f for f in faults if f["code"] == defect.expect and f["layer"] == defect.layer]
        keys = [str(f[name]) for f in said for name in ("ref", "value", "row")]
        assert defect.key in keys or (defect.layer == "households" and said), defect
    with store.transaction() as tx:
        assert places.list_places(tx) == []
