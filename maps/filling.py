"""Data into a rendered page: folium runs what it renders through Jinja again, so no datum may be there then.

A name such as ``{{ 7 * 7 }}`` would be worked out by the server. So elements carry tokens while folium works,
and the tokens are replaced afterwards, in one pass: what is put in is never looked at again.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

_TOKEN = re.compile(r'"@@(\w+)@@"|@@(\w+)@@')
_UNSAFE = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "'": "\\u0027"})


def token(name: str) -> str:
    """Return what stands for a datum until :func:`fill`.

    Examples
    --------
    >>> token("title")
    '@@title@@'
    """
    return f"@@{name}@@"


def script_json(value: Any) -> str:
    r"""Write a value as JSON that may stand in an inline script.

    Examples
    --------
    >>> script_json(["</script>", "'"])
    '["\\u003c/script\\u003e","\\u0027"]'
    """
    return json.dumps(value, separators=(",", ":")).translate(_UNSAFE)


def fill(page: str, parts: Mapping[str, str]) -> str:
    """Put the parts in the place of their tokens; a token that is a JSON string goes with its quotes.

    Raises
    ------
    KeyError
        If a token has no part.

    Examples
    --------
    >>> fill('a("@@x@@") @@y@@', {"x": "[1]", "y": "@@x@@"})
    'a([1]) @@x@@'
    """
    return _TOKEN.sub(lambda found: parts[found.group(1) or found.group(2)], page)
