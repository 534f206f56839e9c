"""Properties every proposal must have, on drawn and on random towns."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spatial.errors import Cancelled, Infeasible
from spatial.partition.propose import Proposal, propose
from spatial.policy import LINGQUAN
from tests.partition.sketch import SMALL, connected, parts, shuffled, table, voronoi_town


def assert_sound(graph, proposal: Proposal) -> None:
    """Nested, connected within each part of the parent, no empty grid, in band or proven."""
    above = np.where(proposal.levels[1] >= 0, 0, -1)
    for labels in proposal.levels:
        for g in np.unique(labels[(labels >= 0) & (above >= 0)]):
            cells = np.flatnonzero(labels == g)
            assert len(set(above[cells].tolist())) == 1
            for part in parts(graph, np.flatnonzero(above == above[cells[0]])):
                inside = part & set(cells.tolist())
                assert not inside or connected(graph, inside)
        above = labels
    for grid in proposal.grids:
        if grid.kind == "ordinary":
            assert grid.households > 0
            assert grid.in_band is not False or grid.reason is not None, grid


@settings(max_examples=25, deadline=None, derandomize=True)
@given(st.integers(0, 10_000), st.integers(20, 160), st.sampled_from([0.0, 0.15]))
def test_every_random_town_is_divided_soundly(seed, n, drop):
    graph = voronoi_town(seed, n, drop=drop)
    assert_sound(graph, propose(graph, "community", SMALL, seed=seed))


@settings(max_examples=10, deadline=None, derandomize=True)
@given(st.integers(0, 10_000))
def test_towns_with_oversize_buildings_are_divided_soundly(seed):
    graph = voronoi_town(seed, 90, numbers=(0, 1, 2, 3, 5, 25, 30))
    assert_sound(graph, propose(graph, "community", SMALL, seed=seed))


def test_the_same_seed_gives_the_same_labels_in_any_order_of_rows():
    graph = voronoi_town(7, 150)
    first = propose(graph, "community", SMALL, seed=3)
    again = propose(graph, "community", SMALL, seed=3)
    mixed = shuffled(graph, np.random.default_rng(0).permutation(len(graph.a)))
    other = propose(mixed, "community", SMALL, seed=3)
    for one, two, three in zip(first.levels, again.levels, other.levels, strict=True):
        assert one.tolist() == two.tolist() == three.tolist()


def test_a_wall_becomes_the_border():
    graph = table("""
        5 5 5 5 | 5 5 5
        5 5 5 5 | 5 5 5
        5 5 5 5 | 5 5 5
        5 5 5 5 | 5 5 5
        5 5 5 5 | 5 5 5
    """)
    labels = propose(graph, "community", SMALL).levels[0]
    assert len(np.unique(labels)) == 2
    assert set(labels[graph.xy_m[:, 0] < 40]) == {labels[0]}
    assert set(labels[graph.xy_m[:, 0] > 40]) == {labels[-1]}


def test_open_ground_belongs_to_a_neighbour():
    graph = table("""
        0 0 0 0 0 0
        0 12 0 0 12 0
        0 0 0 0 0 0
        0 12 0 0 12 0
        0 0 0 0 0 0
    """)
    proposal = propose(graph, "community", SMALL)
    assert sorted(g.households for g in proposal.grids if g.level == 2) == [12, 12, 12, 12]


def test_a_lump_is_a_grid_of_its_own():
    graph = table("""
        5 5 5
        5 30 5
        5 5 5
    """)
    proposal = propose(graph, "community", SMALL)
    lumps = [g for g in proposal.grids if g.reason and g.reason.code == "lump"]
    assert [(g.level, g.households) for g in lumps] == [(2, 30)]
    assert [g.in_band for g in proposal.grids if g.level == 2 and g.reason is None] == [True, True, True]


def test_few_households_make_one_grid_with_its_reason():
    graph = table("5 5 5 5 5 5")
    proposal = propose(graph, "community", SMALL)
    top = [g for g in proposal.grids if g.level == 1]
    assert [(g.households, g.reason.code) for g in top] == [(30, "no_k")]
    assert [g.in_band for g in proposal.grids if g.level == 2] == [True, True]


def test_an_island_too_small_joins_the_nearest_grid():
    graph = table("""
        5 5 5 5 5 . 3
        5 5 5 5 5 . .
        5 5 5 5 5 . .
    """)
    proposal = propose(graph, "community", SMALL)
    assert_sound(graph, proposal)
    assert all(g.in_band for g in proposal.grids)
    assert sum(g.parts == 2 for g in proposal.grids if g.level == 2) == 1


def test_parts_that_fit_by_themselves_stay_apart():
    graph = table("""
        5 5 5 5 5 5 . 5 5 5 5
        5 5 5 5 5 5 . 5 5 5 5
        5 5 5 5 5 5 . 5 5 5 5
    """)
    proposal = propose(graph, "community", SMALL)
    assert [g.parts for g in proposal.grids] == [1] * len(proposal.grids)
    assert all(g.in_band for g in proposal.grids)


def test_dedicated_ground_is_carved_out_and_has_no_children():
    graph = table("""
        5 5 5 5 5
        5 0 0 5 5
        5 0 2 5 5
        5 5 5 5 5
    """)
    dedicated = np.full(graph.n, -1)
    dedicated[[6, 7, 11, 12]] = 0
    graph = replace(graph, dedicated=dedicated)
    proposal = propose(graph, "community", SMALL)
    carved = [g for g in proposal.grids if g.kind == "dedicated"]
    assert [(g.level, g.households, g.in_band, g.area) for g in carved] == [(1, 0, None, 0)]
    assert np.flatnonzero(proposal.levels[1] == -1).tolist() == [6, 7, 11]
    assert [note.code for note in proposal.notes] == ["dedicated_households"]
    assert_sound(graph, proposal)


def test_villagers_groups_are_level_one():
    graph = table("""
        5 5 5 0 0 5 5 5
        5 5 5 0 0 5 5 5
    """)
    group = np.full(graph.n, -1)
    group[[0, 1, 2, 9, 10]] = 0
    group[[5, 6, 7, 13, 14, 15]] = 1
    proposal = propose(replace(graph, group=group), "village", SMALL)
    assert [(g.households, g.area) for g in proposal.grids if g.level == 1] == [(30, 0), (30, 1)]
    assert proposal.levels[0].reshape(2, 8)[:, :4].max() == 0
    assert all(g.in_band for g in proposal.grids if g.level == 2)


def test_a_village_without_groups_is_divided_by_size():
    graph = table("\n".join(["5 5 5 5 5 5 5 5"] * 3))
    proposal = propose(graph, "village", SMALL)
    assert sorted(g.households for g in proposal.grids if g.level == 1) == pytest.approx([40, 40, 40], abs=20)
    assert_sound(graph, proposal)


def test_targets_are_met_exactly():
    graph = voronoi_town(3, 200, numbers=(0, 1, 1, 2, 3))
    households = int(graph.households.sum())
    for level_two in (households // 16, households // 12):
        proposal = propose(graph, "community", SMALL, targets=(3, level_two))
        assert [sum(g.level == n for g in proposal.grids) for n in (1, 2)] == [3, level_two]
        assert all(g.in_band for g in proposal.grids)


def test_targets_out_of_reach_are_refused_with_the_arithmetic():
    graph = table("\n".join(["5 5 5 5 5 5 5 5"] * 3))
    with pytest.raises(Infeasible) as refusal:
        propose(graph, "community", SMALL, targets=(2, 20))
    assert {k: refusal.value.data[k] for k in ("level", "total", "low", "high")} == {
        "level": 2,
        "total": 20,
        "low": 6,
        "high": 12,
    }


def test_nothing_to_divide_is_refused():
    with pytest.raises(Infeasible) as refusal:
        propose(table("0 0 0"), "community", LINGQUAN)
    assert refusal.value.code == "nothing_to_divide"


def test_progress_is_told_and_cancelling_stops():
    graph = voronoi_town(1, 60)
    told = []
    propose(graph, "community", SMALL, progress=lambda *row: told.append(row))
    assert told[0] == ("划分第1级", "dividing level 1", 0, 1)
    with pytest.raises(Cancelled):
        propose(graph, "community", SMALL, cancelled=lambda: True)
