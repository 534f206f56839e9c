"""Hazards, cases and staff taken in by the command line, on a real database."""

import pytest
import shapely
from typer.testing import CliRunner

from api.cli import app
from spatial import casework, staffing, watch
from tests.places import CODE, TOWN, lonlat
from tests.store.community import save_area

LON, LAT = shapely.get_coordinates(lonlat([shapely.Point(6_000, 4_000)]))[0]


@pytest.fixture
def run(real_store, monkeypatch):
    """Run a command against a database with one basic grid; it must end with 0."""
    with real_store.transaction() as tx:
        save_area(tx)
    monkeypatch.setenv("DATABASE_URL", real_store.url)

    def run(*words):
        done = CliRunner().invoke(app, ["--lang", "en", *map(str, words)])
        assert done.exit_code == 0, done.output
        return done

    return run


def write(folder, name, text):
    path = folder / name
    path.write_text(text, encoding="utf-8-sig")
    return path


def test_a_register_of_each(run, real_store, tmp_path):
    given = write(
        tmp_path, "hazards.csv",
        f"编号,名称,类型,经度,纬度,威胁户数,威胁人数\nD1,后坡,滑坡,{LON:.7f},{LAT:.7f},5,12\n"
        "D2,远处,滑坡,112.8405,37.0003,5,12\n",
    )  # fmt: skip
    done = run("hazards", "import", given, "--crs", "wgs84", "--town", TOWN)
    assert "new\tupdated\n1\t0\n" in done.stdout
    found = watch.list_hazards(real_store)
    assert (found["number"].tolist(), found["area_code"].tolist()) == (["D1"], [CODE])

    given = write(
        tmp_path, "cases.csv",
        "事件编号,类别,描述,状态,登记时间,受理时间,办结时间,经度,纬度\n"
        f"A1,消防,通道堵塞,已归档,2026-11-01 08:00,2026-11-01 09:00,2026-11-02 09:00,{LON:.7f},{LAT:.7f}\n",
    )  # fmt: skip
    assert "new\tknown\n1\t0\n" in run("cases", "import", given, "--crs", "wgs84").stdout
    assert "new\tknown\n0\t1\n" in run("cases", "import", given, "--crs", "wgs84").stdout
    case = casework.case(real_store, int(casework.list_cases(real_store)["id"].iloc[0]))
    assert (case.area_code, case.grid) == (CODE, None)
    assert [(e.kind, e.state) for e in case.events] == [
        ("register", "registered"), ("accept", "accepted"), ("archive", "archived"), ("import", "archived"),
    ]  # fmt: skip

    given = write(tmp_path, "staff.csv", f"姓名,岗位,网格编码,电话\n张三,网格长,{CODE},13812341234\n")
    assert "held\n1\n" in run("staff", "import", given).stdout
    assert staffing.list_staff(real_store)["phone"].tolist() == ["138****1234"]


def test_the_catalogue_and_311_records_come_by_their_form(run, real_store, tmp_path):
    given = write(
        tmp_path, "glc.csv",
        "event_id,event_date,location_description,location_accuracy,landslide_category,landslide_trigger,"
        "landslide_size,fatality_count,injury_count,admin_division_name,longitude,latitude\n"
        f"1,08/05/2013,a slope,exact,mudslide,rain,small,8,0,Shanxi,{LON:.7f},{LAT:.7f}\n"
        "2,08/05/2013,far,25km,rock_fall,rain,small,0,0,Hunan,112.0,28.0\n",
    )  # fmt: skip
    done = run("hazards", "import", given, "--form", "nasa", "--town", TOWN)
    assert "new\tupdated\n1\t0\n" in done.stdout
    assert "outside_town" in done.stderr
    assert watch.list_hazards(real_store)["kind"].tolist() == ["debris_flow"]

    given = write(
        tmp_path, "nyc311.csv",
        "unique_key,created,closed,category,descriptor,status,agency,lat,lon\n"
        f"7,06/26/2018 10:58:54 AM,06/27/2018 12:50:01 PM,Elevator,x,Closed,HPD,{LAT:.7f},{LON:.7f}\n"
        "8,06/26/2018 10:58:54 AM,,Elevator,x,Open,HPD,,\n",
    )  # fmt: skip
    done = run("cases", "import", given, "--form", "nyc311")
    assert "new\tknown\n1\t0\n" in done.stdout
    assert "point_missing" in done.stderr
    found = casework.list_cases(real_store)
    assert found[["number", "category", "subcategory", "state"]].values.tolist() == [
        ["7", "facilities", "lift", "archived"]
    ]
    assert "regridded\n0\n" in run("cases", "regrid", "--town", TOWN).stdout


@pytest.mark.parametrize("command", ["hazards", "cases"])
def test_a_form_that_nobody_knows_is_wrong_usage(command, tmp_path):
    assert CliRunner().invoke(app, [command, "import", str(tmp_path / "x"), "--form", "x"]).exit_code == 2
