"""Cut the ground of many basic grids at once: this process and one more for each further core."""

from __future__ import annotations

import gc
import multiprocessing
import os
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
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


@contextmanager
def helpers(jobs: int) -> Iterator[ProcessPoolExecutor | None]:
    """Processes that help this one to cut ground, one fewer than there are cores; None where jobs are few.

    They start at once and in the background, so that whoever still has to prepare the jobs loses no time.

    Parameters
    ----------
    jobs
        How many basic grids there are at most.
    """
    others = min(os.cpu_count() or 1, jobs) - 1
    if jobs <= FEW or others < 1:
        yield None
        return
    with ProcessPoolExecutor(others, mp_context=multiprocessing.get_context("spawn")) as pool:
        for _ in range(others):
            pool.submit(_ready)
        try:
            yield pool
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def build_grounds(
    place: PlaceFile,
    jobs: Sequence[GroundJob],
    lattice: Lattice,
    policy: Policy,
    pool: ProcessPoolExecutor | None = None,
) -> Iterator[Ground]:
    """Cut the ground of several basic grids; results come in the order of the jobs.

    Helpers take the largest jobs first, this process the smallest that nobody has begun.

    Parameters
    ----------
    place
        The place file that holds them all.
    jobs
        What to cut.
    lattice, policy
        As in :func:`spatial.ground.faces.build_ground`, whose errors come through.
    pool
        As :func:`helpers` gives it; None cuts everything in this process.
    """
    waiting: dict[int, Future[Ground]] = {}
    if pool is not None:
        for i in sorted(range(len(jobs)), key=lambda i: -len(jobs[i].bids)):
            waiting[i] = pool.submit(_build, _part_of(place, jobs[i], lattice), jobs[i], lattice, policy)
    done: dict[int, Ground] = {}
    for i, job in enumerate(jobs):
        while i in waiting and not waiting[i].done():
            smallest = next((n for n in reversed(waiting) if waiting[n].cancel()), None)
            if smallest is None:
                break
            del waiting[smallest]
            mine = jobs[smallest]
            done[smallest] = _build(_part_of(place, mine, lattice), mine, lattice, policy)
        if i in waiting:
            yield waiting.pop(i).result()
        elif i in done:
            yield done.pop(i)
        else:
            yield _build(_part_of(place, job, lattice), job, lattice, policy)


def _ready() -> None:
    """Nothing to do: to be asked for it starts a process and loads this module."""


def _build(part: PlaceFile, job: GroundJob, lattice: Lattice, policy: Policy) -> Ground:
    """Cut one, with no search for garbage: of some 100,000 small geometries none is in a cycle."""
    looking = gc.isenabled()
    gc.disable()
    try:
        return build_ground(part, job.code, job.outline, lattice, policy, set(job.bids))
    finally:
        if looking:
            gc.enable()


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
