"""What the command line says: results on stdout, progress and errors on stderr, in two languages."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars
from rich.table import Table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from api.settings import Lang
    from spatial.errors import WanggeError

    Report = Callable[[str, str, int, int], None]


LINE_EVERY_S = 5.0
"""Seconds between two lines of one stage, where there is no terminal to draw bars on."""


class Terminal:
    """The two streams and the language of one run of the command line."""

    def __init__(self) -> None:
        self.lang: Lang = "zh"
        self.out = Console(highlight=False, soft_wrap=True)
        self.err = Console(stderr=True, highlight=False, soft_wrap=True)

    def words(self, zh: str, en: str) -> str:
        """Choose between Chinese and English."""
        return zh if self.lang == "zh" else en

    def result(self, text: str) -> None:
        """Print one line of result on stdout, exactly as it is."""
        self.out.file.write(f"{text}\n")
        self.out.file.flush()  # who reads a pipe sees the address before the server stops

    def note(self, zh: str, en: str) -> None:
        """Print one line for people on stderr."""
        self.err.print(self.words(zh, en), markup=False, emoji=False)

    def rows(self, heads: Sequence[str], rows: Iterable[Sequence[object]], *, err: bool = False) -> None:
        """Print a table: drawn on a terminal, tab-separated lines into a pipe or a file."""
        console = self.err if err else self.out
        texts = [["" if value is None else str(value) for value in row] for row in rows]
        if not texts:
            return
        if not console.is_terminal:
            for line in ([*heads], *texts):
                plain = "\t".join(" ".join(cell.split()) for cell in line)
                console.file.write(f"{plain}\n")
            return
        table = Table(*heads)
        for line in texts:
            table.add_row(*(escape(cell) for cell in line))
        console.print(table)

    def error(self, error: WanggeError) -> None:
        """Print an error: Chinese, English, and where, on stderr."""
        first, second = (error.zh, error.en) if self.lang == "zh" else (error.en, error.zh)
        self.err.print(f"{self.words('错误', 'Error')} {error.code}: {first}", markup=False, emoji=False)
        self.err.print(second, markup=False, emoji=False)
        if error.code == "rows_bad":
            self._faults(error.data["faults"])
            return
        names = [
            name
            for name in ("layer", "row", "field", "value", "ref")
            if any(getattr(place, name) is not None for place in error.where)
        ]
        zh = {"layer": "图层", "row": "行", "field": "字段", "value": "值", "ref": "对象"}
        heads = [self.words(zh[name], name) for name in names]
        if names:
            self.rows(heads, [[getattr(p, name) for name in names] for p in error.where], err=True)

    def _faults(self, faults: list[dict[str, Any]]) -> None:
        """Print rows that are at fault in several ways, each with what is wrong with it."""
        names = ("layer", "row", "ref", "code", self.lang)
        zh = {"layer": "图层", "row": "行", "ref": "对象", "code": "code", "zh": "说明", "en": "what"}
        heads = [self.words(zh[name], zh["en"] if name == "en" else name) for name in names]
        self.rows(heads, [[fault[name] for name in names] for fault in faults], err=True)

    @contextmanager
    def progress(self) -> Iterator[Report]:
        """Give a function that shows progress: bars on a terminal, else a line when a stage begins.

        A stage that takes long says every few seconds how far it is.
        """
        if not self.err.is_terminal:
            yield self._lines()
            return
        columns: list[Any] = [
            TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
        ]  # fmt: skip
        with Bars(*columns, console=self.err) as bars:
            stages: dict[str, Any] = {}

            def report(zh: str, en: str, done: int, total: int) -> None:
                if en not in stages:
                    stages[en] = bars.add_task(escape(self.words(zh, en)), total=total)
                bars.update(stages[en], completed=done, total=total)

            yield report

    def _lines(self) -> Report:
        told: dict[str, float] = {}

        def report(zh: str, en: str, done: int, total: int) -> None:
            now = time.monotonic()
            if en not in told:
                told[en] = now
                self.note(f"{zh}…", f"{en}…")
            elif now - told[en] >= LINE_EVERY_S:
                told[en] = now
                percent = 100 * done // max(total, 1)
                self.note(f"{zh}：已完成 {percent} %", f"{en}: {percent} % done")

        return report


terminal = Terminal()
"""The terminal of this process."""
