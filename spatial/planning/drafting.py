"""From a proposal to a plan: grids with provisional numbers and names, every cell given to a leaf."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from spatial.plans.codes import names, number, short
from spatial.plans.tree import CellRow, FaceRow, Node, PlanState

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spatial.ground.model import Ground
    from spatial.partition.propose import Proposal, ProposedGrid
    from spatial.policy import Policy

ROOT = 1


def cells_of(ground: Ground) -> dict[int, CellRow]:
    """Cells of a ground by id: the position in ``ground.cells``."""
    ids = ground.face_ids
    rows = ground.cells.astype(object).where(ground.cells.notna(), None)
    return {
        i: CellRow(
            i, ids[face], low, high, bid, well, int(households), int(registered), group,
        )
        for i, (_, face, low, high, bid, well, households, registered, group) in enumerate(
            rows.itertuples(index=False, name=None)
        )
    }  # fmt: skip


def faces_of(ground: Ground) -> dict[str, FaceRow]:
    """Faces of a ground by id."""
    return {
        name: FaceRow(name, face, footprint)
        for name, face, footprint in zip(ground.face_ids, ground.faces, ground.footprints, strict=True)
    }


def draft(ground: Ground, area_name: str, proposal: Proposal, policy: Policy) -> PlanState:
    """Make the plan of a proposal; numbers run west to east, then north to south, as codes will.

    Parameters
    ----------
    ground
        The ground that was divided.
    area_name
        Name of the basic grid.
    proposal
        Labels of the ground's cells by level.
    policy
        Node spacing and what the bands count.
    """
    node_of = {(g.level, g.label): ROOT + 1 + i for i, g in enumerate(_by_level(proposal))}
    codes = _codes(ground, proposal, node_of)
    named = names(area_name, codes.to_list(), _group_names(ground, proposal, node_of, codes))
    nodes = {ROOT: Node(ROOT, None, 0, "basic", area_name)}
    for grid in _by_level(proposal):
        node = node_of[grid.level, grid.label]
        parent = ROOT if grid.parent_label is None else node_of[grid.level - 1, grid.parent_label]
        code = codes[node]
        nodes[node] = Node(node, parent, grid.level, grid.kind, named[code], short(code))
    leaf = _leaves(proposal, node_of)
    return PlanState(
        nodes=nodes, cells=cells_of(ground), faces=faces_of(ground),
        assign={i: int(n) for i, n in enumerate(leaf)}, levels=len(proposal.bands),
        spacing_m=policy.node_spacing_m[ground.division], counts=policy.counts,
    )  # fmt: skip


def _by_level(proposal: Proposal) -> list[ProposedGrid]:
    return sorted(proposal.grids, key=lambda g: (g.level, g.label))


def _leaves(proposal: Proposal, node_of: dict[tuple[int, int], int]) -> NDArray[np.int64]:
    """Deepest grid of each cell."""
    leaf = np.full(len(proposal.levels[0]), ROOT, dtype=np.int64)
    for level, labels in enumerate(proposal.levels, start=1):
        inside = labels >= 0
        leaf[inside] = [node_of[level, int(label)] for label in labels[inside]]
    return leaf


def _codes(ground: Ground, proposal: Proposal, node_of: dict[tuple[int, int], int]) -> pd.Series:
    """Provisional codes by node id, from the centre of each grid's ground."""
    face = ground.cells["face"].to_numpy(np.int64)
    area = shapely.area(ground.faces)[face]
    centre = shapely.get_coordinates(shapely.centroid(ground.faces))[face]
    rows = {}
    for grid in _by_level(proposal):
        mine = proposal.levels[grid.level - 1] == grid.label
        x, y = np.average(centre[mine], axis=0, weights=area[mine])
        parent = pd.NA if grid.parent_label is None else node_of[grid.level - 1, grid.parent_label]
        rows[node_of[grid.level, grid.label]] = (parent, grid.level, x, y)
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=["parent", "level", "x", "y"])
    return number(frame, ground.area_code)


def _group_names(
    ground: Ground, proposal: Proposal, node_of: dict[tuple[int, int], int], codes: pd.Series
) -> dict[str, str]:
    """Names that level-1 grids take from the ground: villagers' groups, schools, markets."""
    out: dict[str, str] = {}
    groups = sorted({str(g) for g in ground.cells["group"] if isinstance(g, str)})
    areas = sorted({str(d) for d in ground.layers["dedicated"] if isinstance(d, str)})
    for grid in proposal.grids:
        if grid.area is None:
            continue
        listed = areas if grid.kind == "dedicated" else groups
        out[codes[node_of[grid.level, grid.label]]] = listed[grid.area]
    return out
