"""Fake use cases of alternatives and their comparison, and a page that shows what it was given."""

# ruff: noqa: ARG005

from spatial.planning import choosing


def use_cases(asked, proposed):
    """By name; ``asked`` records what they are asked, ``proposed`` makes one area's plan."""
    return {
        "alternatives": asked(
            lambda area, **k: choosing.Alternatives(
                [choosing.Alternative("compact", "紧凑", "compact", [proposed(area)])], []
            )
        ),
        "differences": lambda store, ids: [choosing.Difference(0, 1, [0.25])] if len(ids) > 1 else [],
        "plan_titles": lambda store, ids: {one: (f"方案 {one}", f"Plan {one}") for one in ids},
    }


def page(found, **asked):
    """A page that tells its table."""
    return f"<html>{found.code} {found.table} {asked}</html>"
