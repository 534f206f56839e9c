"""Our pages run in Chromium 100: no newer syntax, no newer interface."""

import re
import subprocess

import pytest

from maps import assets

ROOT = assets.WEB.parent.parent
ESBUILD = ROOT / "node_modules" / ".bin" / "esbuild"
SCRIPTS = sorted(assets.WEB.rglob("*.js"))
SHEETS = sorted(assets.WEB.rglob("*.css"))

NEWER_JS = {
    # version of Chromium: what came with it
    101: r"\.with\(\s*-?\d+\s*,",
    102: r"\binert\b\s*=|\bcheckVisibility\(",
    103: r"AbortSignal\.timeout\(",
    110: r"\.(toSorted|toReversed|toSpliced)\(",
    114: r"\.(showPopover|hidePopover|togglePopover)\(|setHTMLUnsafe\(",
    116: r"AbortSignal\.any\(",
    117: r"(Object|Map)\.groupBy\(",
    119: r"Promise\.withResolvers\(",
    120: r"URL\.canParse\(|\.(isWellFormed|toWellFormed)\(",
    121: r"Array\.fromAsync\(",
    122: r"\.(values|keys|entries)\(\)\s*\.(map|filter|take|drop|flatMap|reduce|toArray|forEach|some|every)\("
    r"|\.(isSubsetOf|isSupersetOf|isDisjointFrom|symmetricDifference)\(",
    126: r"URL\.parse\(",
    128: r"Promise\.try\(",
    129: r"scheduler\.(yield|postTask)\(",
    134: r"RegExp\.escape\(|Iterator\.from\(",
}
NEWER_CSS = {
    101: r"\bhwb\(",
    105: r":has\(|@container\b|:modal\b",
    104: r"\b(translate|rotate|scale)\s*:|@media[^{]*[<>]=",
    108: r"\d(dvh|svh|lvh|dvw|svw|lvw)\b",
    109: r"\d(lh|rlh)\b",
    111: r"color-mix\(|\b(oklch|oklab|lab|lch)\(",
    112: r"(^|[{;])\s*&",
    114: r"text-wrap\s*:|:popover-open",
    117: r"\bsubgrid\b|@starting-style",
    118: r"@scope\b",
    123: r"light-dark\(|field-sizing\s*:",
    125: r"anchor-name\s*:|position-anchor\s*:",
}


def said(table, text):
    """What of a table stands in a text, by version."""
    found = {version: re.search(one, text, re.MULTILINE) for version, one in table.items()}
    return {version: match.group() for version, match in found.items() if match}


def without_comments(text):
    return re.sub(r"/\*.*?\*/|^\s*//.*$", "", text, flags=re.DOTALL | re.MULTILINE)


def written(scripts, target, out):
    """What esbuild writes for a browser, by file: what is too new for it is put in older words."""
    folder = out / target
    subprocess.run(
        [ESBUILD, *scripts, "--format=esm", f"--target={target}", "--log-level=error", f"--outdir={folder}"],
        check=True,
    )
    return {str(one.relative_to(folder)): one.read_text("utf-8") for one in folder.rglob("*.js")}


def too_new(scripts, out):
    old, new = (written(scripts, target, out) for target in ("chrome100", "esnext"))
    assert len(old) == len(scripts)
    return [name for name in old if old[name] != new[name]]


def test_syntax(tmp_path):
    newer = tmp_path / "newer.js"
    newer.write_text("{ using a = b; }", encoding="utf-8")
    assert too_new([newer], tmp_path / "seen") == ["newer.js"]
    assert too_new(SCRIPTS, tmp_path / "ours") == []


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: str(path.relative_to(assets.WEB)))
def test_interfaces(script):
    assert said(NEWER_JS, without_comments(script.read_text("utf-8"))) == {}


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: str(path.relative_to(assets.WEB)))
def test_styles(sheet):
    assert said(NEWER_CSS, without_comments(sheet.read_text("utf-8"))) == {}


def test_the_lists_see_what_they_are_for():
    assert list(said(NEWER_JS, "x = rows.toSorted();\nsize = new Map().values().map(f)")) == [110, 122]
    assert list(said(NEWER_CSS, "a:has(b) { width: 10dvh; }\n.c { & d { e: f } }")) == [105, 108, 112]
