"""Numbers asked of several basic grids together, and borders that move to meet them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from spatial.errors import Infeasible
from spatial.partition.graph import join
from spatial.partition.propose import propose, propose_town
from spatial.policy import LINGQUAN
from tests.partition.sketch import SMALL, table, voronoi_town
from tests.partition.test_propose import assert_sound


def counts(proposals, level):
    return [sum(g.level == level and g.kind == "ordinary" for g in one.grids) for one in proposals]


def test_a_grid_more_goes_where_there_is_room_for_it():
    tight = table("\n".join(["12 12 12 12 12"] * 3))  # 15 lumps: 15 grids, neither more nor fewer
    loose = table("\n".join(["3 2 3 2 3 2 3 2 3 2"] * 7))
    households = int(loose.households.sum())
    for total in (15 + -(-households // 18), 15 + households // 12):
        found = propose_town([tight, loose], "community", SMALL, totals=(4, total))
        assert sum(counts(found, 1)) == 4
        assert counts(found, 2) == [15, total - 15]
        for graph, one in zip((tight, loose), found, strict=True):
            assert_sound(graph, one)
            assert all(g.in_band for g in one.grids)


@pytest.mark.parametrize("seed", range(2))
def test_tight_numbers_move_the_borders_above(seed):
    graph = voronoi_town(seed, 900, numbers=(0, 1, 2, 3, 9, 10, 17))
    households = int(graph.households.sum())
    targets = (round(households / 400), -(-households // 94), round(households / 16.8))
    proposal = propose(graph, "community", LINGQUAN, targets=targets)
    assert tuple(counts([proposal], level)[0] for level in (1, 2, 3)) == targets
    assert all(g.in_band for g in proposal.grids)
    assert_sound(graph, proposal)


def test_dedicated_areas_and_groups_of_several_basic_grids_stay_apart():
    graph = table("5 5 5 0 0 5 5 5\n5 5 5 0 0 5 5 5")
    group = np.where(graph.xy_m[:, 0] < 40, 0, 1)
    dedicated = np.where(graph.households == 0, 0, -1)
    one = replace(graph, group=np.where(dedicated < 0, group, -1), dedicated=dedicated)
    both = join([one, one])
    assert np.unique(both.dedicated).tolist() == [-1, 0, 1]
    assert np.unique(both.group).tolist() == [-1, 0, 1, 2, 3]
    found = propose_town([one, one], "village", SMALL, totals=(6, 8))
    assert [[(g.households, g.kind) for g in p.grids if g.level == 1] for p in found] == [
        [(30, "ordinary"), (30, "ordinary"), (0, "dedicated")]
    ] * 2
    assert sum(counts(found, 2)) == 8


def test_a_refusal_names_every_basic_grid_and_its_bounds():
    tight = table("\n".join(["12 12 12 12 12"] * 3))
    with pytest.raises(Infeasible) as refusal:
        propose_town([tight, tight], "community", SMALL, names=["东社区", "西社区"], totals=(4, 31))
    assert refusal.value.code == "targets"
    data = refusal.value.data
    assert (data["level"], data["total"], data["nearest"]) == (2, 31, 30)
    assert data["areas"] == [
        {"area": name, "grids": 15, "low": 15, "high": 15} for name in ("东社区", "西社区")
    ]
    assert "东社区15（15至15）" in refusal.value.zh
    assert "西社区 15 (15 to 15)" in refusal.value.en
