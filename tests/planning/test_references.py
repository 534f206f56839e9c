"""Reference layers: read in any of the formats, laid under a place, refused with words."""

import json
import zipfile

import geopandas as gpd
import pytest
import shapely

from spatial.errors import BadCoordinates, BadFile, NotFound, Refused
from spatial.ground.crs import from_wgs84
from spatial.planning import references
from spatial.planning.references import add_reference, reference, remove_reference
from tests.planning.drawn import COMMUNITY, TOWN, lonlat

LINE = shapely.LineString([(0, 0), (8_000, 5_000)])


def frame(shapes=(LINE,), names=("老界线",)):
    return gpd.GeoDataFrame({"名称": list(names)}, geometry=list(lonlat(list(shapes))), crs=4326)


def geojson(folder, text=None):
    path = folder / "old.geojson"
    path.write_text(frame().to_json() if text is None else text)
    return path


def shapefile(folder, crs=4546):
    inner = folder / "shp"
    inner.mkdir()
    frame().to_crs(crs).to_file(inner / "老界线.shp", encoding="utf-8")
    path = folder / "old.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for part in inner.iterdir():
            archive.write(part, part.name)
    return path


def kml(folder):
    path = folder / "old.kml"
    frame().rename(columns={"名称": "Name"}).to_file(path, driver="KML")
    return path


@pytest.mark.parametrize("write", [geojson, shapefile, kml])
def test_a_file_is_laid_where_it_lies_and_taken_away(drafted, tmp_path, write):
    store = drafted.store
    made = add_reference(store, COMMUNITY, write(tmp_path), name="老界线", who="li")
    assert (made.features, made.who) == (1, "li")
    assert references.references(store, COMMUNITY) == [made]
    assert references.references(store, TOWN) == []
    (feature,) = json.loads(reference(store, COMMUNITY, made.id))["features"]
    assert feature["properties"] == {"label": "老界线"}
    found = shapely.geometry.shape(feature["geometry"])
    assert shapely.hausdorff_distance(found, lonlat([LINE])[0]) < 2e-7  # two centimetres
    with pytest.raises(NotFound):
        remove_reference(store, TOWN, made.id)
    remove_reference(store, COMMUNITY, made.id)
    with pytest.raises(NotFound) as gone:
        reference(store, COMMUNITY, made.id)
    assert gone.value.code == "no_such_reference"


def test_a_file_in_gcj02_is_moved_to_its_place_when_it_is_named_so(drafted, tmp_path):
    shifted = shapely.transform(
        lonlat([LINE])[0], lambda xy: shapely.get_coordinates(shapely.points(*from_wgs84(*xy.T, "gcj02")))
    )
    path = geojson(tmp_path, gpd.GeoDataFrame(geometry=[shifted], crs=4326).to_json())
    made = add_reference(drafted.store, COMMUNITY, path, name="高德", who="li", crs="gcj02")
    text = reference(drafted.store, COMMUNITY, made.id)
    found = shapely.geometry.shape(json.loads(text)["features"][0]["geometry"])
    assert shapely.hausdorff_distance(found, lonlat([LINE])[0]) < 2e-7


def refused(drafted, path):
    with pytest.raises((BadFile, BadCoordinates, Refused)) as refusal:
        add_reference(drafted.store, COMMUNITY, path, name="x", who="li")
    assert references.references(drafted.store, COMMUNITY) == []
    assert refusal.value.zh
    return refusal.value.code


def test_what_cannot_be_laid_is_refused_with_words(drafted, tmp_path, monkeypatch):
    assert refused(drafted, geojson(tmp_path, "{")) == "file_broken"
    assert refused(drafted, geojson(tmp_path, '{"type":"FeatureCollection","features":[]}')) in {
        "file_broken", "reference_empty",
    }  # fmt: skip
    far = gpd.GeoDataFrame(geometry=[shapely.Point(116.4, 39.9)], crs=4326)
    assert refused(drafted, geojson(tmp_path, far.to_json())) == "reference_elsewhere"
    turned = frame().set_geometry(shapely.transform(frame().geometry, lambda xy: xy[:, ::-1]))
    assert refused(drafted, geojson(tmp_path, turned.to_json())) == "lonlat_swapped"
    broken = tmp_path / "x.kml"
    broken.write_text("nonsense")
    with pytest.raises(BadFile) as told:
        add_reference(drafted.store, COMMUNITY, broken, name="x", who="li")
    assert str(tmp_path) not in told.value.zh + told.value.en
    word = tmp_path / "x.docx"
    word.write_text("x")
    assert refused(drafted, word) == "format_unknown"
    monkeypatch.setattr("spatial.readers.references.MOST_VERTICES", 1)
    assert refused(drafted, geojson(tmp_path)) == "reference_too_large"
    monkeypatch.setattr("spatial.readers.references.UNPACKED_BYTES", 10)
    assert refused(drafted, shapefile(tmp_path)) == "file_broken"
    monkeypatch.undo()
    monkeypatch.setattr("spatial.planning.references.MOST_LAYERS", 0)
    assert refused(drafted, geojson(tmp_path)) == "too_many_references"
