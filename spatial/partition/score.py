"""Fourth stage: how good a division is, in figures that need nothing but the graph and the labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from spatial.partition.graph import CellGraph, Ints, components
from spatial.policy import Band


@dataclass(frozen=True)
class LevelScore:
    """Figures of one level; dedicated grids are left out.

    Parameters
    ----------
    level, grids
        Level and number of ordinary grids.
    in_band
        Share of grids in band; a grid of one oversize cell alone is excused.
    in_band_strict
        The same without the excuse.
    households_in_band
        Share of households in grids in band, excused ones included.
    lumps
        Grids excused.
    polsby_popper
        Mean of 4 pi area / perimeter² over grids with ground (Polsby and Popper 1991).
    polsby_popper_weighted
        The same, weighted by area.
    followed
        Share of the level's inner border on features, weighted by strength; None without inner border.
    offered
        The same over all borders between cells: what the ground offers to anyone.
    followed_relative
        ``followed`` over ``offered``; None where the ground offers nothing.
    border_km
        Inner border, kilometres.
    scattered
        Grids of more than one connected part.
    empty
        Ordinary grids without a household.
    """

    level: int
    grids: int
    in_band: float
    in_band_strict: float
    households_in_band: float
    lumps: int
    polsby_popper: float
    polsby_popper_weighted: float
    followed: float | None
    offered: float | None
    followed_relative: float | None
    border_km: float
    scattered: int
    empty: int


@dataclass(frozen=True)
class ScoreCard:
    """Figures of a plan, level by level."""

    levels: tuple[LevelScore, ...]

    def to_json(self) -> dict[str, Any]:
        """Give the card in JSON types."""
        return asdict(self)


def score(
    graph: CellGraph, levels: Sequence[Ints], bands: Sequence[Band], *, dedicated: Ints | None = None
) -> ScoreCard:
    """Measure a plan.

    Parameters
    ----------
    graph
        The basic grid.
    levels
        (n,) labels of each level; cells labelled -1 are left out.
    bands
        Band of each level.
    dedicated
        Cells of dedicated grids (positions); left out.
    """
    offered = _ratio(float(graph.followed_m.sum()), float(graph.length_m.sum()))
    cards = []
    for number, (labels, band) in enumerate(zip(levels, bands, strict=True), start=1):
        kept = labels.copy()
        if dedicated is not None:
            kept[dedicated] = -1
        cards.append(_level_score(graph, number, kept, band, offered))
    return ScoreCard(tuple(cards))


def _level_score(
    graph: CellGraph, number: int, labels: Ints, band: Band, offered: float | None
) -> LevelScore:
    """Measure one level."""
    used = labels >= 0
    grids, place = np.unique(labels[used], return_inverse=True)
    k = len(grids)
    own = np.full(graph.n, -1, np.int64)
    own[used] = place
    households = np.bincount(place, graph.households[used], k).astype(np.int64)
    settled = np.bincount(place, graph.households[used] > 0, k)
    strict = np.array([band.holds(int(h)) for h in households], dtype=np.bool_)
    lump = ~strict & (settled == 1) & (households > (band.maximum or 0))
    area = np.bincount(place, graph.area_m2[used], k)
    ring = np.bincount(place, graph.outer_m[used], k)
    u, v = own[graph.a], own[graph.b]
    cut = u != v
    for side in (u, v):
        here = cut & (side >= 0)
        ring += np.bincount(side[here], graph.length_m[here], k)
    inner = cut & (u >= 0) & (v >= 0)
    border = float(graph.length_m[inner].sum())
    followed = _ratio(float(graph.followed_m[inner].sum()), border)
    good = (area > 0) & (ring > 0)
    round_ = 4 * np.pi * area[good] / ring[good] ** 2
    return LevelScore(
        level=number,
        grids=k,
        in_band=float((strict | lump).mean()) if k else 1.0,
        in_band_strict=float(strict.mean()) if k else 1.0,
        households_in_band=_ratio(float(households[strict | lump].sum()), float(households.sum())) or 0.0,
        lumps=int(lump.sum()),
        polsby_popper=float(round_.mean()) if good.any() else 0.0,
        polsby_popper_weighted=float(np.average(round_, weights=area[good])) if good.any() else 0.0,
        followed=followed,
        offered=offered,
        followed_relative=None if followed is None or not offered else followed / offered,
        border_km=border / 1000.0,
        scattered=int((part_counts(graph, own, k) > 1).sum()),
        empty=int((households == 0).sum()),
    )


def part_counts(graph: CellGraph, labels: Ints, k: int) -> Ints:
    """Count the connected parts of grids 0 .. k - 1; cells labelled -1 belong to none."""
    same = (labels[graph.a] == labels[graph.b]) & ~graph.bridge
    part = components(graph.n, graph.a[same], graph.b[same])
    used = labels >= 0
    first = np.unique(part[used], return_index=True)[1]
    return np.bincount(labels[used][first], minlength=k).astype(np.int64)


def _ratio(part: float, whole: float) -> float | None:
    return part / whole if whole > 0 else None
