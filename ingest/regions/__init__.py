"""Regions: from an address to a division code, and from a code or name to the tree of divisions.

`locate` reads addresses; `lookup` reads what a user writes in a query.
"""

from ingest.regions.address import Region, locate
from ingest.regions.divisions import abolished, ancestors, children, current, full_name, known, name, names
from ingest.regions.lookup import candidates, lookup

__all__ = ["Region", "abolished", "ancestors", "candidates", "children", "current", "full_name",
           "known", "locate", "lookup", "name", "names"]
