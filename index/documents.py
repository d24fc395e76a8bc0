"""What the index holds of a record: tokens, exact values, numbers and facet values; no engine's own format.

The fields and what of a record they hold are those of the catalogue (`index.fields`). This is the slowest Python
step of an ingest, so every text is folded once and cut once into units and once into words, many together.
"""

import re
from collections.abc import Callable, Iterable
from datetime import date
from functools import lru_cache
from itertools import islice
from typing import TypeAlias

from index.engine import IndexDocument
from index.fields import BY_API, FIELDS, distinct, parties
from index.query.grades import grades, tenths
from index.text.cut import ranking_words
from index.text.many import cut_many
from index.text.tokens import joined_runs, truth_of
from ingest.record import Patent
from ingest.regions import ancestors

SCHEMA_VERSION = 3
"""Part of the index identity: raise it with every change of what `build` makes."""

TRUTH_FIELDS = tuple(field.api for field in FIELDS if field.kind == "units")
"""Fields of units, as overlapping bigrams with positions (index.text.tokens)."""

RANKED_FIELDS = ("title", "abstract", "claims")
WORD_FIELDS = tuple(f"{name}_words" for name in RANKED_FIELDS)
"""Words in the order of the text, with frequencies: they only rank."""

KEYWORD_FIELDS = tuple(field.api for field in FIELDS if field.kind in ("keyword", "numbers", "classes", "region"))
"""Lists of exact values. `region` holds every level above as well."""

INDUSTRY = "industry"
"""The terms of all labels with every level above, joined by blanks since they are dozens."""

DATE_FIELDS = tuple(field.api for field in FIELDS if field.kind == "dates")
"""Lists of YYYYMMDD integers; only publication_date has more than one."""

SORT_FIELDS = (
    "by_id", "by_application_date", "by_application_date_desc", "by_publication_date", "by_publication_date_desc",
)
"""One integer each that orders ascending by the date (unknown last either way), then by id."""

SORT_FIELD_OF = {
    "id": "by_id",
    "application_date": "by_application_date",
    "-application_date": "by_application_date_desc",
    "publication_date": "by_publication_date",
    "-publication_date": "by_publication_date_desc",
}
"""The field of each sort of `index.engine.SORTS` but relevance."""

FACETS = (
    "type", "legal_state", "application_year", "publication_year", "applicant", "ipc_subclass", "region",
    "applicant_kind",
)
"""Facets of every record; `industry:<taxonomy>` and `label_source` (`33618@rule`) come with the labels. A record counts
once for each of its values."""

Above: TypeAlias = Callable[[str, str], Iterable[str]]
"""The nodes above a node of a taxonomy."""

_TEXTS = tuple((BY_API[name].values, name) for name in TRUTH_FIELDS)
_AS_THEY_ARE = tuple(
    (BY_API[name].values, name) for name in KEYWORD_FIELDS
    if name not in ("region", "application_number", "publication_number"))
_DATES = tuple((BY_API[name].values, name) for name in DATE_FIELDS)

_DAY_ZERO = date(1900, 1, 1).toordinal()
_UNKNOWN_DAY = 0xFFFF
_ID_BITS = 45
_ID_PLACES = 12


class _Digits(dict[int, str]):
    """By code point, the digit to the base of 13 that orders a character: nothing, a point, 0 to 9, a letter."""

    def __missing__(self, point: int) -> str:
        return "c"


_DIGITS = _Digits({ord(char): digit for char, digit in zip(".0123456789", "123456789ab", strict=True)})
_FIRST_DIGITS = re.compile(r"\d+")


def build(record: Patent, above: Above) -> IndexDocument:
    """The index document of a record that carries its labels; only fields that hold something are in it.

    Text fields and `industry` are strings of tokens separated by blanks; keyword and date fields lists; `row` and the
    sort fields integers; `facets` is {facet: values}; `runs` is {text field: its values as `joined_runs` writes them}.
    """
    return build_many([record], above)[0]


def build_many(records: Iterable[Patent], above: Above) -> list[IndexDocument]:
    """The index documents of records, in order; a fraction of the time that each alone takes."""
    documents: list[IndexDocument] = []
    texts: list[str] = []
    fields: list[tuple[IndexDocument, str, int]] = []       # how many of the texts are a field's values
    for record in records:
        document = _without_texts(record, above)
        documents.append(document)
        for values, name in _TEXTS:
            if found := values(record):
                texts += found
                fields.append((document, name, len(found)))
    cut = cut_many(texts)
    for document, name, count in fields:
        folded, tokens, runs = zip(*islice(cut, count), strict=True)
        document[name] = truth_of(tokens)
        document["runs"][name] = joined_runs(runs)
        if name in RANKED_FIELDS:
            document[f"{name}_words"] = ranking_words("\n".join(folded))
    return documents


def _without_texts(record: Patent, above: Above) -> IndexDocument:
    document: IndexDocument = {"row": record["row"], "runs": {}}
    for values, name in _AS_THEY_ARE:
        if found := values(record):
            document[name] = found
    document["application_number"] = application_forms(record["application_number"])
    document["publication_number"] = [
        form for publication in record["publications"] for form in publication_forms(publication["number"])]
    regions = BY_API["region"].values(record)
    document["region"] = distinct(code for deepest in regions for code in (deepest, *ancestors(deepest)))
    for values, name in _DATES:
        if found := values(record):
            document[name] = [as_integer(value) for value in found]
    _add_sorts(document, record)
    document["facets"] = _facets(document, record) | _add_industries(document, record, above)
    return document


def _facets(document: IndexDocument, record: Patent) -> dict[str, list[str]]:
    applied = record["application_date"]
    return {
        "type": document["type"],
        "legal_state": document["legal_state"],
        "application_year": [applied[:4]] if applied else [],
        "publication_year": distinct(entry["date"] and entry["date"][:4] for entry in record["publications"]),
        "applicant": distinct(party.get("known_as") or party["name"] for party in parties(record)),
        "ipc_subclass": distinct(symbol[:4] for symbol in document.get("ipc", ())),
        "region": document["region"],
        "applicant_kind": document.get("applicant_kind", []),
    }


def _add_industries(document: IndexDocument, record: Patent, above: Above) -> dict[str, list[str]]:
    """Adds the terms `33618 33618/nev 33618@rule 33618/nev@rule` of the labels; returns their facets."""
    labels = tuple([(one["taxonomy"], one["node"], one["source"], tenths(one["score"])) for one in record["labels"]])
    document[INDUSTRY], facets = _industries(labels, above)
    return facets


@lru_cache(maxsize=20_000)
def _industries(labels: tuple[tuple[str, str, str, int], ...], above: Above
                ) -> tuple[str, dict[str, list[str]]]:
    """The terms and facets of labels, which most records share with another."""
    facets: dict[str, dict[str, None]] = {}
    terms: list[str] = []
    for taxonomy, node, source, reached in labels:
        nodes = (node, *above(taxonomy, node))
        facets.setdefault(f"industry:{taxonomy}", {}).update(dict.fromkeys(nodes))
        facets.setdefault("label_source", {})[f"{taxonomy}@{source}"] = None
        meant = [taxonomy, *(f"{taxonomy}/{node}" for node in nodes)]
        terms += [*meant, *(f"{term}@{grade}" for grade in grades(source, reached) for term in meant)]
    return " ".join(dict.fromkeys(terms)), {facet: list(values) for facet, values in facets.items()}


def _add_sorts(document: IndexDocument, record: Patent) -> None:
    document["by_id"] = order = id_order(record["id"])
    published = max((entry["date"] for entry in record["publications"] if entry["date"]), default=None)
    for name, value in (("application_date", record["application_date"]), ("publication_date", published)):
        day = backwards = _UNKNOWN_DAY
        if value is not None:
            day = _day(value)
            backwards = _UNKNOWN_DAY - 1 - day
        document[f"by_{name}"] = (day << _ID_BITS) | order
        document[f"by_{name}_desc"] = (backwards << _ID_BITS) | order


@lru_cache(maxsize=65_536)
def _day(value: str) -> int:
    return min(max(date.fromisoformat(value).toordinal() - _DAY_ZERO, 0), _UNKNOWN_DAY - 1)


def as_integer(value: str) -> int:
    """20100305 for 2010-03-05."""
    return int(value.replace("-", ""))


def application_forms(number: str | None) -> list[str]:
    """The form under which an application number is found: its digits without check digit."""
    return [number.removeprefix("CN").partition(".")[0]] if number else []


def publication_forms(number: str) -> tuple[str, ...]:
    """A publication number with and without its kind, both without the country: `101945314B`, `101945314`."""
    bare = number.removeprefix("CN")
    digits = _FIRST_DIGITS.search(bare)
    return bare, bare[:digits.end()] if digits else bare


def id_order(ident: str) -> int:
    """An integer below 2**45 that orders ids as their text does.

    Letters are all alike, and what follows the twelfth character does not count: such ids are told apart by row.

    >>> id_order("CN91100312.5") < id_order("CN911003120") < id_order("CN91100312A") < id_order("CN92")
    True
    """
    places = ident.removeprefix("CN")[:_ID_PLACES].translate(_DIGITS)
    return int(places.ljust(_ID_PLACES, "0"), 13)
