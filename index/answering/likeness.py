"""What makes other records like one: its most telling words, its classes and labels, each a query with a weight.

Words are telling that the record uses often and others seldom. Weights are whole numbers, so that every engine adds
them up to the same score, and each clue is a tree, so that the reference says which of them a hit shares.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from math import log

from pyroaring import BitMap

from index.documents import as_integer
from index.engine import Clue, IndexDocument
from index.query.reference import SearchView, matches
from index.query.tree import And, Classes, Dates, Industry, Keyword, Node, Not, Or, Rows, Units
from index.text import units
from index.text.cut import stop_words
from ingest.record import Patent

COUNTED = "abstract_words"
"""The field whose records are counted to know how common a word is."""

_CANDIDATES = 80
_WORDS = 16
_SYMBOLS = 4
_LABELS = 4
_IN_TITLE = 2           # a word of the title counts like so many of the abstract
_SCALE = 8
_SYMBOL, _GROUP, _SUBCLASS, _LABEL = 32, 32, 48, 8      # what shares a symbol shares all three: as much as a rare word


def candidates(document: IndexDocument) -> dict[str, int]:
    """Words that may be telling, with how often the record uses them; from the claims where there is no abstract."""
    text = document.get("abstract_words") or document.get("claims_words", "")
    counts = Counter(filter(_is_telling, text.split()))
    for word in filter(_is_telling, document.get("title_words", "").split()):
        counts[word] += _IN_TITLE
    return dict(counts.most_common(_CANDIDATES))


def clues(document: IndexDocument, used: Mapping[str, int], holding: Sequence[int], records: int) -> tuple[Clue, ...]:
    """The clues of a record, weightiest first. `holding`: how many of all `records` hold each of the words `used`."""
    words = [
        Clue("word", word, Units(("title", "abstract"), tuple(units(word))),
             round(_SCALE * (1 + log(count)) * log((records + 1) / (held + 1))))
        for (word, count), held in zip(used.items(), holding, strict=True) if held < records]
    words = sorted(words, key=_lightness)[:_WORDS]
    title = set(document.get("title_words", "").split())
    titles = [replace(clue, node=Units(("title",), tuple(units(clue.value)))) for clue in words if clue.value in title]
    return tuple(sorted([*words, *titles, *_classes(document), *_labels(document)], key=_lightness))


def apart(record: Patent) -> Node:
    """What is not to be told as like a record: itself, the same invention filed twice on one day (as a patent and a
    utility model), and for a design everything but designs, which for all others are none of theirs."""
    design = Keyword("type", ("design",))
    found: list[Node] = [Rows(BitMap([record["row"]])), Not(design) if record["type"] == "design" else design]
    day, title, parties = record["application_date"], record["title"], record["applicants"]
    if day and title and parties:
        found.append(And((
            Dates("application_date", as_integer(day), as_integer(day)), _whole("title", title),
            _whole("first_applicant", parties[0]["name"]), Not(Keyword("type", (record["type"],))))))
    return Or(tuple(found))


def shared(found: Iterable[Clue], view: SearchView) -> list[Clue]:
    """The clues that a record matches, weightiest first: one for each value, of a class only the deepest."""
    weights: dict[str, int] = {}
    by_value: dict[str, Clue] = {}
    for clue in found:
        if matches(clue.node, view):
            by_value.setdefault(clue.value, clue)
            weights[clue.value] = weights.get(clue.value, 0) + clue.weight
    for value in [value for value, clue in by_value.items() if clue.kind == "ipc"]:
        below = next((other for other in by_value if other != value and value in (other[:4], other.partition("/")[0])
                      and by_value[other].kind == "ipc"), None)
        if below is not None:
            weights[below] += weights[value]
            del by_value[value]
    return sorted((replace(clue, weight=weights[value]) for value, clue in by_value.items()), key=_lightness)


def _lightness(clue: Clue) -> int:
    return -clue.weight


def _whole(field: str, text: str) -> Units:
    return Units((field,), tuple(units(text)), whole=True)


def _is_telling(word: str) -> bool:
    """Whether a word may tell something; the cutter leaves some in one piece with a particle behind (`板及`)."""
    return len(word) > 1 and word[0].isalnum() and not word.isdecimal() and stop_words().isdisjoint((word, word[-1]))


def _classes(document: IndexDocument) -> list[Clue]:
    found: dict[str, Clue] = {}
    for symbol in document.get("ipc", ())[:_SYMBOLS]:
        group = symbol.partition("/")[0]
        found[symbol] = Clue("ipc", symbol, Classes("ipc", "exact", symbol), _SYMBOL)
        found[group] = Clue("ipc", group, Classes("ipc", "prefix", group), _GROUP)
        found[group[:4]] = Clue("ipc", group[:4], Classes("ipc", "prefix", group[:4]), _SUBCLASS)
    for symbol in document.get("locarno", ())[:_SYMBOLS]:
        found[symbol] = Clue("locarno", symbol, Classes("locarno", "exact", symbol), _SUBCLASS)
    return list(found.values())


def _labels(document: IndexDocument) -> list[Clue]:
    deepest = [(facet.partition(":")[2], nodes[0]) for facet, nodes in document["facets"].items()
               if facet.startswith("industry:") and nodes]
    return [Clue("industry", f"{taxonomy}/{node}", Industry(taxonomy, node), _LABEL)
            for taxonomy, node in deepest[:_LABELS]]
