"""The page of a town's disputed ground, where a planner says which basic grid gets each piece."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from maps.popups import template
from maps.style import style_table

if TYPE_CHECKING:
    from maps.page import Language


def disputes_page(
    area: str, *, name: str, town: str, lang: Language = "zh", may_assign: bool = False, sample: bool = False
) -> str:
    """Return the page; it has no inline script and fetches its data from ``/v1/disputes``.

    Parameters
    ----------
    area
        Code of the town or basic grid whose disputed ground is listed.
    name
        What the title calls it.
    town
        Code of the town, for the map that is linked at the end.
    lang
        Language to begin with; the page can switch.
    may_assign
        Offer to assign; who only looks gets the list and the map.
    sample
        Mark the page as sample data.
    """
    config = {
        "area": area, "name": name, "lang": lang, "mayAssign": may_assign, "sample": sample,
        "townUrl": f"/maps/town?{urlencode({'area': town})}", "style": style_table(),
    }  # fmt: skip
    return template("disputes.html", config=config, lang=lang)
