"""Begin a plan: from a ground, and the labels that a proposal (or today's grids) gives its cells."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from spatial.plans import codes
from spatial.plans.publish import groups_of, numbering_frame
from spatial.plans.shapes import grid_shapes
from spatial.plans.tree import CellRow, FaceRow, Node, PlanState

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from numpy.typing import NDArray

    from spatial.ground.model import Ground
    from spatial.plans.moves import NewKind
    from spatial.plans.nesting import OldTree
    from spatial.policy import Policy


def ground_rows(ground: Ground) -> tuple[dict[int, CellRow], dict[str, FaceRow]]:
    """Cells and faces as a plan holds them: a cell's number is its position in ``ground.cells``."""
    ids = [str(name) for name in ground.face_ids]
    faces = {
        name: FaceRow(name, polygon, footprint)
        for name, polygon, footprint in zip(ids, ground.faces, ground.footprints, strict=True)
    }
    columns = ground.cells.astype(object).where(ground.cells.notna(), None)
    cells = {
        number: CellRow(
            number,
            ids[int(row.face)],
            None if row.floor_low is None else int(row.floor_low),
            None if row.floor_high is None else int(row.floor_high),
            row.bid,
            row.stairwell,
            int(row.households),
            int(row.registered),
            row.group,
        )
        for number, row in enumerate(columns.itertuples(index=False))
    }
    return cells, faces


def begin(
    ground: Ground,
    area_name: str,
    labels: Sequence[NDArray[np.int64]],
    policy: Policy,
    *,
    dedicated: Collection[tuple[int, int]] = (),
) -> PlanState:
    """Make a plan of labelled cells; grids are numbered and named as the first edition would.

    Parameters
    ----------
    ground
        The ground that the plan is pinned to.
    area_name
        Name of the basic grid, the root.
    labels
        For level 1, 2, ...: the label of each cell, in the order of ``ground.cells``; -1 where the branch
        ends above. A label stands for one grid of its level, inside one grid of the level above.
    policy
        Bands (for the number of levels), what they count, and the node spacing.
    dedicated
        (level, label) of dedicated grids.

    Returns
    -------
    PlanState
        Revision 0; grids are numbered from 1 in the order of their short numbers, the root is 0.
    """
    cells, faces = ground_rows(ground)
    nodes, leaf = _nodes(area_name, labels, dedicated, len(cells))
    state = PlanState(
        nodes,
        cells,
        faces,
        dict(enumerate(leaf.tolist())),
        levels=len(policy.bands[ground.division]),
        spacing_m=policy.node_spacing_m[ground.division],
        counts=policy.counts,
    )
    return _numbered(state, ground.area_code)


def _nodes(
    area_name: str, labels: Sequence[NDArray[np.int64]], dedicated: Collection[tuple[int, int]], n: int
) -> tuple[dict[int, Node], NDArray[np.int64]]:
    """Grids of the labels, unnamed, and the leaf of each cell."""
    nodes = {0: Node(0, None, 0, "basic", area_name)}
    above = np.zeros(n, dtype=np.int64)
    for level, given in enumerate(labels, start=1):
        inside = np.flatnonzero(np.asarray(given) >= 0)
        found = pd.Series(above[inside]).groupby(np.asarray(given)[inside]).first()
        number = {int(label): len(nodes) + i for i, label in enumerate(found.index)}
        for label, parent in zip(found.index.tolist(), found.tolist(), strict=True):
            kind: NewKind = "dedicated" if (level, label) in dedicated else "ordinary"
            new = number[int(label)]
            nodes[new] = Node(new, int(parent), level, kind, "")
        here = above.copy()
        here[inside] = [number[label] for label in np.asarray(given)[inside].tolist()]
        above = here
    return nodes, above


def _numbered(state: PlanState, area_code: str) -> PlanState:
    """Give grids the labels and names of a first edition, and ids in that order."""
    code = codes.number(numbering_frame(state, grid_shapes(state)), area_code).to_dict()
    groups = {code[node]: group for node, group in groups_of(state).items() if node in code}
    named = codes.names(state.root.name, code.values(), groups)
    order = sorted(code, key=lambda node: (state.nodes[node].level, code[node]))
    new = {0: 0} | {old: i for i, old in enumerate(order, start=1)}
    nodes = {0: state.root}
    for old in order:
        node, label = state.nodes[old], codes.short(code[old])
        parent = None if node.parent is None else new[node.parent]
        nodes[new[old]] = replace(node, id=new[old], parent=parent, label=label, name=named[code[old]])
    assign = {cell: new[leaf] for cell, leaf in state.assign.items()}
    return replace(state, nodes=nodes, assign=assign, next_node=-1)


def adopted_plan(
    ground: Ground, area_name: str, tree: OldTree, leaf: NDArray[np.int64], policy: Policy
) -> tuple[PlanState, dict[int, int]]:
    """Make a plan of the old grids that the cells of a ground went to.

    Grids keep their names; where all have standard codes, their short numbers too.

    Parameters
    ----------
    ground, area_name, policy
        As in `begin`.
    tree
        The old grids.
    leaf
        (n,) position in ``tree.grids`` of the finest grid of each cell.

    Returns
    -------
    state, nodes
        The plan; old grid's position -> its grid's id, of those that got ground.
    """
    old, levels = tree.grids, len(policy.bands[ground.division])
    at = np.full((len(old), levels), -1, dtype=np.int64)
    for i in range(len(old)):
        for up in tree.ancestors(i):
            at[i, int(old["level"].iloc[up]) - 1] = up
    labels = [at[leaf, level] for level in range(levels)]
    dedicated = {
        (int(old["level"].iloc[i]), int(i)) for i in tree.leaves if old["kind"].iloc[i] == "dedicated"
    }
    state = begin(ground, area_name, labels, policy, dedicated=dedicated)
    nodes: dict[int, int] = {}
    for level, given in enumerate(labels, start=1):
        for label, cell in zip(*np.unique(given, return_index=True), strict=True):
            if label >= 0:
                nodes[int(label)] = state.ancestor(state.assign[int(cell)], level)
    _keep_words(state, old, nodes, ground.area_code)
    return state, nodes


def _keep_words(state: PlanState, old: pd.DataFrame, nodes: dict[int, int], area_code: str) -> None:
    """Give grids the names that they had, and their short numbers where their codes are standard ones."""
    digits = codes.AREA_DIGITS + np.cumsum([0, *codes.DIGITS])
    coded = {i: str(old["code"].iloc[i]) for i in nodes}
    standard = all(
        code.startswith(area_code) and code.isdigit() and len(code) == digits[int(old["level"].iloc[i])]
        for i, code in coded.items()
    )
    taken: set[tuple[int | None, str]] = set()
    for i, node in sorted(nodes.items(), key=lambda item: item[1]):
        row, said = state.nodes[node], old["name"].iloc[i]
        label = codes.short(coded[i]) if standard else row.label
        plain = codes.grid_name(state.root.name, label) if standard else row.name
        name, n = said or plain, 2
        while (row.parent, name) in taken:
            name, n = f"{said or plain}({n})", n + 1
        taken.add((row.parent, name))
        state.nodes[node] = replace(row, name=name, label=label)
