"""The operator's base map for the planner's page: tiles of one named host, or words why it is not shown.

Off unless ``WANGGE_BASEMAP_URL`` is set. A base in GCJ-02 or BD-09 would stand some 500 m beside the plan: it
is refused, never shown.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from api import headers

if TYPE_CHECKING:
    from api.settings import Settings

SHIFTED_HOSTS = ("autonavi.com", "amap.com", "gtimg.com", "qq.com", "bdimg.com", "baidu.com", "google.cn")
"""Hosts whose tiles of China are in GCJ-02 or BD-09, whatever is declared."""
REFUSALS: dict[str, dict[str, str]] = {
    "shifted": {
        "zh": "底图采用 GCJ-02 或 BD-09 坐标，会偏离网格约 500 米以上，不予显示；"
        "请改用天地图等 WGS 84 / CGCS2000 底图。",
        "en": "This base map is in GCJ-02 or BD-09 and would lie some 500 m off: it is not shown. "
        "Use one in WGS 84 or CGCS2000, such as Tianditu.",
    },
    "undeclared": {
        "zh": "没有声明底图的坐标系，不予显示；请设置 WANGGE_BASEMAP_CRS（wgs84 或 cgcs2000）。",
        "en": "The base map's system is not declared, so it is not shown. "
        "Set WANGGE_BASEMAP_CRS (wgs84 or cgcs2000).",
    },
    "address": {
        "zh": "底图地址有误：应为 http(s) 地址，含 {z}、{x}、{y}，主机名中没有占位符。",
        "en": "The base map's address is wrong: http(s), with {z}, {x} and {y}, none of them in the host.",
    },
}
"""Why a base map is not shown."""
_HOLES = re.compile(r"\{\w\}")
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?", re.IGNORECASE)


@dataclass(frozen=True)
class Basemap:
    """A base map in EPSG:3857 tiles.

    Parameters
    ----------
    name, note
        What it is called, and its source and review number (审图号) as they must be shown.
    urls
        Addresses with ``{z}``, ``{x}``, ``{y}``: the base, then its labels if they come apart.
    origins
        Hosts of the addresses, for the content security policy.
    refused
        Why it is not shown, in Chinese (zh) and English (en), or None.
    """

    name: str
    note: str
    urls: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    refused: dict[str, str] | None = None

    def to_page(self) -> dict[str, Any]:
        """Give what the page is told; a refused one has no address."""
        return {"name": self.name, "note": self.note, "urls": list(self.urls), "refused": self.refused}

    def policy(self) -> str:
        """Widen the strict policy by the tiles' hosts, for pictures alone."""
        hosts = " ".join(self.origins)
        return headers.STRICT.replace("img-src 'self'", f"img-src 'self' {hosts}".rstrip())


def basemap(settings: Settings) -> Basemap | None:
    """Make the base map that the settings name; None where they name none."""
    given = [url for url in (settings.basemap_url, settings.basemap_labels_url) if url]
    if settings.basemap_url is None:
        return None
    name = settings.basemap_name or urlsplit(settings.basemap_url).hostname or "?"
    origins = tuple(dict.fromkeys(origin for url in given if (origin := _origin(url))))
    refused = _refusal(settings, given)
    if refused is not None:
        return Basemap(name, settings.basemap_note, refused=REFUSALS[refused])
    key = quote(settings.basemap_key, safe="")
    return Basemap(name, settings.basemap_note, tuple(url.replace("{key}", key) for url in given), origins)


def _refusal(settings: Settings, urls: list[str]) -> str | None:
    """Say which of the `REFUSALS` holds, or None."""
    hosts = [(urlsplit(url).hostname or "").lower() for url in urls]
    shifted = any(host == one or host.endswith(f".{one}") for host in hosts for one in SHIFTED_HOSTS)
    if settings.basemap_crs in {"gcj02", "bd09"} or shifted:
        return "shifted"
    if settings.basemap_crs is None:
        return "undeclared"
    sound = all(_origin(url) and {"{z}", "{x}", "{y}"} <= set(_HOLES.findall(url)) for url in urls)
    return None if sound else "address"


def _origin(url: str) -> str | None:
    """Scheme, host and port of an address, fit for a content security policy; None where it has none."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not _HOST.fullmatch(parts.hostname or ""):
        return None
    return f"{parts.scheme}://{parts.hostname}" + (f":{port}" if port else "")
