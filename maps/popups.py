"""The page around the map: header, search, level switch, legend and the card, as one folium element.

Nothing of the data is written into HTML here: the element hands the page's scripts JSON, and they set text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from branca.element import MacroElement
from folium.elements import JSCSSMixin
from folium.template import Template
from jinja2 import Environment, FileSystemLoader

from maps.assets import VENDOR, WEB, module

if TYPE_CHECKING:
    from folium import GeoJson

_TEMPLATES = Environment(loader=FileSystemLoader(WEB.parent / "templates"), autoescape=True)
_TEMPLATES.globals["module"] = module


SCRIPTS = (
    "core", "paint", "ground", "labels", "themes", "duty", "marks", "timebar", "controls", "card", "dutycard",
    "search", "levels", "next", "town",
)  # fmt: skip
"""Our scripts of the read-only maps in the order that they are loaded, each on those before it."""


class TownPanel(JSCSSMixin, MacroElement):
    """Everything on the page but the map's shapes; add it to the map after its layers.

    Parameters
    ----------
    layers
        Layers by the name that the scripts know them by.
    config
        Token of the scripts' JSON values: words, style table, language, title, addresses, ground and duty.
    """

    _template = Template(
        """
        {% macro html(this, kwargs) %}{{ this.chrome }}{% endmacro %}
        {% macro script(this, kwargs) %}
        Wangge.town({{ this._parent.get_name() }}, {
            {%- for name, layer in this.layers.items() %}
            {{ name|tojson }}: {{ layer.get_name() }},
            {%- endfor %}
        }, "{{ this.config }}");
        {% endmacro %}
        """
    )
    default_js = [  # noqa: RUF012  -- folium declares it so
        ("markerclusterjs", f"{VENDOR}/leaflet.markercluster.js"),
        ("leaflet-heat.js", f"{VENDOR}/leaflet-heat.js"),
        *((f"wangge_{name}", f"/static/web/town/{name}.js") for name in SCRIPTS),
    ]
    default_css = [("wangge_town_css", "/static/web/town/town.css")]  # noqa: RUF012

    def __init__(self, layers: dict[str, GeoJson], config: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "TownPanel"
        self.layers = layers
        self.config = config
        self.chrome = template("town.html")


def template(name: str, **values: Any) -> str:
    """Fill one of our templates, escaping every value for HTML.

    Parameters
    ----------
    name
        File name in ``maps/templates``.
    values
        Values for its placeholders.
    """
    return _TEMPLATES.get_template(name).render(**values)
