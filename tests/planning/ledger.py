"""All that a store holds, in digests: what a refused use case must leave as it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

if TYPE_CHECKING:
    from spatial.store.engine import Store

_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'spatial_ref_sys'"


def ledger(store: Store) -> dict[str, tuple[int, str]]:
    """Row count and checksum of every table."""
    with store.transaction() as tx:
        names = sorted(tx.execute(sa.text(_TABLES)).scalars())
        return {name: _digest(tx, name) for name in names}


def _digest(tx: sa.Connection, table: str) -> tuple[int, str]:
    every = "coalesce(string_agg(t::text, '|' ORDER BY t::text), '')"
    row = tx.execute(sa.text(f"SELECT count(*), md5({every}) FROM {table} t")).one()
    return int(row[0]), str(row[1])


def counts(store: Store) -> dict[str, int]:
    """Row count of every table that has rows."""
    return {name: n for name, (n, _) in ledger(store).items() if n}
