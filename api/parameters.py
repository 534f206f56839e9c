"""What a request may ask: parameters that no route knows are refused, and what is wrong is said in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi import Request

from api.patterns import words_of
from spatial.errors import BadParameter, Where

if TYPE_CHECKING:
    from collections.abc import Mapping

ALWAYS = frozenset({"lang"})
"""Query parameters that every route takes: the language of errors."""

WORDS: dict[str, str] = {
    "missing": "必须填写",
    "greater_than_equal": "不能小于 {ge}",
    "greater_than": "必须大于 {gt}",
    "less_than_equal": "不能大于 {le}",
    "less_than": "必须小于 {lt}",
    "string_too_short": "至少 {min_length} 个字",
    "string_too_long": "至多 {max_length} 个字",
    "too_short": "至少 {min_length} 项",
    "too_long": "至多 {max_length} 项",
    "string_type": "应为文字",
    "int_parsing": "应为整数",
    "int_type": "应为整数",
    "int_from_float": "应为整数",
    "float_parsing": "应为数字",
    "float_type": "应为数字",
    "finite_number": "应为有限的数字",
    "bool_parsing": "应为 true 或 false",
    "literal_error": "只能是 {expected}",
    "enum": "只能是 {expected}",
    "extra_forbidden": "没有这一项",
    "json_invalid": "不是合法的 JSON",
    "list_type": "应为列表",
    "dict_type": "应为对象",
    "model_attributes_type": "应为对象",
    "date_parsing": "应为日期，如 2026-11-23",
    "date_from_datetime_parsing": "应为日期，如 2026-11-23",
    "date_type": "应为日期，如 2026-11-23",
    "datetime_parsing": "应为时间，如 2026-11-23T08:00:00+08:00",
    "datetime_from_date_parsing": "应为日期或时间，如 2026-11-23T08:00:00+08:00",
    "datetime_type": "应为时间，如 2026-11-23T08:00:00+08:00",
    "timezone_aware": "时间要带时区，如 2026-11-23T08:00:00+08:00",
}
"""Pydantic's kinds of error in Chinese; ``{...}`` is filled from the error's own context."""


def why(kind: str, context: Mapping[str, Any] | None) -> str:
    """Say in Chinese what is wrong with a value.

    Examples
    --------
    >>> why("less_than_equal", {"le": 1000}), why("literal_error", {"expected": "'zh' or 'en'"})
    ('不能大于 1000', "只能是 'zh' 或 'en'")
    >>> why("never_heard_of", None)
    '不符合要求'
    """
    if context and "pattern" in context:
        return words_of(context["pattern"]).zh
    found = {key: str(value).replace(" or ", " 或 ") for key, value in (context or {}).items()}
    try:
        return WORDS.get(kind, "不符合要求").format(**found)
    except KeyError:
        return "不符合要求"


def only_known(request: Request) -> None:
    """Refuse query parameters of ``/v1`` that the route does not know, instead of reading past them.

    Raises
    ------
    BadParameter
        ``unknown_parameter``; names those that there are.
    """
    route = request.scope.get("route")
    if not request.url.path.startswith("/v1/") or route is None:
        return
    paths: dict[str, Any] = request.app.openapi()["paths"]
    operation = paths.get(route.path_format, {}).get(request.method.lower(), {})
    known = {p["name"] for p in operation.get("parameters", ()) if p["in"] == "query"}
    strange = sorted(set(request.query_params) - known - ALWAYS)
    if strange:
        listed = "、".join(sorted(known)) or "无"
        raise BadParameter(
            "unknown_parameter",
            zh=f"没有参数 {'、'.join(strange)}。这里可用的参数：{listed}。",
            en=f"No such parameter: {', '.join(strange)}. There are: {', '.join(sorted(known)) or 'none'}.",
            where=tuple(Where(layer="query", field=name) for name in strange),
        )
