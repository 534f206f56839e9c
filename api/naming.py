"""What a map or an export is called."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spatial import lookup

if TYPE_CHECKING:
    from collections.abc import Iterable

    from spatial.store.engine import Store


def map_name(store: Store, codes: Iterable[str], names: Iterable[str | None]) -> str:
    """Name a map: its basic grid where it shows one alone, else the town, else its first basic grids.

    Parameters
    ----------
    store
        The database.
    codes, names
        Code and name of each basic grid shown, in the same order.
    """
    named = [name for name in names if name]
    if len(named) == 1:
        return named[0]
    towns = {code[:9] for code in codes}
    town = lookup.place(store, min(towns)).name if len(towns) == 1 else ""
    return town or "、".join(named[:2]) + ("…" if len(named) > 2 else "")
