"""Cases on a published town: each in its grid, imported, listed, followed."""

import datetime as dt

import geopandas as gpd
import pandas as pd
import pytest
import shapely
import sqlalchemy as sa

from spatial import casework, lookup, planning, watch
from spatial.errors import BadCoordinates, BadParameter, NotFound, Refused
from spatial.ground.crs import from_wgs84
from tests.duty.registers import degrees, register
from tests.planning.drawn import COMMUNITY, TOWERS, TOWN, VILLAGE

HOUSE = degrees(1_300, 1_200)
TOWER = degrees(50_000 + 2_000, 2_000)
FAR = degrees(600_000, 600_000)


def finest(store, lon, lat, **more):
    return certain(lookup.locate(store, lon, lat, "wgs84", **more))


def certain(located):
    """The finest grid that a look-up is certain of; None outside."""
    if located.status == "ask_floor":
        return max(set.intersection(*({g.code for g in m.chain} for m in located.matches)), key=len)
    return located.matches[0].chain[-1].code if located.matches else None


@pytest.mark.parametrize("crs", ["wgs84", "gcj02", "bd09", "EPSG:4546"])
def test_a_case_posted_with_a_point_is_given_its_grid_by_the_edition_in_force(town, crs):
    x, y = (float(v[0]) for v in from_wgs84(*HOUSE, crs))
    case = casework.register(town, "fire", x, y, crs, "堆放杂物", "li", subcategory="blocked_exit")
    assert (case.area_code, case.grid) == (COMMUNITY, finest(town, *HOUSE))
    assert len(case.grid) == 19
    assert (case.state, case.reach, case.category, case.subcategory) == (
        "registered", "grid", "fire", "blocked_exit",
    )  # fmt: skip
    assert case.number.startswith(f"{TOWN}-20")
    assert case.edition == planning.editions(town, area=COMMUNITY)[0].id
    assert [(e.kind, e.who, e.state) for e in case.events] == [("register", "li", "registered")]


def test_phone_numbers_in_what_is_posted_are_masked_as_in_a_register(town):
    case = casework.register(
        town, "fire", *HOUSE, "wgs84", "找王某 13812345678，１３８００００１２３４", "li"
    )
    assert case.description == "找王某 138****5678，１３８****１２３４"
    followed = casework.follow(town, case.id, "accept", "li", note="证件 14112619800101001X")
    assert followed.events[-1].note == "证件 [证件号]"


def test_in_a_tower_floor_and_stairwell_decide_and_without_them_the_grid_that_holds_them_all(town):
    for well in ("1", "2"):
        for floor in (1, 9, 18):
            case = casework.register(
                town, "facilities", *TOWER, "wgs84", "电梯", "li", stairwell=well, floor=floor
            )
            located = lookup.locate(town, *TOWER, "wgs84", stairwell=well, floor=floor)
            assert case.grid == certain(located)
    unknown = casework.register(town, "facilities", *TOWER, "wgs84", "电梯", "li")
    assert unknown.grid == certain(lookup.locate(town, *TOWER, "wgs84"))
    assert len(unknown.grid) < 19
    assert unknown.area_code == TOWERS


def test_the_grid_of_every_point_is_the_one_that_look_up_gives(town):
    grids = lookup.grids(town, level=2)
    points = [p for g in grids.geometry for p in (shapely.point_on_surface(g), g.centroid)]
    points += [shapely.Point(shapely.get_coordinates(g)[0]) for g in grids.geometry]
    frame = gpd.GeoDataFrame({"number": [str(i) for i in range(len(points))]}, geometry=points, crs=4326)
    done = casework.import_cases(town, frame, town=TOWN, source_sha="s")
    assert done.new > 2 * len(grids)
    found = casework.list_cases(town, limit=1000).set_index("number")
    for number, row in found.iterrows():
        point = points[int(number)]
        assert row["grid"] == finest(town, point.x, point.y), number


def test_a_point_outside_every_town_or_without_sense_is_refused(town):
    with pytest.raises(Refused) as caught:
        casework.register(town, "fire", *FAR, "wgs84", "x", "li")
    assert caught.value.code == "outside_town"
    with pytest.raises(BadCoordinates):
        casework.register(town, "fire", HOUSE[1], HOUSE[0], "wgs84", "x", "li")
    with pytest.raises(BadCoordinates):
        casework.register(town, "fire", *HOUSE, "mars", "x", "li")
    for category, said, code in (
        ("flood", "x", "unknown_category"), ("fire", " ", "description_needed"),
        ("fire", "x" * 2001, "too_long"),
    ):  # fmt: skip
        with pytest.raises(BadParameter) as wrong:
            casework.register(town, category, *HOUSE, "wgs84", said, "li")
        assert wrong.value.code == code


def test_a_register_is_taken_in_once_with_a_report_of_every_odd_row(town):
    rows = [("A1", 1_300, 1_200), ("A2", 20_000, 4_000), ("A1", 1_300, 1_300), (None, 1_300, 40_000),
            ("A5", 1_300, 1_200), ("A6", 4_000_000, 1_200), ("A7", -20_000, -20_000)]  # fmt: skip
    frame = register(
        rows, category=["消防", "路灯", "消防", "地质灾害", "天气", "消防", "消防"],
        state=["已归档", None, None, "受理中", "dispatched", None, None],
        reported_at=["2026-11-01 08:00", "2026-11-02T08:00:00Z", None, "2026-11-03", "x", None, None],
    )  # fmt: skip
    done = casework.import_cases(town, frame, who="li", source_sha="0123456789")
    said = {(r.row, r.code) for r in done.report}
    assert said == {
        (3, "number_duplicate"), (4, "unknown_state"), (5, "unknown_category"), (6, "outside_town"),
        (7, "outside_town"),
    }  # fmt: skip
    assert (done.new, done.known) == (4, 0)
    found = casework.list_cases(town).set_index("number")
    assert set(found.index) == {"A1", "A2", "A5", "01234567-4"}
    assert found.loc["A1", ["category", "state"]].tolist() == ["fire", "archived"]
    assert found.loc["A1", "reported_at"] == dt.datetime(2026, 11, 1, 0, tzinfo=dt.UTC)
    assert found.loc["A2", ["category", "subcategory"]].tolist() == ["facilities", "lamp"]
    assert found.loc["01234567-4", "area_code"] == VILLAGE
    assert found.loc["A5", ["category", "state"]].tolist() == ["other", "dispatched"]
    again = casework.import_cases(town, frame, who="li", town=TOWN, source_sha="0123456789")
    assert (again.new, again.known) == (1, 4)
    assert (7, "outside_every_grid") in {(r.row, r.code) for r in again.report}
    assert casework.list_cases(town, category="fire").set_index("number").loc["A7", "grid"] is None


def test_a_register_without_system_or_points_is_refused(town):
    frame = register([("A1", 1_300, 1_200)])
    with pytest.raises(BadCoordinates):
        casework.import_cases(town, frame.set_crs(None, allow_override=True))
    with pytest.raises(NotFound):
        casework.import_cases(town, frame, town="141126199")
    assert casework.import_cases(town, frame.to_crs(4546)).new == 1
    assert casework.list_cases(town)["area_code"].tolist() == [COMMUNITY]


@pytest.fixture
def many(town):
    rows = [(f"N{n:03}", 1_300 + 60 * n, 1_200) for n in range(250)]
    days = [f"2026-{1 + n % 10:02}-10" for n in range(250)]
    kinds = ["fire/blocked_exit" if n % 3 else "地质灾害" for n in range(250)]
    casework.import_cases(town, register(rows, category=kinds, reported_at=days))
    return town


def test_pages_hold_every_case_once_the_newest_first(many):
    seen, after = [], None
    while True:
        page = casework.list_cases(many, limit=37, after=after)
        seen += list(zip(page["reported_at"], page["id"], page["number"], strict=True))
        after = page.attrs["next"]
        if after is None:
            break
    assert len({number for _, _, number in seen}) == len(seen) == 250
    assert seen == sorted(seen, reverse=True)
    assert casework.list_cases(many, limit=250).attrs["next"] is None
    assert len(casework.list_cases(many, limit=1000)) == 250


def test_cases_by_box_day_category_area_and_grid(many):
    left, bottom = degrees(0, 0)
    right, top = degrees(8_000, 5_000)
    boxed = casework.list_cases(many, bbox=(left, bottom, right, top), limit=1000)
    assert len(boxed) == sum(1_300 + 60 * n <= 8_000 for n in range(250))
    may = casework.list_cases(many, since=dt.date(2026, 5, 10), until=dt.date(2026, 6, 10), limit=1000)
    assert set(may["reported_at"].map(lambda at: (at + dt.timedelta(hours=8)).month)) == {5}
    assert len(casework.list_cases(many, category="fire", limit=1000)) == 166
    assert len(casework.list_cases(many, category="fire/通道堵塞", limit=1000)) == 166
    assert len(casework.list_cases(many, category="order")) == 0
    assert len(casework.list_cases(many, area=TOWN, limit=1000)) == 250
    assert casework.list_cases(many, area=VILLAGE).empty
    first = boxed["grid"].iloc[0]
    below = casework.list_cases(many, grid=first[:15], limit=1000)
    assert set(below["grid"].str[:15]) == {first[:15]}
    counted = casework.count_by_grid(many, COMMUNITY)
    assert sum(counted.values()) == 250
    assert counted[first] == len(casework.list_cases(many, grid=first, limit=1000))


@pytest.mark.parametrize(
    ("asked", "code"),
    [({"limit": 0}, "bad_limit"), ({"limit": 1001}, "bad_limit"), ({"after": "x"}, "bad_cursor"),
     ({"after": "9" * 40 + ".1"}, "bad_cursor"), ({"after": "1.²"}, "bad_cursor"),
     ({"category": "flood"}, "unknown_category")],
)  # fmt: skip
def test_what_a_list_cannot_be_asked(town, asked, code):
    with pytest.raises(BadParameter) as caught:
        casework.list_cases(town, **asked)
    assert caught.value.code == code


def test_a_case_is_followed_and_every_event_is_kept(town):
    case = casework.register(town, "fire", *HOUSE, "wgs84", "堆放杂物", "li")
    for kind, who, more in (
        ("accept", "li", {}), ("dispatch", "li", {"to": "物业"}), ("feed_back", "wang", {"note": "已清理"}),
        ("rework", "li", {"note": "还有"}), ("feed_back", "wang", {"note": "清完"}), ("archive", "li", {}),
    ):  # fmt: skip
        case = casework.follow(town, case.id, kind, who, **more)
    assert casework.case(town, case.id) == case
    assert [e.kind for e in case.events][-3:] == ["rework", "feed_back", "archive"]
    assert case.events[2].to == "物业"
    assert casework.list_cases(town, state="archived")["closed_at"].notna().all()
    with pytest.raises(Refused):
        casework.follow(town, case.id, "accept", "li")
    assert len(casework.case(town, case.id).events) == 7
    with pytest.raises(NotFound):
        casework.case(town, 10**9)


def test_open_cases_are_given_the_grids_in_force_anew(town):
    case = casework.register(town, "fire", *HOUSE, "wgs84", "x", "li")
    done = casework.register(town, "fire", *HOUSE, "wgs84", "x", "li")
    casework.follow(town, done.id, "void", "li", note="twice")
    with town.transaction() as tx:
        tx.execute(sa.text("UPDATE case_file SET grid = NULL, area_code = NULL, edition_id = NULL"))
    assert casework.regrid(town, TOWN, who="wang") == 1
    assert casework.case(town, case.id).grid == case.grid
    assert casework.regrid(town, TOWN, who="wang") == 0


def test_publishing_gives_open_cases_their_grid_of_the_new_edition_and_closed_ones_keep_theirs(town):
    leaves = lookup.grids(town, area=COMMUNITY, level=3)
    spots = gpd.GeoDataFrame(
        {"number": [f"N{code}" for code in leaves["code"]], "category": "消防", "kind": "滑坡"},
        geometry=leaves.geometry.representative_point().to_numpy(), crs=4326,
    )  # fmt: skip
    twice = gpd.GeoDataFrame(pd.concat([spots, spots.assign(number="C" + spots["number"], state="已归档")]))
    casework.import_cases(town, twice)
    watch.import_hazards(town, spots)
    (made,) = planning.propose(town, COMMUNITY, who="li", targets={"community": (2, 9, 40)}, publish=True)
    found = casework.list_cases(town, limit=1000).set_index("number")
    moved = 0
    for number, spot in spots.set_index("number").geometry.items():
        assert found.loc[number, "grid"] == finest(town, spot.x, spot.y)
        assert found.loc[f"C{number}", "grid"] == number[1:]
        moved += found.loc[number, "grid"] != number[1:]
    assert moved > 0
    assert casework.case(town, int(found.loc[number, "id"])).edition == made.edition_id
    hazards = watch.list_hazards(town, limit=1000).set_index("number")
    assert hazards["grid"].to_dict() == found.loc[hazards.index, "grid"].to_dict()


def test_a_case_is_due_by_the_limit_of_its_category_and_an_extension_gives_it_anew(town):
    begun = dt.datetime.now(dt.UTC)
    case = casework.register(town, "fire", *HOUSE, "wgs84", "x", "li", subcategory="blocked_exit")
    assert dt.timedelta(0) <= case.due_at - begun - dt.timedelta(hours=8) < dt.timedelta(minutes=1)
    for kind, who, more in (
        ("accept", "li", {}), ("dispatch", "li", {"to": "物业"}), ("ask_extension", "wang", {"note": "缺料"}),
        ("extend", "li", {}),
    ):  # fmt: skip
        longer = casework.follow(town, case.id, kind, who, **more)
    assert longer.due_at - case.due_at == dt.timedelta(hours=8)


def test_a_register_without_limits_gets_them_and_its_steps_become_events(town):
    rows = register(
        [("A1", 1_300, 1_200), ("A2", 1_300, 1_200), ("A3", 1_300, 1_200)], category=["党建", "党建", "党建"],
        state=["已归档"] * 3, reported_at=["2026-02-13 09:00"] * 3,
        due_at=[None, "2026-02-14 09:00", None], accepted_at=[None, "2026-02-13 10:00", None],
        closed_at=["2026-02-15 09:00"] * 3, satisfied=[True, False, None],
        steps=[
            [{"kind": "accept", "at": "2026-02-13T10:00+08:00", "who": "网格员"},
             {"kind": "archive", "at": "2026-02-15T09:00+08:00", "who": "网格长"}], [], None,
        ],
    )  # fmt: skip
    casework.import_cases(town, rows)
    found = casework.list_cases(town).set_index("number")
    due = {number: at.astimezone(casework.CHINA).isoformat() for number, at in found["due_at"].items()}
    assert due["A1"] == due["A3"] == "2026-03-02T18:00:00+08:00"
    assert due["A2"] == "2026-02-14T09:00:00+08:00"
    assert found.loc[["A1", "A2", "A3"], "satisfied"].tolist() == [True, False, None]
    told = {number: casework.case(town, int(i)).events for number, i in found["id"].items()}
    assert [(e.kind, e.who, e.state) for e in told["A1"]] == [
        ("register", "import", "registered"), ("accept", "网格员", "accepted"),
        ("archive", "网格长", "archived"), ("import", "import", "archived"),
    ]  # fmt: skip
    assert told["A1"][1].at == dt.datetime(2026, 2, 13, 2, tzinfo=dt.UTC)
    assert [e.kind for e in told["A2"]] == ["register", "accept", "archive", "import"]
    assert [e.kind for e in told["A3"]] == ["register", "archive", "import"]
