"""Households of every grid, its band, and the reason of each grid out of band: proved from the cells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from spatial.checking.model import NOWHERE, Proof
from spatial.partition.claims import Setting, names_of, reason_of
from spatial.partition.forced import verify_locked, with_locks
from spatial.partition.graph import cell_graph
from spatial.partition.prove import reasons_for, verify

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from spatial.ground.model import Ground
    from spatial.policy import Policy


def prove_numbers(
    ground: Ground, grids: gpd.GeoDataFrame, levels: NDArray[np.int64], policy: Policy
) -> list[Proof]:
    """Households of every grid, its band, and the reason of each grid out of band."""
    graph = cell_graph(ground, policy)
    out = _prove_households(ground, grids, levels)
    out += _prove_unbanded(ground, grids)
    dedicated = (grids["kind"] == "dedicated").to_numpy()
    names = names_of(ground.cells, graph.households)
    codes = {row: str(code) for row, code in enumerate(grids["code"])}
    locked = {int(row) for row in np.flatnonzero(grids["locked"].to_numpy(np.bool_))}
    for level, band in enumerate(policy.bands[ground.division], start=1):
        labels, parents = levels[level], levels[level - 1].copy()
        parents[(labels == NOWHERE) | dedicated[labels]] = NOWHERE
        stand = _Level(grids, Setting(graph, labels, parents, band, names, codes), locked)
        for row in np.flatnonzero((grids["level"] == level).to_numpy() & ~dedicated):
            out += _band_proof(ground.area_code, stand, int(row))
    return out


@dataclass(frozen=True)
class _Level:
    """The grids file, what its grids of one level hold, and the rows of grids that it says are locked."""

    grids: gpd.GeoDataFrame
    setting: Setting
    locked: set[int]

    def proves(self, row: int, code: str) -> bool:
        """Prove a grid's reason from what the file gives for it; where it is silent, find it anew."""
        s = self.setting
        here = (s.graph, s.labels, s.parents)
        claim = self.grids["proof"].iloc[row]
        if claim is None:
            found = with_locks(*here, s.band, self.locked, reasons_for(*here, s.band)).get(row)
            reason = found if found is not None and found.code == code else None
        else:
            reason = reason_of(code, claim, s, row)
        if reason is None:
            return False
        if reason.code == "locked":
            return verify_locked(reason, *here, row, s.band, self.locked)
        return verify(reason, *here, row, s.band)


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


def _band_proof(area: str, stand: _Level, row: int) -> list[Proof]:
    """Prove one grid: in band and without a reason, or out of band with a reason that holds."""
    code, said = str(stand.grids["code"].iloc[row]), stand.grids["reason"].iloc[row]
    graph, band = stand.setting.graph, stand.setting.band
    n = int(graph.households[stand.setting.labels == row].sum())
    span = f"{band.minimum}-{band.maximum}"
    if band.holds(n):
        if said is None:
            return []
        zh, en = (
            f"{n} 户在区间 {span} 内，却写了理由 {said}",
            f"{n} households are in band, yet it gives {said}",
        )
        return [Proof("reason", area, code, False, zh, en)]
    if said is None:
        zh, en = (
            f"{n} 户不在区间 {span} 内，没有理由",
            f"{n} households are out of band {span}, no reason given",
        )
        return [Proof("band", area, code, False, zh, en)]
    ok = stand.proves(row, said)
    if ok:
        zh, en = f"{n} 户，理由 {said} 成立", f"{n} households, reason {said} proved"
    else:
        zh, en = f"{n} 户，理由 {said} 证明不了", f"{n} households, reason {said} can't be proved"
    return [Proof("reason", area, code, ok, zh, en)]
