"""The planning use cases: import a place, propose, adjust, publish. Each function is one transaction.

`propose` and `feasible` are loaded when they are first asked for: they bring numba, and a server
starts sooner without.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from spatial.planning.adjusting import move, redo, undo
from spatial.planning.around import plan_view, plans_in_hand
from spatial.planning.comparing import compare_plans
from spatial.planning.disputes import assign_disputed, assign_disputes, disputes, town_outlines
from spatial.planning.explaining import plan_borders
from spatial.planning.handling import plan_handles
from spatial.planning.history import changes, copy_plan, grids_at, name_plan, plan_moves
from spatial.planning.impacts import impact
from spatial.planning.importing import import_place
from spatial.planning.noting import add_note, notes, resolve_note
from spatial.planning.previewing import preview
from spatial.planning.publishing import edition, publish
from spatial.planning.publishing import edition_crosswalk as crosswalk
from spatial.planning.publishing import list_editions as editions
from spatial.planning.reading import list_plans as plans
from spatial.planning.reading import plan, plan_buildings, plan_cells, plan_features, plan_grids
from spatial.planning.reviewing import review_plan, review_record
from spatial.planning.scoring import score_plan
from spatial.planning.todays import mended, start_from
from spatial.planning.towers import tower
from spatial.planning.transferring import transfer

if TYPE_CHECKING:
    from spatial.planning.choosing import alternatives, differences, plan_titles
    from spatial.planning.elsewhere import why_not
    from spatial.planning.feasibility import feasible
    from spatial.planning.proposing import propose

__all__ = [
    "add_note", "alternatives", "assign_disputed", "assign_disputes", "changes", "compare_plans",
    "copy_plan", "crosswalk", "differences", "disputes", "edition", "editions", "feasible", "grids_at",
    "impact", "import_place", "mended", "move", "name_plan", "notes", "plan", "plan_borders",
    "plan_buildings", "plan_cells", "plan_features", "plan_grids", "plan_handles", "plan_moves",
    "plan_titles", "plan_view", "plans", "plans_in_hand", "preview", "propose", "publish", "redo",
    "resolve_note", "review_plan", "review_record", "score_plan", "start_from", "tower", "town_outlines",
    "transfer", "undo", "why_not",
]  # fmt: skip


_LATER = {
    "alternatives": "spatial.planning.choosing",
    "differences": "spatial.planning.choosing",
    "plan_titles": "spatial.planning.choosing",
    "feasible": "spatial.planning.feasibility",
    "propose": "spatial.planning.proposing",
    "why_not": "spatial.planning.elsewhere",
}


def __getattr__(name: str) -> Any:
    """Load what brings numba when it is first asked for."""
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_LATER[name]), name)
