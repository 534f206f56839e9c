"""What a check found, told on the command line: a table of proofs, those that fail one by one, or JSON."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict
from typing import TYPE_CHECKING

import typer

from api.console import terminal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spatial.checking import CheckResult, Proof

SUBJECT_WORDS = {
    "code": "编码", "outline": "轮廓", "seam": "无缝", "nesting": "上下级", "buildings": "建筑",
    "households": "户数", "band": "区间", "reason": "理由", "town": "全镇", "disputed": "争议地",
    "ground": "地块", "stored": "存储",
}  # fmt: skip
ONE_BY_ONE = frozenset({"town", "disputed", "stored"})
"""Subjects of which a town has one statement or a few: they are told even where they hold."""


def show(found: CheckResult, *, as_json: bool = False, each: bool = False) -> None:
    """Tell what a check found, and end the command with status 1 if a proof fails.

    Parameters
    ----------
    found
        What is told.
    as_json
        As one JSON object on stdout.
    each
        Tell statements about the whole town even where they hold.
    """
    if as_json:
        terminal.result(json.dumps(asdict(found), ensure_ascii=False))
    else:
        if found.areas:
            terminal.rows(list(found.areas[0]), [list(area.values()) for area in found.areas])
        _print_proofs(found.proofs, each=each)
        terminal.note(*(("通过", "passed") if found.ok else ("未通过", "failed")))
    if not found.ok:
        raise typer.Exit(1)


def _print_proofs(proofs: Sequence[Proof], *, each: bool) -> None:
    """Count the proofs by subject and system, and list those that fail."""
    held = Counter((p.subject, p.system, p.ok) for p in proofs)
    heads = [
        terminal.words(zh, en)
        for zh, en in (("证明", "proof"), ("坐标", "system"), ("成立", "holds"), ("不成立", "fails"))
    ]
    kinds = dict.fromkeys((p.subject, p.system) for p in proofs)
    rows = [(_subject(s), _system(w), held[s, w, True], held[s, w, False]) for s, w in kinds]
    terminal.rows(heads, rows)
    for proof in proofs:
        if not proof.ok or (each and proof.subject in ONE_BY_ONE):
            what = terminal.words(proof.zh, proof.en)
            ok = (
                ""
                if not each
                else terminal.words("成立 " if proof.ok else "不成立 ", "ok " if proof.ok else "FAILS ")
            )
            terminal.result(f"{ok}{_subject(proof.subject)} {proof.code or proof.area_code}: {what}")


def _subject(name: str) -> str:
    return terminal.words(SUBJECT_WORDS[name], name)


def _system(name: str) -> str:
    return terminal.words("格点", "lattice") if name == "lattice" else name
