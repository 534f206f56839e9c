"""Town maps drawn for a request: layers, duty and relief gathered, and kept while nothing of them changes."""

# ruff: noqa: PLC0415 - folium is slow to import: the server starts without it

from __future__ import annotations

import gzip
import hashlib
import json
import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar
from urllib.parse import urlencode

from api import naming
from spatial import lookup, relief, signpost, townmap

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import geopandas as gpd

    from api.settings import Lang
    from maps.page import Extras
    from spatial.duty.figures import Signpost
    from spatial.relief import Relief
    from spatial.store.engine import Store

Made = TypeVar("Made")
PAGES = 16
"""Pages that are kept, about 1 MB each."""
TOWNS = 3
"""Towns or basic grids whose shapes are kept, some 30 MB each."""


@dataclass(frozen=True)
class Asked:
    """A map as it is asked for.

    Parameters
    ----------
    area
        A town, a basic grid, or None for the first town.
    code
        The grid that the page is about, or None for the whole area.
    lang
        Language to begin with.
    download
        One file that opens from disk.
    persons
        Whether phones and names are shown whole; never in a file to take away.
    told
        Whether descriptions of cases are shown.
    """

    area: str | None
    code: str | None
    lang: Lang
    download: bool
    persons: bool
    told: bool


@dataclass(frozen=True)
class Page:
    """A finished page, gzipped, with the tag that changes when it does."""

    gz: bytes
    tag: str


class Kept(Generic[Made]):
    """The last few things made, each by its key; safe between threads.

    Parameters
    ----------
    most
        How many are kept: the longest unused goes first.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._made: OrderedDict[Any, Made] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Any, make: Callable[[], Made]) -> Made:
        """Give what is kept under a key, or make it; two threads may both make it, none waits."""
        with self._lock:
            if key in self._made:
                self._made.move_to_end(key)
                return self._made[key]
        made = make()
        with self._lock:
            self._made[key] = made
            while len(self._made) > self._most:
                self._made.popitem(last=False)
        return made


class Atlas:
    """Draws the town maps of one store, and keeps the last ones.

    Parameters
    ----------
    store
        The database.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._layers: Kept[dict[str, gpd.GeoDataFrame]] = Kept(TOWNS)
        self._pages: Kept[Page] = Kept(PAGES)

    def page(self, asked: Asked) -> Page:
        """Draw a map, or give the one kept if nothing that it shows has changed.

        Raises
        ------
        NotFound
            ``nothing_here``, ``no_grid``.
        """
        standing = townmap.standing(self._store, asked.area)
        layers = self._layers.get(standing, lambda: townmap.town_layers(self._store, asked.area))
        if asked.code is not None and not layers["grids"]["code"].eq(asked.code).any():
            raise lookup.no_grid(asked.code)
        shown: townmap.Shown = "all" if asked.persons and not asked.download else "masked"
        duty = townmap.town_duty(self._store, asked.area, shown=shown)
        shade = relief.relief(self._store, standing.area)
        sample = lookup.is_sample(self._store, standing.codes)
        title = naming.map_name(self._store, layers["areas"]["code"], layers["areas"]["name"])
        sign = signpost.signpost(self._store, standing.area)
        shaded = shade and hashlib.sha256(shade.png).digest()
        key = (asked, standing, sign, sample, title, _digest(duty), shaded)
        return self._pages.get(
            key,
            lambda: _made(layers, asked, _extras(asked, duty, shade, sign), title=title, sample=sample),
        )


def _extras(asked: Asked, duty: Mapping[str, Any], shade: Relief | None, sign: Signpost) -> Extras:
    from maps.page import Extras

    return Extras(
        duty=duty, told=asked.told, relief=shade, relief_url=f"/v1/relief/{sign.area}.png", sign=sign
    )  # fmt: skip


def _made(
    layers: Mapping[str, gpd.GeoDataFrame], asked: Asked, extras: Extras, *, title: str, sample: bool
) -> Page:
    from maps import page as draw

    again = {"download": 1, "lang": asked.lang}
    if asked.code is not None:
        text = draw.grid_page(
            layers, asked.code, lang=asked.lang, inline=asked.download, sample=sample, extras=extras,
            export_url=f"/maps/grid/{asked.code}?{urlencode(again)}",
        )  # fmt: skip
    else:
        area = {"area": asked.area} if asked.area else {}
        text = draw.town_page(
            layers, title=title, lang=asked.lang, inline=asked.download, sample=sample, extras=extras,
            export_url=f"/maps/town?{urlencode(again | area)}",
            overview_url=f"/maps/overview?{urlencode(area)}" if area else "/maps/overview",
            plan_url=(f"/plan?{urlencode(area)}" if area else "/plan") if asked.persons else None,
        )  # fmt: skip
    content = text.encode()
    return Page(gzip.compress(content, 5, mtime=0), hashlib.sha256(content).hexdigest()[:32])


def _digest(duty: Mapping[str, Any]) -> bytes:
    from maps.duty import danger_areas, duty_values

    values = [duty_values(duty, told=True), danger_areas(duty["hazards"])]
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).digest()
