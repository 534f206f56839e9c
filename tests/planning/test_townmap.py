"""What a map shows: shapes that meet without slivers, the duty on them, and when it has to be drawn anew."""

import numpy as np
import pytest
import shapely

from spatial import townmap
from spatial.errors import NotFound
from tests.planning.drawn import COMMUNITY


def test_grids_to_look_at_meet_without_slivers(published):
    grids = townmap.town_layers(published.store, COMMUNITY)["grids"].set_index("code")
    children = grids[grids["floors"].isna()].groupby("parent").geometry
    checked = 0
    for code, shapes in children:
        below = grids[(grids["parent"] == code)]
        if code not in grids.index or below["floors"].notna().any():
            continue
        union = shapely.union_all(shapes.to_numpy())
        assert union.symmetric_difference(grids.geometry[code]).area < 1e-14, code
        checked += 1
    assert checked >= 3


def test_areas_are_measured_on_the_exact_shapes(published):
    grids = townmap.town_layers(published.store, COMMUNITY)["grids"]
    flat = grids[grids["floors"].isna()]
    total = grids.loc[grids["level"] == 0, "area_m2"].iloc[0]
    assert abs(flat.loc[flat["level"] == 1, "area_m2"].sum() - total) <= len(flat)
    assert np.all(grids["area_m2"] > 0)


def test_standing_is_the_same_until_something_is_published(published):
    first = townmap.standing(published.store)
    assert first == townmap.standing(published.store)
    assert COMMUNITY in first.codes
    assert townmap.standing(published.store, COMMUNITY).codes == (COMMUNITY,)
    assert first.area == COMMUNITY[:9]


def test_duty_has_its_frames_where_there_is_none(published):
    duty = townmap.town_duty(published.store, COMMUNITY)
    assert {name: len(frame) for name, frame in duty.items()} == dict.fromkeys(
        ("cases", "hazards", "threats", "staff"), 0
    )


def test_a_town_without_data_says_so(published):
    with pytest.raises(NotFound):
        townmap.standing(published.store, "141126999")
