"""What every move asks first: is it still so (revision), is it free (locks), do stairwells stay whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spatial.errors import Locked, NotFound, Refused, StaleRevision, Where

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from spatial.plans.journal import Journal
    from spatial.plans.tree import Node, PlanState
    from spatial.policy import Band


def title(node: Node) -> str:
    """Name a grid for a message: its name, or its label."""
    return node.name or node.label or str(node.id)


def fresh(
    journal: Journal, cells: Iterable[int] = (), nodes: Iterable[int | None] = (), faces: Iterable[str] = ()
) -> None:
    """Make sure that cells, grids and faces exist and have not changed since the base revision.

    Raises
    ------
    StaleRevision
        ``stale``; ``data`` holds rev, base_rev, and the ids of changed cells, nodes and faces (or lost).
    NotFound
        ``no_such_cell``, ``no_such_grid``, ``no_such_face``: nobody changed the plan, so it was never there.
    """
    state, base, rev = journal.state, journal.base_rev, journal.rev
    wanted = [n for n in nodes if n is not None]
    cells, faces = list(cells), list(faces)
    lost_cells = [c for c in cells if c not in state.cells]
    lost_nodes = [n for n in wanted if n not in state.nodes]
    lost_faces = [f for f in faces if f not in state.faces]
    if base == state.rev:
        _all_there(lost_cells, lost_nodes, lost_faces)
    changed_cells = lost_cells + [c for c in cells if base < state.cell_rev.get(c, 0) < rev]
    changed_nodes = lost_nodes + [n for n in wanted if n in state.nodes and base < state.nodes[n].rev < rev]
    if not (changed_cells or changed_nodes or lost_faces):
        return
    names = [title(state.nodes[n]) for n in dict.fromkeys(changed_nodes) if n in state.nodes]
    what = "、".join(names[:5]) or f"{len(changed_cells) + len(lost_faces)} 个单元"
    raise StaleRevision(
        "stale",
        zh=f"您操作之后,别人已经改动过:{what}。请看一看新的情况再做一次。",
        en=f"Changed by somebody else since you looked: {', '.join(names[:5]) or 'cells'}. Look again.",
        where=[Where(ref=name) for name in names],
        data={
            "rev": state.rev,
            "base_rev": base,
            "cells": sorted(set(changed_cells)),
            "nodes": sorted(set(changed_nodes)),
            "faces": sorted(set(lost_faces)),
        },
    )


def _all_there(cells: Sequence[int], nodes: Sequence[int], faces: Sequence[str]) -> None:
    for code, zh, en, lost in (
        ("no_such_cell", "单元", "cell", cells),
        ("no_such_grid", "网格", "grid", nodes),
        ("no_such_face", "地块", "face", faces),
    ):
        if lost:
            raise NotFound(
                code,
                zh=f"方案中没有这个{zh}:{lost[0]}。",
                en=f"The plan has no {en} {lost[0]}.",
                where=[Where(ref=str(one)) for one in lost],
            )


def unlocked(state: PlanState, nodes: Iterable[int | None]) -> None:
    """Refuse (``Locked``, code ``locked``) when a grid, or one above it, is locked."""
    for node_id in nodes:
        if node_id is None:
            continue
        for node in state.chain(node_id):
            if node.locked:
                raise Locked(
                    "locked",
                    zh=f"“{title(node)}”已锁定,不能改动;需要时请先解锁。",
                    en=f"{title(node)} is locked; unlock it first.",
                    where=(Where(ref=title(node)),),
                    data={"node": node.id},
                )


def refuse(code: str, zh: str, en: str, *refs: Node) -> Refused:
    """Build a refusal that points at grids."""
    return Refused(
        code,
        zh=zh,
        en=en,
        where=[Where(ref=title(n)) for n in refs],
        data={"nodes": [n.id for n in refs]} if refs else {},
    )


def split_stairwells(state: PlanState, bands: Sequence[Band]) -> dict[str, int]:
    """Find faces whose floor runs stand under different parents though the whole stairwell fits in one.

    Parameters
    ----------
    state
        The plan; one face is one stairwell.
    bands
        Bands of levels 1, 2, ...

    Returns
    -------
    dict
        Face id -> number of parents too many, summed over the levels above the finest. Unassigned runs do not
        count.
    """
    by_face: dict[str, list[int]] = {}
    for cell in state.cells.values():
        if cell.floor_low is not None:
            by_face.setdefault(cell.face, []).append(cell.id)
    out: dict[str, int] = {}
    for face, cells in by_face.items():
        leaves = {state.assign[c] for c in cells if c in state.assign}
        if len(leaves) < 2:
            continue
        households = sum(state.counted(state.cells[c]) for c in cells)
        excess = 0
        for level, band in enumerate(bands[:-1], start=1):
            if band.maximum is None or households <= band.maximum:
                excess += len({state.ancestor(leaf, level) for leaf in leaves}) - 1
        if excess:
            out[face] = excess
    return out
