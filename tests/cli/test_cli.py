# ruff: noqa: ARG001, ARG005, E501, PLC0415
"""The contract for programs: commands, flags, what goes to stdout, exit statuses."""

import json
from types import SimpleNamespace as Record

import pytest

from api import serving
from api.settings import Settings
from spatial import checking, errors, lookup, planning
from spatial.ground.model import ReportRow
from spatial.planning import views
from spatial.store import keys
from spatial.writers import gridfile
from tests.api.conftest import Link, Located, Match, frame

LEAF = Link(3, "1411261000010030205", "3-02-05", "第5网格", "ordinary")


@pytest.mark.parametrize(
    "argv", [("-105.1", "39.7", "--crs", "wgs84"), ("--crs", "wgs84", "-105.1", "-39.7")]
)
def test_locate_takes_negative_degrees(run, fakes, argv):
    fakes(lookup, locate=lambda store, lon, lat, crs, **k: Located("outside", f"{crs} {lon} {lat}", None, ()))
    result = run("locate", *argv)
    assert result.exit_code == 0, result.stderr
    degrees = [a for a in argv if a[-1].isdigit() and "." in a]
    assert json.loads(result.stdout) == {
        "status": "outside", "crs": f"wgs84 {degrees[0]} {degrees[1]}", "edition": None, "matches": [],
    }  # fmt: skip


@pytest.mark.parametrize(
    "argv",
    [
        ("110.8", "37"), ("110.8", "--crs", "wgs84"), ("abc", "37", "--crs", "wgs84"),
        ("110.8", "37", "--crss", "wgs84"), ("110.8", "37", "--crs", "wgs84", "--typo"),
        ("110.8", "37", "38", "--crs", "wgs84"), ("110.8", "37", "--crs", "wgs84", "--at", "tomorrow"),
    ],
)  # fmt: skip
def test_locate_refuses_wrong_usage(run, argv):
    result = run("locate", *argv)
    assert (result.exit_code, result.stdout) == (2, "")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_locate_answers_a_file(run, fakes, tmp_path, encoding):
    def many(store, points, crs):
        assert points["lon"].tolist() == [110.8, -105.1]
        assert crs == "gcj02"
        return [Located("inside", crs, 7, (Match((LEAF,)),)), Located("outside", crs, None, ())]

    fakes(lookup, locate_many=many)
    path, out = tmp_path / "points.csv", tmp_path / "out.csv"
    path.write_text("编号,lon,lat\n007,110.8,37\n008,-105.1,39.7\n", encoding=encoding)
    wanted = (
        "编号,lon,lat,status,edition,code,short,name\n"
        "007,110.8,37.0,inside,7,1411261000010030205,3-02-05,第5网格\n"
        "008,-105.1,39.7,outside,,,,\n"
    )
    assert run("locate", path, "--crs", "gcj02").stdout == wanted
    assert run("locate", path, "--crs", "gcj02", "--out", out).exit_code == 0
    assert out.read_bytes().startswith(b"\xef\xbb\xbf")
    assert out.read_text(encoding="utf-8-sig") == wanted


@pytest.mark.parametrize(
    ("text", "code", "row"),
    [
        ("lon,lat\n1,2\nx,2\n1,\n1,nan\n", "not_a_number", "2\tlon\tx"), ("a,b\n1,2\n", "missing_column", "lon"),
        ("", "bad_csv", ""), ("lon,lat\n1,2,3,4\n1,2,3,4,5,6\n", "bad_csv", ""),
    ],
)  # fmt: skip
def test_locate_refuses_a_bad_file(run, tmp_path, text, code, row):
    path = tmp_path / "points.csv"
    path.write_text(text)
    result = run("locate", path, "--crs", "wgs84")
    assert (result.exit_code, result.stdout) == (1, "")
    assert code in result.stderr
    assert row in result.stderr


def test_an_error_is_told_in_both_languages_with_its_rows(run, fakes):
    def fail(*_, **__):
        where = (
            errors.Where(layer="buildings", row=3, field="households", value="[red]七[/]"),
            errors.Where(row=9),
        )
        raise errors.BadRows("bad_rows", zh="有两行读不了。", en="Two rows can't be read.", where=where)

    fakes(planning, import_place=fail)
    result = run("import", "place.gpkg")
    assert (result.exit_code, result.stdout) == (1, "")
    lines = result.stderr.splitlines()
    assert lines[0].endswith("bad_rows: 有两行读不了。")
    assert lines[1] == "Two rows can't be read."
    assert lines[3] == "buildings\t3\thouseholds\t[red]七[/]"
    english = run("--lang", "en", "import", "place.gpkg").stderr.splitlines()
    assert english[0] == "Error bad_rows: Two rows can't be read."


def test_rows_at_fault_in_several_ways_are_each_told_in_words(run, fakes):
    rows = [
        {
            "code": "bid_missing",
            "layer": "buildings",
            "row": 7,
            "ref": None,
            "zh": "没有编号",
            "en": "no number",
        },
        {
            "code": "floor_unread",
            "layer": "households",
            "row": 1,
            "ref": None,
            "zh": "读不懂",
            "en": "unread",
        },
    ]
    error = errors.BadRows("rows_bad", zh="两行", en="two rows", data={"faults": rows})

    def refuse(*_args, **_flags):
        raise error

    fakes(planning, import_place=refuse)
    result = run("import", "place.gpkg")
    assert result.exit_code == 1
    assert "buildings\t7\t\tbid_missing\t没有编号" in result.stderr
    assert "households\t1\t\tfloor_unread\tunread" in run("--lang", "en", "import", "place.gpkg").stderr


def test_import_passes_its_flags_and_prints_its_areas(run, fakes):
    asked = {}
    report = [ReportRow("buildings", 7, "b1", None, "repaired", "self_crossing", "已修复", "repaired it")]

    def import_place(store, path, *, progress, **flags):
        asked.update(flags, path=path)
        progress("切分地面", "cutting the ground", 0, 3)
        progress("切分地面", "cutting the ground", 3, 3)
        area = views.AreaResult("141126100001", "凤城社区", "community", 1, True, 70, 410, 500, 90, 95, 12)
        return views.ImportResult([area], report)

    fakes(planning, import_place=import_place)
    result = run(
        "import", "a.gpkg", "--code", "141126100001", "--division", "community", "--crs", "EPSG:4546"
    )
    assert result.exit_code == 0, result.stderr
    assert asked["code"] == "141126100001"
    assert asked["crs"] == "EPSG:4546"
    assert result.stdout.splitlines()[1].split("\t")[:2] == ["141126100001", "凤城社区"]
    assert result.stderr.count("切分地面") == 1
    assert "buildings\t7\tb1\trepaired\tself_crossing\t已修复" in result.stderr


def test_propose(run, fakes):
    asked = {}
    late = {"code": "not_reproducible", "zh": "不可重现", "en": "Not reproducible"}
    level = Record(level=1, grids=4, dedicated=1, in_band=3, out_of_band=0, households=1300)

    def propose(store, area, *, progress, **flags):
        asked.update(flags, area=area)
        return [Record(area_code=area, plan_id=5, edition_id=2, levels=[level], score={}, notes=[late])]

    fakes(planning, propose=propose)
    result = run(
        "propose", "--area", "141126100", "--seed", "3", "--publish", "--valid-from", "2026-12-01",
        "--targets", "community=60,212,1113", "--targets", "village=84,471", "--mode", "best", "--limit", "60",
    )  # fmt: skip
    assert result.exit_code == 0, result.stderr
    assert "不可重现" in result.stderr
    assert (asked["wishes"].mode, asked["wishes"].limit_s) == ("best", 60.0)
    assert run("propose", "--area", "141126100", "--mode", "slow").exit_code == 2
    assert asked["targets"] == {"community": (60, 212, 1113), "village": (84, 471)}
    assert (asked["seed"], asked["publish"], str(asked["valid_from"])) == (3, True, "2026-12-01")
    assert asked["who"]
    assert result.stdout.splitlines()[1] == "141126100\t5\t2\t1\t4\t1\t3\t0\t1300"


@pytest.mark.parametrize(
    "text", ["town=1", "community=", "community=a", "community", "village=0", "village=-3"]
)
def test_propose_refuses_bad_targets(run, text):
    result = run("propose", "--area", "141126100", "--targets", text)
    assert result.exit_code == 1
    assert "bad_targets" in result.stderr


def test_check_fails_with_status_1(run, fakes):
    held = checking.Proof("nesting", "141126100001", None, True, "嵌套", "nested")
    gap = checking.Proof("seam", "141126100001", "141126100001003", False, "有缝", "a gap")
    area = {"code": "141126100001", "households": 410}
    for ok, proofs in ((True, [held]), (False, [held, gap])):
        found = checking.CheckResult(ok=ok, areas=[area], report=[], proofs=proofs)
        fakes(checking, check=lambda path, grids, found=found, **_: found)
        result = run("check", "a.gpkg", "--grids", "g.gpkg")
        assert result.exit_code == (0 if ok else 1)
        assert "141126100001\t410" in result.stdout
        assert ("无缝 141126100001003: 有缝" in result.stdout) == (not ok)


def test_export(run, fakes, tmp_path):
    written = []
    fakes(gridfile, write_grids=lambda path, grids, *, sample: written.append((path, len(grids), sample)))
    out = tmp_path / "g.gpkg"
    for sample in (False, True):
        fakes(lookup, grids=lambda store, **k: frame(), is_sample=lambda store, codes, mark=sample: mark)
        assert run("export", "--area", "141126100001", "--out", out).exit_code == 0
        assert written.pop() == (out, 1, sample)
    fakes(lookup, grids=lambda store, **k: frame(0))
    result = run("export", "--area", "141126100001", "--out", out)
    assert (result.exit_code, len(written)) == (1, 0)
    assert "nothing_published" in result.stderr


def test_a_key_stands_alone_on_the_last_line(run, fakes):
    fakes(keys, add_key=lambda tx, name, role: f"wg_{name}_{role}")
    result = run("key", "add", "gis", "--role", "reader")
    assert result.stdout.splitlines()[-1] == "wg_gis_reader"
    assert run("key", "add", "gis", "--role", "king").exit_code == 2


def test_the_address_of_the_database_is_one_line(run, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://someone@/wangge?host=/run/" + "x" * 90)
    assert run("db", "url").stdout == "postgresql://someone@/wangge?host=/run/" + "x" * 90 + "\n"


def test_the_sign_in_link(run, fakes):
    fakes(keys, new_token=lambda tx, who, role, lasts: f"t&{role}")
    result = run("sign-in-link", "--role", "planner", "--port", "9000")
    assert result.stdout == "http://127.0.0.1:9000/sign-in?token=t%26planner&next=%2Fplan\n"


def test_the_curl_line_works_with_and_without_a_key(fakes):
    line = serving.curl_line(None, Settings(public_lookup=True), "http://127.0.0.1:8000")
    assert line == "curl 'http://127.0.0.1:8000/v1/locate?lon=110.161728&lat=37.050000&crs=wgs84'"
    assert "wangge key add" in serving.curl_line(None, Settings(), "http://127.0.0.1:8000")
    fakes(lookup, grids=lambda store, **k: frame(0))
    assert serving.curl_line(None, Settings(), "http://x") is None


def test_a_taken_port_is_said_before_anything_is_printed():
    first = serving.listen("127.0.0.1", 0)
    try:
        with pytest.raises(errors.Unavailable) as caught:
            serving.listen("127.0.0.1", first.getsockname()[1])
        assert caught.value.code == "address_taken"
    finally:
        first.close()


def test_help_starts_without_the_geometry_libraries():
    import subprocess
    import sys

    code = (
        "import sys; from typer.testing import CliRunner; from api.cli import app; "
        "assert CliRunner().invoke(app, ['--help']).exit_code == 0; "
        "sys.exit(any(m in sys.modules for m in ('geopandas', 'sqlalchemy', 'fastapi', 'numba')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_check_of_a_stored_town_tells_each_statement_in_both_systems(run, fakes):
    proofs = [
        checking.Proof("town", "141126100", None, True, "相接", "one coverage"),
        checking.Proof("town", "141126100", None, False, "3 条不符", "3 at fault", None, "EPSG:4326"),
    ]
    found = checking.CheckResult(ok=False, areas=[], report=[], proofs=proofs)
    fakes(checking, check_town=lambda store, area: found)
    result = run("check", "--area", "141126100")
    assert result.exit_code == 1
    assert result.stdout.splitlines()[1:] == [
        "全镇\t格点\t1\t0", "全镇\tEPSG:4326\t0\t1", "成立 全镇 141126100: 相接", "不成立 全镇 141126100: 3 条不符",
    ]  # fmt: skip
    plain = run("check", "--area", "141126100", "--json")
    assert plain.exit_code == 1
    told = json.loads(plain.stdout)
    assert [(p["subject"], p["system"], p["ok"]) for p in told["proofs"]] == [
        ("town", "lattice", True), ("town", "EPSG:4326", False),
    ]  # fmt: skip


@pytest.mark.parametrize("argv", [(), ("a.gpkg", "--area", "141126100")])
def test_check_takes_a_file_or_an_area(run, argv):
    assert run("check", *argv).exit_code == 2
