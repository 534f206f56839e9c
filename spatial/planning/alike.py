"""Plans that can be compared cell by cell: those of one ground."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spatial.errors import BadParameter, Where
from spatial.store import plans

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spatial.store.engine import Transaction
    from spatial.store.plans import StoredPlan


def of_one_ground(tx: Transaction, plan_ids: Sequence[int], *, field: str) -> list[StoredPlan]:
    """Load plans that stand on the ground of the first of them.

    Parameters
    ----------
    plan_ids
        The plans.
    field
        The parameter that named them, for the refusal.

    Raises
    ------
    NotFound
        ``no_such_plan``.
    BadParameter
        ``other_ground``: plans of different grounds have no cells in common.
    """
    found = [plans.load(tx, plan_id) for plan_id in plan_ids]
    for one in found[1:]:
        if one.row.ground_id != found[0].row.ground_id:
            raise BadParameter(
                "other_ground",
                zh=f"方案 {one.row.id} 与 {found[0].row.id} 不在同一地块数据上，无法逐户比较。",
                en=f"Plans {one.row.id} and {found[0].row.id} stand on different grounds; no cell is common.",
                where=(Where(field=field, value=str(one.row.id)),),
            )
    return found
