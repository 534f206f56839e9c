"""What a map or an export is called."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spatial import lookup
from spatial.signpost import title

if TYPE_CHECKING:
    from collections.abc import Iterable

    from spatial.store.engine import Store


def map_name(store: Store, codes: Iterable[str], names: Iterable[str | None]) -> str:
    """Name a map: its basic grid where it shows one alone, else the town, else by its code.

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
    if len(towns) == 1:
        return title(min(towns), lookup.place(store, min(towns)).name)
    return "、".join(named[:2]) + ("…" if len(named) > 2 else "")
