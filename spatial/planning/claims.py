"""Reasons of a plan's grids as they are published: named by the place file's buildings, not by positions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from spatial.planning.standing import ground_now

if TYPE_CHECKING:
    from collections.abc import Mapping

    from spatial.ground.model import Ground
    from spatial.planning.standing import Standing
    from spatial.plans.tree import PlanState


def published_claims(
    ground: Ground, state: PlanState, standing: Standing, codes: Mapping[int, str]
) -> dict[int, dict[str, Any]]:
    """Write what shows the reason of each grid out of band, by grid id.

    Parameters
    ----------
    ground, state, standing
        The plan, measured.
    codes
        Code that each grid is published under.
    """
    reasons = {node: reason for node, reason in standing.reasons.items() if reason is not None}
    if not reasons:
        return {}
    from spatial.partition.claims import claim_of, names_of  # noqa: PLC0415 - brings numba

    names = names_of(ground_now(ground, state)[0].cells, standing.graph.households)
    return {node: claim_of(reason, names, codes) for node, reason in reasons.items()}
