"""Each reason: made in a drawn place, published, proved from the two files alone; forged, it is found out."""

from __future__ import annotations

import copy
import json
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyogrio
import pytest
from shapely.geometry import box

from spatial import lookup, planning
from spatial.checking import check
from spatial.policy import Band, Policy
from spatial.writers.gridfile import write_grids
from tests.planning import drawn
from tests.planning.conftest import database

SMALL = Policy(bands={"community": (Band(30, 100, 60), Band(10, 20, 15)), "village": (Band(None, None, 40),)})


def strip(households: list[int], code: str = drawn.COMMUNITY) -> drawn.Site:
    """Houses in a row on a strip of ground, each beside the next only: ``h0``, ``h1``, ..."""
    buildings = {
        f"h{i}": (box(i * 3_000 + 1_000, 1_000, i * 3_000 + 2_000, 2_000), n)
        for i, n in enumerate(households)
    }
    return drawn.Site(code, "长条社区", box(0, 0, len(households) * 3_000, 3_000), buildings, levels=1)


@dataclass(frozen=True)
class Case:
    """A published place: its file, its grids as read from the store, and the policy."""

    place: object
    grids: pd.DataFrame
    policy: Policy

    def failed(self, folder, change=None) -> list[tuple[str, str]]:
        """Subject and code of what fails in a check of the two files after a change of the grids."""
        grids = self.grids.copy()
        grids["proof"] = [copy.deepcopy(one) for one in grids["proof"]]
        if change is not None:
            change(grids)
        path = folder / "grids.gpkg"
        write_grids(path, grids)
        result = check(self.place, path, policy=self.policy)
        return [(p.subject, p.code) for p in result.proofs if not p.ok]

    def of(self, reason: str) -> pd.Series:
        return self.grids[self.grids["reason"] == reason].iloc[0]


def made(cluster, template, folder, households, *, edit=None) -> Case:
    """Import a strip, propose, perhaps edit, publish, and read the grids."""
    with database(cluster, template) as store:
        place = drawn.drawn(strip(households)).write(folder)
        planning.import_place(store, place)
        (plan,) = planning.propose(store, drawn.COMMUNITY, who="li", policy=SMALL)
        if edit is not None:
            edit(store, plan.plan_id)
        with store.transaction() as tx:
            day = tx.exec_driver_sql("SELECT today()").scalar_one()
        planning.publish(store, [plan.plan_id], valid_from=day, who="li", accept="proved", policy=SMALL)
        return Case(place, lookup.grids(store, area=drawn.COMMUNITY), SMALL)


def lock_the_first_house(store, plan) -> None:
    """Leave the first house alone in its grid, which is locked: the other three can't be put in band."""

    def act(**action):
        view = planning.plan(store, plan)
        planning.move(store, plan, base_rev=view.rev, action=action, who="li")

    cells = planning.plan_cells(store, plan).set_index("bid")
    first, last = cells.loc["h0", "node_id"], cells.loc["h3", "node_id"]
    act(kind="assign", cells=[int(cells.loc["h1", "cell"])], to=int(last))
    act(kind="tree", op="lock", node=int(first))


HOUSEHOLDS = {
    "no_k": [5, 10, 10],
    "lump": [10, 30, 10],
    "part": [5, 30, 10, 10],
    "lumps": [7, 7, 7, 7, 7],
    "alone": [4, 18, 19, 12, 12],
    "locked": [8, 8, 8, 8],
}


@pytest.fixture(scope="module")
def cases(cluster, template, tmp_path_factory) -> dict[str, Case]:
    """A published place for each reason."""
    return {
        name: made(
            cluster, template, tmp_path_factory.mktemp(name), households,
            edit=lock_the_first_house if name == "locked" else None,
        )
        for name, households in HOUSEHOLDS.items()
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "reason", "proof"),
    [
        ("no_k", "no_k", {"households": 25, "grids": 1}),
        ("lump", "lump", {"cell": ["h1", None, None, None, 30], "households": 30}),
        (
            "part", "part",
            {
                "cells": [["h0", None, None, None, 5]], "oversize": [["h1", None, None, None, 30]],
                "households": 5,
            },
        ),
        ("lumps", "lumps", {"how": "sums", "households": [7] * 5, "oversize": []}),
        (
            "alone", "lumps",
            {
                "how": "alone", "cell": ["h0", None, None, None, 4], "households": [4, 18],
                "cells": [["h0", None, None, None, 4], ["h1", None, None, None, 18]],
            },
        ),
    ],
)  # fmt: skip
def test_every_reason_is_published_with_what_shows_it(cases, name, reason, proof):
    row = cases[name].of(reason)
    assert proof.items() <= row["proof"].items()
    assert (row["proof"]["minimum"], row["proof"]["maximum"]) == ((30, 100) if name == "no_k" else (10, 20))


def test_locks_are_published_with_what_they_force(cases):
    grids = cases["locked"].grids
    held, forced = (grids[grids["households"] == n].iloc[0] for n in (8, 24))
    assert (bool(held["locked"]), held["reason"], held["proof"]["how"]) == (True, "locked", "held")
    assert (bool(forced["locked"]), forced["reason"], forced["proof"]["how"]) == (False, "locked", "around")
    assert forced["proof"]["locked"] == [held["code"]]
    assert forced["proof"]["because"]["code"] == "lumps"


@pytest.mark.parametrize("name", HOUSEHOLDS)
def test_true_reasons_are_proved_from_the_files_alone(cases, tmp_path, name):
    assert cases[name].failed(tmp_path) == []


@pytest.mark.parametrize("name", HOUSEHOLDS)
def test_a_file_without_proofs_is_proved_by_finding_them_anew(cases, tmp_path, name):
    def silent(grids):
        grids["proof"] = None

    assert cases[name].failed(tmp_path, silent) == []


FORGED = [
    ("no_k", {"households": 26}), ("no_k", {"grids": 2}), ("no_k", {"minimum": 26}),
    ("no_k", {"maximum": 24}),
    ("lump", {"cell": ["h0", None, None, None, 10]}), ("lump", {"households": 31}),
    ("lump", {"cell": ["h1", None, None, None, 31]}), ("lump", {"cell": ["h9", None, None, None, 30]}),
    ("lump", {"cell": 1}), ("lump", {"cell": None}),
    ("part", {"cells": [["h0", None, None, None, 5], ["h2", None, None, None, 10]]}), ("part", {"cells": []}),
    ("part", {"cells": [["h0", None, None, None, 4]], "households": 4}), ("part", {"oversize": []}),
    ("part", {"oversize": [["h2", None, None, None, 10]]}), ("part", {"households": 6}),
    ("part", {"cells": 5}),
    ("lumps", {"how": "neighbours"}), ("lumps", {"how": "alone"}), ("lumps", {"how": None}),
    ("lumps", {"households": [7] * 4}), ("lumps", {"cells": [["h0", None, None, None, 7]]}),
    ("alone", {"cell": ["h1", None, None, None, 18]}), ("alone", {"cells": [["h0", None, None, None, 4]]}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "change"), FORGED, ids=lambda one: one if isinstance(one, str) else str(one)
)
def test_forged_proofs_are_found_out(cases, tmp_path, name, change):
    code = "lumps" if name == "alone" else name
    target = cases[name].of(code)["code"]

    def forge(grids):
        grids.loc[grids["code"] == target, "proof"].iloc[0].update(change)

    assert ("reason", target) in cases[name].failed(tmp_path, forge)


@pytest.mark.parametrize("proof", [{}, [], "no proof", 3, {"cells": [{}]}, {"because": {"code": "no_k"}}])
@pytest.mark.parametrize("name", ["part", "locked"])
def test_proofs_that_are_none_prove_nothing(cases, tmp_path, name, proof):
    target = cases[name].of(name)["code"]
    grids = cases[name].grids
    path = tmp_path / "grids.gpkg"
    write_grids(path, grids)
    frame = pyogrio.read_dataframe(path, layer="grids")
    frame.loc[frame["code"] == target, "proof"] = json.dumps(proof)
    pyogrio.write_dataframe(frame, path, layer="grids", geometry_type="MultiPolygon")
    result = check(cases[name].place, path, policy=SMALL)
    assert ("reason", target) in {(p.subject, p.code) for p in result.proofs if not p.ok}


@pytest.mark.parametrize(
    ("name", "code", "claim"),
    [
        (name, code, claim)
        for name, code in (
            ("no_k", "no_k"), ("lump", "lump"), ("part", "part"), ("lumps", "lumps"), ("alone", "lumps"),
        )
        for claim in ("no_k", "lump", "part", "lumps", "locked")
        if claim != code
    ],
)  # fmt: skip
def test_another_reason_than_the_true_one_is_found_out(cases, tmp_path, name, code, claim):
    target = cases[name].of(code)["code"]

    def forge(grids):
        grids.loc[grids["code"] == target, "reason"] = claim

    assert ("reason", target) in cases[name].failed(tmp_path, forge)


def test_locks_that_are_not_there_force_nothing(cases, tmp_path):
    case = cases["locked"]
    held, forced = (case.grids.loc[case.grids["households"] == n, "code"].item() for n in (8, 24))

    def unlocked(grids):
        grids["locked"] = False

    def named_otherwise(grids):
        grids.loc[grids["code"] == forced, "proof"].iloc[0]["locked"] = [forced]

    def for_another_reason(grids):
        grids.loc[grids["code"] == forced, "proof"].iloc[0]["because"]["code"] = "no_k"

    def within_itself(grids):
        proof = grids.loc[grids["code"] == forced, "proof"].iloc[0]
        proof["because"] = {"code": "locked", "data": copy.deepcopy(proof)}

    assert {("reason", held), ("reason", forced)} <= set(case.failed(tmp_path, unlocked))
    assert case.failed(tmp_path, named_otherwise) == [("reason", forced)]
    assert case.failed(tmp_path, for_another_reason) == [("reason", forced)]
    assert case.failed(tmp_path, within_itself) == [("reason", forced)]


def test_a_grid_that_could_be_in_band_is_not_excused_by_a_lock_beside_it(cases, tmp_path):
    """The lock of the last grid forces nothing on the first: three houses of 10 fit without it."""
    case = cases["lump"]
    target = case.of("lump")["code"]
    others = case.grids.loc[(case.grids["level"] == 2) & (case.grids["code"] != target), "code"].tolist()

    def forge(grids):
        grids.loc[grids["code"].isin(others), "locked"] = True
        at = int(np.flatnonzero(grids["code"] == target)[0])
        grids.loc[grids["code"] == target, "reason"] = "locked"
        grids.at[at, "proof"] = {
            "how": "held", "households": 30, "minimum": 10, "maximum": 20,
        }  # fmt: skip

    assert ("reason", target) in case.failed(tmp_path, forge)
