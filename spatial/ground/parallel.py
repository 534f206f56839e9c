"""Cut the ground of many basic grids at once, a process each, as many as there are cores."""

from __future__ import annotations

import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from spatial.ground.faces import build_ground

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from spatial.ground.crs import Lattice
    from spatial.ground.model import Ground, PlaceFile
    from spatial.policy import Policy

FEW = 3
"""So few basic grids are cut in this process: starting others takes longer."""
NEAR_DEG = 0.003
"""Features this near to an outline may reach it (some 300 m)."""


@dataclass(frozen=True)
class GroundJob:
    """One basic grid to be cut: its code, frozen outline (lattice) and the bids of its buildings."""

    code: str
    outline: Any
    bids: frozenset[str]


def build_grounds(
    place: PlaceFile, jobs: Sequence[GroundJob], lattice: Lattice, policy: Policy
) -> Iterator[Ground]:
    """Cut the ground of several basic grids; results come in the order of the jobs.

    Parameters
    ----------
    place
        The place file that holds them all.
    jobs
        What to cut.
    lattice, policy
        As in :func:`spatial.ground.faces.build_ground`, whose errors come through.
    """
    cores = min(os.cpu_count() or 1, len(jobs))
    if len(jobs) <= FEW or cores < 2:
        for job in jobs:
            yield _build(_part_of(place, job, lattice), job, lattice, policy)
        return
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(cores, mp_context=spawn) as pool:
        parts = [pool.submit(_build, _part_of(place, job, lattice), job, lattice, policy) for job in jobs]
        for part in parts:
            yield part.result()


def _build(part: PlaceFile, job: GroundJob, lattice: Lattice, policy: Policy) -> Ground:
    return build_ground(part, job.code, job.outline, lattice, policy, set(job.bids))


def _part_of(place: PlaceFile, job: GroundJob, lattice: Lattice) -> PlaceFile:
    """What one basic grid needs of a place file."""
    left, bottom, right, top = shapely.bounds(lattice.to_lonlat(job.outline))
    near = shapely.box(left - NEAR_DEG, bottom - NEAR_DEG, right + NEAR_DEG, top + NEAR_DEG)
    touching = np.asarray(shapely.intersects(place.features.geometry.to_numpy(), near), dtype=bool)
    return replace(
        place,
        areas=place.areas[place.areas["code"] == job.code],
        buildings=place.buildings[place.buildings["bid"].isin(job.bids)],
        households=place.households[place.households["bid"].isin(job.bids)],
        features=place.features[touching],
        report=[],
    )
