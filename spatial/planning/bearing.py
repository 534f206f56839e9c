"""What each cell weighs on who holds its grid: households, past cases, hazard points, a table of loads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from spatial.errors import BadParameter, Where
from spatial.planning.wishes import Burden
from spatial.store import cases, hazards

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from spatial.ground.model import Ground
    from spatial.planning.wishes import Wishes
    from spatial.store.engine import Transaction

    Floats = NDArray[np.float64]

SHOWN = 5
"""So many buildings are named in a refusal."""


def loads_of(
    tx: Transaction, ground: Ground, sources: Mapping[str, float], burdens: Sequence[Burden]
) -> Floats | None:
    """Load of every cell; None where nothing is asked to be weighed.

    Parameters
    ----------
    ground
        Stored, or as a plan has cut it.
    sources
        By the keys of `spatial.policy.LOADS`, what each household, past case or threatened household weighs.
    burdens
        Loads of buildings or of their stairwells, as a table gives them; those of other grounds are passed
        over. What several cells share is shared by their households.
    """
    if not sources and not burdens:
        return None
    cells = ground.cells
    load: Floats = sources.get("households", 0.0) * cells["households"].to_numpy(np.float64)
    if weight := sources.get("cases", 0.0):
        load += weight * _cases(tx, ground)
    if weight := sources.get("hazards", 0.0):
        load += weight * _threatened(tx, ground)
    for burden in burdens:
        at = cells["bid"] == burden.bid
        if burden.stairwell is not None:
            at &= cells["stairwell"] == burden.stairwell
        load += burden.load * _shares(cells, at.to_numpy(np.bool_))
    return load


def _shares(cells: pd.DataFrame, at: NDArray[np.bool_]) -> Floats:
    """Share 1 over some cells by their households, evenly where nobody lives; 0 elsewhere."""
    held = np.where(at, cells["households"].to_numpy(np.float64), 0.0)
    if not held.any():
        held = at.astype(np.float64)
    share: Floats = held / max(float(held.sum()), 1.0)
    return share


def _cases(tx: Transaction, ground: Ground) -> Floats:
    """Past cases of every cell, those of a face shared by its cells' households."""
    points = ground.lattice.coords_to_lattice(cases.positions(tx, ground.area_code))
    at, face = shapely.STRtree(ground.faces).query(shapely.points(points), predicate="intersects")
    face = face[np.unique(at, return_index=True)[1]]
    happened = np.bincount(face, minlength=len(ground.faces)).astype(np.float64)
    held = ground.cells["households"].to_numpy(np.float64)
    of_cell = ground.cells["face"].to_numpy(np.int64)
    total = np.bincount(of_cell, held, len(ground.faces))
    count = np.bincount(of_cell, minlength=len(ground.faces))
    share = np.where(total[of_cell] > 0, held / np.maximum(total[of_cell], 1.0), 1.0 / count[of_cell])
    found: Floats = happened[of_cell] * share
    return found


def _threatened(tx: Transaction, ground: Ground) -> Floats:
    """Households of every cell, once for each hazard point in force whose danger area its building meets."""
    rows = hazards.threats(tx, ground.area_code)
    times = ground.cells["bid"].map(rows).fillna(0.0).to_numpy(np.float64)
    found: Floats = times * ground.cells["households"].to_numpy(np.float64)
    return found


def kept_of(wishes: Wishes) -> dict[str, Any]:
    """Give what a plan remembers of the loads that it was asked to weigh, in JSON types."""
    if not wishes.loads and not wishes.burdens:
        return {}
    listed = [[one.bid, one.stairwell, one.load] for one in wishes.burdens]
    return {"loads": {"sources": dict(wishes.loads), "burdens": listed}}


def asked_of(about: Mapping[str, Any]) -> tuple[dict[str, float], list[Burden]]:
    """Read from what a plan remembers which loads it was asked to weigh."""
    kept = about.get("loads", {})
    return kept.get("sources", {}), [Burden(*one) for one in kept.get("burdens", [])]


def check_burdens(grounds: Iterable[Ground], wishes: Wishes) -> None:
    """Refuse loads of buildings, or stairwells, that none of some grounds has (``load_unknown_building``)."""
    known: set[tuple[str, str | None]] = set()
    for ground in grounds:
        rows = ground.cells[["bid", "stairwell"]].dropna(subset=["bid"])
        known |= {(str(bid), None) for bid in rows["bid"]}
        known |= {(str(b), str(s)) for b, s in rows.dropna().itertuples(index=False)}
    lost = [one for one in wishes.burdens if (one.bid, one.stairwell) not in known]
    if not lost:
        return
    named = [f"{one.bid}{one.stairwell or ''}" for one in lost[:SHOWN]]
    raise BadParameter(
        "load_unknown_building",
        zh=f"负荷表有 {len(lost)} 行的楼栋或单元不在范围内：{'、'.join(named)}。请核对编号与单元写法。",
        en=f"{len(lost)} rows of the loads name a building or stairwell that is not here: "
        f"{', '.join(named)}. Check the numbers and how stairwells are written.",
        where=tuple(Where(layer="loads", field="bid", value=one.bid) for one in lost),
    )
