"""The scripts and styles of a folium page: our own copies, or inlined in one file."""

from __future__ import annotations

import base64
import mimetypes
import re
from pathlib import Path
from typing import TYPE_CHECKING

from folium.elements import JSCSSMixin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from branca.element import Element, Figure

STATIC = Path(__file__).parent / "static"
"""Served at ``/static``; its folder ``vendor`` is made by ``script/web`` and never committed."""
WEB = Path(__file__).parent / "web"
"""Our own scripts and styles, served at ``/static/web``."""

VENDOR = "/static/vendor"
LOCAL: dict[str, str | None] = {
    "leaflet": f"{VENDOR}/leaflet.js",
    "leaflet_css": f"{VENDOR}/leaflet.css",
    "jquery": f"{VENDOR}/jquery.min.js",
    "markerclusterjs": f"{VENDOR}/leaflet.markercluster.js",
    "markerclustercss": f"{VENDOR}/MarkerCluster.css",
    "markerclusterdefaultcss": f"{VENDOR}/MarkerCluster.Default.css",
    "leaflet-heat.js": f"{VENDOR}/leaflet-heat.js",
    # what folium loads for every map and our pages do not use
    "bootstrap": None,
    "bootstrap_css": None,
    "glyphicons_css": None,
    "awesome_markers": None,
    "awesome_markers_css": None,
    "awesome_markers_font_css": None,
    "awesome_rotate_css": None,
}
"""folium's own name of an asset to our address; None leaves it out."""


class UnmappedAsset(LookupError):
    """A folium class wants a file that we do not serve: add it to ``script/web`` and to ``LOCAL``."""

    def __init__(self, name: str, url: str) -> None:
        super().__init__(
            f"folium asset {name!r} ({url}) has no local file: see script/web and maps/assets.py"
        )
        self.name = name
        self.url = url


class MissingAsset(FileNotFoundError):
    """A file to be inlined is not on disk: ``script/web`` has not run."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path.name} is missing, run script/web")
        self.path = path


def localise(figure: Figure) -> None:
    """Point every folium class used in a figure to our own files, on the instances only.

    Raises
    ------
    UnmappedAsset
        If an element names an asset that ``LOCAL`` does not know.
    """
    for element in _elements(figure):
        if isinstance(element, JSCSSMixin):
            element.default_js = _mapped(element.default_js)
            element.default_css = _mapped(element.default_css)


def number(figure: Figure) -> None:
    """Name the elements of a figure by their order, not at random: the same data makes the same page."""
    for order, element in enumerate(_elements(figure)):
        element._id = f"{order:04d}"  # noqa: SLF001  -- branca draws it at random and offers no other way


def _elements(root: Element) -> Iterator[Element]:
    """Walk an element and all below it."""
    yield root
    for child in root._children.values():  # noqa: SLF001  -- branca has no public walk
        yield from _elements(child)


def _mapped(pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    out = []
    for name, url in pairs:
        if url.startswith("/static/"):
            out.append((name, url))
            continue
        if name not in LOCAL:
            raise UnmappedAsset(name, url)
        local = LOCAL[name]
        if local is not None:
            out.append((name, local))
    return out


def path_of(url: str) -> Path:
    """Return the file behind one of our addresses.

    Examples
    --------
    >>> path_of("/static/web/town/town.css").relative_to(WEB).as_posix()
    'town/town.css'
    """
    if url.startswith("/static/web/"):
        return WEB / url.removeprefix("/static/web/")
    return STATIC / url.removeprefix("/static/")


def module(page: str) -> str:
    """Address of a page's main module: all of them in one file where none is newer, else the module itself.

    Parameters
    ----------
    page
        Path of the module below ``WEB``, "plan/main.js".
    """
    bundle = STATIC / "pages" / page
    if bundle.is_file():
        newest = max(path.stat().st_mtime_ns for path in WEB.rglob("*.js"))
        if bundle.stat().st_mtime_ns >= newest:
            return f"/static/pages/{page}"
    return f"/static/web/{page}"


def inline(page: str) -> str:
    """Replace the links in a page's head by the files themselves; nothing below the head is touched.

    Raises
    ------
    MissingAsset
        If a file is not on disk.
    """
    head, end, body = page.partition("</head>")

    def script(found: re.Match[str]) -> str:
        code = _read(path_of(found.group(1))).replace("</script", r"<\/script").replace("<!--", r"<\!--")
        return f"<script>{code}</script>"

    def style(found: re.Match[str]) -> str:
        return "<style>" + inlined_css(path_of(found.group(1))).replace("</style", r"<\/style") + "</style>"

    head = re.sub(r'<link rel="stylesheet" href="(/static/[^"]+)"\s*/?>', style, head)
    head = re.sub(r'<script src="(/static/[^"]+)"></script>', script, head)
    return head + end + body


def inlined_css(path: Path) -> str:
    """Return a style sheet with every picture it names as a data address.

    Raises
    ------
    MissingAsset
        If the sheet or a picture is not on disk.
    """

    def embed(found: re.Match[str]) -> str:
        url = found.group(1)
        if url.startswith(("data:", "#")):
            return found.group(0)
        picture = path.parent / url
        if not picture.is_file():
            raise MissingAsset(picture)
        kind = mimetypes.guess_type(picture.name)[0] or "application/octet-stream"
        return f"url(data:{kind};base64,{base64.b64encode(picture.read_bytes()).decode()})"

    return re.sub(r"url\(\s*['\"]?([^'\")]+)['\"]?\s*\)", embed, _read(path))


def _read(path: Path) -> str:
    if not path.is_file():
        raise MissingAsset(path)
    return path.read_text(encoding="utf-8")
