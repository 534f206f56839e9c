"""Policy as data: bands, posts, household statuses, barriers and weights, Lingquan's as the default.

A deployer changes these tables, never the code. Nothing here knows geometry.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from spatial.errors import BadParameter, Where

Division = Literal["community", "village"]
Kind = Literal["basic", "ordinary", "dedicated"]


@dataclass(frozen=True)
class Band:
    """Households that a grid of one level may hold, both ends included.

    ``minimum`` and ``maximum`` are None together where no band applies (villagers' groups); ``target`` is the
    size aimed at where a level without given borders has to be proposed.
    """

    minimum: int | None
    maximum: int | None
    target: int

    def __post_init__(self) -> None:
        """Refuse a band that nothing fits; BadParameter (``bad_band``)."""
        both = self.minimum is not None and self.maximum is not None
        if both and 0 < (self.minimum or 0) <= (self.maximum or 0) and self.target > 0:
            return
        if self.minimum is None and self.maximum is None and self.target > 0:
            return
        raise BadParameter(
            "bad_band",
            zh=f"户数区间 {self.minimum}-{self.maximum}（目标 {self.target}）不成立："
            "下限须大于 0 且不超过上限，或两者都不设。",
            en=f"No band: {self.minimum}-{self.maximum}, target {self.target}. The minimum must be above 0 "
            "and not above the maximum; or give neither.",
            where=(Where(field="band", value=f"{self.minimum}-{self.maximum}"),),
        )

    def holds(self, households: int) -> bool:
        """Say whether a number of households is in band.

        Examples
        --------
        >>> Band(10, 20, 15).holds(20), Band(10, 20, 15).holds(21), Band(None, None, 80).holds(3)
        (True, False, True)
        """
        if self.minimum is None or self.maximum is None:
            return True
        return self.minimum <= households <= self.maximum


@dataclass(frozen=True)
class Barrier:
    """One class of line that a border may follow.

    ``strength`` is 1 where a border should run if anywhere, 0 where it should not; ``layer`` and ``classes``
    are the layer of the place file and the values of its class column that feed it (OSM tags); an empty
    ``classes`` takes every other row of the layer.
    """

    name: str
    zh: str
    en: str
    strength: float
    layer: str
    classes: frozenset[str] = frozenset()


BARRIERS: tuple[Barrier, ...] = (
    Barrier("river", "河流", "river", 1.0, "water_lines", frozenset({"river", "canal"})),
    Barrier("stream", "溪沟", "stream", 0.8, "water_lines"),
    Barrier("shore", "水岸", "shore", 0.9, "water_areas"),
    Barrier("rail", "铁路", "railway", 1.0, "rail"),
    Barrier("wall", "围墙", "wall", 1.0, "walls"),
    Barrier("cliff", "陡崖", "cliff", 1.0, "gullies", frozenset({"cliff", "陡崖"})),
    Barrier("gully", "沟壑", "gully", 1.0, "gullies"),
    Barrier("ridge", "山脊", "ridge", 0.6, "ridges"),
    Barrier(
        "main_road",
        "主干路",
        "main road",
        0.9,
        "roads",
        frozenset(
            {
                "motorway",
                "trunk",
                "primary",
                "secondary",
                "tertiary",
                "motorway_link",
                "trunk_link",
                "primary_link",
                "secondary_link",
                "tertiary_link",
                "main",
            }
        ),
    ),
    Barrier(
        "railway_in_roads", "铁路", "railway", 1.0, "roads", frozenset({"rail", "railway", "light_rail"})
    ),
    Barrier(
        "minor_road",
        "支路",
        "minor road",
        0.6,
        "roads",
        frozenset({"residential", "unclassified", "living_street", "road", "minor"}),
    ),
    Barrier("lane", "巷道", "lane", 0.3, "roads"),
    Barrier("group_border", "村民小组界", "villagers' group border", 0.9, "groups"),
    Barrier("zone", "功能区界", "zone border", 0.8, "zones"),
    Barrier("dedicated", "专属网格界", "dedicated grid border", 1.0, "dedicated"),
    Barrier("landuse", "用地界", "land use border", 0.5, "landuse"),
    Barrier("affinity", "习惯片区界", "habit area border", 0.5, "affinity"),
)
"""Order matters: within a layer the first row whose classes hold the value wins."""

NOT_WALKED = frozenset({"motorway", "motorway_link", "rail", "railway", "light_rail"})
"""Classes of the layer roads that nobody walks on, and that let nobody across what they cross."""


@dataclass(frozen=True)
class Crossing:
    """One way across a barrier: near it a border holds less well, as people meet there.

    ``opens`` names the barriers that it leads across; ``tags`` are the OSM tags that feed it: keys, each with
    its values (none: any but ``no``). A place file says ``name`` in the layer crossings, or of its roads.
    """

    name: str
    zh: str
    en: str
    opens: frozenset[str]
    tags: tuple[tuple[str, frozenset[str]], ...] = ()


_WATER = frozenset({"river", "stream", "shore"})
_RAILS = frozenset({"rail", "railway_in_roads"})
_STEEP = frozenset({"gully", "cliff"})
CROSSINGS: tuple[Crossing, ...] = (
    Crossing("bridge", "桥", "bridge", _WATER | _RAILS | _STEEP, (("bridge", frozenset()),)),
    Crossing("ford", "漫水路", "ford", _WATER | _STEEP, (("ford", frozenset()),)),
    Crossing(
        "tunnel", "隧道、地下通道", "tunnel or underpass", _WATER | _RAILS | _STEEP | {"wall"},
        (("tunnel", frozenset()),),
    ),
    Crossing(
        "level_crossing", "平交道口", "level crossing", _RAILS,
        (("railway", frozenset({"level_crossing", "crossing"})),),
    ),
    Crossing(
        "gate", "大门", "gate", frozenset({"wall"}),
        (("barrier", frozenset({"gate", "lift_gate", "swing_gate", "sliding_gate", "wicket_gate",
                                "kissing_gate", "entrance", "turnstile", "bollard"})),),
    ),
    Crossing("road", "道路穿过", "a road across", _WATER | _RAILS | _STEEP | {"wall"}),
)  # fmt: skip
"""The last is no tag: a road or path that is drawn across a barrier's line."""

POSTS: dict[tuple[Division, int], tuple[str, str]] = {
    ("community", 0): ("网格长", "grid chief"),
    ("community", 1): ("网格员", "grid member"),
    ("community", 2): ("网格助理员", "grid assistant"),
    ("community", 3): ("网格联络员", "grid liaison"),
    ("village", 0): ("网格长", "grid chief"),
    ("village", 1): ("网格员", "grid member"),
    ("village", 2): ("网格联络员", "grid liaison"),
}

OCCUPIED = frozenset({"resident", "renter"})
"""Household statuses that live here; the bands count these."""
REGISTERED = frozenset({"resident", "renter", "vacant", "away"})
"""Statuses that count as a household at all; a shop is none."""

STATUS_WORDS: dict[str, str] = {
    "常住户": "resident",
    "常住": "resident",
    "租房户": "renter",
    "租户": "renter",
    "空房户": "vacant",
    "空置": "vacant",
    "底商": "shop",
    "商铺": "shop",
    "外出": "away",
    "外出户": "away",
}


@dataclass(frozen=True)
class Weights:
    """How much each aim weighs beside the others; 1 is the usual weight, 0 leaves it out, 10 is the most.

    Household bands and locks come before all of them. Each acts as the price of a border's metre.

    Parameters
    ----------
    features
        Borders run along roads, water, walls and the like.
    shape
        Grids are compact.
    zones
        Functional zones that fit in one grid stay whole.
    affinity
        Estates and habit areas that fit in one grid stay whole.
    keep
        Borders of the edition in force stay.
    load
        The grids of a parent bear like loads, where loads are given.
    """

    features: float = 1.0
    shape: float = 1.0
    zones: float = 1.0
    affinity: float = 1.0
    keep: float = 1.0
    load: float = 1.0


MOST_WEIGHT = 10.0
WEIGHT_NAMES: dict[str, tuple[str, str]] = {
    "features": ("沿地物", "along features"),
    "shape": ("紧凑", "compact"),
    "zones": ("功能区完整", "functional zones whole"),
    "affinity": ("小区与习惯片区完整", "estates and habit areas whole"),
    "keep": ("沿用现行边界", "borders in force kept"),
    "load": ("负载均衡", "load evenly spread"),
}
"""Name of each weight in Chinese and English."""

LOADS: dict[str, tuple[str, str]] = {
    "households": ("每户", "each household"),
    "cases": ("每件往期事件", "each past case"),
    "hazards": ("隐患点每威胁一户", "each household that a hazard point threatens"),
}
"""What the store knows of load; names in Chinese and English. Anything else comes as a table of loads."""

STYLES: dict[str, tuple[str, str, Weights]] = {
    "features": ("沿地物", "along features", Weights(features=2.0, shape=0.5, keep=0.0)),
    "compact": ("紧凑", "compact", Weights(features=0.4, shape=3.0, keep=0.0)),
    "today": ("最接近现行", "closest to today", Weights(keep=6.0)),
    "whole": ("片区完整", "areas kept whole", Weights(zones=4.0, affinity=4.0, keep=0.0)),
    "usual": ("常规", "usual weights", Weights()),
}
"""Alternatives to choose from, in the order in which they are proposed: names and weights."""


@dataclass(frozen=True)
class Policy:
    """All that a town may decide about its division.

    Parameters
    ----------
    bands
        Bands of levels 1, 2, ... by division.
    counts
        Which households the bands count.
    node_spacing_m
        Greatest distance between lattice vertices along an edge, by division.
    adjacency_m
        Shared edges shorter than this are a corner touch, no adjacency.
    own_face_width_m
        Water and railway land wider than this is a face of its own.
    dangle_m
        A dangling lane is carried on to the next line within this distance.
    crossing_reach_m
        A barrier within this distance of a crossing is weakened.
    crossing_share
        What a crossing leaves of a barrier's strength there.
    weights
        What is weighed once the bands hold.
    """

    bands: dict[Division, tuple[Band, ...]] = field(
        default_factory=lambda: {
            "community": (Band(300, 500, 400), Band(50, 100, 90), Band(10, 20, 17)),
            "village": (Band(None, None, 80), Band(10, 20, 15)),
        }
    )
    counts: Literal["occupied", "registered"] = "occupied"
    node_spacing_m: dict[Division, float] = field(default_factory=lambda: {"community": 2.0, "village": 10.0})
    adjacency_m: float = 0.3
    own_face_width_m: float = 10.0
    dangle_m: float = 15.0
    crossing_reach_m: float = 15.0
    crossing_share: float = 0.5
    weights: Weights = field(default_factory=Weights)


LINGQUAN = Policy()


def division_of(code: str) -> Division | None:
    """Division by a basic grid's 12-digit code: 001-199 community, 200-399 village, else None.

    Source: the statistical division codes, domain.md section 2.

    Examples
    --------
    >>> division_of("141126100001"), division_of("141126100200"), division_of("141126100900")
    ('community', 'village', None)
    """
    village = int(code[9:12])
    if 1 <= village <= 199:
        return "community"
    if 200 <= village <= 399:
        return "village"
    return None
