# ruff: noqa: ARG005
"""Disputed ground on the command line: the table, one piece, all the small ones."""

import pytest

from spatial import planning
from tests.api.conftest import ASKED, dispute


def test_the_table_and_what_to_do_next(run):
    done = run("disputes", "--area", "141126100")
    assert done.exit_code == 0
    assert done.stdout.splitlines()[1] == (
        "4\t重叠\t12.5\t141126100001 凤城社区; 141126100002 东街社区\t30.0; 31.5"
    )
    assert "wangge disputes assign" in done.stderr


def test_english_and_none(run, fakes):
    fakes(planning, disputes=lambda store, area: [])
    done = run("--lang", "en", "disputes", "--area", "141126100")
    assert (done.exit_code, done.stdout) == (0, "")
    assert "no disputed ground" in done.stderr


def test_one_piece(run):
    done = run("disputes", "assign", "4", "--to", "141126100001")
    assert done.exit_code == 0, done.stderr
    assert ASKED[-1][0] == ({4: "141126100001"},)
    assert done.stdout.splitlines() == ["code\tground", "141126100001\t9"]


def test_small_ones_go_to_the_longest_border_once_that_is_confirmed(run, fakes):
    fakes(planning, disputes=lambda store, area: [dispute(4, 12.5), dispute(5, 900.0)])
    before = len(ASKED)
    shown = run("disputes", "assign", "--area", "141126100", "--below", "20")
    assert "141126100002" in shown.stdout.splitlines()[1]
    assert len(ASKED) == before, "nobody confirmed"
    assert run("disputes", "assign", "--area", "141126100", "--below", "20", "--yes").exit_code == 0
    assert ASKED[-1][0] == ({4: "141126100002"},)
    none = run("disputes", "assign", "--area", "141126100", "--below", "1", "--yes")
    assert (none.exit_code, none.stdout) == (0, "")


@pytest.mark.parametrize(
    ("argv", "status"),
    [
        (("assign", "4"), 1), (("assign", "4", "--below", "3"), 1), (("assign",), 1), ((), 2),
        (("assign", "x", "--to", "1"), 2),
    ],
)  # fmt: skip
def test_wrong_usage(run, argv, status):
    assert run("disputes", *argv).exit_code == status
