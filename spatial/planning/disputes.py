"""Disputed ground: list it, and assign a piece to one of the basic grids that it lies between."""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from shapely.geometry import mapping

from spatial.errors import Refused, Where
from spatial.ground.faces import build_ground, home_areas
from spatial.ground.outline import crossings_of, fit, freeze
from spatial.policy import LINGQUAN, Policy
from spatial.store import grounds, places

if TYPE_CHECKING:
    from spatial.store.engine import Store, Transaction


@dataclass(frozen=True)
class DisputeView:
    """A piece of disputed ground: ``overlap`` or ``gap`` between the basic grids ``codes``."""

    id: int
    kind: str
    codes: list[str]
    area_m2: float
    geometry: dict[str, Any]


def disputes(store: Store, area: str) -> list[DisputeView]:
    """List the disputed ground of a town or basic grid; geometry is GeoJSON in EPSG:4326."""
    with store.transaction() as tx:
        places.get(tx, area)
        return [
            DisputeView(int(r.id), r.kind, list(r.codes), float(r.area_m2), mapping(r.geometry))
            for r in places.disputed(tx, area).itertuples()
        ]


def assign_disputed(store: Store, dispute_id: int, to: str, *, policy: Policy = LINGQUAN) -> int:
    """Assign a piece of disputed ground to a basic grid; its outline grows, and its ground is cut anew.

    Parameters
    ----------
    store
        The database.
    dispute_id
        As :func:`disputes` gives it.
    to
        12-digit code of one of the basic grids that it lies between.
    policy
        Spacings and bands.

    Returns
    -------
    int
        Id of the basic grid's new ground.

    Raises
    ------
    NotFound
        ``no_such_dispute``, ``no_such_place``.
    Refused
        ``not_concerned``: the ground does not lie between that basic grid and another.
    """
    with store.transaction() as tx:
        _, codes, shape = places.take_disputed(tx, dispute_id)
        if to not in codes:
            raise Refused(
                "not_concerned",
                zh=f"争议地 {dispute_id} 在 {'、'.join(codes)} 之间，不能划给 {to}。",
                en=f"Disputed ground {dispute_id} lies between {', '.join(codes)}; it can't go to {to}.",
                where=(Where(field="to", value=to),),
                data={"codes": codes},
            )
        row = grounds.latest(tx, to)
        if row is None:
            raise LookupError(to)
        place = grounds.load_place(tx, row.id)
        outline = _grown(tx, to, shape, place, policy)
        town, area = places.town_of(tx, to), places.get(tx, to)
        if area.division is None or area.parent is None:
            raise LookupError(to)
        places.save_basic(tx, to, name=area.name, division=area.division, parent=area.parent, outline=outline)
        solid = town.lattice.to_lattice(place.buildings.geometry.to_numpy())
        home = home_areas(solid, np.array([outline], dtype=object))
        bids = set(place.buildings["bid"].to_numpy(object)[home == 0])
        ground = build_ground(place, to, outline, town.lattice, policy, bids)
        mark = sha256(f"{place.sha256} {to} {shapely.to_wkt(shape)}".encode()).hexdigest()
        return grounds.write_ground(tx, to, ground, replace(place, sha256=mark))[0]


def _grown(tx: Transaction, to: str, shape: Any, place: Any, policy: Policy) -> Any:
    """Outline of a basic grid with a piece added, meeting its neighbours vertex by vertex."""
    town = places.town_of(tx, to)
    known = places.outlines(tx, town)
    piece = shapely.set_precision(town.lattice.to_lattice(shape), 1.0)
    whole = shapely.union(known[to], piece, grid_size=1.0)
    others = [c for c in sorted(known) if c != to]
    divisions = [places.get(tx, c).division or "village" for c in (to, *others)]
    frozen = freeze(
        np.array([whole, *(known[c] for c in others)], dtype=object),
        np.array([policy.node_spacing_m[d] for d in divisions]),
        crossings_of(place, town.lattice),
    )
    if not others:
        return frozen.outlines[0]
    return fit(frozen.outlines[0], np.array([known[c] for c in others], dtype=object))
