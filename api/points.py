"""A file of points, looked up at the command line: read, and written back with the grids beside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from spatial.errors import BadFile, BadRows, Where

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

ENCODINGS = ("utf-8-sig", "gb18030")
"""Tried in this order, never guessed (domain.md section 3)."""


def read_points(path: Path) -> pd.DataFrame:
    """Read a CSV file with columns lon and lat.

    Returns
    -------
    DataFrame
        One row = one point; lon and lat float, in the system that the caller declares; all else text.

    Raises
    ------
    BadFile
        No CSV file, or without these columns.
    BadRows
        Rows whose lon or lat is no number; every one is listed.
    """
    frame = _read(path)
    for column in ("lon", "lat"):
        if column not in frame.columns:
            raise BadFile(
                "missing_column",
                zh=f"{path.name} 缺少 {column} 列。第一行应有 lon 和 lat。",
                en=f"{path.name} has no column {column}. Its first line must name lon and lat.",
                where=(Where(field=column),),
            )
    numbers = {c: pd.to_numeric(frame[c].str.strip(), errors="coerce") for c in ("lon", "lat")}
    wrong = [
        Where(row=int(row) + 1, field=column, value=str(frame[column].iloc[row])[:80])
        for column, values in numbers.items()
        for row in np.flatnonzero(~np.isfinite(values.to_numpy(dtype=float)))
    ]
    if wrong:
        raise BadRows(
            "not_a_number",
            zh=f"{path.name} 有 {len(wrong)} 处经纬度不是数字。",
            en=f"{path.name} has {len(wrong)} coordinates that are no numbers.",
            where=wrong,
        )
    return frame.assign(**numbers)


def answers(points: pd.DataFrame, located: Sequence[Any]) -> pd.DataFrame:
    """Put the answers beside the points.

    Returns
    -------
    DataFrame
        The points' columns, then status, edition, and code, short, name of the finest grid; where several
        meet, they are separated by a space, the lowest code first.
    """
    leaves = [[match.chain[-1] for match in one.matches] for one in located]
    return points.assign(
        status=[one.status for one in located],
        edition=["" if one.edition is None else str(one.edition) for one in located],
        code=[" ".join(leaf.code for leaf in row) for row in leaves],
        short=[" ".join(leaf.short for leaf in row) for row in leaves],
        name=[" ".join(leaf.name for leaf in row) for row in leaves],
    )


def _read(path: Path) -> pd.DataFrame:
    for encoding in ENCODINGS:
        try:
            return pd.read_csv(path, dtype=str, keep_default_na=False, encoding=encoding)
        except UnicodeDecodeError:
            continue
        except (OSError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
            raise _no_csv(path) from error
    raise _no_csv(path)


def _no_csv(path: Path) -> BadFile:
    return BadFile(
        "bad_csv",
        zh=f"{path.name} 无法作为 CSV 读取。请用 UTF-8 或 GB18030 编码保存，第一行为列名。",
        en=f"{path.name} can't be read as CSV. Save it as UTF-8 or GB18030, its first line the columns.",
    )
