"""Staff on a published town: lists taken in, posts held, grids that nobody holds."""

import datetime as dt

import pandas as pd
import pytest

from spatial import lookup, staffing
from spatial.errors import NotFound
from tests.places import CODE
from tests.planning.drawn import COMMUNITY, TOWERS, TOWN, VILLAGE
from tests.store.community import save_area


def roster(rows):
    return pd.DataFrame(rows, columns=["holder", "post", "code", "phone", "time"])


ROWS = [
    ("张三丰", "网格长", COMMUNITY, "13812341234", None),
    ("李四", "网格员", f"{COMMUNITY}001", "0358-5722110", "专职"),
    ("王五", "兼职网格员", f"{COMMUNITY}001", None, "兼职"),
    ("赵六", "网格联络员", f"{VILLAGE}00101", "13900001111", None),
    ("钱七", "镇长", TOWN, None, None),
    ("孙八", "网格员", "150703100001001", None, None),
    ("周九", "网格员", f"{COMMUNITY}099", None, None),
    ("吴十", "网格员", "1.41126E+14", None, None),
]


@pytest.fixture
def staffed(town):
    done = staffing.import_staff(town, roster(ROWS), who="li")
    assert done.held == 5
    assert [(r.row, r.action, r.code) for r in done.report] == [
        (5, "set_aside", "unknown_post"), (6, "set_aside", "unknown_code"), (8, "set_aside", "unknown_code"),
        (7, "noted", "grid_not_in_force"),
    ]  # fmt: skip
    return town


SEATS = [
    ("李四", "网格员", COMMUNITY, 1, 2, None), ("王五", "网格联络员", COMMUNITY, 3, 5, None),
    ("赵六", "网格联络员", VILLAGE, 2, 1, dt.date(2126, 1, 1)), ("钱七", "网格长", VILLAGE, 0, 1, None),
    ("孙八", "网格员", COMMUNITY, 1, 99, None), ("周九", "网格员", COMMUNITY, 1, None, None),
    ("吴十", "网格员", VILLAGE, 1, 1, dt.date(2025, 12, 31)),
]  # fmt: skip


def seated():
    return pd.DataFrame(SEATS, columns=["holder", "post", "code", "level", "seat", "until"])


def test_a_post_given_by_area_level_and_seat_goes_to_that_grid_of_the_plan_in_force(town):
    done = staffing.import_staff(town, seated())
    assert done.held == 6
    assert [(r.row, r.action, r.code) for r in done.report] == [
        (7, "set_aside", "post_left"), (5, "noted", "no_such_seat"), (6, "noted", "no_such_seat"),
    ]  # fmt: skip
    grids = lookup.grids(town, area=COMMUNITY)
    nth = {level: sorted(grids.loc[grids["level"] == level, "code"]) for level in (1, 3)}
    held = staffing.list_staff(town, shown="all").set_index("holder")["code"].to_dict()
    assert held == {
        "李四": nth[1][1], "王五": nth[3][4], "赵六": f"{VILLAGE}00101", "钱七": VILLAGE,
        "孙八": COMMUNITY, "周九": COMMUNITY,
    }  # fmt: skip
    found = staffing.vacancies(town, TOWN).set_index("code")
    assert set(found.index[~found["vacant"]]) == {nth[1][1], nth[3][4], VILLAGE, f"{VILLAGE}00101"}


def test_seats_wait_for_a_plan_in_force_and_one_line_says_so(store):
    save_area(store.connection)
    rows = pd.DataFrame({"post": "网格员", "code": CODE, "level": 1, "seat": [1, 2, 3]})
    done = staffing.import_staff(store, rows)
    assert [(r.row, r.code) for r in done.report] == [(1, "nothing_published")]
    assert staffing.list_staff(store)["code"].tolist() == [CODE] * 3


def test_names_and_phones_are_masked_unless_asked_for(staffed):
    masked = staffing.list_staff(staffed, area=COMMUNITY)
    assert masked["holder"].tolist() == ["张*", "李*", "王*", "周*"]
    assert masked["phone"].tolist() == ["138****1234", "035*****2110", None, None]
    assert masked["time"].tolist() == [None, "full", "part", None]
    shown = staffing.list_staff(staffed, grid=f"{COMMUNITY}001", shown="all")
    assert shown["holder"].tolist() == ["李四", "王五"]
    assert shown["post"].tolist() == ["grid_member", "grid_member"]
    assert len(staffing.list_staff(staffed)) == 5


def test_a_new_list_replaces_the_staff_of_the_basic_grids_that_it_names(staffed):
    done = staffing.import_staff(staffed, roster([("郑一", "网格长", COMMUNITY, None, None)]))
    assert done.held == 1
    assert staffing.list_staff(staffed, shown="all")["holder"].tolist() == ["郑一", "赵六"]


def test_every_grid_in_force_says_whether_its_post_is_held(staffed):
    found = staffing.vacancies(staffed, TOWN).set_index("code")
    assert len(found) == len(lookup.grids(staffed, area=TOWN))
    held = found[~found["vacant"]]
    assert held.index.tolist() == [COMMUNITY, f"{COMMUNITY}001", f"{VILLAGE}00101"]
    assert held["holders"].tolist() == [1, 2, 1]
    wanted = found.groupby(["division", "level"])["post"].first().to_dict()
    assert wanted == {
        ("community", 0): "grid_chief", ("community", 1): "grid_member", ("community", 2): "grid_assistant",
        ("community", 3): "grid_liaison", ("village", 0): "grid_chief", ("village", 1): "grid_member",
        ("village", 2): "grid_liaison",
    }  # fmt: skip
    assert found.loc[f"{VILLAGE}00101", ["post_zh", "post_en"]].tolist() == ["网格联络员", "grid liaison"]
    assert set(staffing.vacancies(staffed, TOWERS)["vacant"]) == {True}
    with pytest.raises(NotFound):
        staffing.vacancies(staffed, "141126199")
