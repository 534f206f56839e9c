"""A plan of one basic grid: its tree of grids, the four moves that change it, shapes, codes and flaws.

`tree` holds a plan in memory, `moves` names the four moves as data, `apply` carries them out, `actions`
composes what planners do from them. `shapes` draws the grids, `codes` numbers them, `flaws` says what is
wrong. All of it is pure: geometry in whole lattice centimetres, no database, no coordinate systems.
"""

from spatial.ground.faces import face_id
from spatial.plans.actions import give, paint, split
from spatial.plans.apply import apply, batch
from spatial.plans.flaws import PlanFlaw, cell_links, find_flaws, find_pieces
from spatial.plans.journal import Touched
from spatial.plans.merging import merge
from spatial.plans.moves import Assign, Batch, Cut, Join, Move, Tree, from_json, to_json
from spatial.plans.publish import Stack, groups_of, numbering_frame, stacks
from spatial.plans.shapes import adjacency, face_links, grid_shapes
from spatial.plans.start import begin, ground_rows
from spatial.plans.tree import CellRow, Count, CutRecord, FaceRow, Node, PlanState, count

__all__ = [
    "Assign",
    "Batch",
    "CellRow",
    "Count",
    "Cut",
    "CutRecord",
    "FaceRow",
    "Join",
    "Move",
    "Node",
    "PlanFlaw",
    "PlanState",
    "Stack",
    "Touched",
    "Tree",
    "adjacency",
    "apply",
    "batch",
    "begin",
    "cell_links",
    "count",
    "face_id",
    "face_links",
    "find_flaws",
    "find_pieces",
    "from_json",
    "give",
    "grid_shapes",
    "ground_rows",
    "groups_of",
    "merge",
    "numbering_frame",
    "paint",
    "split",
    "stacks",
    "to_json",
]
