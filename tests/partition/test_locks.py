"""Locks: what is locked stays exactly, the rest is proposed around it, contradictions are named."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spatial.errors import Refused
from spatial.partition.locked import verify_locked
from spatial.partition.propose import Locks, propose
from tests.partition.sketch import SMALL, table, voronoi_town
from tests.partition.test_propose import assert_sound

NONE = np.zeros((0, 2), np.int64)


def held_grids(proposal, level: int, labels) -> tuple[np.ndarray, ...]:
    """Locks that hold some grids of a proposal, and all below them."""
    held = [np.full(len(one), -1) for one in proposal.levels]
    mine = np.isin(proposal.levels[level - 1], labels)
    for number in range(level, len(held) + 1):
        held[number - 1] = np.where(mine, proposal.levels[number - 1], -1)
    return tuple(held)


def same_grids(before, after, mine) -> bool:
    """Whether some cells are in the same grids as before, and nobody else is in these."""
    grids = {tuple(np.flatnonzero(after == g)) for g in np.unique(after[mine])}
    return grids == {tuple(np.flatnonzero(before == g)) for g in np.unique(before[mine])}


@settings(max_examples=20, deadline=None, derandomize=True)
@given(st.integers(0, 10_000), st.integers(60, 150), st.sampled_from([1, 2]), st.data())
def test_held_grids_and_pairs_are_kept_on_every_random_town(seed, n, level, data):
    graph = voronoi_town(seed, n)
    before = propose(graph, "community", SMALL, seed=seed)
    count = int(before.levels[level - 1].max()) + 1
    labels = data.draw(st.lists(st.integers(0, count - 1), min_size=1, max_size=max(count // 2, 1)))
    held = held_grids(before, level, labels)
    loose = np.flatnonzero((held[-1][graph.a] < 0) & (held[-1][graph.b] < 0))
    links = data.draw(st.permutations(loose.tolist()))[:6] if len(loose) else []
    pairs = np.column_stack([graph.a[links], graph.b[links]]).astype(np.int64).reshape(-1, 2)
    locks = Locks(held, together=pairs[:3], apart=pairs[3:])
    if any(np.isin(pairs[3:, i], pairs[:3]).any() for i in (0, 1)):  # a chain may join what a pair parts
        locks = replace(locks, apart=pairs[:0])
    after = propose(graph, "community", SMALL, seed=seed + 1, locks=locks)
    mine = held[level - 1] >= 0
    for number in range(level, 3):
        assert same_grids(before.levels[number - 1], after.levels[number - 1], mine)
    for u, v in pairs[:3]:
        assert after.levels[-1][u] == after.levels[-1][v]
    for u, v in locks.apart:
        assert after.levels[-1][u] != after.levels[-1][v]
    for child in np.unique(after.levels[1]):
        assert len(np.unique(after.levels[0][after.levels[1] == child])) == 1
    assert all(g.reason is not None for g in after.grids if g.in_band is False)


def test_the_same_locks_give_the_same_labels():
    graph = voronoi_town(11, 120)
    locks = Locks(held_grids(propose(graph, "community", SMALL), 2, [1, 4]), apart=np.array([[3, 4]]))
    one, two = (propose(graph, "community", SMALL, seed=5, locks=locks) for _ in range(2))
    assert [a.tolist() for a in one.levels] == [b.tolist() for b in two.levels]


ROWS = """
    5 5 5 5
    5 5 5 5
    5 5 5 5
    5 5 5 5
"""


def test_a_border_runs_where_it_is_asked_for():
    graph = table(ROWS)
    apart = np.array([[4 * y + 1, 4 * y + 2] for y in range(4)])  # a line down the middle
    found = propose(graph, "community", SMALL, locks=Locks(apart=apart))
    labels = found.levels[-1].reshape(4, 4)
    assert not set(labels[:, :2].ravel()) & set(labels[:, 2:].ravel())
    assert all(g.in_band for g in found.grids)


def test_no_border_runs_where_none_may():
    graph = table("""
        5 5 | 5 5
        5 5 | 5 5
        5 5 | 5 5
        5 5 | 5 5
    """)
    free = propose(graph, "community", SMALL)
    assert free.levels[-1][1] != free.levels[-1][2]
    found = propose(graph, "community", SMALL, locks=Locks(together=np.array([[1, 2]])))
    assert found.levels[-1][1] == found.levels[-1][2]
    assert all(g.in_band for g in found.grids)


def test_what_a_lock_forces_out_of_band_is_said_and_proved_again():
    graph = table("5 5 5 5 5 5 5 5 5 5 5 5 5")  # 65 households in a row
    apart = np.array([[0, 1]])  # the first house alone
    found = propose(graph, "community", SMALL, locks=Locks(apart=apart))
    (bad,) = [g for g in found.grids if g.in_band is False]
    assert (bad.level, bad.households, bad.reason.code, bad.reason.data["how"]) == (2, 5, "locked", "apart")
    locks = Locks(apart=apart)
    proof = (graph, found.levels[1], found.levels[0], bad.label, SMALL.bands["community"][1])
    assert verify_locked(bad.reason, *proof, locks, 2)
    assert not verify_locked(bad.reason, *proof, Locks(), 2)


def test_cells_kept_together_beyond_the_band_are_locked_out_of_it():
    graph = table(ROWS)
    together = np.array([[0, 1], [1, 2], [2, 3], [3, 7]])
    found = propose(graph, "community", SMALL, locks=Locks(together=together))
    bad = [g for g in found.grids if g.in_band is False]
    assert [(g.households, g.reason.code, g.reason.data["because"]["code"]) for g in bad] == [
        (25, "locked", "lump")
    ]


def test_what_is_left_beside_a_locked_grid_is_locked_out_of_band():
    graph = table("5 5 5 5 5 5 5 5 5 5 5 5 5")
    held = np.full(13, -1)
    held[1:4] = 0
    found = propose(graph, "community", SMALL, locks=Locks((np.full(13, -1), held)))
    bad = [g for g in found.grids if g.in_band is False]
    assert [(g.households, g.reason.code, g.reason.data["how"]) for g in bad] == [(5, "locked", "around")]
    assert bad[0].reason.data["because"]["code"] == "part"


def test_a_held_grid_out_of_band_says_that_it_is_held():
    graph = table(ROWS)
    held = np.where(np.arange(16) < 1, 0, -1)
    found = propose(graph, "community", SMALL, locks=Locks((np.full(16, -1), held)))
    bad = [g for g in found.grids if g.in_band is False]
    assert [(g.households, g.reason.code, g.reason.data["how"]) for g in bad] == [(5, "locked", "held")]


def test_only_a_part_is_proposed_again():
    graph = voronoi_town(4, 140)
    before = propose(graph, "community", SMALL)
    outside = before.levels[0] != 0
    held = tuple(np.where(outside, labels, -1) for labels in before.levels)
    after = propose(graph, "community", SMALL, seed=9, locks=Locks(held))
    for one, two in zip(before.levels, after.levels, strict=True):
        assert same_grids(one, two, outside)
    inner = (np.where(np.arange(graph.n) >= 0, before.levels[0], -1), held[1])
    kept = propose(graph, "community", SMALL, seed=9, locks=Locks(inner))
    assert same_grids(before.levels[0], kept.levels[0], np.ones(graph.n, bool))
    assert same_grids(before.levels[1], kept.levels[1], outside)
    assert_sound(graph, kept)


@pytest.mark.parametrize(
    ("together", "apart", "held", "said"),
    [
        ([[0, 1], [1, 2]], [[0, 2]], None, "0|1、1|2"),
        ([[0, 1]], NONE, [0], "甲"),
        (NONE, [[0, 1]], [0, 1, 2], "甲"),
    ],
)
def test_locks_that_contradict_each_other_are_refused_by_name(together, apart, held, said):
    graph = table(ROWS)
    fixed = np.where(np.isin(np.arange(16), held or []), 0, -1)
    locks = Locks(
        (np.full(16, -1), fixed), np.array(together).reshape(-1, 2), np.array(apart).reshape(-1, 2),
        {(2, 0): "甲"},
    )  # fmt: skip
    with pytest.raises(Refused) as refused:
        propose(graph, "community", SMALL, locks=locks)
    assert refused.value.code == "locks_contradict"
    assert said in refused.value.zh
    assert [w.ref for w in refused.value.where] == [str(c) for c in (apart if len(apart) else together)[0]]


def test_totals_count_held_grids_in():
    graph = table("\n".join(["5 5 5 5 5 5 5 5"] * 6))  # 240 households
    before = propose(graph, "community", SMALL, targets=(3, 16))
    locks = Locks(held_grids(before, 2, [0, 5]))
    after = propose(graph, "community", SMALL, targets=(3, 15), seed=2, locks=locks)
    assert [len(np.unique(labels)) for labels in after.levels] == [3, 15]
    assert same_grids(before.levels[1], after.levels[1], locks.held[1] >= 0)
