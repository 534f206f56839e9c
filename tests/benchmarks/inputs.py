"""The ground and the graph of each benchmark community, and of the sketch's own where it is there."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from spatial.ground.faces import build_ground
from spatial.ground.model import Ground
from spatial.ground.outline import crossings_of, freeze
from spatial.partition.graph import CellGraph, cell_graph
from spatial.policy import LINGQUAN, Band, Policy
from tests.benchmarks.town import LATTICE, community

BANDS = (Band(300, 500, 400), Band(50, 100, 75), Band(10, 20, 15))
"""The bands at their middle, which is what every peer aims at."""
POLICY = Policy(bands={**LINGQUAN.bands, "community": BANDS})
SHARED = Path(__file__).resolve().parents[3] / "shared" / "peers"
"""Where the sketch lies if this checkout stands beside it."""


@dataclass(frozen=True)
class Instance:
    """One community as every method gets it."""

    name: str
    graph: CellGraph
    seconds: float
    """To cut the ground and make the graph; 0 where somebody else's cells are taken."""
    source: Any
    """The ground, or the sketch's own dictionary."""


def ours(seed: int, *, stairwells: bool, side: int = 6) -> Instance:
    """A community drawn by `tests.benchmarks.town`, cut by wangge's own ground."""
    place = community(seed, stairwells=stairwells, side=side)
    start = time.perf_counter()
    ground = ground_of(place)
    graph = cell_graph(ground, POLICY)
    return Instance(f"{'units' if stairwells else 'blds'}-{seed}", graph, time.perf_counter() - start, ground)


def ground_of(place: Any) -> Ground:
    """Freeze the outline of a place file of one area and cut its ground."""
    spacing = np.array([POLICY.node_spacing_m["community"]])
    given = LATTICE.to_lattice(place.areas.geometry.to_numpy())
    outline = freeze(given, spacing, crossings_of(place, LATTICE)).outlines[0]
    return build_ground(place, str(place.areas["code"].iat[0]), outline, LATTICE, POLICY)


def sketch_there() -> bool:
    """Whether ../shared/peers is beside this checkout."""
    return (SHARED / "proto.py").is_file()


def shared(seed: int, *, stairwells: bool) -> Instance:
    """The same seed as the sketch measures, with the sketch's cells; needs `sketch_there`."""
    if str(SHARED) not in sys.path:
        sys.path.insert(0, str(SHARED))
    from atoms import build, unitise  # noqa: PLC0415 - of ../shared/peers, which a user has not
    from gen import generate  # noqa: PLC0415

    drawn = generate(2850, seed)
    cells = build(unitise(drawn) if stairwells else drawn)
    return Instance(f"{'units' if stairwells else 'blds'}-shared-{seed}", _graph(cells), 0.0, cells)


def _graph(cells: dict[str, Any]) -> CellGraph:
    """The sketch's cells as our graph; touches under 0.3 m are no adjacency for us."""
    n, keep = cells["n"], cells["len"] > POLICY.adjacency_m
    none, no = np.full(n, -1), np.zeros(int(keep.sum()), np.bool_)
    households = cells["pop"].astype(np.int64)
    length = cells["len"][keep]
    return CellGraph(
        households=households, registered=households, area_m2=cells["area"], outer_m=cells["ext"],
        xy_m=cells["xy"], face=np.arange(n), a=cells["eu"][keep], b=cells["ev"][keep], length_m=length,
        followed_m=np.minimum(cells["al"][keep], length), vertical=no, bridge=no, group=none, dedicated=none,
        zone=none, affinity=none,
    )  # fmt: skip
