# ruff: noqa: ARG005
"""Fake use cases of the planner's panels: acceptances, posts of a draft, reference layers."""

from __future__ import annotations

import datetime as dt

from spatial.planning import accepting, effects, posts, references
from spatial.store.references import ReferenceRow
from tests.api import edit_fakes

ROW = ReferenceRow(7, "老界线", "old.geojson", 3, "li", dt.datetime(2026, 11, 30, tzinfo=dt.UTC))
POST = posts.PostView(3, "141126100001003", "3", True, "grid_member", "网格员", "grid member", 0)


def put(use, asked, node):
    """Put them in place by ``use(module, **members)``."""
    use(
        accepting,
        accept_reason=asked(lambda plan_id, **k: accepting.AcceptedView(node(k["node"]), [])),
        withdraw_acceptance=asked(lambda plan_id, **k: accepting.AcceptedView(node(k["node"]), [])),
    )
    use(posts, plan_posts=lambda store, plan_id: [POST])
    use(effects, effect=asked(lambda plan_id, *, since: edit_fakes.preview()))
    use(
        references,
        references=lambda store, code: [ROW],
        reference=lambda store, code, number: '{"type":"FeatureCollection","features":[]}',
        add_reference=asked(lambda code, path, **k: ROW),
        remove_reference=asked(lambda code, number: None),
    )


def break_all(use, broken):
    """Let every one of them fail."""
    use(accepting, accept_reason=broken, withdraw_acceptance=broken)
    use(posts, plan_posts=broken)
    use(effects, effect=broken)
    use(references, references=broken, reference=broken, add_reference=broken, remove_reference=broken)
