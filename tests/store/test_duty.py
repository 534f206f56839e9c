"""The tables of duty: what they refuse, and what the repositories share."""

import geopandas as gpd
import pytest
import shapely
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from spatial.store import duty, hazards, places
from spatial.store.intake import Intake
from tests.places import CODE, TOWN, lonlat
from tests.store.community import save_area

INSIDE, BORDER, NEAR, FAR = lonlat(
    [shapely.Point(6_000, 4_000), shapely.Point(0, 4_000), shapely.Point(-90_000, 0), shapely.Point(4e6, 4e6)]
)


@pytest.fixture
def town(tx):
    save_area(tx)
    return places.town_of(tx, TOWN)


def refused(tx, statement, **values):
    with pytest.raises(IntegrityError) as caught, tx.begin_nested():
        tx.execute(sa.text(statement), values)
    return caught.value.orig.diag.constraint_name


def add_hazard(tx, town, **more):
    given = {"number": "D1", "kind": "landslide", "state": "registered", "danger_area": None, **more}
    frame = gpd.GeoDataFrame({k: [v] for k, v in given.items()}, geometry=[INSIDE], crs=4326)
    columns = [c for c in hazards.REGISTER_COLUMNS if c not in frame]
    return hazards.save(tx, town, frame.assign(**dict.fromkeys(columns)), source_sha="s")


@pytest.mark.usefixtures("town")
def test_the_town_of_each_point(tx):
    found = duty.towns_of(tx, [INSIDE, FAR, BORDER, NEAR])
    assert found["town"].tolist() == [TOWN, None, TOWN, None]
    assert found["near"].tolist() == [TOWN, None, TOWN, TOWN]


def test_hazards_are_of_known_grades_and_their_areas_polygons(tx, town):
    assert add_hazard(tx, town) == (1, 0)
    assert add_hazard(tx, town, households=3) == (0, 1)
    assert refused(tx, "UPDATE hazard SET grade = 'V'") == "ck_hazard_grade"
    assert refused(tx, "UPDATE hazard SET people = -1") == "ck_hazard_threatened"
    assert refused(tx, "UPDATE hazard SET danger_area = geom") == "ck_hazard_danger_area"


def test_staff_codes_are_digits_of_their_county(tx, town):
    add = "INSERT INTO staff (county_code, place_id, code, post) VALUES ('141126', :id, :code, 'grid_chief')"
    assert refused(tx, add, id=town.id, code="14112610000") == "ck_staff_code"
    assert refused(tx, add, id=town.id, code="150703100001") == "ck_staff_county"
    tx.execute(sa.text(add), {"id": town.id, "code": CODE})


def test_a_town_takes_its_duty_along_when_it_goes(tx, town):
    add_hazard(tx, town)
    tx.execute(sa.text("DELETE FROM place"))
    assert tx.execute(sa.text("SELECT count(*) FROM hazard")).scalar_one() == 0


@pytest.mark.usefixtures("town")
def test_a_place_is_no_sample_unless_it_says_so(tx):
    assert not places.is_sample(tx, CODE)
    places.mark_sample(tx, TOWN)
    assert places.is_sample(tx, TOWN)
    assert places.is_sample(tx, CODE)


@pytest.mark.usefixtures("town")
def test_an_intake_numbers_what_has_no_number_by_its_file_and_row(tx):
    given = gpd.GeoDataFrame({"number": [None, "A", " "], "row": [5, 6, 7]}, geometry=[INSIDE] * 3, crs=4326)
    intake = Intake.of("cases", given, ("number", "geometry"))
    intake.number("0123456789")
    assert intake.rows["number"].tolist() == ["01234567-5", "A", "01234567-7"]
    assert [(t.code, len(rows)) for t, rows in intake.towns(tx, None)] == [(TOWN, 3)]


@pytest.mark.usefixtures("town")
def test_a_town_is_a_sample_as_long_as_one_of_its_basic_grids_is(tx):
    places.mark_sample(tx, CODE)
    assert places.get(tx, TOWN).sample
    places.mark_sample(tx, CODE, sample=False)
    assert not places.any_sample(tx, [TOWN, CODE])
