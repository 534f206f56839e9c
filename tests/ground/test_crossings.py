"""Barriers by class, and how a crossing weakens them: by data, and where a road is drawn across."""

from __future__ import annotations

import pytest
import shapely

from spatial.ground.crossings import crossed
from spatial.policy import BARRIERS, CROSSINGS, LINGQUAN
from tests.ground.test_faces import BLOCK, LEFT, RIGHT, ground_of
from tests.places import place_file

MIDDLE = shapely.LineString([(4_000, 0), (4_000, 4_000)])
ACROSS = shapely.LineString([(2_500, 2_000), (5_500, 2_000)])
CLASSES = {
    "river": ("water_lines", "river"), "stream": ("water_lines", "stream"), "rail": ("rail", "rail"),
    "wall": ("walls", "wall"), "cliff": ("gullies", "cliff"), "gully": ("gullies", "gully"),
    "ridge": ("ridges", "ridge"),
    "railway_in_roads": ("roads", "rail"), "main_road": ("roads", "primary"),
    "minor_road": ("roads", "residential"), "lane": ("roads", "footway"), "shore": ("water_areas", "water"),
    "group_border": ("groups", None), "zone": ("zones", None), "dedicated": ("dedicated", "school"),
    "landuse": ("landuse", "farmland"), "affinity": ("affinity", None),
}  # fmt: skip
STRENGTH = {barrier.name: barrier.strength for barrier in BARRIERS}
AREAS = {"shore", "group_border", "zone", "dedicated", "landuse", "affinity"}


def border(barrier, *more):
    """Metres of border between two houses along one barrier in the middle, by strength."""
    layer, kind = CLASSES[barrier]
    shape = shapely.box(4_000, -100, 4_500, 4_100) if barrier in AREAS else MIDDLE
    features = [(layer, kind, "名", shape), *more]
    ground = ground_of(place_file(BLOCK, {"1": (LEFT, 3), "2": (RIGHT, 4)}, features=features), BLOCK)
    edges = ground.edges[ground.edges["barrier"] == barrier]
    assert (crossed(edges) == (edges["strength"] < STRENGTH[barrier])).all()
    return edges.groupby("strength")["length_m"].sum().round().to_dict()


@pytest.mark.parametrize("barrier", CLASSES)
def test_a_barrier_without_a_crossing_has_its_whole_strength(barrier):
    assert set(CLASSES) == set(STRENGTH)
    assert set(border(barrier)) == {STRENGTH[barrier]}


@pytest.mark.parametrize("barrier", ["river", "stream", "rail", "wall", "cliff", "gully"])
def test_where_a_road_is_drawn_across_the_border_is_weaker_near_by(barrier):
    full = STRENGTH[barrier]
    found = border(barrier, ("roads", "residential", "桥路", ACROSS))
    assert found == {full: pytest.approx(10, abs=3), full * LINGQUAN.crossing_share: pytest.approx(30, abs=3)}


def test_a_motorway_lets_nobody_across_and_a_road_that_ends_there_neither():
    assert set(border("river", ("roads", "motorway", None, ACROSS))) == {1.0}
    ending = shapely.LineString([(2_500, 2_000), (4_000, 2_000)])
    assert set(border("wall", ("roads", "footway", None, ending))) == {1.0}


@pytest.mark.parametrize("crossing", [c.name for c in CROSSINGS[:-1]])
@pytest.mark.parametrize("barrier", ["river", "stream", "rail", "wall", "cliff", "gully", "minor_road"])
def test_data_say_where_one_gets_across_and_what(crossing, barrier):
    opens = next(c.opens for c in CROSSINGS if c.name == crossing)
    for shape in (shapely.Point(4_000, 2_000), ACROSS):
        found = border(barrier, ("crossings", crossing, None, shape))
        assert (len(found) == 2) == (barrier in opens), (crossing, barrier)


def test_a_crossing_that_the_policy_does_not_know_leads_across_as_a_road_does():
    assert len(border("river", ("crossings", "steppingstones", None, shapely.Point(4_000, 2_000)))) == 2
    assert set(border("zone", ("crossings", "gate", None, shapely.Point(4_000, 2_000)))) == {0.8}
