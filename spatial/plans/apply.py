"""Carry out a move on a plan: all of it or nothing, and give back the move that undoes it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, assert_never

from spatial.errors import BadParameter, Refused, StaleRevision, Where
from spatial.ground.faces import face_id
from spatial.plans.cut import cut_face
from spatial.plans.guards import fresh, refuse, split_stairwells, unlocked
from spatial.plans.journal import Journal, Touched
from spatial.plans.moves import Assign, Batch, Cut, Join, Move, Tree
from spatial.plans.tree import CellRow, CutRecord, FaceRow
from spatial.plans.treework import change_tree

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spatial.plans.tree import PlanState
    from spatial.policy import Band


def apply(
    state: PlanState, move: Move, base_rev: int, *, bands: Sequence[Band] | None = None
) -> tuple[Move, Touched]:
    """Carry out one action on a plan in memory.

    Parameters
    ----------
    state
        The plan; changed in place, and left untouched when the move is refused.
    move
        One of the four moves, or a batch of them.
    base_rev
        Revision that the planner saw. Only what the move touches must be unchanged since.
    bands
        Bands of levels 1, 2, ...: then a stairwell that fits in one parent may not come to stand under two.
        None at undo and redo, which only put back what stood once.

    Returns
    -------
    inverse, touched
        The move that takes everything back (also the ids), and the rows that changed.

    Raises
    ------
    StaleRevision
        ``stale``: a touched cell or grid changed since ``base_rev``; what changed is in ``data``.
    Locked
        ``locked``: a touched grid, or one above it, is locked.
    CutRefused
        See `spatial.plans.cut.cut_face`.
    Refused
        not_a_leaf, no_cells, nothing_changes, stairwell_split, not_a_cut, join_apart, and the codes of
        `spatial.plans.treework.change_tree`.
    NotFound
        no_such_cell, no_such_grid, no_such_face.
    """
    if not 0 <= base_rev <= state.rev:
        raise BadParameter(
            "base_rev",
            zh=f"base_rev 应在 0 到 {state.rev} 之间。",
            en=f"base_rev must lie between 0 and {state.rev}.",
            where=(Where(field="base_rev", value=str(base_rev)),),
        )
    split = None if bands is None else split_stairwells(state, bands)
    journal = Journal(state, base_rev)
    done = False
    try:
        inverse = _carry_out(journal, move)
        if bands is not None and split is not None:
            _stairwells_whole(state, bands, split)
        done = True
    finally:
        if not done:
            journal.rollback()
    return inverse, journal.commit()


def _carry_out(journal: Journal, move: Move) -> Move:
    match move:
        case Assign():
            return _assign(journal, move)
        case Cut():
            return _cut(journal, move)
        case Join():
            return _join(journal, move)
        case Tree():
            return change_tree(journal, move)
        case Batch(moves):
            return batch(*[_carry_out(journal, one) for one in moves][::-1])
        case _:
            assert_never(move)


def batch(*moves: Move) -> Move:
    """Put moves into one, batches among them opened; a single move stays as it is."""
    flat: list[Move] = []
    for move in moves:
        flat.extend(move.moves if isinstance(move, Batch) else (move,))
    return flat[0] if len(flat) == 1 else Batch(tuple(flat))


def _assign(journal: Journal, move: Assign) -> Move:
    state = journal.state
    cells = tuple(dict.fromkeys(move.cells))
    if not cells:
        raise refuse("no_cells", "没有选中任何单元。", "No cells were chosen.")
    fresh(journal, cells, [*{state.assign.get(c) for c in cells}, move.to])
    if move.to is not None and not state.is_leaf(move.to):
        node = state.nodes[move.to]
        raise refuse(
            "not_a_leaf",
            f"“{node.name}”下面还有网格,请把单元划给它下面的某一个。",
            f"{node.name} has grids below it; give the cells to one of those.",
            node,
        )
    sources: dict[int | None, list[int]] = {}
    for cell in cells:
        if state.assign.get(cell) != move.to:
            sources.setdefault(state.assign.get(cell), []).append(cell)
    if not sources:
        raise refuse("nothing_changes", "这些单元已经在这个网格里。", "The cells are in this grid already.")
    unlocked(state, [*sources, move.to])
    for moved in sources.values():
        for cell in moved:
            journal.assign(cell, move.to)
    return batch(*(Assign(tuple(moved), source) for source, moved in sources.items()))


def _cut(journal: Journal, move: Cut) -> Move:
    state = journal.state
    if move.face in state.cuts and journal.base_rev == state.rev:
        raise Refused(
            "already_cut",
            zh="这个地块已经切开,请在切出的地块里再切。",
            en="This face is cut already; cut one of its parts.",
            where=(Where(ref=move.face),),
            data={"faces": list(state.cuts[move.face].parts)},
        )
    fresh(journal, faces=[move.face])
    face, runs = state.faces[move.face], state.runs(move.face)
    fresh(journal, [cell.id for cell in runs])
    unlocked(state, {state.assign.get(cell.id) for cell in runs})
    result = cut_face(face, move.line, state.spacing_m)
    made = _ids(journal, move, len(runs) + 1)
    kept, other = result.parts
    parts = (face_id(kept), face_id(other))
    leaves = [state.assign.get(cell.id) for cell in runs]
    for cell in runs:
        journal.drop_cell(cell.id)
    journal.drop_face(face.id)
    journal.put_face(FaceRow(parts[0], kept, face.footprint, cut=True))
    journal.put_face(FaceRow(parts[1], other, None, cut=True))
    for cell, new, leaf in zip(runs, made, leaves, strict=False):
        journal.put_cell(replace(cell, id=new, face=parts[0]))
        journal.assign(new, leaf, changes_grid=False)
    journal.put_cell(CellRow(made[-1], parts[1], group=runs[0].group))
    journal.assign(made[-1], leaves[0], changes_grid=False)
    journal.put_cut(CutRecord(face, tuple(runs), parts, made, result.line))
    return Join(parts)


def _ids(journal: Journal, move: Cut, count: int) -> tuple[int, ...]:
    """Ids of the cells a cut makes: the next ones, or those given where a cut is made again."""
    state = journal.state
    made = tuple(range(state.next_cell, state.next_cell + count)) if move.made is None else move.made
    if len(set(made)) != count or any(cell in state.cells for cell in made):
        raise StaleRevision(
            "stale",
            zh="这次切割涉及的单元编号已被占用,不能重做;请重新切一次。",
            en="The cells of this cut exist by now, it can't be made again; draw the cut anew.",
            where=(Where(ref=move.face),),
            data={"rev": state.rev, "base_rev": journal.base_rev, "cells": sorted(made)},
        )
    state.next_cell = max(state.next_cell, *(cell + 1 for cell in made))
    return made


def _join(journal: Journal, move: Join) -> Move:
    state = journal.state
    fresh(journal, faces=move.faces)
    record = next((r for r in state.cuts.values() if set(r.parts) == set(move.faces)), None)
    if record is None:
        raise Refused(
            "not_a_cut",
            zh="只能把同一次切割分出的两块合回去。",
            en="Only the two parts of one cut can be joined.",
            where=[Where(ref=face) for face in move.faces],
        )
    fresh(journal, record.made)
    leaves = [state.assign.get(cell) for cell in record.made]
    unlocked(state, set(leaves))
    if leaves[0] != leaves[-1]:
        raise refuse(
            "join_apart",
            "两块地分属不同网格,请先划到同一个网格再合并。",
            "The two parts are in different grids; put them into one first.",
            *(state.nodes[n] for n in (leaves[0], leaves[-1]) if n is not None),
        )
    for cell in record.made:
        journal.drop_cell(cell)
    for part in record.parts:
        journal.drop_face(part)
    journal.put_face(record.face)
    for row, leaf in zip(record.cells, leaves, strict=False):
        journal.put_cell(row)
        journal.assign(row.id, leaf, changes_grid=False)
    journal.drop_cut(record.face.id)
    return Cut(record.face.id, record.line, record.made)


def _stairwells_whole(state: PlanState, bands: Sequence[Band], before: dict[str, int]) -> None:
    """Refuse an action that splits a stairwell between two parents though it fits in one."""
    split = [f for f, excess in split_stairwells(state, bands).items() if excess > before.get(f, 0)]
    if not split:
        return
    runs = [state.runs(face) for face in split]
    names = [f"{r[0].bid or ''} {r[0].stairwell or ''}".strip() or r[0].face for r in runs]
    raise Refused(
        "stairwell_split",
        zh=f"“{names[0]}”整个单元放得进一个上级网格,不能分给两个上级网格;请整个单元一起划。",
        en=f"Stairwell {names[0]} fits in one parent grid and is never split between two; move it whole.",
        where=[Where(ref=name) for name in names],
        data={"faces": split, "cells": [cell.id for run in runs for cell in run]},
    )
