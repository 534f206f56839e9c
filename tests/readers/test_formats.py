"""Other formats: GeoJSON, Shapefile, KML and GeoPackage with other names, under a mapping."""

from __future__ import annotations

import json
import zipfile

import geopandas as gpd
import numpy as np
import pyogrio
import pytest
import shapely

from spatial.errors import BadCoordinates, BadFile, BadRows
from spatial.ground.crs import from_wgs84
from spatial.readers.mapping import Entry, Mapped
from spatial.readers.placefile import read_place
from spatial.readers.words import Findings
from tests.fixtures.makers import LAT, LON, D, Drawn, square

TOML = """
[boundary]
layer = "xzq"
columns = { code = "XZQDM", name = "XZQMC" }

[buildings]
layer = "fw"
columns = { bid = "FWBH", name = "MC", households = "HS", levels = "CS" }

[roads]
layer = "dl"
columns = { class = "DJ" }
constants = { name = "凤城路" }
"""


def _renamed():
    drawn = Drawn()
    boundary = drawn.boundary.rename(columns={"code": "XZQDM", "name": "XZQMC"})
    buildings = drawn.buildings.rename(
        columns={"bid": "FWBH", "name": "MC", "households": "HS", "levels": "CS"}
    )
    roads = drawn.layers["roads"][["class", "geometry"]].rename(columns={"class": "DJ"})
    return {"xzq": boundary[["XZQDM", "XZQMC", "geometry"]], "fw": buildings, "dl": roads}


def _mapping(tmp_path, text=TOML, name="mapping.toml"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def _same(place):
    assert list(place.areas["code"]) == ["141126100001", "141126100200"]
    assert list(place.buildings["households"]) == [24, 24, 12, 1, 2, 1]
    assert list(place.buildings["name"])[:2] == ["甲1号楼", "甲2号楼"]
    assert list(place.features["class"]) == ["residential"]
    assert list(place.features["name"]) == ["凤城路"]
    assert shapely.equals_exact(
        shapely.normalize(place.buildings.geometry.to_numpy()),
        shapely.normalize(Drawn().buildings.geometry.to_numpy()),
        1e-9,
    ).all()


def _refused(wanted, path, **flags):
    with pytest.raises((BadFile, BadRows, BadCoordinates)) as caught:
        read_place(path, **flags)
    assert caught.value.code == wanted
    return caught.value


def test_a_geopackage_with_other_names(tmp_path):
    for layer, frame in _renamed().items():
        pyogrio.write_dataframe(frame, tmp_path / "survey.gpkg", layer=layer)
    _same(read_place(tmp_path / "survey.gpkg", mapping=_mapping(tmp_path)))


@pytest.mark.parametrize("suffix", [".geojson", ".shp"])
def test_a_folder_of_files(tmp_path, suffix):
    folder = tmp_path / "survey"
    folder.mkdir()
    for layer, frame in _renamed().items():
        pyogrio.write_dataframe(frame, folder / f"{layer}{suffix}", encoding="UTF-8")
    _same(read_place(folder, mapping=_mapping(tmp_path)))


def test_the_same_in_json(tmp_path):
    told = {
        "boundary": {"file": "xzq.geojson", "columns": {"code": "XZQDM", "name": "XZQMC"}},
        "buildings": {"columns": {"bid": "FWBH", "name": "MC", "households": "HS"}},
        "roads": {"file": "dl.geojson", "columns": {"class": "DJ"}, "constants": {"name": "凤城路"}},
    }
    for layer, frame in _renamed().items():
        pyogrio.write_dataframe(frame, tmp_path / f"{layer}.geojson")
    _same(read_place(tmp_path / "fw.geojson", mapping=_mapping(tmp_path, json.dumps(told), "m.json")))


@pytest.mark.parametrize("cpg", ["GBK", "936", "", None, "UTF-8"])
def test_chinese_in_a_shapefile(tmp_path, cpg):
    folder = tmp_path / "survey"
    folder.mkdir()
    for layer, frame in _renamed().items():
        encoding = "UTF-8" if cpg == "UTF-8" else "GB18030"
        pyogrio.write_dataframe(frame, folder / f"{layer}.shp", encoding=encoding)
        path = folder / f"{layer}.cpg"
        path.unlink(missing_ok=True)
        if cpg:
            path.write_text(cpg)
    _same(read_place(folder, mapping=_mapping(tmp_path)))


@pytest.mark.parametrize("encoding", ["UTF-8", "GB18030"])
def test_a_name_that_a_shapefile_cuts_within_a_letter(tmp_path, encoding):
    """区划代码 has twelve bytes in UTF-8; A区划代码名称 has thirteen in GB18030: ten are kept."""
    name = {"UTF-8": "区划代码", "GB18030": "A区划代码名称"}[encoding]
    frame = gpd.GeoDataFrame(
        {name: ["141126100001"], "名称": ["凤城社区"]}, geometry=[square(0, 0, 1)], crs=4326
    )
    pyogrio.write_dataframe(frame, tmp_path / "界线.shp", encoding=encoding)
    (tmp_path / "界线.cpg").write_text(encoding)

    def mapped(columns):
        entries = {"boundary": Entry(columns=columns)}
        return Mapped(tmp_path / "界线.shp", entries, Findings()).read("boundary")

    layer = mapped({"code": name, "name": "名称"})
    assert layer.rows[["code", "name"]].to_numpy().tolist() == [["141126100001", "凤城社区"]]
    with pytest.raises(BadFile):
        mapped({"code": "区县代码"})


@pytest.mark.parametrize("folder", ["", "数据/"])
def test_a_zip_of_shapefiles(tmp_path, folder):
    with zipfile.ZipFile(tmp_path / "survey.zip", "w") as archive:
        for layer, frame in _renamed().items():
            pyogrio.write_dataframe(frame, tmp_path / f"{layer}.shp", encoding="GB18030")
            for file in tmp_path.glob(f"{layer}.*"):
                archive.write(file, f"{folder}{file.name}")
    _same(read_place(tmp_path / "survey.zip", mapping=_mapping(tmp_path)))


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_names_in_a_zip_that_does_not_tell_their_encoding(tmp_path, encoding):
    said = "房屋".encode(encoding)
    with zipfile.ZipFile(tmp_path / "survey.zip", "w") as archive:
        for layer, frame in _renamed().items():
            pyogrio.write_dataframe(frame, tmp_path / f"{layer}.geojson")
            name = "A" * len(said) if layer == "fw" else layer
            archive.write(tmp_path / f"{layer}.geojson", f"{name}.geojson")
    path = tmp_path / "survey.zip"
    path.write_bytes(path.read_bytes().replace(b"A" * len(said) + b".geojson", said + b".geojson"))
    _same(read_place(path, mapping=_mapping(tmp_path, TOML.replace('layer = "fw"', 'file = "房屋.geojson"'))))


def test_a_zip_that_climbs_stays_in_its_folder(tmp_path):
    with zipfile.ZipFile(tmp_path / "z.zip", "w") as archive:
        archive.writestr("../../evil.geojson", '{"type": "FeatureCollection", "features": []}')
    _refused("layer_missing", tmp_path / "z.zip")
    assert not list(tmp_path.parent.glob("evil*"))


def test_folders_of_a_kml_are_layers(tmp_path):
    def mark(row, shape, **data):
        more = "".join(f'<Data name="{k}"><value>{v}</value></Data>' for k, v in data.items())
        ring = " ".join(f"{x},{y},0" for x, y in shapely.get_coordinates(shape))
        return (
            f"<Placemark><name>{row}</name><ExtendedData>{more}</ExtendedData><Polygon><outerBoundaryIs>"
            f"<LinearRing><coordinates>{ring}</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark>"
        )

    boundary = mark("甲社区", square(0, 0, 4), DM="141126100001")
    houses = "".join(mark(f"院{i}", square(i, 1, 0.5), BH=f"h{i}") for i in range(3))
    kml = tmp_path / "place.kml"
    kml.write_text(
        "<?xml version='1.0' encoding='UTF-8'?><kml xmlns='http://www.opengis.net/kml/2.2'><Document>"
        f"<Folder><name>边界</name>{boundary}</Folder><Folder><name>房屋</name>{houses}</Folder></Document></kml>",
        encoding="utf-8",
    )
    mapping = _mapping(
        tmp_path,
        '[boundary]\nlayer = "边界"\ncolumns = { code = "DM", name = "Name" }\n'
        '[buildings]\nlayer = "房屋"\ncolumns = { bid = "BH", name = "Name" }\nderive = true\n',
    )
    place = read_place(kml, mapping=mapping)
    assert list(place.areas["code"]) == ["141126100001"]
    assert list(place.buildings["name"]) == ["院0", "院1", "院2"]
    assert "households_derived" in [row.code for row in place.report]


def _kml(drawn, path):
    for layer, frame in (("boundary", drawn.boundary), ("buildings", drawn.buildings)):
        more = {"append": True} if path.exists() else {}
        pyogrio.write_dataframe(frame, path, layer=layer, driver="LIBKML", **more)
    return path


def test_whole_numbers_that_kml_keeps_as_text_are_numbers(tmp_path):
    drawn = Drawn()
    drawn.boundary["name"] = ["甲社区", "乙村"]
    drawn.buildings["households"] = [str(n) for n in (24, "２４", 12, 1, 2, 1)]
    place = read_place(_kml(drawn, tmp_path / "place.kml"))
    assert list(place.buildings["households"]) == [24, 24, 12, 1, 2, 1]
    assert list(place.buildings["bid"]) == list(Drawn().buildings["bid"])
    assert list(place.areas["name"]) == ["甲社区", "乙村"]


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("二十四", "households_not_number"),
        ("24户", "households_not_number"),
        ("-3", "households_negative"),
        ("1.5", "households_fraction"),
    ],
)
def test_other_text_in_a_kml_is_named_as_everywhere(tmp_path, written, code):
    drawn = Drawn()
    drawn.buildings["households"] = ["24", "24", written, "1", "2", "1"]
    error = _refused(code, _kml(drawn, tmp_path / "place.kml"))
    assert [where.row for where in error.where] == [3]


def test_a_ring_that_does_not_close_is_closed_and_named(tmp_path):
    rings = [shapely.get_coordinates(square(i, 1, 0.5)).tolist() for i in range(3)]
    features = [
        {
            "type": "Feature",
            "properties": {"bid": f"h{i}", "households": 1},
            "geometry": {"type": "Polygon", "coordinates": [ring[:-1] if i == 1 else ring]},
        }
        for i, ring in enumerate(rings)
    ]
    houses = {"type": "FeatureCollection", "features": features}
    (tmp_path / "buildings.geojson").write_text(json.dumps(houses), encoding="utf-8")
    pyogrio.write_dataframe(Drawn().boundary, tmp_path / "boundary.gpkg", layer="boundary")
    place = read_place(tmp_path / "buildings.geojson", boundary=tmp_path / "boundary.gpkg")
    assert [(row.code, row.row) for row in place.report] == [("ring_closed", 2)]
    assert place.buildings.geometry.is_valid.all()
    areas = place.buildings.to_crs(4546).area
    assert areas.max() / areas.min() < 1.001


def test_a_mapping_may_name_the_place_itself(tmp_path):
    for layer, frame in _renamed().items():
        pyogrio.write_dataframe(frame, tmp_path / f"{layer}.geojson")
    text = "".join(
        line.replace('layer = "', 'file = "').replace('"\n', '.geojson"\n')
        if line.startswith("layer")
        else line
        for line in TOML.splitlines(keepends=True)
    )
    place = read_place(tmp_path / "fw.geojson", mapping=_mapping(tmp_path, text))
    _same(place)
    assert "layer_ignored" not in [row.code for row in place.report]


@pytest.mark.parametrize("packed", [False, True])
def test_a_mapping_names_files_of_the_folder_or_zip(tmp_path, packed):
    folder = tmp_path / "survey"
    folder.mkdir()
    for layer, frame in _renamed().items():
        pyogrio.write_dataframe(frame, folder / f"{layer}.shp", encoding="GB18030")
    path = folder
    if packed:
        path = tmp_path / "survey.zip"
        with zipfile.ZipFile(path, "w") as archive:
            for file in folder.iterdir():
                archive.write(file, file.name)
    text = TOML.replace('layer = "fw"', 'file = "fw.shp"')
    place = read_place(path, mapping=_mapping(tmp_path, text))
    _same(place)
    assert "layer_ignored" not in [row.code for row in place.report]


def test_numbers_by_row_where_there_are_none(tmp_path):
    frames = _renamed()
    for layer, frame in frames.items():
        pyogrio.write_dataframe(frame, tmp_path / f"{layer}.geojson")
    text = TOML.replace('layer = "fw"', 'file = "fw.geojson"').replace('bid = "FWBH"', 'bid = "#"')
    text = text.replace('layer = "dl"', 'file = "dl.geojson"')
    place = read_place(tmp_path / "xzq.geojson", mapping=_mapping(tmp_path, text))
    assert list(place.buildings["bid"]) == ["1", "2", "3", "4", "5", "6"]
    assert "bid_by_row" in [row.code for row in place.report]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("boundary = [", "mapping_broken"),
        ("boundary = 3", "mapping_broken"),
        ("[boundary]\ncolumns = 'a'", "mapping_broken"),
        ("[houses]\nlayer = 'fw'", "mapping_unknown"),
        ("[buildings]\nlayers = 'fw'", "mapping_unknown"),
        (TOML.replace('"fw"', '"gone"'), "mapping_layer_missing"),
        (TOML.replace('"HS"', '"GONE"'), "mapping_column_missing"),
        (TOML.replace('layer = "fw"', 'file = "gone.geojson"'), "file_missing"),
    ],
)
def test_a_mapping_that_does_not_fit(tmp_path, text, code):
    for layer, frame in _renamed().items():
        pyogrio.write_dataframe(frame, tmp_path / "survey.gpkg", layer=layer)
    _refused(code, tmp_path / "survey.gpkg", mapping=_mapping(tmp_path, text))


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.geojson", b"", "file_empty"),
        ("a.geojson", b"{", "file_broken"),
        ("a.shp", b"\0" * 40, "file_broken"),
        ("a.zip", b"PK no", "file_broken"),
        ("a.kml", b"<kml", "file_broken"),
        ("a.dwg", b"AC10", "file_broken"),
    ],
)
def test_files_that_are_broken(tmp_path, name, content, code):
    (tmp_path / name).write_bytes(content)
    _refused(code, tmp_path / name)


def test_a_folder_without_files(tmp_path):
    _refused("format_unknown", tmp_path)


def test_a_shapefile_without_prj_needs_its_system(tmp_path):
    folder = tmp_path / "survey"
    folder.mkdir()
    for layer, frame in _renamed().items():
        pyogrio.write_dataframe(frame, folder / f"{layer}.shp", encoding="GB18030")
        (folder / f"{layer}.prj").unlink()
    _refused("crs_missing", folder, mapping=_mapping(tmp_path))
    _same(read_place(folder, mapping=_mapping(tmp_path), crs="wgs84"))


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (b"WGS", b"W\xaaS", "layer_broken"),
        (b'"Degree"', b'"Degrxx"', None),
        (b"GEOGCS", b"GEOGXX", "crs_missing"),
    ],
)
def test_a_prj_with_noise_in_it(tmp_path, old, new, code):
    folder = tmp_path / "survey"
    folder.mkdir()
    for layer, frame in _renamed().items():
        pyogrio.write_dataframe(frame, folder / f"{layer}.shp", encoding="GB18030")
    prj = folder / "xzq.prj"
    prj.write_bytes(prj.read_bytes().replace(old, new))
    if code:
        _refused(code, folder, mapping=_mapping(tmp_path))
    else:
        _same(read_place(folder, mapping=_mapping(tmp_path)))


def test_geojson_in_the_system_that_it_declares(tmp_path):
    folder = tmp_path / "survey"
    folder.mkdir()
    for layer, frame in _renamed().items():
        pyogrio.write_dataframe(frame.to_crs(4546), folder / f"{layer}.geojson", RFC7946="NO")
    _same(read_place(folder, mapping=_mapping(tmp_path)))


def test_codes_as_numbers_stay_refused(tmp_path):
    frames = _renamed()
    frames["xzq"]["XZQDM"] = frames["xzq"]["XZQDM"].astype("int64").astype(float)
    for layer, frame in frames.items():
        pyogrio.write_dataframe(frame, tmp_path / "survey.gpkg", layer=layer)
    error = _refused("code_not_text", tmp_path / "survey.gpkg", mapping=_mapping(tmp_path))
    assert [where.row for where in error.where] == [1, 2]


def test_the_boundary_may_come_from_elsewhere(tmp_path):
    drawn = Drawn()
    pyogrio.write_dataframe(drawn.buildings, tmp_path / "buildings.geojson")
    pyogrio.write_dataframe(drawn.boundary, tmp_path / "outline.gpkg", layer="x")
    place = read_place(tmp_path / "buildings.geojson", boundary=tmp_path / "outline.gpkg")
    assert len(place.buildings) == 6
    whole = read_place(drawn.write(tmp_path), boundary=tmp_path / "outline.gpkg")
    assert [row.code for row in whole.report] == ["boundary_unused"]


def _moved(frame, system):
    shapes = shapely.transform(
        frame.geometry.to_numpy(), lambda xy: np.column_stack(from_wgs84(xy[:, 0], xy[:, 1], system))
    )
    return frame.set_geometry(gpd.GeoSeries(shapes, index=frame.index, crs=4326))


@pytest.mark.parametrize(("system", "name"), [("gcj02", "GCJ-02"), ("bd09", "BD-09")])
def test_a_file_in_another_system_declared_wgs84(tmp_path, system, name):
    """Fifty buildings spread over 2 km: moved by 500 m or 1.3 km, many leave the boundary."""
    drawn = Drawn(layers={})
    drawn.boundary = drawn.boundary.iloc[:1].set_geometry([square(0, 0, 20)], crs=4326)
    shapes = [square(0.2 + 4.7 * (i % 5), 0.2 + 2.1 * (i // 5), 0.3) for i in range(50)]
    drawn.buildings = _moved(
        gpd.GeoDataFrame({"bid": [str(i) for i in range(50)], "households": 1}, geometry=shapes, crs=4326),
        system,
    )
    place = read_place(drawn.write(tmp_path))
    told = next(row for row in place.report if row.code == "crs_hint")
    assert f"moving by {name} would put 100%" in told.en
    assert f"若当作 {name} 转换，则有 100%" in told.zh


def test_the_hint_stands_in_the_refusal_where_nothing_is_inside(tmp_path):
    drawn = Drawn(layers={})
    drawn.boundary = drawn.boundary.iloc[:1]
    drawn.buildings = _moved(drawn.buildings.iloc[:3], "gcj02")
    error = _refused("nothing_inside", drawn.write(tmp_path))
    assert "Moving by GCJ-02 would put 100% inside." in error.en


def test_a_place_in_its_own_system_gets_no_hint(tmp_path):
    assert read_place(Drawn().write(tmp_path)).report == []


def test_the_town_of_the_wrong_county(tmp_path):
    """灵泉镇 is 141126100 and 150703100: the wrong one is told by its neighbours' codes and by its place."""
    drawn = Drawn()
    drawn.boundary["code"] = ["141126100001", "150703100200"]
    drawn.boundary["parent"] = ["141126100", "150703100"]
    third = drawn.boundary.iloc[[0]].assign(code="141126100002", name="丙社区", parent="141126100")
    third = third.set_geometry([square(0, 4, 2)], crs=4326)
    drawn.boundary = gpd.GeoDataFrame(gpd.pd.concat([drawn.boundary, third], ignore_index=True), crs=4326)
    place = read_place(drawn.write(tmp_path))
    assert [(r.code, r.row, r.ref) for r in place.report] == [
        ("county_differs", 2, "150703"), ("code_elsewhere", 2, "内蒙古自治区"),
    ]  # fmt: skip


def test_the_drawn_place_lies_where_its_code_says():
    assert (round(LON), round(LAT), D) == (111, 37, 0.001)
