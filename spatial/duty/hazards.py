"""Geological hazard points: types, grades and scales as data, what a point carries, and its life."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import datetime as dt

Grade = Literal["I", "II", "III", "IV"]
GRADES: dict[Grade, tuple[str, str]] = {
    "I": ("特大型", "very large"),
    "II": ("大型", "large"),
    "III": ("中型", "medium"),
    "IV": ("小型", "small"),
}
"""From the worst."""

TYPES: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "landslide": ("滑坡", "landslide", ("translational_slide", "rotational_slide", "complex", "creep")),
    "collapse": (
        "崩塌", "collapse", ("窑洞垮塌", "rock_fall", "rockfall", "危岩", "topple", "riverbank_collapse"),
    ),
    "sinkhole": ("黄土陷穴", "loess sinkhole", ("陷穴",)),
    "cut_slope": ("切坡建房", "slope cut for housing", ("切坡",)),
    "check_dam": ("淤地坝下游", "below a check dam", ("淤地坝",)),
    "debris_flow": (
        "泥石流", "debris flow", ("泥流", "mudslide", "mudflow", "earth_flow", "earthflow", "lahar"),
    ),
    "ground_collapse": ("地面塌陷", "ground collapse", ("采空塌陷",)),
    "fissure": ("地裂缝", "ground fissure", ()),
    "subsidence": ("地面沉降", "subsidence", ()),
    "unstable_slope": ("不稳定斜坡", "unstable slope", ("斜坡",)),
    "other": ("其他", "other", ("unknown", "snow_avalanche")),
}  # fmt: skip
"""Type by key: Chinese, English, and other words that registers and NASA's catalogue use: its mudslides and
earth flows are flows (泥石流), topples and collapsing banks 崩塌, complex movements and creep 滑坡."""

DISASTER: tuple[tuple[Grade, float, float], ...] = (("I", 30, 1000), ("II", 10, 500), ("III", 3, 100))
"""Grade, least deaths, least direct loss in 10,000 yuan; below all of them IV (domain.md section 5)."""
THREAT: tuple[tuple[Grade, float, float], ...] = (("I", 1000, 10_000), ("II", 500, 5000), ("III", 100, 500))
"""Grade, least people to move, least potential loss in 10,000 yuan; below all of them IV."""

SCALES: dict[str, tuple[float, float, float]] = {
    "landslide": (10, 100, 1000), "collapse": (1, 10, 100), "debris_flow": (2, 20, 50),
}  # fmt: skip
"""Bounds of small, medium, large and very large by volume in 10,000 m³; the last two rows are unconfirmed."""

STATES: dict[str, tuple[str, str]] = {
    "new": ("新增", "new"),
    "registered": ("在册", "registered"),
    "treatment": ("工程治理中", "under treatment"),
    "relocation": ("避让搬迁中", "under relocation"),
    "removal": ("排危除险中", "under removal of the danger"),
    "struck_off": ("已核销", "struck off"),
}
_WORK = frozenset({"treatment", "relocation", "removal"})
TRANSITIONS: dict[str, frozenset[str]] = {
    "new": frozenset({"registered", "struck_off"}),
    "registered": _WORK | {"struck_off"},
    "treatment": frozenset({"registered", "relocation", "removal", "struck_off"}),
    "relocation": frozenset({"registered", "treatment", "removal", "struck_off"}),
    "removal": frozenset({"registered", "treatment", "relocation", "struck_off"}),
    "struck_off": frozenset({"registered"}),
}
"""Which state may follow which; a point struck off comes back where the slope moves again."""


@dataclass(frozen=True)
class Person:
    """A person named in the register: name, post and phone, each as far as known."""

    name: str | None = None
    post: str | None = None
    phone: str | None = None


@dataclass(frozen=True)
class HazardPoint:
    """A hidden-danger point (隐患点) as its register has it (domain.md section 5).

    Parameters
    ----------
    number
        The register's own, text.
    kind
        A key of ``TYPES``.
    lon, lat
        Degrees, EPSG:4326.
    place
        County, town, village and group in words, as the register has them.
    scale_wan_m3, scale
        Volume in 10,000 m³, and its class (small, medium, large, very large, or the register's word).
    grade
        Of the threat.
    property_wan
        Threatened property in 10,000 yuan.
    households, people
        Threatened, by the register's own count; ``frail`` whether frail people are among them.
    plan, cards
        Whether a plan exists, and both cards were issued.
    monitors
        Up to six.
    state
        A key of ``STATES``; ``struck_off_on`` and ``struck_off_why`` where it is struck off.
    review
        The two levels of review, as words.
    """

    number: str
    kind: str
    lon: float
    lat: float
    name: str | None = None
    trend: str | None = None
    place: str | None = None
    scale_wan_m3: float | None = None
    scale: str | None = None
    grade: Grade | None = None
    property_wan: float | None = None
    households: int | None = None
    people: int | None = None
    frail: bool | None = None
    found_on: dt.date | None = None
    trigger: str | None = None
    monitoring: str | None = None
    warning: str | None = None
    plan: bool | None = None
    cards: bool | None = None
    last_drill: dt.date | None = None
    responsible: Person | None = None
    monitors: tuple[Person, ...] = ()
    state: str = "registered"
    struck_off_on: dt.date | None = None
    struck_off_why: str | None = None
    review: str | None = None


def type_of(text: str | None) -> str | None:
    """Find a type's key by its key or a word for it; None where none is called so.

    Examples
    --------
    >>> type_of("滑坡"), type_of("窑洞垮塌"), type_of("Debris flow"), type_of("洪水")
    ('landslide', 'collapse', 'debris_flow', None)
    """
    word = (text or "").strip()
    lower = word.lower().replace(" ", "_")
    for key, (zh, en, also) in TYPES.items():
        if word in {zh, *also} or lower in {key, en.replace(" ", "_"), *also}:
            return key
    return None


def grade_of(text: str | None) -> Grade | None:
    """Find a grade by its roman number or word.

    Examples
    --------
    >>> grade_of("特大型"), grade_of("Ⅲ级"), grade_of("小型(IV)"), grade_of("2")
    ('I', 'III', 'IV', None)
    """
    word = unicodedata.normalize("NFKC", (text or "").strip()).upper()
    for grade, (zh, en) in GRADES.items():
        if word.removesuffix("级") == grade or word.startswith(zh) or word == en.upper():
            return grade
    return None


def state_of(text: str | None) -> str | None:
    """Find a state's key by its key or word.

    Examples
    --------
    >>> state_of("已核销"), state_of("registered"), state_of("在册"), state_of("?")
    ('struck_off', 'registered', 'registered', None)
    """
    word = (text or "").strip()
    for key, (zh, en) in STATES.items():
        if word in {key, zh} or word.lower() == en:
            return key
    return None


def disaster_grade(deaths: float | None, loss_wan: float | None) -> Grade:
    """Grade a disaster by deaths or direct loss (10,000 yuan): the worse of the two holds.

    Examples
    --------
    >>> disaster_grade(3, 0), disaster_grade(2, 1000), disaster_grade(None, None)
    ('III', 'I', 'IV')
    """
    return _grade(DISASTER, deaths, loss_wan)


def threat_grade(people: float | None, loss_wan: float | None) -> Grade:
    """Grade a threat by people to move or potential loss (10,000 yuan): the worse of the two holds.

    Examples
    --------
    >>> threat_grade(99, 499), threat_grade(100, 0), threat_grade(4, 5000)
    ('IV', 'III', 'II')
    """
    return _grade(THREAT, people, loss_wan)


def _grade(
    table: tuple[tuple[Grade, float, float], ...], people: float | None, loss_wan: float | None
) -> Grade:
    for grade, least_people, least_loss in table:
        if (people or 0) >= least_people or (loss_wan or 0) >= least_loss:
            return grade
    return "IV"


def scale_of(kind: str, volume_wan_m3: float) -> str | None:
    """Class of a hazard's volume (10,000 m³), None for types that have no such table.

    Examples
    --------
    >>> scale_of("landslide", 9.9), scale_of("landslide", 100), scale_of("fissure", 3)
    ('small', 'large', None)
    """
    bounds = SCALES.get(kind)
    if bounds is None:
        return None
    return ("small", "medium", "large", "very large")[sum(volume_wan_m3 >= bound for bound in bounds)]
