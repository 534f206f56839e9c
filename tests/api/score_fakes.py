"""A score card of one level, with some figures and some that the plan has not."""

from spatial.partition.measures import Kept, Load, Walk
from spatial.planning.scoring import Change, LevelCard, ScoreCard


def score_card(plan_id):
    level = LevelCard(
        1, "网格员", "grid member", 8, 1.0, 0.875, 0.9, 0.78, 0.35, 2.2, 5.03, 0.51, 0.33, 0,
        Load(355.6, 404, 450.6, 0.057, 0.103), Walk(81.6, 467.2, 3), None, Kept(4, 1, 2),
        Change(7, 3200, 120), Load(2.0, 5.0, 9.0, 0.2, 0.4),
    )  # fmt: skip
    return ScoreCard(plan_id, "141126100001", "凤城社区", 4, [level])
