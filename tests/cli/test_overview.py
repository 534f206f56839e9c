"""The overview on the command line: a table of tab-separated lines into a pipe, or JSON."""

import json


def test_a_line_a_level(run):
    done = run("--lang", "en", "overview", "--area", "141126100")
    assert done.exit_code == 0, done.output
    lines = [line.split("\t") for line in done.stdout.splitlines()]
    heads = lines[0]
    assert heads[:7] == ["code", "name", "division", "level", "post", "wanted", "grids"]
    found = [dict(zip(heads, line, strict=True)) for line in lines[1:]]
    third = next(row for row in found if row["code"] == "141126100001" and row["level"] == "3")
    assert (third["wanted"], third["grids"], third["in_band"], third["max"]) == ("22", "22", "20", "25")


def test_json(run):
    found = json.loads(run("overview", "--json").stdout)
    assert found["day"] == "2026-11-23"
    assert found["areas"][0]["levels"][3]["grids"] == 22
    assert "outlines" not in found
