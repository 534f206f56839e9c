"""What happened to a case, as one cell of a register tells it: step@time@who; step@time@who."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from spatial.duty.cases import TRANSITIONS, step_of
from spatial.errors import Where
from spatial.readers.text import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spatial.readers.tables import Table
    from spatial.readers.words import Findings


def read_steps(
    table: Table, row: int, cells: Sequence[Any], ref: str, zone: str, findings: Findings
) -> list[dict[str, str]]:
    """Read the steps of a row, the oldest first: dicts of kind, at (ISO 8601 with its zone) and who.

    Times without a zone are of ``zone``. A step that can't be read is told (``step_not_read``), left out.
    """
    said = plain(table.cell(cells, "steps")) or ""
    steps = []
    for text in (part.strip() for part in re.split(r"[;；]", said)):
        word, _, rest = text.partition("@")
        time, _, who = rest.partition("@")
        kind, at = step_of(word), _moment(time.strip(), zone)
        if kind is not None and at is not None:
            steps.append({"kind": kind, "at": at, "who": who.strip() or "-"})
        elif text:
            where = Where(layer=table.name, row=row, ref=ref, value=text)
            findings.note("step_not_read", where, "、".join(step.zh for step in TRANSITIONS.values()))
    return sorted(steps, key=lambda step: dt.datetime.fromisoformat(step["at"]))


def _moment(text: str, zone: str) -> str | None:
    try:
        found = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    return (found if found.tzinfo else found.replace(tzinfo=ZoneInfo(zone))).isoformat()
