"""A drawn town, imported and proposed once a run, published once a run; each test rolls back."""

from __future__ import annotations

import datetime as dt
import os
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

import psycopg
import pytest

from spatial import lookup, planning
from spatial.store.engine import NestedStore, Store
from spatial.writers.gridfile import write_grids
from tests.planning import drawn

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_numbers = count()


@dataclass(frozen=True)
class Town:
    """A store with basic grids in it: plan by code, the place file, the exported grids."""

    store: Store
    plans: dict[str, int]
    place: Path
    grids: Path | None = None


@contextmanager
def database(cluster, template) -> Iterator[Store]:
    """A migrated database of one's own, dropped at the end."""
    name = f"planning_{os.getpid()}_{next(_numbers)}"
    with psycopg.connect(cluster.url("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        with Store.open(cluster.url(name), pool_size=2) as store:
            yield store
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def settle(store: Store, folder: Path, sites: list[drawn.Site], *, publish: bool = False) -> Town:
    """Import sites from one file and propose for each; with ``publish`` publish and export all."""
    place = drawn.drawn(*sites).write(folder)
    planning.import_place(store, place)
    made = planning.propose(store, drawn.TOWN, who="li", publish=publish)
    grids = None
    if publish:
        grids = folder / "grids.gpkg"
        write_grids(grids, lookup.grids(store, area=drawn.TOWN))
    return Town(store, {p.area_code: p.plan_id for p in made}, place, grids)


def nested(town: Town) -> Iterator[Town]:
    """The town in one transaction that is rolled back."""
    with town.store.engine.connect() as connection:
        outer = connection.begin()
        yield Town(NestedStore(connection), town.plans, town.place, town.grids)
        outer.rollback()


@pytest.fixture(scope="session")
def _drafted(cluster, template, tmp_path_factory):
    with database(cluster, template) as store:
        yield settle(store, tmp_path_factory.mktemp("drafted"), drawn.town())


@pytest.fixture(scope="session")
def _published(cluster, template, tmp_path_factory):
    with database(cluster, template) as store:
        yield settle(store, tmp_path_factory.mktemp("published"), drawn.town(), publish=True)


@pytest.fixture
def drafted(_drafted):
    """Community, village and towers imported and proposed; rolled back after the test."""
    yield from nested(_drafted)


@pytest.fixture
def published(_published):
    """Community, village and towers published today; rolled back after the test."""
    yield from nested(_published)


@pytest.fixture(scope="session")
def today(shared_store) -> dt.date:
    """Today in Asia/Shanghai."""
    with shared_store.transaction() as tx:
        return tx.exec_driver_sql("SELECT today()").scalar_one()
