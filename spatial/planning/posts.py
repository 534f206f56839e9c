"""Who would hold a draft's grids: the codes that publishing would give now, and the posts held there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from spatial.duty.staff import POST_TABLE, post_for
from spatial.planning.desk import work
from spatial.planning.succession import succeed
from spatial.plans.codes import short
from spatial.policy import LINGQUAN, Policy
from spatial.store import editions, plans, staff

if TYPE_CHECKING:
    from spatial.store.engine import Store


@dataclass(frozen=True)
class PostView:
    """A grid of a draft, the post that its level wants, and how many hold it.

    ``code`` and ``short`` are what publishing today would give; ``kept``: a grid in force carries that code.
    """

    node: int
    code: str
    short: str
    kept: bool
    post: str
    post_zh: str
    post_en: str
    holders: int


def plan_posts(store: Store, plan_id: int, *, policy: Policy = LINGQUAN) -> list[PostView]:
    """Tell for each grid of a plan who would hold its post if it were published today.

    A grid that carries on a code keeps that grid's people; a new one has none yet.

    Returns
    -------
    list of PostView
        By level, then code; only grids whose level has a post.

    Raises
    ------
    NotFound
        ``no_such_plan``.
    """
    with store.transaction() as tx:
        found = work(tx, plan_id, policy)
        area = plans.get(tx, plan_id).area_code
        before = editions.last_edition(tx, area, editions.today(tx))
        drawn = found.measured.drawn.shapes
        succession = succeed(
            tx, plan_id, found.state, drawn, found.ground.lattice, area,
            None if before is None else before.id,
        )  # fmt: skip
        people = staff.find(tx, area)
        in_force = set(staff.held(tx, area)["code"])
    held = people.groupby(["code", "post"]).size().to_dict()
    rows = []
    for node, code in succession.codes.items():
        post = post_for(found.ground.division, found.state.nodes[node].level)
        if post is None or node == found.state.root.id:
            continue
        words = POST_TABLE[post]
        n = int(held.get((code, post), 0)) if code in in_force else 0
        rows.append(PostView(node, code, short(code), code in in_force, post, words.zh, words.en, n))
    return sorted(rows, key=lambda row: (len(row.code), row.code))
