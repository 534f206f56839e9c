"""The minutes of a plan for A4: review, threads of notes, and a map with their pins. Values in, HTML out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal
from zoneinfo import ZoneInfo

from maps.alternatives import picture
from maps.popups import template

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    import geopandas as gpd

Language = Literal["zh", "en"]
CHINA = ZoneInfo("Asia/Shanghai")
_WORDS: dict[str, tuple[str, str]] = {
    "title": ("意见与审核记录", "Minutes: notes and review"),
    "language": ("EN", "中文"),
    "print": ("打印", "Print"),
    "back": ("回到方案", "Back to the plan"),
    "sample": ("示例数据", "Sample data"),
    "plan": ("方案 {n}", "Plan {n}"),
    "rev": ("修订 {n}", "revision {n}"),
    "as_of": ("截至", "As of"),
    "people": ("发言人", "Who spoke"),
    "counts": ("意见 {n} 条，其中反对意见 {objections} 条；已了结 {resolved} 条",
               "{n} threads, {objections} of them objections; {resolved} resolved"),
    "review": ("审核", "Review"),
    "no_review": ("尚未提交审核。", "Not submitted for review yet."),
    "notes": ("意见", "Notes"),
    "no_notes": ("没有意见。", "No notes."),
    "objection": ("反对意见", "Objection"),
    "open": ("未了结", "open"),
    "resolved": ("{who} 于 {at} 了结", "resolved by {who}, {at}"),
    "own": ("提交人自审", "approved by who submitted it"),
    "no": ("序号", "No."), "where": ("网格", "Grid"), "said": ("内容", "What was said"),
    "who": ("人", "Who"), "at": ("时间", "When"), "state": ("结果", "Outcome"),
    "step": ("步骤", "Step"), "comment": ("意见", "Comment"),
    "published": ("已发布", "published"),
    "sign": ("主持人签字", "Chair"), "sign2": ("记录人签字", "Minutes taken by"), "sign3": ("日期", "Date"),
    "disclaimer": ("界线不作为划界依据", "Borders are no legal ground for delimitation"),
    "draft": ("草稿", "draft"), "submitted": ("待审核", "submitted"), "returned": ("已退回", "returned"),
    "approved": ("已通过", "approved"),
    "submit": ("提交审核", "submitted"), "return": ("退回", "returned"), "approve": ("通过", "approved"),
}  # fmt: skip


@dataclass(frozen=True)
class Thread:
    """A note as `spatial.store.notes.NoteRow` has it, what its grid is called, and its replies."""

    note: Any
    grid: str | None
    replies: Sequence[Any]


@dataclass(frozen=True)
class Minutes:
    """What the minutes tell.

    Parameters
    ----------
    plan, code, area, name, rev, review, published, sample
        The plan, its basic grid, its name if it has one, revision and state.
    threads
        Notes with their replies, by number.
    steps
        The review: kind, rev, who, at, text, own.
    grids
        Columns level, short, name, households, geometry (EPSG:4326), all levels.
    """

    plan: int
    code: str
    area: str
    name: str | None
    rev: int
    review: str
    published: bool
    sample: bool
    threads: Sequence[Thread]
    steps: Sequence[Any]
    grids: gpd.GeoDataFrame


def minutes_page(found: Minutes, *, lang: Language = "zh") -> str:
    """Draw the minutes as a page that prints on A4."""

    def word(key: str, **given: object) -> str:
        return _WORDS[key][0 if lang == "zh" else 1].format(**given)

    def day(at: dt.datetime) -> str:
        return at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")

    notes = [thread.note for thread in found.threads]
    said = [one for thread in found.threads for one in (thread.note, *thread.replies)]
    pins = [(n.lon, n.lat, str(n.number), n.resolved_by is None) for n in notes if n.lon is not None]
    counts = word(
        "counts", n=len(notes), objections=sum(n.objection for n in notes),
        resolved=sum(n.resolved_by is not None for n in notes),
    )  # fmt: skip
    return template(
        "minutes.html",
        found=found, lang=lang, t=word, day=day, counts=counts, picture=picture(found.grids, pins),
        people=list(dict.fromkeys(one.who for one in said)),
        last=max((one.at for one in (*said, *found.steps)), default=None),
        again=f"/plan/{found.plan}/minutes?lang={'en' if lang == 'zh' else 'zh'}",
    )  # fmt: skip
