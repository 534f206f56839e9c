"""A planner's actions on a plan as they go over the wire: the moves and all that is made of them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from api.schemas import ClientId, LineString, PlanName, Position, Strict

Cells = Annotated[list[int], Field(min_length=1, max_length=100_000)]


class Polygon(Strict):
    """A GeoJSON polygon, WGS 84, longitude first: its ring, then its holes."""

    type: Literal["Polygon"]
    coordinates: list[Annotated[list[Position], Field(max_length=100_000)]] = Field(
        min_length=1, max_length=1_000
    )


class Assign(Strict):
    """Give cells to a leaf."""

    kind: Literal["assign"]
    cells: Cells
    to: int


class Cut(Strict):
    """Cut a face along a line."""

    kind: Literal["cut"]
    face: str
    line: LineString


class Join(Strict):
    """Join two faces that a cut made."""

    kind: Literal["join"]
    faces: tuple[str, str]


class Tree(Strict):
    """Change the tree of grids: create (under ``parent``), remove, reparent, rename, kind, lock, unlock."""

    kind: Literal["tree"]
    op: Literal["create", "remove", "reparent", "rename", "lock", "unlock", "kind"]
    node: int | None = None
    parent: int | None = None
    grid_kind: Literal["ordinary", "dedicated"] | None = None
    name: str | None = Field(None, max_length=100)
    label: str | None = Field(None, max_length=40)


class Give(Strict):
    """Give a whole building to another grid."""

    kind: Literal["give"]
    building: str
    to: int


class Split(Strict):
    """Split a grid along a line."""

    kind: Literal["split"]
    node: int
    line: LineString


class Merge(Strict):
    """Merge grids, across parents too: the largest keeps its name and its parent.

    ``parts`` takes grids that do not touch: the merged grid lies in parts then.
    """

    kind: Literal["merge"]
    nodes: list[int] = Field(min_length=2, max_length=500)
    parts: bool = False


class Paint(Strict):
    """Give any cells to a grid, across its parent's border too; a grid left without ground goes with them."""

    kind: Literal["paint"]
    cells: Cells
    to: int


class SplitInto(Strict):
    """Split a grid into ``n`` by households, along features."""

    kind: Literal["split_into"]
    node: int
    n: int = Field(ge=2, le=200)


class Reshape(Strict):
    """Move a border to a drawn line that begins and ends on it.

    ``node``: the grid, of any level, whose border it is; null: the finest grid that the line runs through.
    """

    kind: Literal["reshape"]
    node: int | None = None
    line: LineString


class Drag(Strict):
    """Drag a junction or corner of the borders of a level (see ``handles``): all grids at it move."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    kind: Literal["drag"]
    level: int = Field(ge=1, le=3)
    from_: Position = Field(alias="from")
    to: Position


class Draw(Strict):
    """Draw a new grid: what lies inside goes to it."""

    kind: Literal["draw"]
    parent: int
    polygon: Polygon
    grid_kind: Literal["ordinary", "dedicated"] = "ordinary"
    name: PlanName | None = None


class Fill(Strict):
    """Give leftovers to their best neighbours: unassigned cells, and pieces that lie apart from their grid.

    ``node``: only the pieces of this grid; null: of all, and what is unassigned.
    """

    kind: Literal["fill"]
    node: int | None = None


class Hand(Strict):
    """Hand over floors of one stairwell: runs (``face``, ``cells``), or floors (``bid``, ``floors``)."""

    kind: Literal["hand"]
    to: int
    face: str | None = None
    cells: Cells | None = None
    bid: str | None = None
    stairwell: str | None = None
    floors: tuple[int, int] | None = None


Action = Annotated[
    Assign
    | Cut
    | Join
    | Tree
    | Give
    | Split
    | Merge
    | Paint
    | SplitInto
    | Reshape
    | Drag
    | Draw
    | Fill
    | Hand,
    Field(discriminator="kind"),
]


class MoveIn(Strict):
    """One edit, on the revision that the editor has seen."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"base_rev": 4, "action": {"kind": "give", "building": "1-07", "to": 12}}]
        },
    )

    base_rev: int = Field(ge=0)
    action: Action
    client_id: ClientId | None = None

    @property
    def plain(self) -> dict[str, Any]:
        """The action in JSON values, without what was not given."""
        return self.action.model_dump(mode="json", by_alias=True, exclude_unset=True)


class TransferIn(Strict):
    """A building that moves between the plans of two basic grids; ``base_revs`` in the order of the plans."""

    building: str = Field(min_length=1, max_length=100)
    from_plan: int = Field(ge=1, le=2**31 - 1)
    to_plan: int = Field(ge=1, le=2**31 - 1)
    base_revs: tuple[Annotated[int, Field(ge=0)], Annotated[int, Field(ge=0)]]
