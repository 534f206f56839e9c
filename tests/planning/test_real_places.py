"""The four real communities: imported as they are, proposed, published, proved from the two files alone."""

from pathlib import Path

import pytest
import shapely

from spatial import lookup, planning
from spatial.checking import check
from spatial.ground.seam import prove
from spatial.store import grounds
from spatial.writers.gridfile import write_grids

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
PLACES = {
    "dense_beijing_xiwangzhuang": ("110108007001", "community"),
    "town_guixi_jiangxi": ("360681001001", "community"),
    "rural_hamlets_neudrossenfeld": ("990001101201", "village"),
    "valley_balzers": ("990002101201", "village"),
}


@pytest.fixture(scope="module", params=PLACES)
def place(request):
    path = DATA / f"{request.param}.gpkg"
    if not path.exists():
        pytest.skip(f"{path} is not on this machine: real data is no part of the product")
    return path


def test_import_propose_publish_check(store, place, tmp_path):
    code, division = PLACES[place.stem]
    flags = {"code": code, "division": division, "name": place.stem}
    first = planning.import_place(store, place, **flags)
    (area,) = first.areas
    again = planning.import_place(store, place, **flags)
    assert not again.areas[0].new
    assert [(r.code, r.ref) for r in again.report] == [(r.code, r.ref) for r in first.report]
    with store.transaction() as tx:
        ground = grounds.load_ground(tx, area.ground_id)
    assert prove(ground.faces, ground.outline) == []
    (made,) = planning.propose(store, code, who="li", publish=True)
    grids = lookup.grids(store, area=code)
    path = tmp_path / "grids.gpkg"
    write_grids(path, grids)
    result = check(place, path, **flags)
    assert [(p.subject, p.code, p.en) for p in result.proofs if not p.ok] == []
    proved = [p for p in result.proofs if p.subject == "reason"]
    assert len(proved) == grids["reason"].notna().sum()
    for level in made.levels:
        assert level.out_of_band == (grids.loc[grids["level"] == level.level, "reason"].notna()).sum()
        assert level.households == area.households or level.level > 1
    if division == "village":
        assert made.levels[1].in_band == made.levels[1].grids > 0
        assert grids["reason"].isna().all()
    for level in range(4):
        flat = grids[(grids["level"] == level) & grids["floors"].isna()]
        assert shapely.is_valid(flat.geometry.to_numpy()).all()
    assert grids.loc[grids["level"] == 0, "households"].item() == area.households
