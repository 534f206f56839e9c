"""The words: every code is documented, worded in both languages, and used."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from spatial.errors import Where
from spatial.readers import words

ROOT = Path(__file__).parents[2]
PAGES = [(ROOT / "docs" / name).read_text(encoding="utf-8") for name in ("place-file.md", "readers.md")]
DOC = "".join(PAGES)


@pytest.mark.parametrize("code", sorted(words.codes()))
def test_every_code_stands_in_the_doc(code):
    assert f"| {code} |" in DOC or f"`{code}`" in DOC


def test_the_doc_names_no_code_that_is_gone():
    told = "".join(re.split(r"^## What the readers? says?$", page, flags=re.MULTILINE)[1] for page in PAGES)
    named = set(re.findall(r"^\| (\w+) \| ", told, flags=re.MULTILINE)) - {"code"}
    assert named <= set(words.codes())


@pytest.mark.parametrize("code", sorted(set(words.codes()) - {"rows_bad"}))
def test_every_code_is_used(code):
    sources = "".join(
        path.read_text(encoding="utf-8")
        for path in (ROOT / "spatial" / "readers").glob("*.py")
        if not path.name.startswith(("words", "sayings"))
    )
    made = {f"{field}_{kind}" for field in ("code", "name") for kind in ("duplicate",)} | {"floor_unread"}
    assert f'"{code}"' in sources or code in made


def test_a_fault_says_where_and_what_in_both_languages():
    findings = words.Findings()
    findings.fault(
        "households_negative", Where(layer="buildings", row=3, field="households", value="-1", ref="7")
    )
    zh, en = findings.faults[0].words()
    assert "第 3 行" in zh
    assert "-1" in zh
    assert "row 3 of buildings" in en
