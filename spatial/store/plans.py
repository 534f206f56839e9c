"""Plans: `spatial.plans.tree.PlanState` in and out of the tables, action by action."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from spatial.errors import NotFound
from spatial.plans.tree import CellRow, CutRecord, FaceRow, Node, PlanState
from spatial.store import grounds, moves, notices, places
from spatial.store.rows import copy_in, ewkb, frame, geometries, values

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from spatial.ground.crs import Lattice
    from spatial.plans.journal import Touched
    from spatial.plans.moves import Move
    from spatial.store.engine import Transaction

CELL_FIELDS = (
    "id", "face", "floor_low", "floor_high", "bid", "stairwell", "households", "registered", "group_name",
)  # fmt: skip


@dataclass(frozen=True)
class Acceptance:
    """A grid out of band, accepted: with which reason, by whom, when."""

    node: int
    reason: str
    who: str
    at: datetime


@dataclass(frozen=True)
class PlanRow:
    """A plan without its state.

    ``edition_id`` is the edition it was published as, or None; ``review`` its state in
    `spatial.plans.review.STATES`; ``written`` the transaction that last wrote the row, so that a revision is
    told from one of the same number that was rolled back.
    """

    id: int
    area_code: str
    ground_id: int
    rev: int
    who: str
    made_at: datetime
    about: dict[str, Any]
    name: str | None
    written: str
    edition_id: int | None
    review: str

    @property
    def mark(self) -> tuple[int, str]:
        """What is the same as long as nothing of the plan's state changes."""
        return self.rev, self.written


@dataclass(frozen=True)
class StoredPlan:
    """A plan as stored: its row, its state, its reasons (node -> JSON) and what was accepted (by node)."""

    row: PlanRow
    state: PlanState
    reasons: dict[int, dict[str, Any]]
    accepted: dict[int, Acceptance]


def create(
    tx: Transaction,
    ground_id: int,
    state: PlanState,
    *,
    who: str,
    about: Mapping[str, Any] | None = None,
    reasons: Mapping[int, Mapping[str, Any]] | None = None,
) -> int:
    """Store a new plan on a ground; its cells and faces must be the ground's, but for its cuts.

    A cell's number in the plan is its position in ``Ground.cells``.

    Parameters
    ----------
    about
        JSON values worth keeping: seed, score, targets.
    reasons
        By node, why it is out of band: JSON values.

    Returns
    -------
    int
        The plan's id.
    """
    ground = grounds.get(tx, ground_id)
    area = places.get(tx, ground.area_code)
    county = ground.area_code[:6]
    plan_id = int(
        tx.execute(
            sa.text(
                "INSERT INTO plan (county_code, place_id, ground_id, rev, levels, spacing_m, next_node,"
                " next_cell, who, about) VALUES (:county, :place, :ground, :rev, :levels, :spacing_m,"
                " :next_node, :next_cell, :who, CAST(:about AS jsonb)) RETURNING id"
            ),
            {
                "county": county, "place": area.id, "ground": ground_id, "rev": state.rev,
                "levels": state.levels, "spacing_m": state.spacing_m, "next_node": state.next_node,
                "next_cell": state.next_cell, "who": who, "about": json.dumps(dict(about or {})),
            },
        ).scalar_one()
    )  # fmt: skip
    why = {node: dict(reason) for node, reason in (reasons or {}).items()}
    _put_nodes(tx, plan_id, county, state.nodes.values(), why)
    _put_assigns(tx, plan_id, county, state, state.cells)
    _put_all_cuts(tx, get(tx, plan_id), state)
    return plan_id


def rename(tx: Transaction, plan_id: int, name: str) -> None:
    """Give a plan a name."""
    tx.execute(sa.text("UPDATE plan SET name = :name WHERE id = :plan"), {"plan": plan_id, "name": name})


def get(tx: Transaction, plan_id: int, *, lock: bool = False) -> PlanRow:
    """Get a plan's row; with ``lock`` no other transaction changes the plan until this one ends.

    Raises
    ------
    NotFound
        ``no_such_plan``.
    """
    if lock:  # apart: who waited for the lock must see the review and the edition that came meanwhile
        tx.execute(sa.text("SELECT FROM plan WHERE id = :id FOR UPDATE"), {"id": plan_id})
    row = tx.execute(sa.text(f"{_PLANS} WHERE p.id = :id"), {"id": plan_id}).first()
    if row is None:
        raise NotFound(
            "no_such_plan",
            zh=f"没有编号为 {plan_id} 的方案。",
            en=f"There is no plan {plan_id}.",
            data={"plan": plan_id},
        )
    return PlanRow(*row)


def list_plans(tx: Transaction, area_code: str | None = None) -> list[PlanRow]:
    """List plans, the newest first, of a town (9 digits), of a basic grid (12) or of all."""
    where = "WHERE starts_with(a.code, :code)" if area_code else ""
    query = sa.text(f"{_PLANS} {where} ORDER BY p.id DESC")
    return [PlanRow(*row) for row in tx.execute(query, {"code": area_code} if area_code else {})]


def load(tx: Transaction, plan_id: int, *, lock: bool = False) -> StoredPlan:
    """Load a plan with its state, whole; NotFound (``no_such_plan``). ``lock`` as in `get`.

    Somebody may save a move between two of the queries: then they are made again.
    """
    row = get(tx, plan_id, lock=lock)
    while True:
        stored = _load(tx, row)
        after = get(tx, plan_id)
        if after.mark == row.mark:
            return stored
        row = after


def _load(tx: Transaction, row: PlanRow) -> StoredPlan:
    plan_id = row.id
    lattice = places.town_of(tx, row.area_code).lattice
    nodes, reasons = _nodes(tx, plan_id)
    faces = _faces(tx, row, lattice)
    cuts = _cuts(tx, plan_id, faces)
    gone = {cell.id for record in cuts.values() for cell in record.cells}
    given = tx.execute(
        sa.text("SELECT cell, node, rev FROM assign WHERE plan_id = :id"), {"id": plan_id}
    ).all()
    head = tx.execute(
        sa.text("SELECT levels, spacing_m, next_node, next_cell FROM plan WHERE id = :id"), {"id": plan_id}
    ).one()
    state = PlanState(
        nodes=nodes,
        cells={cell.id: cell for cell in _cells(tx, row) if cell.id not in gone},
        faces={face: found for face, found in faces.items() if face not in cuts},
        assign={cell: node for cell, node, _ in given if node is not None},
        cell_rev={cell: rev for cell, _, rev in given if rev},
        cuts=cuts,
        levels=head.levels,
        spacing_m=head.spacing_m,
        rev=row.rev,
        next_node=head.next_node,
        next_cell=head.next_cell,
    )
    return StoredPlan(row, state, reasons, acceptances(tx, plan_id))


def save_move(
    tx: Transaction,
    row: PlanRow,
    state: PlanState,
    touched: Touched,
    *,
    move: Move,
    inverse: Move,
    who: str,
    undoes: int | None = None,
    words: Mapping[str, str] | None = None,
    client_id: str | None = None,
) -> PlanRow:
    """Store one action that `spatial.plans.apply.apply` carried out on a state loaded with ``lock``.

    Parameters
    ----------
    row
        The plan, read with ``lock`` in this transaction.
    state, touched
        The plan after the action, and what the action changed.
    undoes
        Revision that this action takes back, for an undo or a redo.
    words
        The action in words, by language.
    client_id
        Key that its page gave the action.

    Returns
    -------
    PlanRow
        The plan as it is now.
    """
    plan_id, county = row.id, row.area_code[:6]
    written = tx.execute(
        sa.text(
            "UPDATE plan SET rev = :rev, next_node = :node, next_cell = :cell WHERE id = :plan"
            " RETURNING xmin::text"
        ),
        {"plan": plan_id, "rev": state.rev, "node": state.next_node, "cell": state.next_cell},
    ).scalar_one()
    _save_nodes(tx, plan_id, county, state, touched)
    _save_cuts(tx, plan_id, state, touched, county)
    _save_faces(tx, row, state, touched)
    _delete(tx, "cell", "id", plan_id, [*touched.cells_added, *touched.cells_removed])
    _put_cells(tx, row, [state.cells[cell] for cell in touched.cells_added])
    _delete(tx, "assign", "cell", plan_id, [*touched.cells, *touched.cells_added, *touched.cells_removed])
    _put_assigns(tx, plan_id, county, state, sorted({*touched.cells, *touched.cells_added}))
    notices.tell(tx, {"plan": plan_id, "rev": state.rev})
    moves.add(
        tx, row, touched, move=move, inverse=inverse, who=who, undoes=undoes, words=words,
        client_id=client_id,
    )  # fmt: skip
    return replace(row, rev=state.rev, written=written)


def set_reasons(tx: Transaction, plan_id: int, reasons: Mapping[int, Mapping[str, Any] | None]) -> None:
    """Write why grids are out of band, by node: JSON values, or None to clear."""
    for node, reason in reasons.items():
        tx.execute(
            sa.text("UPDATE node SET reason = CAST(:reason AS jsonb) WHERE plan_id = :plan AND id = :node"),
            {"plan": plan_id, "node": node, "reason": None if reason is None else json.dumps(dict(reason))},
        )


def accept(tx: Transaction, plan_id: int, node: int, reason: str, who: str) -> None:
    """Accept a grid out of band in somebody's name, dated now; a later acceptance replaces it."""
    tx.execute(
        sa.text(
            "INSERT INTO acceptance (plan_id, county_code, node, reason, who, at)"
            " SELECT id, county_code, :node, :reason, :who, clock_timestamp() FROM plan WHERE id = :plan"
            " ON CONFLICT (plan_id, node, county_code) DO UPDATE"
            " SET reason = EXCLUDED.reason, who = EXCLUDED.who, at = EXCLUDED.at"
        ),
        {"plan": plan_id, "node": node, "reason": reason, "who": who},
    )


def withdraw(tx: Transaction, plan_id: int, node: int) -> None:
    """Take back the acceptance of a grid."""
    tx.execute(
        sa.text("DELETE FROM acceptance WHERE plan_id = :plan AND node = :node"),
        {"plan": plan_id, "node": node},
    )


def acceptances(tx: Transaction, plan_id: int) -> dict[int, Acceptance]:
    """What was accepted in a plan, by node."""
    rows = tx.execute(
        sa.text("SELECT node, reason, who, at FROM acceptance WHERE plan_id = :plan ORDER BY node"),
        {"plan": plan_id},
    )
    return {row.node: Acceptance(*row) for row in rows}


# -- the rows of a state ----------------------------------------------------------------------------------


def _put_nodes(
    tx: Transaction, plan_id: int, county: str, nodes: Iterable[Node], reasons: Mapping[int, Any]
) -> None:
    columns = ("id", "parent", "level", "kind", "name", "label", "locked", "rev")
    copy_in(
        tx,
        "node",
        ("plan_id", "county_code", *columns, "reason"),
        (
            (
                plan_id, county, *(getattr(node, column) for column in columns),
                json.dumps(reasons[node.id]) if reasons.get(node.id) else None,
            )
            for node in nodes
        ),
    )  # fmt: skip


def _put_assigns(tx: Transaction, plan_id: int, county: str, state: PlanState, cells: Iterable[int]) -> None:
    copy_in(
        tx,
        "assign",
        ("plan_id", "county_code", "cell", "node", "rev"),
        ((plan_id, county, cell, state.assign.get(cell), state.cell_rev.get(cell, 0)) for cell in cells),
    )


def _put_cells(tx: Transaction, row: PlanRow, cells: Iterable[CellRow]) -> None:
    county = row.area_code[:6]
    copy_in(
        tx,
        "cell",
        ("county_code", "ground_id", "plan_id", *CELL_FIELDS),
        ((county, row.ground_id, row.id, *asdict(cell).values()) for cell in cells),
    )


def _put_all_cuts(tx: Transaction, row: PlanRow, state: PlanState) -> None:
    """Write the cuts of a new plan, with their faces and cells."""
    faces = {**state.faces, **{face: record.face for face, record in state.cuts.items()}}
    made = {cell for record in state.cuts.values() for cell in record.made}
    lattice = places.town_of(tx, row.area_code).lattice
    _put_faces(tx, row, [face for face in faces.values() if face.cut], lattice)
    _put_cells(tx, row, [cell for cell in state.cells.values() if cell.id in made])
    _put_cuts(tx, row.id, row.area_code[:6], state.cuts.values())


def _save_nodes(tx: Transaction, plan_id: int, county: str, state: PlanState, touched: Touched) -> None:
    """Write the grids that changed; those that stay keep their reasons."""
    changed = [*touched.nodes, *touched.nodes_removed]
    if not changed:
        return
    rows = tx.execute(
        sa.text(
            "SELECT id, reason FROM node WHERE plan_id = :plan AND id = ANY (:ids) AND reason IS NOT NULL"
        ),
        {"plan": plan_id, "ids": changed},
    )
    kept = {row.id: row.reason for row in rows}
    _delete(tx, "node", "id", plan_id, changed)
    _put_nodes(tx, plan_id, county, [state.nodes[node] for node in touched.nodes], kept)


def _save_faces(tx: Transaction, row: PlanRow, state: PlanState, touched: Touched) -> None:
    """Add the faces of cuts, and drop those that no cut in force knows any more."""
    _delete(tx, "face", "id", row.id, [face for face in touched.faces_removed if face not in state.cuts])
    _delete(tx, "face", "id", row.id, list(touched.faces_added))
    added = [state.faces[face] for face in touched.faces_added if state.faces[face].cut]
    if added:
        _put_faces(tx, row, added, places.town_of(tx, row.area_code).lattice)


def _put_faces(tx: Transaction, row: PlanRow, added: Sequence[FaceRow], lattice: Lattice) -> None:
    copy_in(
        tx,
        "face",
        ("county_code", "ground_id", "plan_id", "id", "geom", "footprint"),
        (
            (row.area_code[:6], row.ground_id, row.id, face.id, geom, footprint)
            for face, geom, footprint in zip(
                added,
                ewkb([face.polygon for face in added], lattice),
                ewkb([face.footprint for face in added], lattice),
                strict=True,
            )
        ),
    )


def _save_cuts(tx: Transaction, plan_id: int, state: PlanState, touched: Touched, county: str) -> None:
    _delete(tx, "cut", "face", plan_id, [*touched.cuts_added, *touched.cuts_removed])
    _put_cuts(tx, plan_id, county, [state.cuts[face] for face in touched.cuts_added])


def _put_cuts(tx: Transaction, plan_id: int, county: str, records: Iterable[CutRecord]) -> None:
    copy_in(
        tx,
        "cut",
        ("plan_id", "county_code", "face", "cells", "parts", "made", "line"),
        (
            (
                plan_id, county, record.face.id, json.dumps([asdict(cell) for cell in record.cells]),
                json.dumps(record.parts), json.dumps(record.made), json.dumps(record.line),
            )
            for record in records
        ),
    )  # fmt: skip


def _delete(tx: Transaction, table: str, column: str, plan_id: int, ids: list[Any]) -> None:
    if ids:
        tx.execute(
            sa.text(f"DELETE FROM {table} WHERE plan_id = :plan AND {column} = ANY (:ids)"),
            {"plan": plan_id, "ids": ids},
        )


def _nodes(tx: Transaction, plan_id: int) -> tuple[dict[int, Node], dict[int, dict[str, Any]]]:
    rows = tx.execute(
        sa.text(
            "SELECT id, parent, level, kind, name, label, locked, rev, reason FROM node"
            " WHERE plan_id = :id ORDER BY id"
        ),
        {"id": plan_id},
    ).all()
    return {row.id: Node(*row[:8]) for row in rows}, {row.id: row.reason for row in rows if row.reason}


def _cells(tx: Transaction, row: PlanRow) -> list[CellRow]:
    """Cells of the ground and of the plan's cuts, by id; the plan's come last and win."""
    rows = tx.execute(
        sa.text(
            f"SELECT {', '.join(CELL_FIELDS)} FROM cell WHERE ground_id = :ground"
            " AND (plan_id IS NULL OR plan_id = :plan) ORDER BY id, plan_id NULLS FIRST"
        ),
        {"ground": row.ground_id, "plan": row.id},
    )
    return [CellRow(*found) for found in rows]


def _faces(tx: Transaction, row: PlanRow, lattice: Lattice) -> dict[str, FaceRow]:
    """Faces of the ground and of the plan's cuts, also those that were cut again."""
    found = frame(
        tx,
        "SELECT id, ST_AsBinary(geom) AS geom, ST_AsBinary(footprint) AS footprint,"
        " plan_id IS NOT NULL AS cut FROM face WHERE ground_id = :ground"
        " AND (plan_id IS NULL OR plan_id = :plan)"
        " ORDER BY plan_id NULLS FIRST, pos, key",
        {"ground": row.ground_id, "plan": row.id},
    )
    shapes, footprints = geometries(found["geom"], lattice), geometries(found["footprint"], lattice)
    rows = zip(values(found["id"]), shapes, footprints, values(found["cut"]), strict=True)
    return {face[0]: FaceRow(*face) for face in rows}


def _cuts(tx: Transaction, plan_id: int, faces: Mapping[str, FaceRow]) -> dict[str, CutRecord]:
    rows = tx.execute(
        sa.text("SELECT face, cells, parts, made, line FROM cut WHERE plan_id = :id"), {"id": plan_id}
    )
    return {
        row.face: CutRecord(
            face=faces[row.face],
            cells=tuple(CellRow(**cell) for cell in row.cells),
            parts=(row.parts[0], row.parts[1]),
            made=tuple(row.made),
            line=tuple((x, y) for x, y in row.line),
        )
        for row in rows
    }


_PLANS = (
    "SELECT p.id, a.code, p.ground_id, p.rev, p.who, p.made_at, p.about, p.name, p.xmin::text,"
    " (SELECT max(e.id) FROM edition AS e"
    " WHERE e.plan_id = p.id AND e.county_code = p.county_code),"
    " coalesce((SELECT r.state FROM review AS r WHERE r.plan_id = p.id AND r.county_code = p.county_code"
    " ORDER BY r.id DESC LIMIT 1), 'draft') FROM plan AS p"
    " JOIN place AS a ON a.id = p.place_id AND a.county_code = p.county_code"
)
