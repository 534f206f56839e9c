"""The planning use cases: import a place, propose, adjust, publish. Each function is one transaction."""

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
from spatial.planning.disputes import assign_disputed, disputes
from spatial.planning.importing import import_place
from spatial.planning.proposing import propose
from spatial.planning.publishing import edition, publish
from spatial.planning.publishing import edition_crosswalk as crosswalk
from spatial.planning.publishing import list_editions as editions

__all__ = [
    "assign_disputed", "crosswalk", "disputes", "edition", "editions", "import_place", "move", "plan",
    "plan_buildings", "plan_cells",
    "plan_features", "plan_grids", "plans", "propose", "publish", "undo",
]  # fmt: skip
