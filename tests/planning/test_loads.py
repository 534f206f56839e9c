"""Loads through the store: what is weighed, what a plan remembers and its card shows, what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from spatial import casework, planning
from spatial.errors import BadParameter
from spatial.planning.bearing import loads_of
from spatial.planning.wishes import Burden, Wishes
from spatial.store import grounds
from tests.planning import drawn
from tests.planning.drawn import COMMUNITY
from tests.planning.test_stages import spot


def loads(store, sources, burdens=()):
    """Load by building of the drawn community."""
    with store.transaction() as tx:
        ground = grounds.load_ground(tx, grounds.latest(tx, COMMUNITY).id)
        found = loads_of(tx, ground, sources, burdens)
    return dict(zip(ground.cells["bid"], found, strict=True))


def test_households_past_cases_and_a_table_are_added_up(published):
    store = published.store
    lon, lat = spot(13, 12)  # in the middle of the house 001-000
    for _ in range(2):
        casework.register(
            store, lon=lon, lat=lat, crs="wgs84", category="disputes", description="噪声", who="li"
        )
    found = loads(store, {"households": 1.0, "cases": 5.0}, [Burden("001-001", None, 7.0)])
    assert (found["001-000"], found["001-001"], found["001-002"]) == (26.0, 23.0, 16.0)


def test_stairwells_share_by_their_households(drafted):
    with drafted.store.transaction() as tx:
        ground = grounds.load_ground(tx, grounds.latest(tx, drawn.TOWERS).id)
        cells = ground.cells
        bid, stairwell = cells[["bid", "stairwell"]].dropna().iloc[0]
        found = loads_of(tx, ground, {}, [Burden(bid, stairwell, 10.0)])
    at = ((cells["bid"] == bid) & (cells["stairwell"] == stairwell)).to_numpy()
    assert found.sum() == pytest.approx(10.0)
    assert np.allclose(found[at], 10.0 * cells["households"][at] / cells["households"][at].sum())


def test_a_plan_remembers_its_loads_and_its_card_shows_their_spread(drafted):
    store = drafted.store
    wishes = Wishes(loads={"households": 1.0}, burdens=(Burden("001-000", None, 100.0),))
    (made,) = planning.propose(store, COMMUNITY, who="li", wishes=wishes)
    card = planning.score_plan(store, made.plan_id)
    assert card.levels[2].burden.p50 == 16.0
    assert card.levels[2].burden.cv > 0
    assert planning.score_plan(store, drafted.plans[COMMUNITY]).levels[2].burden is None


@pytest.mark.parametrize(
    ("wishes", "code"),
    [
        ({"loads": {"beauty": 1.0}}, "bad_load"), ({"loads": {"cases": -1.0}}, "bad_load"),
        ({"burdens": (Burden("001-000", None, float("nan")),)}, "bad_load"),
        ({"burdens": (Burden("none", None, 1.0),)}, "load_unknown_building"),
        ({"burdens": (Burden("001-000", "9单元", 1.0),)}, "load_unknown_building"),
    ],
)  # fmt: skip
def test_loads_that_can_not_be_weighed_are_refused(drafted, wishes, code):
    with pytest.raises(BadParameter) as refused:
        planning.propose(drafted.store, COMMUNITY, who="li", wishes=Wishes(**wishes))
    assert refused.value.code == code
