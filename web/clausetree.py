"""The tree of an expression as nested lists: each operator in words, each term in canonical writing, with its hits.

The tree is the API's (`api.search.trees.plain`); its counts say which clause kills a result and which floods it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from web.rendering import Translate, share

FLOOD = 0.5     # share of all records from which a clause that should narrow hardly does
WIDE = 40       # parts of an operator that are shown folded


@dataclass(frozen=True, slots=True)
class ClauseView:
    """One clause: `code` is a term, `name` an operator in words; `note` says what its count means for the whole."""

    name: str
    code: str
    count: int | None
    note: str
    open: bool
    children: list["ClauseView"]


def clause_view(tree: Mapping[str, Any], t: Translate, records: int = 0, parent: str = "") -> ClauseView:
    """A tree of the API. `records`: how many there are, when clauses were counted; `parent`: the operator around it,
    blank for the whole."""
    kind, count = tree["node"], tree.get("count")
    parts = tree.get("children", ())
    note = ""
    if count == 0 and parent:
        note = str(t("clause_kills") if parent == "And" else t("part_none"))
    elif count is not None and parent in ("And", "") and kind != "Not" and records and count > FLOOD * records:
        note = str(t("clause_floods", share=share(count, records)))
    name = ""
    if parts:
        name = str(t("clause_atleast", n=tree["minimum"]) if "minimum" in tree else t(f"clause_{kind.lower()}"))
    return ClauseView(name, tree.get("text", ""), count, note, len(parts) <= WIDE,
                      [clause_view(part, t, records, kind) for part in parts])
