"""What is to be divided: basic grids with their ground and graph, what stays of them and what leans them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from spatial.errors import BadParameter, Cancelled, Infeasible, Where
from spatial.partition.compounds import with_compounds
from spatial.partition.graph import cell_graph
from spatial.planning.bearing import check_burdens
from spatial.planning.leaning import leanings_of
from spatial.planning.locking import fixed_of
from spatial.planning.sayings import with_sayings
from spatial.planning.walking import with_walking
from spatial.store import grounds, places, plans

if TYPE_CHECKING:
    from spatial.ground.model import Ground
    from spatial.partition.graph import CellGraph
    from spatial.partition.weigh import Leanings
    from spatial.planning.locking import Fixed
    from spatial.planning.views import Cancelled as Asked
    from spatial.planning.views import Progress
    from spatial.planning.wishes import Wishes
    from spatial.policy import Policy
    from spatial.store.engine import Transaction


@dataclass(frozen=True)
class Site:
    """A basic grid that is to be divided: its name, ground, graph, what stays and what leans."""

    name: str
    ground_id: int
    ground: Ground
    fixed: Fixed
    leanings: Leanings

    @property
    def graph(self) -> CellGraph:
        """Its graph, dedicated grids as the locks have them."""
        return self.fixed.graph


def sites_of(
    tx: Transaction, area: str, policy: Policy, wishes: Wishes, progress: Progress | None = None,
    cancelled: Asked | None = None,
) -> list[Site]:  # fmt: skip
    """Read what is to be divided; a base plan brings its own ground; progress is told place by place."""
    found = _grounds(tx, area, wishes.base_plan)
    if wishes.locking and len(found) > 1:
        raise BadParameter(
            "locks_of_a_town",
            zh=f"锁定与底稿方案只能用于一个基础网格（12 位编码），{area} 有 {len(found)} 个。",
            en=f"Locks and a base plan are those of one basic grid (12 digits); {area} has {len(found)}.",
            where=(Where(field="area", value=area),),
        )
    sites = []
    for done, (name, ground_id) in enumerate(found):
        if cancelled is not None and cancelled():
            raise Cancelled("cancelled", zh="已取消，未保留任何结果。", en="Cancelled; nothing was kept.")
        if progress is not None:
            progress(f"{name} 读取地块数据", f"{name} reading the ground", done, len(found))
        ground = with_sayings(tx, grounds.load_ground(tx, ground_id))
        fixed = fixed_of(tx, ground, _graph(tx, ground_id, ground, policy), wishes)
        sites.append(Site(name, ground_id, ground, fixed, leanings_of(tx, ground, policy, wishes)))
    check_burdens((site.ground for site in sites), wishes)
    return sites


def _graph(tx: Transaction, ground_id: int, ground: Ground, policy: Policy) -> CellGraph:
    """Cells with the ways on foot between them; walled compounds count as habit areas."""
    graph = with_compounds(cell_graph(ground, policy), ground)
    return with_walking(tx, ground_id, ground, graph)


def _grounds(tx: Transaction, area: str, base_plan: int | None) -> list[tuple[str, int]]:
    """Name, and id of the newest ground (or the base plan's), of each basic grid that a code names."""
    based = None if base_plan is None else plans.get(tx, base_plan)
    found = []
    for basic in places.basic_of(tx, area):
        row = grounds.latest(tx, basic.code)
        if row is not None:
            number = based.ground_id if based is not None and based.area_code == basic.code else row.id
            found.append((basic.name, number))
    if not found:
        raise Infeasible(
            "no_ground",
            zh=f"{area} 还没有导入地块数据，请先运行 wangge import。",
            en=f"{area} has no ground yet: run wangge import first.",
        )
    return found
