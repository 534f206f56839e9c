"""Households of every grid, its band, and the reason of each grid out of band: proved from the cells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from spatial.checking.model import NOWHERE, Proof
from spatial.partition.graph import cell_graph
from spatial.partition.prove import reasons_for, verify

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from spatial.ground.model import Ground
    from spatial.partition.graph import CellGraph
    from spatial.policy import Policy


def prove_numbers(
    ground: Ground, grids: gpd.GeoDataFrame, levels: NDArray[np.int64], policy: Policy
) -> list[Proof]:
    """Households of every grid, its band, and the reason of each grid out of band."""
    graph = cell_graph(ground, policy)
    out = _prove_households(ground, grids, levels)
    out += _prove_unbanded(ground, grids)
    dedicated = (grids["kind"] == "dedicated").to_numpy()
    for level, band in enumerate(policy.bands[ground.division], start=1):
        labels, parents = levels[level], levels[level - 1].copy()
        parents[(labels == NOWHERE) | dedicated[labels]] = NOWHERE
        found = reasons_for(graph, labels, parents, band)
        for row in np.flatnonzero((grids["level"] == level).to_numpy() & ~dedicated):
            out += _band_proof(ground, grids, int(row), found, graph, labels, parents, policy)
    return out


def _prove_households(ground: Ground, grids: gpd.GeoDataFrame, levels: NDArray[np.int64]) -> list[Proof]:
    out = []
    for column in ("households", "registered"):
        counted = np.zeros(len(grids), dtype=np.int64)
        for rows in levels:
            known = rows != NOWHERE
            np.add.at(counted, rows[known], ground.cells[column].to_numpy(np.int64)[known])
        for row in np.flatnonzero(counted != grids[column].to_numpy(np.int64)):
            said, code = int(grids[column].iloc[row]), str(grids["code"].iloc[row])
            out.append(
                Proof(
                    "households", ground.area_code, code, False,
                    f"{column} 写的是 {said}，按地点文件是 {counted[row]}",
                    f"{column} says {said}, the place file gives {counted[row]}",
                )
            )  # fmt: skip
    if not out:
        said_ok = ("各网格户数与地点文件一致", "every grid's households are the place file's")
        out.append(Proof("households", ground.area_code, None, True, *said_ok))
    return out


def _prove_unbanded(ground: Ground, grids: gpd.GeoDataFrame) -> list[Proof]:
    """Basic and dedicated grids give no reason, and a dedicated one holds nobody."""
    out = []
    for row in grids[grids["kind"] != "ordinary"].itertuples():
        code = str(row.code)
        if row.kind == "dedicated" and (row.households or row.registered):
            zh, en = f"专属网格却有 {row.households} 户", f"a dedicated grid with {row.households} households"
            out.append(Proof("households", ground.area_code, code, False, zh, en))
        if row.kind == "basic" and int(row.level) != 0:
            zh, en = "只有基础网格本身才是 basic", "only the basic grid itself is basic"
            out.append(Proof("code", ground.area_code, code, False, zh, en))
        if isinstance(row.reason, str):
            zh, en = f"没有户数区间，却写了理由 {row.reason}", f"no band applies, yet it gives {row.reason}"
            out.append(Proof("reason", ground.area_code, code, False, zh, en))
    return out


def _band_proof(
    ground: Ground, grids: gpd.GeoDataFrame, row: int, found: dict[int, Any], graph: CellGraph,
    labels: NDArray[np.int64], parents: NDArray[np.int64], policy: Policy,
) -> list[Proof]:  # fmt: skip
    """Prove one grid: in band and without a reason, or out of band with a reason that holds."""
    level, code = int(grids["level"].iloc[row]), str(grids["code"].iloc[row])
    band = policy.bands[ground.division][level - 1]
    n, said = int(graph.households[labels == row].sum()), grids["reason"].iloc[row]
    span = f"{band.minimum}-{band.maximum}"
    if band.holds(n):
        if said is None:
            return []
        zh, en = (
            f"{n} 户在区间 {span} 内，却写了理由 {said}",
            f"{n} households are in band, yet it gives {said}",
        )
        return [Proof("reason", ground.area_code, code, False, zh, en)]
    if said is None:
        zh, en = (
            f"{n} 户不在区间 {span} 内，没有理由",
            f"{n} households are out of band {span}, no reason given",
        )
        return [Proof("band", ground.area_code, code, False, zh, en)]
    reason = found.get(row)
    ok = reason is not None and reason.code == said and verify(reason, graph, labels, parents, row, band)
    if ok:
        zh, en = f"{n} 户，理由 {said} 成立", f"{n} households, reason {said} proved"
    else:
        zh, en = f"{n} 户，理由 {said} 证明不了", f"{n} households, reason {said} can't be proved"
    return [Proof("reason", ground.area_code, code, ok, zh, en)]
