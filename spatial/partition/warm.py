"""Compile the partitioner ahead of its first use: ``python -m spatial.partition.warm``, a step of set-up.

numba keeps what it compiled beside the sources, so that the first proposal of a fresh checkout need not wait.
"""

from __future__ import annotations

import sys
import time
from dataclasses import replace

import numpy as np

from spatial.ground.divides import divides
from spatial.ground.terrain import Terrain
from spatial.ground.walkways import Walkways
from spatial.partition.graph import CellGraph
from spatial.partition.propose import propose
from spatial.partition.walking import on_foot
from spatial.policy import LINGQUAN

SIDE = 24
"""Cells along each side of the drawn square."""


def drawn_square(seed: int = 0) -> CellGraph:
    """Draw a square of 10 m cells with a few households each, a school in a corner, and a tower of two runs.

    Parameters
    ----------
    seed
        Chance of the households.

    Returns
    -------
    CellGraph
        576 cells on the ground, and the upper run of the tower.
    """
    chance = np.random.default_rng(seed)
    number = np.arange(SIDE * SIDE).reshape(SIDE, SIDE)
    ground = number.size
    a = np.concatenate([number[:, :-1].ravel(), number[:-1].ravel(), [ground - 1]])
    b = np.concatenate([number[:, 1:].ravel(), number[1:].ravel(), [ground]])
    vertical = b == ground
    households = np.append(chance.integers(0, 5, ground), 14)
    dedicated = np.full(ground + 1, -1)
    dedicated[number[:3, :3].ravel()] = 0
    households[dedicated >= 0] = 0
    households.setflags(write=False)  # as columns of a frame come: numba compiles for it
    none = np.full(ground + 1, -1)
    x, y = np.divmod(np.append(np.arange(ground), ground - 1), SIDE)
    edge = (x == 0).astype(float) + (x == SIDE - 1) + (y == 0) + (y == SIDE - 1)
    return CellGraph(
        households=households, registered=households + 1, area_m2=np.append(np.full(ground, 100.0), 0.0),
        outer_m=np.append(10.0 * edge[:-1], 0.0), xy_m=np.column_stack([x, y]) * 10.0,
        face=np.append(np.arange(ground), ground - 1), a=a, b=b, length_m=np.where(vertical, 0.0, 10.0),
        followed_m=np.where(vertical, 0.0, chance.choice([0.0, 10.0], len(a))), vertical=vertical,
        bridge=np.zeros(len(a), np.bool_), group=none, dedicated=dedicated, zone=none, affinity=none,
    )  # fmt: skip


def warm() -> float:
    """Propose for a drawn community, a village, a village of groups and one with ways on foot; find divides.

    Returns
    -------
    float
        Seconds it took.
    """
    start = time.monotonic()
    square = drawn_square()
    groups = (square.xy_m[:, 0] * 4 // (SIDE * 10)).astype(np.int64)
    propose(square, "community", LINGQUAN)
    propose(square, "village", LINGQUAN)
    propose(replace(square, group=groups), "village", LINGQUAN)
    propose(_on_foot(square), "village", LINGQUAN)
    divides(Terrain(np.eye(8, dtype=np.float32), 0.0, 80.0, 10.0, 10.0, 4546))
    return time.monotonic() - start


def _on_foot(square: CellGraph) -> CellGraph:
    """Walk over the square, ten seconds a cell."""
    return on_foot(square, Walkways(square.n, square.a, square.b, np.full(len(square.a), 10.0)))


if __name__ == "__main__":
    sys.stderr.write(f"编译完成 / compiled: {warm():.1f} s\n")
