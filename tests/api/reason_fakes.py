# ruff: noqa: ARG005
"""Fake use cases of reasons on the map, of plans begun from today's grids, of parts proposed again."""

from __future__ import annotations

from spatial import planning
from spatial.planning import reproposing, sayings
from spatial.planning.todays import Start


def put(use, asked, frame, delta):
    """Put them in place by ``use(module, **members)``."""
    use(
        sayings,
        said_of=lambda store, code: frame(),
        say=asked(lambda code, geometry, said, **k: sayings.Said(5, None)),
        unsay=asked(lambda code, number: None),
    )
    use(reproposing, repropose=asked(lambda plan_id, *, base_rev, **k: delta(base_rev + 1)))
    use(
        planning,
        mended=lambda store, plan_id: frame(),
        start_from=asked(lambda area, path, **k: Start([], [])),
    )


def break_all(use, broken):
    """Let every one of them fail."""
    use(sayings, said_of=broken, say=broken, unsay=broken)
    use(reproposing, repropose=broken)
