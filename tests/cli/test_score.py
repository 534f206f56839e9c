"""The score card at the command line."""


def test_the_score_card_is_told_in_the_language_asked_for(run):
    zh = run("score", 7).stdout.splitlines()
    assert zh[0] == "指标\t1级 网格员"
    assert "户数在区间内的网格\t100.0 %" in zh
    assert "到网格中心步行，第 95 百分位\t467 m" in zh
    assert not any(line.startswith("功能区") for line in zh)
    en = run("--lang", "en", "score", 7).stdout.splitlines()
    assert en[0] == "figure\tlevel 1, grid member"
    assert "of these in another grid\t120" in en
