"""Who is there: API keys, one-time sign-in tokens and browser sessions, kept as hashes only."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from spatial.errors import NotFound

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from spatial.store.engine import Transaction


@dataclass(frozen=True)
class Holder:
    """Whoever holds a key or a session: a name and a role (admin, planner, inspector, reader)."""

    who: str
    role: str


@dataclass(frozen=True)
class KeyRow:
    """An API key without the key."""

    id: int
    name: str
    role: str
    made_at: datetime
    revoked_at: datetime | None


def add_key(tx: Transaction, name: str, role: str) -> str:
    """Make an API key and return it: the only time it can be read."""
    key = f"wg_{secrets.token_urlsafe(32)}"
    tx.execute(
        sa.text("INSERT INTO api_key (name, role, hash) VALUES (:name, :role, :hash)"),
        {"name": name, "role": role, "hash": _hash(key)},
    )
    return key


def holder_of_key(tx: Transaction, key: str) -> Holder | None:
    """Find whose an API key is; None for an unknown or revoked one."""
    return _holder(
        tx, "SELECT name, role FROM api_key WHERE hash = :hash AND revoked_at IS NULL", {"hash": _hash(key)}
    )


def list_keys(tx: Transaction) -> list[KeyRow]:
    """List API keys, the oldest first."""
    rows = tx.execute(sa.text("SELECT id, name, role, made_at, revoked_at FROM api_key ORDER BY id"))
    return [KeyRow(*row) for row in rows]


def revoke_key(tx: Transaction, key_id: int) -> None:
    """Revoke an API key for good; NotFound (``no_such_key``)."""
    done = tx.execute(
        sa.text(
            "UPDATE api_key SET revoked_at = coalesce(revoked_at, clock_timestamp())"
            " WHERE id = :id RETURNING id"
        ),
        {"id": key_id},
    ).first()
    if done is None:
        raise NotFound("no_such_key", zh=f"没有编号为 {key_id} 的密钥。", en=f"There is no key {key_id}.")


def new_token(tx: Transaction, who: str, role: str, lasts: timedelta) -> str:
    """Make a sign-in token that works once, within ``lasts``, and return it."""
    return _issue(tx, "sign_in_token", who, role, lasts)


def use_token(tx: Transaction, token: str) -> Holder | None:
    """Use a sign-in token up; None for one that is unknown, used or too old."""
    return _holder(
        tx,
        "UPDATE sign_in_token SET used_at = clock_timestamp() WHERE hash = :hash AND used_at IS NULL"
        " AND expires_at > clock_timestamp() RETURNING who, role",
        {"hash": _hash(token)},
    )


def new_session(tx: Transaction, who: str, role: str, lasts: timedelta) -> str:
    """Sign a browser in and return what its cookie holds; sessions that are over are cleared away."""
    tx.execute(sa.text("DELETE FROM session WHERE expires_at < clock_timestamp()"))
    tx.execute(sa.text("DELETE FROM sign_in_token WHERE expires_at < clock_timestamp()"))
    return _issue(tx, "session", who, role, lasts)


def holder_of_session(tx: Transaction, session: str) -> Holder | None:
    """Find who is signed in; None for an unknown session or one that is over."""
    return _holder(
        tx,
        "SELECT who, role FROM session WHERE hash = :hash AND expires_at > clock_timestamp()",
        {"hash": _hash(session)},
    )


def end_session(tx: Transaction, session: str) -> None:
    """Sign a browser out."""
    tx.execute(sa.text("DELETE FROM session WHERE hash = :hash"), {"hash": _hash(session)})


def _issue(tx: Transaction, table: str, who: str, role: str, lasts: timedelta) -> str:
    secret = secrets.token_urlsafe(32)
    tx.execute(
        sa.text(
            f"INSERT INTO {table} (hash, who, role, expires_at)"
            " VALUES (:hash, :who, :role, clock_timestamp() + :lasts)"
        ),
        {"hash": _hash(secret), "who": who, "role": role, "lasts": lasts},
    )
    return secret


def _holder(tx: Transaction, query: str, parameters: dict[str, bytes]) -> Holder | None:
    row = tx.execute(sa.text(query), parameters).first()
    return None if row is None else Holder(row[0], row[1])


def _hash(secret: str) -> bytes:
    """SHA-256: enough for secrets of 256 random bits."""
    return hashlib.sha256(secret.encode()).digest()
