"""Reasons at the command line."""

import json


def test_what_an_area_can_be_divided_into_is_told_in_the_language_asked_for(run):
    zh = run("feasible", "--area", "141126100001").stdout.splitlines()
    assert zh[0].split("\t")[:4] == ["编码", "名称", "级", "岗位"]
    assert zh[1].split("\t")[4:] == [
        "300-500", "550", "2", "2", "2", "1", "否", "1级 550 户合不上",
    ]  # fmt: skip
    en = run("--lang", "en", "feasible", "--area", "141126100001").stdout.splitlines()
    assert en[1].split("\t")[-2:] == ["no", "level 1: 550 households do not fit"]


def test_the_same_as_json(run):
    (area,) = json.loads(run("feasible", "--area", "141126100001", "--json").stdout)
    assert (area["area_name"], area["levels"][0]["obstacles"][0]["code"]) == ("凤城社区", "no_k")
