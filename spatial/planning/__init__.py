"""The planning use cases: import a place, propose, adjust, publish. Each function is one transaction.

`propose` is loaded when it is first asked for: it brings numba, and a server starts sooner without.
"""

from typing import TYPE_CHECKING, Any

from spatial.planning.adjusting import (
    list_plans as plans,
)
from spatial.planning.adjusting import (
    move,
    plan,
    plan_buildings,
    plan_cells,
    plan_features,
    plan_grids,
    undo,
)
from spatial.planning.disputes import assign_disputed, assign_disputes, disputes, town_outlines
from spatial.planning.explaining import plan_borders
from spatial.planning.importing import import_place
from spatial.planning.publishing import edition, publish
from spatial.planning.publishing import edition_crosswalk as crosswalk
from spatial.planning.publishing import list_editions as editions
from spatial.planning.scoring import score_plan

if TYPE_CHECKING:
    from spatial.planning.proposing import propose

__all__ = [
    "assign_disputed", "assign_disputes", "crosswalk", "disputes", "edition", "editions", "import_place",
    "move", "plan", "plan_borders", "plan_buildings", "plan_cells", "plan_features", "plan_grids", "plans",
    "propose", "publish", "score_plan", "town_outlines", "undo",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    """Load `propose` when it is first asked for."""
    if name != "propose":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from spatial.planning.proposing import propose as found  # noqa: PLC0415

    return found
