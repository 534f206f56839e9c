"""Posts of a draft: who would hold its grids if it were published today."""

import pandas as pd

from spatial import planning, staffing
from spatial.planning.posts import plan_posts
from tests.planning.drawn import COMMUNITY
from tests.planning.test_stages import act, leaf_of


def test_posts_of_a_draft_go_by_the_codes_that_it_would_get(published):
    store = published.store
    plan = planning.copy_plan(store, published.plans[COMMUNITY], name="b", who="li")
    rows = {row.node: row for row in plan_posts(store, plan)}
    leaves = {n: leaf_of(store, plan, f"001-00{n}") for n in (0, 1)}
    keeper = rows[leaves[0].id]
    assert keeper.kept
    assert keeper.holders == 0
    frame = pd.DataFrame({"holder": ["甲"], "post": [keeper.post], "code": [keeper.code]})
    assert staffing.import_staff(store, frame).held == 1
    assert {r.node for r in plan_posts(store, plan) if r.holders} == {keeper.node}
    act(store, plan, kind="tree", op="create", parent=leaves[0].parent)
    assert keeper.node in {r.node for r in plan_posts(store, plan) if r.holders}, (
        "an empty grid holds no code"
    )
