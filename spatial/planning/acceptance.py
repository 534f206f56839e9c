"""Reasons of grids out of band: which are accepted now, and which acceptances still stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

from spatial.errors import BadParameter, Flawed, Where
from spatial.planning.standing import Standing, reason_words

if TYPE_CHECKING:
    from spatial.store.plans import Acceptance

    Accept = Literal["proved"] | Sequence[Mapping[str, Any]]


def wanted(standing: Standing, accept: Accept) -> list[tuple[int, str]]:
    """Grids whose reason is accepted now with the reason's code, each proved again.

    Parameters
    ----------
    standing
        The plan measured.
    accept
        ``{"node": id, "reason": code}`` each, or ``proved`` for every reason that is proved.

    Raises
    ------
    Flawed
        ``reason_not_proved``.
    BadParameter
        ``bad_accept``.
    """
    if accept == "proved":
        return [(node, reason.code) for node, reason in standing.reasons.items() if reason is not None]
    if isinstance(accept, str):
        raise _bad(accept)
    out: list[tuple[int, str]] = []
    for asked in accept:
        node, code = _read(asked)
        reason = standing.reasons.get(node)
        if reason is None or reason.code != code:
            zh, en = reason_words(reason)
            raise Flawed(
                "reason_not_proved",
                zh=f"网格 {node} 的理由“{code}”不成立：{zh}。",
                en=f"Reason {code!r} of grid {node} does not hold: {en}.",
                where=(Where(ref=str(node), field="reason", value=code),),
                data={"node": node, "proved": None if reason is None else reason.code},
            )  # fmt: skip
        out.append((node, code))
    return out


def of_plan(accept: Accept, plan_id: int) -> Accept:
    """What is accepted in one of several plans: grids that name it, and those that name no plan."""
    if isinstance(accept, str):
        return accept
    return [
        asked for asked in accept
        if not isinstance(asked, Mapping) or asked.get("plan") in (None, plan_id)
    ]  # fmt: skip


def stands(standing: Standing, accepted: Mapping[int, Acceptance], node: int | None) -> bool:
    """Whether a grid's acceptance still holds: it is of the reason that is proved for the grid now."""
    if node is None or node not in accepted:
        return False
    reason = standing.reasons.get(node)
    return reason is not None and reason.code == accepted[node].reason


def _read(asked: object) -> tuple[int, str]:
    if not isinstance(asked, Mapping):
        raise _bad(asked)
    node, code = asked.get("node"), asked.get("reason")
    if not isinstance(node, int) or isinstance(node, bool) or not isinstance(code, str):
        raise _bad(asked)
    return node, code


def _bad(value: object) -> BadParameter:
    return BadParameter(
        "bad_accept",
        zh="accept 应为 proved，或由 {node: 网格号, reason: 理由} 组成的列表。",
        en="accept must be proved, or a list of {node: grid, reason: code}.",
        where=(Where(field="accept", value=repr(value)[:200]),),
    )
