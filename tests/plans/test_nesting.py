"""Old grids drawn as letters: which lies in which, and whose cell is whose."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import shapely

from spatial.plans.nesting import nest
from tests.drawing import draw

AREA = "141126100001"
TABLE = """
    AABBCC
    AABBCC
    AABBCC
"""


def old(rows: list[tuple]) -> pd.DataFrame:
    """Rows (letters, code, name, level, parent) with what the letters draw."""
    drawing = draw(TABLE)
    frame = pd.DataFrame(
        [row[1:] for row in rows], columns=["code", "name", "level", "parent"], dtype=object
    ).assign(kind=None, stairwell=None)
    frame["level"] = frame["level"].astype("Int64")
    frame["low"] = frame["high"] = pd.array([None] * len(frame), dtype="Int64")
    frame["geometry"] = pd.Series([drawing.polygon(row[0]) for row in rows], dtype=object)
    return frame


def told(tree) -> list[tuple]:
    """(code or name, level, its parent's code or name) of each grid."""
    title = [c or n for c, n in zip(tree.grids["code"], tree.grids["name"], strict=True)]
    return [
        (title[i], level, None if up < 0 else title[up])
        for i, (level, up) in enumerate(zip(tree.grids["level"], tree.grids["parent"], strict=True))
    ]


@pytest.mark.parametrize(
    "rows",
    [
        [("AB", "1", "一", None, None), ("A", "101", "甲", None, None), ("B", "102", "乙", None, None)],
        [("AB", "1", "一", None, None), ("A", "7", "甲", None, "1"), ("B", "8", "乙", None, "一")],
        [("AB", "1", "一", 1, None), ("A", "7", "甲", 2, None), ("B", "8", "乙", 2, None)],
        [("AB", "1", "一", None, None), ("A", "7", "甲", None, None), ("B", "8", "乙", None, None)],
    ],
    ids=["codes", "parents", "levels", "ground"],
)  # fmt: skip
def test_parents_are_told_by_codes_by_column_by_level_or_by_ground(rows):
    tree = nest(old([*rows, ("C", "2", "二", 1 if rows[0][3] else None, None)]), AREA, 3)
    assert [(level, up) for _, level, up in told(tree)] == [(1, None), (2, "1"), (2, "1"), (1, None)]
    assert tree.leaves.tolist() == [1, 2, 3]


def test_standard_codes_tell_of_parents_that_nobody_drew():
    codes = [f"{AREA}0010101", f"{AREA}0010102", f"{AREA}0020301"]
    tree = nest(old([(x, c, None, None, None) for x, c in zip("ABC", codes, strict=True)]), AREA, 3)
    assert {t: u for t, _, u in told(tree)} == {
        codes[0]: codes[0][:17], codes[1]: codes[1][:17], codes[2]: codes[2][:17],
        codes[0][:17]: codes[0][:15], codes[2][:17]: codes[2][:15],
        codes[0][:15]: None, codes[2][:15]: None,
    }  # fmt: skip
    assert tree.grids["geometry"].isna().sum() == 4


def test_a_school_drawn_over_a_grid_is_not_its_child():
    rows = old([("ABC", None, "大网格", None, None), ("A", None, "学校", None, None)])
    assert told(nest(rows, AREA, 3)) == [("大网格", 1, None), ("学校", 1, None)]


def test_rows_of_one_grid_are_one_and_the_basic_grid_is_none():
    rows = old([
        ("ABC", AREA, "凤城社区", None, None), ("A", "11", "一", None, None), ("C", "11", "一", None, None),
        ("B", None, "二", None, None),
    ])  # fmt: skip
    tree = nest(rows, AREA, 3)
    assert told(tree) == [("11", 1, None), ("二", 1, None)]
    assert shapely.get_num_geometries(tree.grids["geometry"].iloc[0]) == 2


def test_circles_and_too_deep_levels_end():
    tree = nest(old([("A", "1", "甲", None, "乙"), ("B", "2", "乙", None, "甲")]), AREA, 3)
    assert sorted(level for _, level, _ in told(tree)) == [1, 2]
    deep = nest(old([("ABC", "1", None, None, None), ("AB", "11", None, None, None),
                     ("A", "111", None, None, None)]), AREA, 2)  # fmt: skip
    assert (told(deep), deep.deep) == ([("1", 1, None), ("11", 2, "1")], 1)
    assert np.array_equal(deep.leaves, [1])
