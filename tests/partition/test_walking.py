"""Villages on foot: grids compact by walking time, groups from hamlets, homes that are not reached."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from spatial.partition.compact import compact_on_foot
from spatial.partition.graph import join
from spatial.partition.hamlets import GROUP, propose_groups
from spatial.partition.measures import beyond_reach, walk
from spatial.partition.propose import propose
from spatial.partition.region import whole_net
from spatial.partition.score import part_counts
from spatial.partition.walking import NO_WAY_S
from spatial.policy import LINGQUAN, Band
from tests.partition.sketch import SMALL, connected, table, voronoi_town

FINEST = SMALL.bands["village"][1]


def afoot(graph, far=(), seconds=20.0, far_s=600.0):
    """The same graph with every step of some seconds, but those in ``far`` (pairs of cells)."""
    pairs = set(map(tuple, far))
    steps = [
        far_s if pair in pairs else seconds for pair in zip(graph.a.tolist(), graph.b.tolist(), strict=True)
    ]
    return replace(graph, walk_s=np.array(steps))


def test_grids_follow_the_valley_and_not_the_shape():
    graph = table("""
        3 3 3 3
        3 3 3 3
        0 0 0 0
    """)
    up = afoot(graph, [(i, i + 4) for i in range(4)])  # ten minutes from the upper row to the lower
    square = np.array([0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1])
    found = compact_on_foot(up, whole_net(up), np.zeros(12, np.int64), square, Band(10, 14, 12), 0)
    assert len(set(found[:4])) == len(set(found[4:8])) == 1
    assert found[0] != found[4]
    level = compact_on_foot(
        afoot(graph), whole_net(graph), np.zeros(12, np.int64), square, Band(10, 14, 12), 0
    )
    assert level.tolist() == square.tolist()


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000))
def test_whatever_the_village_bands_numbers_and_parts_stay_and_the_price_falls(seed):
    graph = voronoi_town(seed, 60, numbers=(0, 1, 1, 2))
    chance = np.random.default_rng(seed)
    graph = replace(graph, walk_s=chance.uniform(5, 300, len(graph.a)))
    plain = replace(graph, walk_s=None)
    proposal = propose(plain, "village", SMALL)
    above, below = proposal.levels
    found = compact_on_foot(graph, whole_net(graph), above, below, FINEST, seed)
    k = int(below.max()) + 1
    assert sorted(set(found)) == list(range(k))
    assert all(len(set(above[found == g])) == 1 for g in range(k))
    before, after = (np.bincount(one, graph.households, k) for one in (below, found))
    assert sum(FINEST.holds(int(h)) for h in after) >= sum(FINEST.holds(int(h)) for h in before)
    assert (part_counts(graph, found, k) <= part_counts(graph, below, k).max()).all()
    again = compact_on_foot(graph, whole_net(graph), above, below, FINEST, seed)
    assert again.tolist() == found.tolist()


def test_without_ways_nothing_is_moved_and_no_group_is_proposed():
    graph = table("6 6 7 7")
    labels = np.array([0, 0, 1, 1])
    assert compact_on_foot(graph, whole_net(graph), np.zeros(4, np.int64), labels, FINEST, 0) is labels
    assert propose_groups(graph, np.ones(4, np.bool_), FINEST, 0) is None


def test_hamlets_are_groups_and_stay_whole():
    graph = table("30 0 40 0 30 35 0 0 9")
    graph = afoot(graph, [(1, 2), (2, 3), (6, 7), (7, 8)], far_s=400.0)
    groups = propose_groups(graph, np.ones(9, np.bool_), Band(10, 20, 15), 0)
    # 30 and 40 are two hamlets that fit in one group, 30 and 35 are one; 9 can't be alone
    assert groups[0] == groups[2]
    assert groups[4] == groups[5] == groups[8]
    assert groups.max() == 1
    assert sorted(np.bincount(groups, graph.households)) == [70, 74]


def test_a_hamlet_too_large_for_a_group_is_divided():
    graph = afoot(table("\n".join(" ".join("8" * 8) for _ in range(5))))
    groups = propose_groups(graph, np.ones(40, np.bool_), Band(10, 20, 15), 0)
    sizes = np.bincount(groups, graph.households)
    assert all(GROUP.holds(int(n)) for n in sizes)
    assert all(connected(graph, np.flatnonzero(groups == g)) for g in range(len(sizes)))


def test_a_village_without_groups_says_that_they_are_proposed():
    graph = afoot(table("30 30 0 0 0 30 30"), [(2, 3), (3, 4)])
    proposal = propose(graph, "village", LINGQUAN)
    (note,) = [n for n in proposal.notes if n.code == "groups_proposed"]
    assert note.data == {"groups": 2}
    assert "并非给定" in note.zh
    assert "proposed, not given" in note.en
    given = replace(graph, group=np.array([0, 0, 0, 0, 1, 1, 1]))
    assert "groups_proposed" not in {n.code for n in propose(given, "village", LINGQUAN).notes}


def test_homes_behind_a_river_without_a_crossing_are_said():
    graph = afoot(table("5 5 0 2"), [(1, 2)], far_s=NO_WAY_S + 30)
    one = np.zeros(4, np.int64)
    assert beyond_reach(graph, one).tolist() == [False, False, False, True]
    assert walk(graph, one).cut_off == 2
    (note,) = [n for n in propose(graph, "village", SMALL).notes if n.code == "not_on_foot"]
    assert (note.data["households"], note.data["cells"]) == (2, [3])
    bridged = afoot(table("5 5 0 2"), [(1, 2)], far_s=300.0)
    assert "not_on_foot" not in {n.code for n in propose(bridged, "village", SMALL).notes}


def test_seconds_to_the_middle_go_by_the_ways():
    found = walk(afoot(table("1 1 1 9 1"), [(0, 1)], far_s=100.0), np.zeros(5, np.int64))
    assert (found.p50_s, found.p95_s) == (0, 100 + 20 + 20)
    assert walk(table("1 1"), np.zeros(2, np.int64)).p95_s is None


def test_graphs_side_by_side_keep_their_ways_if_all_have_them():
    one = afoot(table("1 2"))
    assert join([one, one]).walk_s.tolist() == [20.0, 20.0]
    assert join([one, table("1 2")]).walk_s is None
