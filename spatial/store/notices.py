"""What processes tell each other of plans and jobs (LISTEN, NOTIFY): told at the commit, lost if unheard."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import psycopg
import sqlalchemy as sa

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from spatial.store.engine import Store, Transaction

CHANNEL = "wangge_plan"


def tell(tx: Transaction, notice: Mapping[str, Any]) -> None:
    """Tell all processes of this database something, once the transaction is committed.

    Parameters
    ----------
    notice
        JSON values, less than 8,000 bytes; ``plan`` or ``job`` says which it is about.
    """
    tx.execute(sa.select(sa.func.pg_notify(CHANNEL, json.dumps(dict(notice), ensure_ascii=False))))


async def listen(store: Store) -> AsyncIterator[dict[str, Any] | None]:
    """Hear what is told, on a connection of one's own; first None: from then on nothing is missed.

    Ends when the connection is lost.
    """
    try:
        connection = await psycopg.AsyncConnection.connect(store.url, autocommit=True)
        async with connection:
            await connection.execute(f"LISTEN {CHANNEL}")
            yield None
            async for notice in connection.notifies():
                yield json.loads(notice.payload)
    except psycopg.OperationalError:
        return
