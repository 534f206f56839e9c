from shapely import MultiPolygon

from tests.drawing import draw


def test_letters_become_polygons_that_share_edges() -> None:
    d = draw("""
        AAB
        AAB
        ..B
    """)
    assert list(d.polygons) == ["A", "B"]
    assert d.polygons["A"].area == 4 * 1000**2
    assert d.polygons["A"].bounds == (0, 1000, 2000, 3000)
    assert len(d.polygons["A"].exterior.coords) == 9  # every cell corner is a vertex
    assert d.outline.area == 7 * 1000**2


def test_patches_holes_marks_and_spacing() -> None:
    d = draw(
        """
        AAA.B
        A1A..
        AAA.B
    """,
        size_m=20,
        spacing_m=5,
        marks="1",
    )
    assert isinstance(d.polygons["B"], MultiPolygon)
    assert len(d.polygons["A"].interiors) == 1
    assert d.points["1"][0].coords[0] == (3000, 3000)
    assert len(d.polygons["A"].interiors[0].coords) == 17
    assert d.at(1, 1) == (2000, 4000)
    assert d.line((0, 0), (1, 3)).coords[1] == (2000, 0)
