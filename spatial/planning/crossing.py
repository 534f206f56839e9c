"""What an edit takes across a parent's border, in words: it is offered, and people should know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from spatial.plans.words import what
from spatial.store import grounds

if TYPE_CHECKING:
    from collections.abc import Iterable

    from spatial.planning.desk import Work
    from spatial.store.engine import Transaction


@dataclass(frozen=True)
class Cross:
    """Cells that change parent: from which grid to which, and both totals, in words."""

    zh: str
    en: str
    from_: int
    to: int
    level: int
    cells: list[int]


def crosses(tx: Transaction, found: Work, then: Work, moved: Iterable[int]) -> list[Cross]:
    """List what changes parent, level by level; only parents that are there before and after."""
    old, new = found.state, then.state
    groups: dict[tuple[int, int, int], list[int]] = {}
    for cell in moved:
        if cell not in old.assign or cell not in new.assign:
            continue
        for level in range(1, old.levels):
            a, b = old.ancestor(old.assign[cell], level), new.ancestor(new.assign[cell], level)
            parents = old.nodes[a].level == new.nodes[b].level == level and not new.is_leaf(b)
            if a != b and parents and b in old.nodes:
                groups.setdefault((level, a, b), []).append(cell)
    bids = sorted({old.cells[c].bid or "" for cells in groups.values() for c in cells} - {""})
    called = grounds.building_names(tx, found.row.ground_id, bids)
    return [
        _said(found, then, called, Cross("", "", a, b, level, cells))
        for (level, a, b), cells in sorted(groups.items())
    ]


def _said(found: Work, then: Work, called: dict[str, str], cross: Cross) -> Cross:
    old, new = found.state, then.state
    a, b = old.nodes[cross.from_], new.nodes[cross.to]
    moved = what(old, cross.cells, called)
    totals = [
        (one.label or one.name, _total(found, one.id), _total(then, one.id) if one.id in new.nodes else 0)
        for one in (a, b)
    ]
    zh = "，".join(f"{name} 由 {before} 户变为 {after} 户" for name, before, after in totals)
    en = ", ".join(f"{name} goes from {before} to {after} households" for name, before, after in totals)
    return Cross(
        f"这也会把 {moved.zh} 从 {totals[0][0]} 移到 {totals[1][0]}：{zh}",
        f"This also moves {moved.en} from {totals[0][0]} to {totals[1][0]}: {en}",
        cross.from_, cross.to, cross.level, cross.cells,
    )  # fmt: skip


def _total(work: Work, node: int) -> int:
    sums = work.measured.sums[node]
    return sums.households if work.state.counts == "occupied" else sums.registered
