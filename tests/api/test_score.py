"""The score card on the wire."""

from tests.api.conftest import key


def test_the_score_card_names_its_figures_in_both_languages(client):
    card = client.get("/v1/plans/7/score", headers=key("reader")).json()
    (level,) = card["levels"]
    assert (card["plan"], card["rev"]) == (7, 4)
    assert level["load"] == {"p10": 355.6, "p50": 404, "p90": 450.6, "gini": 0.057, "cv": 0.103}
    assert (level["zones"], level["change"]["moved"]) == (None, 120)
    assert card["words"]["load.gini"] == {"zh": "户数基尼系数", "en": "Gini of households"}


def test_every_figure_that_is_named_is_there(client):
    card = client.get("/v1/plans/7/score", headers=key("reader")).json()
    (level,) = card["levels"]
    there = {f"{part}.{name}" for part, value in level.items() if isinstance(value, dict) for name in value}
    told = {path for path in card["words"] if not path.startswith("zones")}
    assert told <= there | set(level)
