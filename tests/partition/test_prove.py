"""Reasons are found where they hold, proven again from the numbers, and refused when spoiled."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from spatial.partition.propose import propose
from spatial.partition.prove import Reason, reasons_for, verify
from spatial.policy import Band
from tests.partition.sketch import SMALL, graph_of, table, voronoi_town

BAND = Band(10, 20, 15)


def reason_of(graph, labels, label=0) -> Reason | None:
    labels = np.array(labels)
    return reasons_for(graph, labels, np.zeros(graph.n, np.int64), BAND)[label]


def proven(reason, graph, labels, label=0, band=BAND) -> bool:
    return verify(reason, graph, np.array(labels), np.zeros(graph.n, np.int64), label, band)


def test_no_number_fits():
    graph = table("3 3")
    reason = reason_of(graph, [0, 0])
    assert reason == Reason("no_k", {"households": 6, "grids": 1, "minimum": 10, "maximum": 20})
    assert proven(reason, graph, [0, 0])


def test_no_number_fits_but_another_errs_less():
    graph = table("3 3")
    assert reason_of(graph, [0, 1]).code != "no_k"
    assert not proven(
        Reason("no_k", {"households": 6, "grids": 2, "minimum": 10, "maximum": 20}), graph, [0, 1]
    )


def test_lump():
    graph = table("5 30 0 5 5")
    reason = reason_of(graph, [1, 0, 0, 2, 2])
    assert reason == Reason("lump", {"cell": 1, "households": 30, "minimum": 10, "maximum": 20})
    assert proven(reason, graph, [1, 0, 0, 2, 2])
    assert not proven(reason, graph, [0, 0, 0, 2, 2])
    assert reason_of(graph, [0, 0, 2, 2, 2]) is None


def test_part_behind_an_oversize_cell():
    graph = table("5 30 5 5")
    reason = reason_of(graph, [0, 1, 2, 2])
    assert (reason.code, reason.data["cells"], reason.data["oversize"]) == ("part", [0], [1])
    assert proven(reason, graph, [0, 1, 2, 2])


def test_part_that_could_go_on_is_no_part():
    graph = table("5 9 30 5 5")
    claim = Reason("part", {"cells": [0], "oversize": [], "households": 5, "minimum": 10, "maximum": 20})
    assert not proven(claim, graph, [0, 1, 2, 3, 3])


def test_lumps_by_sums_alone():
    graph = table("9 9 9")
    reason = reason_of(graph, [0, 0, 0])
    assert (reason.code, reason.data["how"]) == ("lumps", "sums")
    assert proven(reason, graph, [0, 0, 0])


def test_lumps_as_they_lie():
    graph = graph_of(np.array([7, 7, 7, 7]), np.array([0, 0, 0]), np.array([1, 2, 3]))
    reason = reason_of(graph, [0, 0, 1, 2], label=1)
    assert (reason.code, reason.data["how"]) == ("lumps", "neighbours")
    assert proven(reason, graph, [0, 0, 1, 2], label=1)


def test_lumps_of_one_cell_among_large_ones():
    graph = graph_of(np.array([4, 18, 19, 12]), np.array([0, 0, 1]), np.array([1, 2, 3]))
    reason = reason_of(graph, [0, 1, 2, 3])
    assert (reason.data["how"], reason.data["cell"], reason.data["cells"]) == ("alone", 0, [0, 1, 2])
    assert proven(reason, graph, [0, 1, 2, 3])
    assert not proven(replace(reason, data={**reason.data, "cells": [0, 1]}), graph, [0, 1, 2, 3])


def test_what_could_be_in_band_has_no_reason():
    graph = table("5 5 5 5")
    assert reason_of(graph, [0, 1, 1, 1]) is None


@pytest.mark.parametrize(
    "spoil",
    [
        {"minimum": 9},
        {"maximum": 21},
        {"households": 1},
        {"cells": []},
        {"cell": 3},
        {"grids": 7},
        {"how": "?"},
    ],
)
def test_spoiled_reasons_fail(spoil):
    cases = [
        (table("3 3"), [0, 0]),
        (table("5 30 5 5"), [0, 1, 2, 2]),
        (table("5 30 0 5 5"), [1, 0, 0, 2, 2]),
        (table("9 9 9"), [0, 0, 0]),
    ]
    for graph, labels in cases:
        reason = reason_of(graph, labels)
        if set(spoil) <= set(reason.data):
            assert not proven(replace(reason, data={**reason.data, **spoil}), graph, labels)
        for code in ("no_k", "lump", "part", "lumps", "locked"):
            assert code == reason.code or not proven(Reason(code, reason.data), graph, labels)
        assert not proven(reason, graph, labels, band=Band(1, 60, 15))
        assert not proven(reason, graph, labels, label=9)


@pytest.mark.parametrize("seed", range(6))
def test_every_reason_of_a_proposal_is_proven_again_and_only_for_its_grid(seed):
    graph = voronoi_town(seed, 80, numbers=(0, 1, 2, 3, 8, 9, 13, 25), drop=0.1)
    proposal = propose(graph, "community", SMALL, seed=seed)
    parents = np.zeros(graph.n, np.int64)
    for number, (labels, band) in enumerate(zip(proposal.levels, proposal.bands, strict=True), start=1):
        for grid in proposal.grids:
            if grid.level == number and grid.reason:
                assert verify(grid.reason, graph, labels, parents, grid.label, band)
                inband = [g.label for g in proposal.grids if g.level == number and g.in_band]
                assert not any(verify(grid.reason, graph, labels, parents, other, band) for other in inband)
        parents = labels
