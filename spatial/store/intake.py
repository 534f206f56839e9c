"""Registers taken in: what a row lacks, which town it belongs to, and which rows are set aside."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import geopandas as gpd
import pandas as pd
import shapely
from shapely.geometry import mapping

from spatial.errors import BadCoordinates, Where
from spatial.ground.model import Action, ReportRow
from spatial.store import places
from spatial.store.duty import towns_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from spatial.store.engine import Transaction

CHINA = ZoneInfo("Asia/Shanghai")
_YES = {"是", "有", "已", "yes", "y", "true", "1"}
_NO = {"否", "无", "未", "no", "n", "false", "0"}


@dataclass
class Intake:
    """A register on its way in: its rows under the columns wanted, and what is said of them.

    Parameters
    ----------
    layer
        What the register is called in the report.
    rows
        Its rows; ``row`` counts from 1 as in the file.
    """

    layer: str
    rows: Any
    report: list[ReportRow] = field(default_factory=list)

    @classmethod
    def of(cls, layer: str, given: pd.DataFrame, columns: Sequence[str]) -> Intake:
        """Bring a frame under the columns wanted: what it lacks is None, what is not wanted is left out.

        Raises
        ------
        BadCoordinates
            ``crs_missing``: it has positions of no declared system.
        """
        rows = given.reset_index(drop=True)
        if isinstance(rows, gpd.GeoDataFrame) and len(rows):
            rows = _declared(rows, layer).to_crs(4326)
        numbered = rows["row"] if "row" in rows else pd.Series(range(1, len(rows) + 1))
        empty = pd.Series([None] * len(rows), dtype=object)
        out = {c: rows[c].astype(object) if c in rows else empty for c in columns}
        kept: Any = pd.DataFrame({"row": numbered.astype("int64"), **out})
        if "geometry" in columns:
            kept = gpd.GeoDataFrame(kept, geometry="geometry", crs=4326)
        intake = cls(layer, kept)
        if "geometry" in columns:
            intake._need_points()
        return intake

    def say(self, at: int, name: str, action: Action, code: str, zh: str, en: str) -> None:
        """Say something of the row at a position: its field, what was done, a code, and words."""
        row = self.rows.loc[at]
        point = row.get("geometry")
        ref = row.get("number", row.get("code"))
        self.report.append(
            ReportRow(
                self.layer, int(row["row"]), None if blank(ref) else str(ref), name, action, code, zh, en,
                None if point is None else mapping(point),
            )
        )  # fmt: skip

    def drop(self, gone: Sequence[int]) -> None:
        """Leave rows out, by position."""
        self.rows = self.rows.drop(index=list(gone))

    def _need_points(self) -> None:
        """Set rows aside that have no point."""
        shapes = self.rows.geometry
        bad = shapes.isna() | shapes.is_empty | (shapes.geom_type != "Point")
        for at in self.rows.index[bad]:
            self.say(at, "geometry", "set_aside", "no_point", "该行没有点位，未取。",
                     "The row has no point; it is not taken.")  # fmt: skip
        self.drop(self.rows.index[bad])

    def areas(self, column: str, crs: Any) -> None:
        """Bring a column of polygons into EPSG:4326: mended where they cross themselves, else named."""
        for at, given in self.rows[column].items():
            shape = None if blank(given) or given.is_empty else given
            if shape is not None and not shape.is_valid:
                shape = shapely.make_valid(shape)
                self.say(at, column, "repaired", "area_repaired", "范围自相交，已修补。",
                         "The area crossed itself and was repaired.")  # fmt: skip
            parts = [p for p in shapely.get_parts(shapely.get_parts([shape])) if p.geom_type == "Polygon"]
            if shape is not None and not parts:
                self.say(at, column, "noted", "area_no_polygon", "范围不是面，按未划定处理。",
                         "The area is no polygon; taken as not drawn.")  # fmt: skip
            joined = gpd.GeoSeries([shapely.union_all(parts)] if parts else [], crs=crs)
            self.rows.at[at, column] = joined.to_crs(4326).iloc[0] if parts else None

    def number(self, source_sha: str) -> None:
        """Give a number to rows that have none, and set a number's second row aside."""
        seen: set[str] = set()
        gone = []
        for at, value in self.rows["number"].items():
            number = f"{source_sha[:8]}-{self.rows.at[at, 'row']}" if blank(value) else str(value).strip()
            if number in seen:
                self.say(at, "number", "set_aside", "number_duplicate",
                         f"编号 {number} 在表中重复，只取第一行。",
                         f"Number {number} stands there already; only its first row is taken.")  # fmt: skip
                gone.append(at)
            seen.add(number)
            self.rows.at[at, "number"] = number
        self.drop(gone)

    def towns(self, tx: Transaction, town: str | None) -> Iterator[tuple[places.Town, Any]]:
        """Sort the rows by the town that each point lies in; those of none are set aside.

        Parameters
        ----------
        town
            9 digits: takes also points outside, if they are near; others of it are set aside.
        """
        if town is not None:
            places.town_of(tx, town)
        homes = towns_of(tx, self.rows.geometry.to_numpy())
        homes.index = self.rows.index
        chosen = homes["town"].where(homes["town"].notna(), homes["near"] if town is not None else None)
        chosen = chosen.where(chosen == town, None) if town is not None else chosen
        for at in self.rows.index[chosen.isna()]:
            self.say(at, "geometry", "set_aside", "outside_town", "该点不在已导入的乡镇内，未取。",
                     "The point lies in no town that was imported; it is not taken.")  # fmt: skip
        for at in self.rows.index[chosen.notna() & homes["town"].isna()]:
            self.say(at, "geometry", "noted", "outside_every_grid", "该点在全部基础网格之外，没有所属网格。",
                     "The point lies outside every basic grid and belongs to none.")  # fmt: skip
        self.drop(self.rows.index[chosen.isna()])
        for code, rows in self.rows.groupby(chosen.dropna(), sort=True):
            yield places.town_of(tx, str(code)), rows


def blank(value: Any) -> bool:
    """Say whether a cell of a register holds nothing.

    Examples
    --------
    >>> blank(None), blank(float("nan")), blank("  "), blank(0), blank([])
    (True, True, True, False, False)
    """
    if isinstance(value, list | tuple | dict):
        return False
    return value is None or bool(pd.isna(value)) or (isinstance(value, str) and not value.strip())


def text(value: Any) -> str | None:
    """Text of a cell, None where it is blank."""
    return None if blank(value) else str(value).strip()


def whole(value: Any) -> int | None:
    """Whole number of a cell, None where it holds none; negative numbers are none."""
    number = real(value)
    return None if number is None or number < 0 else round(number)


def real(value: Any) -> float | None:
    """Read a cell's number; None where it holds none that is finite."""
    number = float(pd.to_numeric(value, errors="coerce")) if not blank(value) else float("nan")
    return number if abs(number) < 1e12 else None


def flag(value: Any) -> bool | None:
    """Yes or no of a cell, None where it says neither.

    Examples
    --------
    >>> flag("是"), flag("无"), flag(True), flag("?"), flag(None)
    (True, False, True, None, None)
    """
    word = "" if blank(value) else str(value).strip().lower()
    return True if word in _YES else (False if word in _NO else None)


def moment(value: Any) -> dt.datetime | None:
    """Time of a cell with its zone; one without is of Asia/Shanghai; None where it holds none."""
    if blank(value):
        return None
    stamp = pd.to_datetime(value, errors="coerce")
    if pd.isna(stamp):
        return None
    found: dt.datetime = stamp.to_pydatetime()
    return found if found.tzinfo else found.replace(tzinfo=CHINA)


def day(value: Any) -> dt.date | None:
    """Day of a cell in Asia/Shanghai, None where it holds none."""
    found = moment(value)
    return None if found is None else found.astimezone(CHINA).date()


def _declared(rows: gpd.GeoDataFrame, layer: str) -> gpd.GeoDataFrame:
    if rows.crs is None:
        raise BadCoordinates(
            "crs_missing", zh=f"{layer} 没有声明坐标系。", en=f"{layer} declares no coordinate system.",
            where=(Where(layer=layer, field="geometry"),),
        )  # fmt: skip
    return rows
