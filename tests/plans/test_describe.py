"""The four bounds: drawn grids with one right answer."""

import numpy as np
import pytest
import shapely
from shapely import LineString

from spatial.ground.landscape import Barriers
from spatial.plans import CellRow, FaceRow, Node, PlanState, face_id
from spatial.plans.borders import Words, borders_of
from spatial.plans.describe import SIDES, four_bounds
from spatial.policy import BARRIERS
from tests.drawing import draw
from tests.plans.town import plan

KIND = {barrier.name: i for i, barrier in enumerate(BARRIERS)}


def barriers(*rows):
    """Lines as (class, name, LineString)."""
    lines = np.empty(len(rows), dtype=object)
    lines[:] = [row[2] for row in rows]
    names = np.array([row[1] for row in rows] + [None], dtype=object)[:-1]
    return Barriers(lines, np.array([KIND[row[0]] for row in rows], dtype=np.int64), names)


def flat(table, grids, *, runs=None):
    """Make a plan of one level: letters of each grid; lower-case letters have no building."""
    nodes = [Node(0, None, 0, "basic", "凤城社区")]
    nodes += [Node(i, 0, 1, "ordinary", f"凤城社区第{i}网格", str(i)) for i in range(1, len(grids) + 1)]
    leaves = {letter: i for i, letters in enumerate(grids, start=1) for letter in letters}
    return plan(leaves, nodes, table=table, levels=1, runs=runs)


def bounds(state, lines, neighbours=None, buildings=None):
    names = {n.id: Words(f"第{n.label}网格", f"grid {n.label}") for n in state.nodes.values()}
    borders = borders_of(state, lines, neighbours or [])
    titles = {cell.bid: cell.bid for cell in state.cells.values() if cell.bid}
    return four_bounds(state, borders, names, titles | (buildings or {}))


def zh(found):
    return {side: "、".join(words.zh for words in found.sides[side]) for side in SIDES}


def test_features_neighbours_and_the_town_border_each_on_their_side():
    state, _, drawing = flat("AAABBB\nAAABBB\nAAABBB", ["A", "B"])
    road = drawing.line((3, -1), (3, 4))
    south = drawing.line((-1, 3), (7, 3))
    found = bounds(state, barriers(("main_road", "凤城路", road), ("river", None, south)))
    assert zh(found[1]) == {"east": "凤城路", "west": "镇界", "south": "河流", "north": "镇界"}
    assert found[1].text.zh == "东至凤城路，西至镇界，南至河流，北至镇界"
    assert found[1].text.en == "East: 凤城路; West: town border; South: river; North: town border"
    assert found[2].to_json()["en"]["west"] == "凤城路"


def test_without_a_feature_the_neighbour_stands_there_and_beyond_the_outline_the_basic_grid():
    state, _, drawing = flat("AAABBBX\nAAABBBX\nAAABBBX", ["A", "B"])
    east = drawing.polygons["X"]
    state.faces = {k: f for k, f in state.faces.items() if not f.polygon.equals(east)}
    state.cells = {k: c for k, c in state.cells.items() if c.face in state.faces}
    found = bounds(state, barriers(), [("龙泉社区", east)])
    assert zh(found[1])["east"] == "第2网格"
    assert zh(found[2])["east"] == "龙泉社区"
    assert zh(found[0])["east"] == "龙泉社区"


def test_the_outline_follows_what_runs_along_it_and_not_what_crosses_it():
    state, _, drawing = flat("AAABBB\nAAABBB\nAAABBB", ["A", "B"])
    along, across = drawing.line((-1, 3.4), (7, 3.4)), drawing.line((1, -2), (1, 0.2))
    lines = barriers(("main_road", "滨河路", along), ("lane", "横巷", across))
    found = bounds(state, lines)
    assert (zh(found[0])["south"], zh(found[0])["north"]) == ("滨河路", "镇界")


def test_an_l_shape_names_its_notch_on_both_sides_that_it_opens_to():
    state, _, drawing = flat("AABB\nAABB\nAAAA\nAAAA", ["A", "B"])
    lane = LineString([drawing.at(2, -1), drawing.at(2, 2), drawing.at(5, 2)])
    found = bounds(state, barriers(("lane", "新建巷", lane)))
    assert zh(found[1])["east"] in {"镇界、新建巷", "新建巷、镇界"}
    assert set(zh(found[1])["north"].split("、")) == {"镇界", "新建巷"}
    assert zh(found[1])["west"] == zh(found[1])["south"] == "镇界"
    assert zh(found[2])["west"] == zh(found[2])["south"] == "新建巷"


def test_a_ring_is_bounded_by_its_outside_only():
    state, _, drawing = flat("AAAAA\nAAAAA\nAABAA\nAAAAA\nAAAAA", ["A", "B"])
    wall = LineString([drawing.at(*p) for p in [(2, 2), (3, 2), (3, 3), (2, 3), (2, 2)]])
    found = bounds(state, barriers(("wall", "粮站", wall)))
    assert set(zh(found[1]).values()) == {"镇界"}
    assert set(zh(found[2]).values()) == {"粮站围墙"}


def test_a_dedicated_rim_is_called_by_its_area_outside_and_by_what_lies_beyond_inside():
    state, _, drawing = flat("AABBCC\nAABBCC", ["A", "B", "C"])
    state.nodes[2] = Node(2, 0, 1, "dedicated", "东关小学", "2")
    rim = LineString([drawing.at(*p) for p in [(2, 0), (4, 0), (4, 2), (2, 2), (2, 0)]])
    found = bounds(state, barriers(("dedicated", "东关小学", rim)))
    assert zh(found[1])["east"] == zh(found[3])["west"] == "东关小学"
    assert zh(found[2]) == {"east": "第3网格", "west": "第1网格", "south": "镇界", "north": "镇界"}


def test_a_dedicated_grid_on_a_street_is_bounded_by_the_street():
    state, _, drawing = flat("AABBCC\nAABBCC", ["A", "B", "C"])
    state.nodes[2] = Node(2, 0, 1, "dedicated", "凤城小学", "2")
    rim = LineString([drawing.at(*p) for p in [(2, 0), (4, 0), (4, 2), (2, 2), (2, 0)]])
    lines = barriers(("dedicated", "凤城小学", rim), ("minor_road", "胜利街", drawing.line((4, -1), (4, 3))))
    found = bounds(state, lines)
    assert zh(found[2]) == {"east": "胜利街", "west": "第1网格", "south": "镇界", "north": "镇界"}
    assert (zh(found[1])["east"], zh(found[3])["west"]) == ("凤城小学", "胜利街")


@pytest.mark.parametrize(
    ("name", "away_m", "expected"),
    [("和平街", 12, "和平街"), ("和平街", 18, "粮站围墙"), (None, 12, "粮站围墙")],
)
def test_a_named_street_that_runs_along_a_wall_stands_before_it(name, away_m, expected):
    state, _, drawing = flat("AAABBB\nAAABBB\nAAABBB", ["A", "B"])
    wall = drawing.line((3, 0), (3, 3))
    street = shapely.transform(drawing.line((3, -1), (3, 4)), lambda xy: np.add(xy, (100 * away_m, 0)))
    found = bounds(state, barriers(("wall", "粮站", wall), ("minor_road", name, street)))
    assert zh(found[1])["east"] == expected


def test_a_street_on_the_near_side_of_a_border_is_not_its_bound():
    state, _, drawing = flat("AAABBB\nAAABBB\nAAABBB", ["A", "B"])
    wall = drawing.line((3, 0), (3, 3))
    street = shapely.transform(drawing.line((3, -1), (3, 4)), lambda xy: np.add(xy, (1_200, 0)))
    found = bounds(state, barriers(("wall", "粮站", wall), ("minor_road", "和平街", street)))
    assert (zh(found[1])["east"], zh(found[2])["west"]) == ("和平街", "粮站围墙")


def test_what_faces_another_patch_of_the_same_grid_is_no_bound():
    state, _, drawing = flat("AABBBCC\nAABBBCC\nAABBBCC", ["AC", "B"])
    lines = barriers(
        ("gully", "西沟", drawing.line((2, -1), (2, 4))), ("gully", "东沟", drawing.line((5, -1), (5, 4)))
    )
    found = bounds(state, lines)
    assert set(zh(found[1]).values()) == {"镇界"}
    assert (zh(found[2])["east"], zh(found[2])["west"]) == ("东沟", "西沟")


def test_a_ragged_side_is_no_bound_of_the_side_beside_it():
    rows = ["AAAAAAAAAABBBB" if i % 2 else "AAAAAAAAAAAABB" for i in range(12)]
    state, _, drawing = flat("\n".join(rows), ["A", "B"])
    points = [drawing.at(12, 0)]
    for i in range(12):
        x = 10 if i % 2 else 12
        points += [drawing.at(x, i), drawing.at(x, i + 1)]
    found = bounds(state, barriers(("gully", "岔沟", LineString(points))))
    assert zh(found[1]) == {"east": "岔沟", "west": "镇界", "south": "镇界", "north": "镇界"}


@pytest.mark.parametrize(("part", "expected"), [(2, "A1单元1-3层"), (3, "A1单元4-6层"), (4, "A1单元7-9层")])
def test_grids_in_a_tower_are_called_by_stairwell_and_floors(part, expected):
    state, _, _ = flat("AAB\nAAB", ["B"], runs={"A": [12, 12, 12]})
    runs = [cell.id for cell in state.cells.values() if cell.bid == "A"]
    for node, cell in zip((2, 3, 4), runs, strict=True):
        state.nodes[node] = Node(node, 0, 1, "ordinary", f"第{node}网格", str(node))
        state.assign[cell] = node
    found = bounds(state, barriers())
    assert found[part].text.zh == expected
    assert found[part].text.en == expected.replace("A1单元", "A stairwell 1, floors ").replace("层", "")
    assert zh(found[4])["east"] == "A外墙"
    assert zh(found[2])["east"] == "第1网格"
    assert found[1].within is None


def test_a_grid_of_whole_stairwells_names_them_without_floors():
    drawing = draw("AABBCC", spacing_m=2)
    faces = {n: FaceRow(face_id(p), p, drawing.building(n)) for n, p in drawing.polygons.items()}
    cells = {
        i: CellRow(i, faces[n].id, bid="3号楼", stairwell=f"{i + 1}单元", households=12)
        for i, n in enumerate("ABC")
    }
    nodes = {0: Node(0, None, 0, "basic", "凤城社区")} | {
        n: Node(n, 0, 1, "ordinary", f"第{n}网格", str(n)) for n in (1, 2)
    }
    state = PlanState(nodes, cells, {f.id: f for f in faces.values()}, {0: 1, 1: 1, 2: 2}, levels=1)
    found = bounds(state, barriers())
    assert found[1].text == Words("3号楼1单元、2单元", "3号楼 stairwell 1; stairwell 2")
    assert found[0].within is None
