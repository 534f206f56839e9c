"""The mark of invented data: said in the place file, kept with its places, shown by what is drawn of them."""

import pandas as pd
import pytest

from spatial import lookup, planning
from spatial.readers.placefile import read_place
from tests.fixtures.makers import Drawn


def marked(folder, name, *rows):
    place = Drawn()
    place.layers["about"] = pd.DataFrame(rows, columns=["key", "value"])
    return place.write(folder, name)


@pytest.mark.parametrize(
    ("rows", "sample"),
    [
        ([("made", "by hand"), ("sample", "示例数据")], True), ([("sample", "yes")], True),
        ([("made", "by hand")], False), ([("sample", "否")], False), ([("sample", None)], False),
    ],
)  # fmt: skip
def test_a_place_file_says_whether_its_data_are_invented(tmp_path, rows, sample):
    assert read_place(marked(tmp_path, "place.gpkg", *rows)).sample is sample


def test_the_file_names_its_town(store, tmp_path):
    planning.import_place(store, marked(tmp_path, "place.gpkg", ("town", "灵泉镇")))
    town = next(place for place in lookup.places(store) if place.level == "town")
    assert (town.name, town.sample) == ("灵泉镇", False)


def test_the_mark_goes_with_the_town_until_a_file_without_it_is_imported(store, tmp_path):
    sample = marked(tmp_path, "sample.gpkg", ("sample", "示例数据"))
    planning.import_place(store, sample)
    found = {place.code: place.sample for place in lookup.places(store)}
    assert len(found) == 3
    assert set(found.values()) == {True}
    assert lookup.is_sample(store, list(found)[-1:])
    planning.import_place(store, Drawn().write(tmp_path))
    assert not lookup.is_sample(store, found)
