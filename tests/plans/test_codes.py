import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spatial.errors import Refused
from spatial.plans.codes import crosswalk, names, number, parent_code, share, short

AREA = "141126100001"


def frame(rows: dict[int, tuple]) -> pd.DataFrame:
    """id -> (parent, level, x m, y m)."""
    out = pd.DataFrame.from_dict(rows, orient="index", columns=["parent", "level", "x", "y"])
    return out.assign(parent=out["parent"].astype("Int64"), x=out["x"] * 100.0, y=out["y"] * 100.0)


def test_first_edition_is_numbered_west_to_east_then_north_to_south():
    grids = frame(
        {
            7: (None, 1, 100, 0),
            8: (None, 1, 0, 0),
            9: (None, 1, 40, 300),
            1: (8, 2, 500, 0),
            2: (8, 2, 10, 0),
            3: (2, 3, 0, 0),
        }
    )
    codes = number(grids, AREA).to_dict()
    assert {k: short(v) for k, v in codes.items()} == {
        9: "1",
        8: "2",
        7: "3",
        2: "2-01",
        1: "2-02",
        3: "2-01-01",
    }
    assert codes[3] == AREA + "002" + "01" + "01"
    assert parent_code(codes[3]) == codes[2]
    assert number(grids.sample(frac=1, random_state=1), AREA).to_dict() == codes


def test_an_empty_plan_and_too_many_grids():
    assert number(frame({}), AREA).empty
    grids = frame({0: (None, 1, 0, 0)} | {i: (0, 2, i, 0) for i in range(1, 101)})
    with pytest.raises(Refused) as caught:
        number(grids, AREA)
    assert caught.value.code == "too_many_grids"
    assert caught.value.data == {"parent": AREA + "001", "needed": 100, "most": 99}


PREVIOUS = pd.DataFrame(
    {"code": [AREA + "001", AREA + "002", AREA + "003"], "households": [100, 100, 0], "m2": [9.0, 9.0, 4.0]}
)


def numbered(overlap: list[tuple], n: int, retired: tuple[str, ...] = ()) -> list[str]:
    grids = frame({i: (None, 1, 100 * i, 0) for i in range(n)})
    shared = pd.DataFrame(overlap, columns=["old", "new", "households", "m2"])
    shared["old"] = AREA + shared["old"]
    codes = number(grids, AREA, previous=PREVIOUS, retired=retired, overlap=shared)
    return [short(c) for c in codes]


def test_who_keeps_half_the_households_keeps_the_code():
    assert numbered(
        [("001", 1, 50, 5.0), ("001", 0, 49, 4.0), ("002", 2, 60, 5.0), ("002", 0, 40, 4.0)], 3
    ) == [
        "4",
        "1",
        "2",
    ]
    # Nobody holds half of 1; two grids in one keep the stronger claim; 3 had no households: ground counts.
    assert numbered(
        [("001", 0, 40, 9.0), ("001", 1, 40, 0.0), ("002", 1, 80, 9.0), ("003", 2, 0, 3.0)], 3
    ) == [
        "4",
        "2",
        "3",
    ]
    assert numbered([("001", 0, 70, 9.0), ("002", 0, 80, 9.0)], 1) == ["2"]


def test_half_and_half_goes_to_the_larger_ground():
    assert numbered([("001", 0, 50, 2.0), ("001", 1, 50, 7.0)], 2) == ["4", "1"]


def test_a_retired_code_is_never_used_again():
    assert numbered([], 2, retired=(AREA + "007",)) == ["8", "9"]


def test_a_child_keeps_its_code_only_below_its_parent():
    previous = pd.DataFrame(
        {
            "code": [AREA + "001", AREA + "002", AREA + "00101", AREA + "00102", AREA + "00201"],
            "households": [40, 20, 20, 20, 20],
            "m2": [2.0, 1.0, 1.0, 1.0, 1.0],
        }
    )
    grids = frame(
        {0: (None, 1, 0, 0), 1: (None, 1, 900, 0), 2: (0, 2, 0, 0), 3: (1, 2, 900, 0), 4: (1, 2, 950, 0)}
    )
    cells = pd.DataFrame(
        {
            "old2": ["00101", "00102", "00201"],
            "new2": [2, 3, 4],  # 1-02 goes over to the second grid
            "new1": [0, 1, 1],
            "old1": ["001", "001", "002"],
        }
    )
    fine = share(AREA + cells["old2"], cells["new2"], [20, 20, 20], [1.0, 1.0, 1.0])
    coarse = share(AREA + cells["old1"], cells["new1"], [20, 20, 20], [1.0, 1.0, 1.0])
    overlap = pd.concat([coarse, fine])
    codes = number(grids, AREA, previous=previous, overlap=overlap)
    assert [short(c) for c in codes] == ["1", "2", "1-01", "2-02", "2-01"]
    walk = crosswalk(fine, codes)
    assert walk["new"].map(short).tolist() == ["1-01", "2-02", "2-01"]
    assert walk["households"].sum() == 60


def test_names():
    codes = [AREA + "001", AREA + "002", AREA + "003", AREA + "00102"]
    assert list(names("凤城社区", codes).values()) == [
        "凤城社区第1网格",
        "凤城社区1-02网格",
        "凤城社区第2网格",
        "凤城社区第3网格",
    ]
    groups = {AREA + "001": "一组", AREA + "002": "一组"}
    assert list(names("王家村", codes, groups).values()) == [
        "王家村一组",
        "王家村1-02网格",
        "王家村一组(2)",
        "王家村第3网格",
    ]


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_codes_are_unique_below_their_parent_and_never_come_back(data):
    n = data.draw(st.integers(1, 4))
    rows = {i: (None, 1, data.draw(st.integers(0, 400)), data.draw(st.integers(0, 400))) for i in range(n)}
    for i in range(n, n + data.draw(st.integers(0, 8))):
        rows[i] = (data.draw(st.integers(0, n - 1)), 2, data.draw(st.integers(0, 400)), i)
    grids = frame(rows)
    old = number(grids, AREA)
    # Every old fine grid's ten households move about at random.
    moves = {i: data.draw(st.lists(st.sampled_from(sorted(rows)), min_size=10, max_size=10)) for i in rows}
    pieces = [(i, j) for i, to in moves.items() for j in to if rows[i][1] == rows[j][1]]
    overlap = share(
        [old[i] for i, _ in pieces], [j for _, j in pieces], [1] * len(pieces), [1.0] * len(pieces)
    )
    previous = pd.DataFrame({"code": old, "households": 10, "m2": 10.0})
    retired = {AREA + "00901", AREA + "090"}
    codes = number(grids, AREA, previous=previous, retired=retired, overlap=overlap)
    assert codes.is_unique
    assert not retired & set(codes)
    for i, (parent, *_) in rows.items():
        assert parent_code(codes[i]) == (AREA if parent is None else codes[parent])
    for code, new in [(c, i) for i, c in codes.items() if c in set(old)]:
        held = overlap[(overlap["old"] == code) & (overlap["new"] == new)]["households"].sum()
        assert held >= 5
    again = pd.DataFrame({"old": old.to_numpy(), "new": old.index, "households": 10, "m2": 10.0})
    assert number(grids, AREA, previous=previous, overlap=again).to_dict() == old.to_dict()
