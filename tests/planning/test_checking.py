"""A result proved from the two files alone: sound ones pass, each spoiled one fails and is named."""

import numpy as np
import pytest
import shapely

from spatial import lookup, planning
from spatial.checking import check
from spatial.writers.gridfile import write_grids
from tests.planning import drawn
from tests.planning.conftest import database, settle
from tests.planning.drawn import COMMUNITY, LATTICE, TOWERS, TOWN, VILLAGE


@pytest.fixture(scope="module")
def lumpy(cluster, template, tmp_path_factory):
    """Half a community with 24 households a house, published: 20 grids with the reason lump."""
    with database(cluster, template) as store:
        site = drawn.community(halves=1, each=24)
        yield settle(store, tmp_path_factory.mktemp("lumpy"), [site], publish=True)


@pytest.fixture(scope="module")
def small(cluster, template, tmp_path_factory):
    """Half a community, a village and one tower, published: cheap to check again and again."""
    with database(cluster, template) as store:
        sites = [
            drawn.community(halves=1),
            drawn.towers(count=2, floors=20).shifted(500),
            drawn.village().shifted(0, 300),
        ]
        yield settle(store, tmp_path_factory.mktemp("small"), sites, publish=True)


def spoiled(town, folder, spoil):
    """Check a town's result after a change of its grids frame; failed proofs only."""
    grids = lookup.grids(town.store, area=TOWN)
    changed = spoil(grids)
    path = folder / "spoiled.gpkg"
    write_grids(path, grids if changed is None else changed)
    result = check(town.place, path)
    failed = [p for p in result.proofs if not p.ok]
    assert result.ok == (not failed)
    assert all(p.zh and p.en for p in result.proofs)
    return failed


def named(failed):
    return {(p.subject, p.code) for p in failed}


def at(grids, code):
    return int(np.flatnonzero(grids["code"] == code)[0])


def put(grids, code, shape):
    """Replace a grid's polygon, given on the lattice."""
    shapes = grids.geometry.to_numpy().copy()
    shapes[at(grids, code)] = LATTICE.to_lonlat(np.array([shape], dtype=object))[0]
    return grids.set_geometry(shapes, crs=4326)


def lattice_shape(grids, code):
    return LATTICE.to_lattice(grids.geometry.to_numpy()[[at(grids, code)]])[0]


LEAF, NEXT = f"{COMMUNITY}0010101", f"{COMMUNITY}0010102"
BLOCK = f"{COMMUNITY}00101"


def neighbours(grids, area=COMMUNITY):
    """Codes of two leaves of one parent that share an edge."""
    leaves = grids[(grids["level"] == 3) & (grids["area_code"] == area)]
    for a in leaves.itertuples():
        for b in leaves.itertuples():
            shared = shapely.length(shapely.intersection(a.geometry, b.geometry))
            if a.code < b.code and a.parent == b.parent and shared > 0:
                return a.code, b.code
    raise AssertionError("no neighbours")


# -- sound -------------------------------------------------------------------------------------------------


def test_sound_result_passes(published):
    result = check(published.place, published.grids)
    assert result.ok
    assert {(a["code"], a["households"]) for a in result.areas} == {
        (COMMUNITY, 640), (TOWERS, 432), (VILLAGE, 90),
    }  # fmt: skip
    assert {p.subject for p in result.proofs} >= {"outline", "seam", "nesting", "buildings", "households"}
    assert {p.area_code for p in result.proofs} == {COMMUNITY, TOWERS, VILLAGE}


def test_sound_reasons_are_proved_one_by_one(lumpy):
    result = check(lumpy.place, lumpy.grids)
    assert result.ok
    assert len([p for p in result.proofs if p.subject == "reason"]) == 20


def test_place_file_alone(published):
    result = check(published.place)
    assert result.ok
    assert result.proofs == []
    assert len(result.areas) == 3


def test_rewritten_file_passes(small, tmp_path):
    assert spoiled(small, tmp_path, lambda grids: grids.sample(frac=1, random_state=1)) == []


def test_cut_and_given_ground_passes(drafted, tmp_path, today):
    from tests.planning.test_stages import act, leaf_of, line  # noqa: PLC0415

    store, plan = drafted.store, drafted.plans[COMMUNITY]
    cells = planning.plan_cells(store, plan)
    face = cells.loc[cells["bid"] == "001-000", "face"].item()
    delta = act(store, plan, kind="cut", face=face, line=line((23, -1), (23, 32)))
    after = planning.plan_cells(store, plan)
    (east,) = after.loc[after["cell"].isin(delta.cells) & after["bid"].isna(), "cell"]
    act(store, plan, kind="assign", cells=[east], to=leaf_of(store, plan, "001-001").id)
    planning.publish(store, list(drafted.plans.values()), valid_from=today, who="li")
    path = tmp_path / "grids.gpkg"
    write_grids(path, lookup.grids(store, area=TOWN))
    assert [p for p in check(drafted.place, path).proofs if not p.ok] == []


def test_floors_without_stairwells_pass(store, tmp_path):
    site = drawn.towers(floors=18)
    site.register = [(bid, None, floor, n) for bid, _, floor, n in site.register]
    place = drawn.drawn(site).write(tmp_path)
    planning.import_place(store, place)
    planning.propose(store, TOWERS, who="li", publish=True)
    grids = lookup.grids(store, area=TOWERS)
    assert grids["floors"].notna().any()
    path = tmp_path / "grids.gpkg"
    write_grids(path, grids)
    assert [(p.subject, p.code, p.en) for p in check(place, path).proofs if not p.ok] == []


def test_stairwells_above_a_level_two_grid_pass(store, tmp_path):
    """28 floors of four households: 112 in a stairwell, so that level 2 is stacked too."""
    place = drawn.drawn(drawn.towers(count=2, floors=28)).write(tmp_path)
    planning.import_place(store, place)
    planning.propose(store, TOWERS, who="li", publish=True)
    grids = lookup.grids(store, area=TOWERS)
    assert grids.loc[grids["level"] == 2, "floors"].notna().any()
    path = tmp_path / "grids.gpkg"
    write_grids(path, grids)
    assert [(p.subject, p.code, p.en) for p in check(place, path).proofs if not p.ok] == []


# -- spoiled -----------------------------------------------------------------------------------------------


def test_vertex_moved_by_a_centimetre(small, tmp_path):
    def spoil(grids):
        shape = lattice_shape(grids, LEAF)
        xy = shapely.get_coordinates(shape)
        moved = np.where((xy == xy[5]).all(axis=1)[:, None], xy + 1.0, xy)
        return put(grids, LEAF, shapely.set_coordinates(shape, moved))

    failed = spoiled(small, tmp_path, spoil)
    assert {("seam", COMMUNITY), ("nesting", BLOCK)} <= named(failed)
    assert all(p.geometry for p in failed if p.subject in {"seam", "nesting"})


def test_outline_moved(small, tmp_path):
    def spoil(grids):
        shape = lattice_shape(grids, COMMUNITY)
        return put(grids, COMMUNITY, shapely.union(shape, shapely.box(16_000, 0, 16_300, 10_000)))

    assert ("outline", COMMUNITY) in named(spoiled(small, tmp_path, spoil))


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (LEAF, ("nesting", BLOCK)),
        (BLOCK, ("nesting", f"{COMMUNITY}001")),
        (COMMUNITY, ("outline", COMMUNITY)),
    ],
)
def test_grid_dropped(small, tmp_path, code, expected):
    failed = spoiled(small, tmp_path, lambda grids: grids[grids["code"] != code])
    assert expected in named(failed)


def test_basic_grid_left_out_altogether_is_said_and_the_rest_proved(small, tmp_path):
    assert spoiled(small, tmp_path, lambda grids: grids[grids["area_code"] != VILLAGE]) == []


@pytest.mark.parametrize(
    "code", [COMMUNITY, f"{COMMUNITY}001", BLOCK, LEAF, f"{TOWERS}0010101", f"{VILLAGE}001"]
)
@pytest.mark.parametrize("column", ["households", "registered"])
def test_households_changed(small, tmp_path, code, column):
    def spoil(grids):
        grids.loc[grids["code"] == code, column] += 1

    failed = spoiled(small, tmp_path, spoil)
    assert named(failed) == {("households", code)}
    assert column in failed[0].en


def test_reason_changed_removed_added(lumpy, tmp_path):
    def change(grids):
        grids.loc[grids["code"] == LEAF, "reason"] = "no_k"

    def remove(grids):
        grids.loc[grids["code"] == LEAF, "reason"] = None

    def add(grids):
        grids.loc[grids["code"] == BLOCK, "reason"] = "lump"

    def nonsense(grids):
        grids.loc[grids["code"] == LEAF, "reason"] = "tired"

    assert named(spoiled(lumpy, tmp_path, change)) == {("reason", LEAF)}
    assert named(spoiled(lumpy, tmp_path, remove)) == {("band", LEAF)}
    assert named(spoiled(lumpy, tmp_path, add)) == {("reason", BLOCK)}
    assert named(spoiled(lumpy, tmp_path, nonsense)) == {("reason", LEAF)}


@pytest.mark.parametrize("code", [COMMUNITY, f"{VILLAGE}001"])
def test_reason_where_no_band_applies(small, tmp_path, code):
    def spoil(grids):
        grids.loc[grids["code"] == code, "reason"] = "lump"

    assert ("reason", code) in named(spoiled(small, tmp_path, spoil))


def test_code_under_another_parent(small, tmp_path):
    """With and without a code that fits the new parent."""
    other, new = f"{COMMUNITY}00102", f"{COMMUNITY}0010209"

    def parent_only(grids):
        grids.loc[grids["code"] == LEAF, "parent"] = other

    def code_too(grids):
        grids.loc[grids["code"] == LEAF, ["code", "parent"]] = [new, other]

    def code_only(grids):
        grids.loc[grids["code"] == LEAF, "code"] = new

    found = named(spoiled(small, tmp_path, parent_only))
    assert {("nesting", BLOCK), ("nesting", other), ("code", LEAF)} <= found
    assert {("nesting", BLOCK), ("nesting", other)} <= named(spoiled(small, tmp_path, code_too))
    assert named(spoiled(small, tmp_path, code_only)) == {("code", new)}


def test_parent_level_and_area_that_are_none(small, tmp_path):
    def orphan(grids):
        grids.loc[grids["code"] == LEAF, "parent"] = None

    def level(grids):
        grids.loc[grids["code"] == LEAF, "level"] = 2

    def stray(grids):
        grids.loc[grids["code"] == LEAF, "area_code"] = VILLAGE

    assert ("code", LEAF) in named(spoiled(small, tmp_path, orphan))
    assert ("code", LEAF) in named(spoiled(small, tmp_path, level))
    assert ("code", LEAF) in named(spoiled(small, tmp_path, stray))


def test_building_given_to_a_neighbour(small, tmp_path):
    """The two leaves change polygons' ground: every seam holds, the counts still add up above."""

    def spoil(grids):
        one, two = neighbours(grids)
        a, b = lattice_shape(grids, one), lattice_shape(grids, two)
        named_codes.update((one, two))
        # all ground of the first but a square metre at its rim goes over
        whole = shapely.coverage_union(a, b)
        corner = shapely.get_coordinates(a)
        rim = next(
            p for p in (shapely.buffer(shapely.Point(xy), 150, cap_style="square") for xy in corner)
            if shapely.area(shapely.intersection(p, a)) > 100 and not shapely.intersects(p, b)
        )  # fmt: skip
        kept = shapely.set_precision(shapely.intersection(a, rim), 1.0)
        rest = shapely.set_precision(shapely.difference(whole, kept), 1.0)
        return put(put(grids, one, kept), two, rest)

    named_codes: set[str] = set()
    failed = spoiled(small, tmp_path, spoil)
    assert {("households", code) for code in named_codes} <= named(failed)


def test_polygons_swapped(small, tmp_path):
    def spoil(grids):
        one, two = LEAF, f"{COMMUNITY}0010201"
        a, b = lattice_shape(grids, one), lattice_shape(grids, two)
        return put(put(grids, one, b), two, a)

    found = named(spoiled(small, tmp_path, spoil))
    assert {("nesting", BLOCK), ("nesting", f"{COMMUNITY}00102")} <= found


def test_leaf_overlaps_its_neighbour(small, tmp_path):
    def spoil(grids):
        one, two = neighbours(grids)
        spot.append(one[:17])
        return put(grids, one, shapely.coverage_union(lattice_shape(grids, one), lattice_shape(grids, two)))

    spot: list[str] = []
    failed = spoiled(small, tmp_path, spoil)
    assert {("seam", COMMUNITY), ("nesting", spot[0])} <= named(failed)
    assert any("overlap" in p.en for p in failed)


def stacked(grids):
    """Code of a leaf on upper floors, and of the lowest of its stairwell."""
    leaves = grids[(grids["area_code"] == TOWERS) & grids["floors"].notna() & (grids["level"] == 3)]
    upper = leaves[~leaves["floors"].str.startswith("[1,")].iloc[0]
    low = leaves[leaves["floors"].str.startswith("[1,") & (leaves["parent"] == upper["parent"])].iloc[0]
    return upper["code"], low["code"]


def test_upper_floors_outgrow_their_building(small, tmp_path):
    def spoil(grids):
        upper, low = stacked(grids)
        spot.append(upper)
        return put(grids, upper, lattice_shape(grids, low))

    spot: list[str] = []
    failed = spoiled(small, tmp_path, spoil)
    assert ("buildings", spot[0]) in named(failed)


def test_floors_or_stairwell_changed(small, tmp_path):
    def floors(grids):
        grids.loc[grids["code"] == stacked(grids)[0], "floors"] = "[2,4)"

    def gone(grids):
        grids.loc[grids["code"] == stacked(grids)[0], "floors"] = None

    def stairwell(grids):
        grids.loc[grids["code"] == stacked(grids)[0], "stairwell"] = "9"

    def added(grids):
        grids.loc[grids["code"] == LEAF, ["stairwell", "floors"]] = ["1", "[1,7)"]

    for spoil in (floors, gone, stairwell, added):
        assert spoiled(small, tmp_path, spoil), spoil.__name__


def test_overlap_hidden_behind_floors(small, tmp_path):
    """Floors on a plain grid do not excuse it from the seam."""

    def spoil(grids):
        one, two = neighbours(grids)
        grids.loc[grids["code"] == one, ["stairwell", "floors"]] = ["1", "[5,9)"]
        grids.loc[grids["code"] == two, ["stairwell", "floors"]] = ["1", "[1,5)"]
        both = shapely.coverage_union(lattice_shape(grids, one), lattice_shape(grids, two))
        return put(put(grids, one, both), two, both)

    assert spoiled(small, tmp_path, spoil)


def test_dedicated_grid_with_households(lumpy, tmp_path):
    """Kind is no way out of the band: a dedicated grid holds nobody."""

    def spoil(grids):
        grids.loc[grids["code"] == LEAF, ["kind", "reason"]] = ["dedicated", None]

    assert ("households", LEAF) in named(spoiled(lumpy, tmp_path, spoil))
