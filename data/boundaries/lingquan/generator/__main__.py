"""Write the sample town: ``PYTHONPATH=. .venv/bin/python -m data.boundaries.lingquan.generator [--terrain] [FOLDER]``.

``--terrain`` makes the terrain anew first; without it the shipped one is the ground that everything is drawn on.
"""

# ruff: noqa: E501 - a Chinese character counts as two columns

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd
import shapely

from data.boundaries.lingquan.generator import cases, dirty, hazards, people, terrain
from data.boundaries.lingquan.generator.files import write_gpkg, write_table
from data.boundaries.lingquan.generator.frame import valley
from data.boundaries.lingquan.generator.outlines import VILLAGES
from data.boundaries.lingquan.generator.sheet import on_lattice
from data.boundaries.lingquan.generator.town import FOLDER, Drawn, draw
from data.boundaries.lingquan.generator.villages import GROUPS


def areas_of(drawn: Drawn) -> pd.DataFrame:
    """One row a basic grid: code, name, division, occupied households, dedicated areas, villagers' groups."""
    rows = pd.DataFrame(drawn.sheet.layers["boundary"])
    homes = drawn.sheet.layers["buildings"]
    middles = shapely.centroid([h["geometry"] for h in homes])
    house, area = shapely.STRtree(rows["geometry"].to_numpy()).query(middles, predicate="within")
    home_of = {homes[h]["bid"]: int(a) for h, a in zip(house, area, strict=True)}
    lived = [0] * len(rows)
    for row in drawn.sheet.households:
        if row["status"] in ("常住户", "租房户"):
            lived[home_of[row["bid"]]] += row["n"]
    yards = shapely.centroid([d["geometry"] for d in drawn.sheet.layers["dedicated"]])
    groups = dict(zip((f"141126100{number}" for number, _ in VILLAGES), GROUPS, strict=True))
    return rows.drop(columns="geometry").assign(
        households=lived,
        dedicated=[int(shapely.intersects(g, yards).sum()) for g in rows["geometry"]],
        groups=[groups.get(code, 0) for code in rows["code"]],
    )


def main(arguments: list[str]) -> None:
    """Make every file of the sample town."""
    names = [a for a in arguments if not a.startswith("--")]
    folder = Path(names[0]) if names else FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    dem = folder / "lingquan_dem.tif"
    if "--terrain" in arguments:
        terrain.write(terrain.make(valley()), dem)
    drawn = draw(dem if dem.exists() else FOLDER / dem.name)
    frames = drawn.frames()
    write_gpkg(frames, folder / "lingquan.gpkg")
    points, danger = (on_lattice(table.to_dict("records")) for table in hazards.make(drawn))
    write_gpkg({"points": points, "areas": danger}, folder / "hazards.gpkg")
    write_table(cases.make(drawn), folder / "cases.csv")
    write_table(people.staff(areas_of(drawn)), folder / "staff.csv")
    spoiled, defects = dirty.spoil(frames, points)
    write_gpkg(spoiled, folder / "lingquan_dirty.gpkg")
    write_table(spoiled["hazards"], folder / "hazards_dirty.csv")
    refused, faults = dirty.refuse(frames)
    write_gpkg(refused, folder / "village_refused.gpkg")
    write_gpkg(dirty.swap(frames), folder / "village_swapped.gpkg")
    write_table(pd.concat([defects, faults], ignore_index=True), folder / "defects.csv")


if __name__ == "__main__":
    main(sys.argv[1:])
