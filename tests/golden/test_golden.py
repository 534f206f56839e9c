"""Plans of known places look as they did: the sample and the four real communities, level by level.

A picture that is meant to change is drawn anew by ``python -m tests.golden.test_golden``; look at it first.
The pictures of real places are made of data © OpenStreetMap contributors (ODbL).
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from spatial.ground.crs import Lattice
from spatial.ground.faces import build_ground
from spatial.ground.outline import crossings_of, freeze
from spatial.ground.walkways import walkways
from spatial.partition.compounds import with_compounds
from spatial.partition.graph import cell_graph
from spatial.partition.propose import propose
from spatial.partition.walking import on_foot
from spatial.policy import LINGQUAN
from spatial.readers.placefile import read_place
from tests.golden import pictures

HERE = Path(__file__).resolve().parent
SAMPLE = HERE.parents[1] / "data" / "boundaries" / "sample.gpkg"
REAL = HERE.parents[2] / "shared" / "data"
PLACES = {
    "dense_beijing_xiwangzhuang": {"code": "110108007001", "division": "community"},
    "town_guixi_jiangxi": {"code": "360681001001", "division": "community"},
    "rural_hamlets_neudrossenfeld": {"code": "990001101201", "division": "village"},
    "valley_balzers": {"code": "990002101201", "division": "village"},
}


def drawn(path: Path, **flags: str) -> dict[str, np.ndarray]:
    """Propose for every basic grid of a file; its picture by code."""
    place = read_place(path, **flags)
    left, bottom, right, top = place.areas.total_bounds
    lattice = Lattice.at((left + right) / 2, (bottom + top) / 2)
    spacing = np.array([LINGQUAN.node_spacing_m[d] for d in place.areas["division"]])
    given = lattice.to_lattice(place.areas.geometry.to_numpy())
    outlines = freeze(given, spacing, crossings_of(place, lattice)).outlines
    found = {}
    for code, division, outline in zip(place.areas["code"], place.areas["division"], outlines, strict=True):
        ground = build_ground(place, code, outline, lattice, LINGQUAN)
        graph = with_compounds(cell_graph(ground, LINGQUAN), ground)
        graph = on_foot(graph, walkways(ground, place.features, None))
        found[code] = pictures.picture(ground, propose(graph, division, LINGQUAN))
    return found


def compare(code: str, image: np.ndarray, folder: Path) -> None:
    """Fail with the share of pixels that differ, and where the difference picture lies."""
    golden = HERE / f"{code}.png"
    before = pictures.load(golden)
    assert before.shape == image.shape
    share = float((before != image).mean())
    if share:
        seen = folder / f"{code}-difference.png"
        pictures.save(seen, pictures.difference(before, image))
        pictures.save(folder / f"{code}-now.png", pictures.coloured(image))
        pytest.fail(f"{golden.name}: {100 * share:.2f} % of the pixels differ; lost blue, new red: {seen}")


@pytest.fixture(scope="module")
def sample():
    """Pictures of the sample by code."""
    return drawn(SAMPLE)


def test_the_sample_looks_as_it_did(sample, tmp_path):
    for code, image in sample.items():
        compare(code, image, tmp_path)


@pytest.mark.parametrize("name", PLACES)
def test_real_communities_look_as_they_did(name, tmp_path):
    path = REAL / f"{name}.gpkg"
    if not path.exists():
        pytest.skip(f"{path} is not on this machine: real data is no part of the product")
    for code, image in drawn(path, name=name, **PLACES[name]).items():
        compare(code, image, tmp_path)


def test_a_border_that_moved_is_shown(sample, tmp_path):
    code, image = next(iter(sample.items()))
    spoiled = image.copy()
    row, column = np.argwhere(image == 3)[0]
    spoiled[row, column] = 0
    with pytest.raises(pytest.fail.Exception, match="lost blue"):
        compare(code, spoiled, tmp_path)
    assert (tmp_path / f"{code}-difference.png").stat().st_size > 0


if __name__ == "__main__":
    files = {SAMPLE: {}, **{REAL / f"{name}.gpkg": {"name": name, **one} for name, one in PLACES.items()}}
    for path, flags in files.items():
        for code, image in drawn(path, **flags).items() if path.exists() else ():
            pictures.save(HERE / f"{code}.png", image)
            pictures.save(Path(sys.argv[1]) / f"{code}.png", pictures.coloured(image)) if sys.argv[
                1:
            ] else None
