"""Districts as a map of equal tiles: one tile a district, roughly where it lies, darker with more applications.

Places of tiles are in tiles.csv for the regions that have a layout; other regions have the table only.
"""

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from markupsafe import Markup

WIDTH, HEIGHT, STEP_X, STEP_Y = 69, 50, 72, 53
SHADES = 7


class Tile(NamedTuple):
    code: str
    short: str
    column: int
    line: int


@cache
def layouts() -> dict[str, list[Tile]]:
    """{region: its tiles}."""
    found: dict[str, list[Tile]] = {}
    with (Path(__file__).parent / "tiles.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            found.setdefault(row["within"], []).append(
                Tile(row["code"], row["short"], int(row["column"]), int(row["line"])))
    return found


def shade(count: int, most: int) -> int:
    """0 for none, else 1 to 6: each step is a third of the one above, because few districts have most patents."""
    step = SHADES - 1
    while step > 1 and count * 3 ** (SHADES - 1 - step) * 2 < most:
        step -= 1
    return step if count else 0


def draw(region: str, counts: Mapping[str, int], title: str, description: str) -> Markup | None:
    """The map of a region's districts by their counts {code: applications}; None where there is no layout."""
    tiles = layouts().get(region)
    if not tiles:
        return None
    most = max((counts.get(tile.code, 0) for tile in tiles), default=0)
    drawn = Markup("").join(
        Markup('<g><rect class="k{}" x="{}" y="{}" width="{}" height="{}"/>'
               '<text x="{}" y="{}">{}</text><text x="{}" y="{}">{}</text></g>').format(
            shade(counts.get(tile.code, 0), most), tile.column * STEP_X, tile.line * STEP_Y, WIDTH, HEIGHT,
            tile.column * STEP_X + WIDTH / 2, tile.line * STEP_Y + 21, tile.short,
            tile.column * STEP_X + WIDTH / 2, tile.line * STEP_Y + 40, f"{counts.get(tile.code, 0):,}")
        for tile in tiles)
    wide = max(tile.column for tile in tiles) * STEP_X + WIDTH
    high = max(tile.line for tile in tiles) * STEP_Y + HEIGHT
    return Markup('<svg class="map" viewBox="0 0 {} {}" role="img" aria-labelledby="map-t map-d">'
                  '<title id="map-t">{}</title><desc id="map-d">{}</desc><g lang="zh-Hans">{}</g></svg>').format(
        wide, high, title, description, drawn)
