"""What the index holds of a record: tokens, exact values, numbers and facet values; no engine's own format.

`build` is the slowest Python step of an ingest, so every text is folded once and cut once into units and once
into words. An engine's schema is made from the tuples of field names here; a field that a record lacks is left out.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date

from index.engine import IndexDocument
from index.text import fold
from index.text.cut import words_of_folded
from index.text.tokens import truth_of
from index.text.units import units, units_of_folded
from ingest.record import Patent
from ingest.regions import ancestors

SCHEMA_VERSION = 1
"""Part of the index identity: raise it with every change of what `build` makes."""

TRUTH_FIELDS = (
    "title", "abstract", "claims", "description", "applicants", "first_applicant", "inventors", "agency", "agents",
    "addresses",
)
"""Fields of units, as overlapping bigrams with positions (index.text.tokens); names are those of the API."""

WORD_FIELDS = ("title_words", "abstract_words", "claims_words")
"""Words in order of the text, with frequencies: they only rank."""

KEYWORD_FIELDS = (
    "type", "legal_state", "applicant_kind", "postcode", "region", "application_number", "publication_number",
    "ipc", "main_ipc", "cpc", "locarno", "industry",
)
"""Lists of exact values. `region` and `industry` hold every level above as well."""

DATE_FIELDS = ("application_date", "publication_date", "grant_date")
"""Lists of YYYYMMDD integers; only publication_date has more than one."""

SORT_FIELDS = (
    "by_id", "by_application_date", "by_application_date_desc", "by_publication_date", "by_publication_date_desc",
)
"""One integer each that orders ascending by the date (unknown last either way), then by id."""

FACETS = (
    "type", "legal_state", "application_year", "publication_year", "applicant", "ipc_subclass", "region",
    "applicant_kind",
)
"""Facets of every record; `industry:<taxonomy>` come with the labels. A record counts once for each of its values."""

_DAY_ZERO = date(1900, 1, 1).toordinal()
_UNKNOWN_DAY = 0xFFFF
_ID_BITS = 45
_ID_PLACES = 12
_DIGITS = {".": 1} | {str(digit): digit + 2 for digit in range(10)}
_LETTER = 12
_LEADING_DIGITS = re.compile(r"(\d+).*")


def build(record: Patent) -> IndexDocument:
    """The index document of a record that carries its labels.

    Text fields are strings of tokens separated by blanks; keyword and date fields lists; `row` and the sort
    fields integers; `facets` is {facet: values}.
    """
    document: IndexDocument = {"row": record["row"]}
    _add_texts(document, record)
    _add_names(document, record)
    facets = _add_keywords(document, record)
    _add_dates(document, record, facets)
    document["facets"] = facets
    return document


def _add_texts(document: IndexDocument, record: Patent) -> None:
    for name, values in (
        ("title", [record["title"] or ""]),
        ("abstract", (record["abstract"] or "").split("\n")),
        ("claims", [claim["text"] for claim in record["claims"]]),
    ):
        folded = [fold(value) for value in values if value]
        if folded:
            document[name] = truth_of(map(units_of_folded, folded))
            document[f"{name}_words"] = " ".join(words_of_folded("\n".join(folded)))
    paragraphs = [paragraph for section in record["description"] for paragraph in section["paragraphs"]]
    if paragraphs:
        document["description"] = truth_of(map(units, paragraphs))


def _add_names(document: IndexDocument, record: Patent) -> None:
    parties = [*record["applicants"], *record["patentees"]]
    for name, values in (
        ("applicants", dict.fromkeys(party["name"] for party in parties)),
        ("first_applicant", [record["applicants"][0]["name"]] if record["applicants"] else []),
        ("inventors", record["inventors"]),
        ("agency", [record["agency"]["name"]] if record["agency"] else []),
        ("agents", record["agents"]),
        ("addresses", dict.fromkeys(party["address"] for party in parties if party["address"])),
    ):
        if values:
            document[name] = truth_of(map(units, values))


def _add_keywords(document: IndexDocument, record: Patent) -> dict[str, list[str]]:
    """Adds the exact values; returns the facet values that are made of them."""
    parties = [*record["applicants"], *record["patentees"]]
    kinds = _distinct(party.get("kind") for party in parties)
    regions = _with_ancestors(_distinct(party.get("region") for party in parties))
    symbols = _distinct(entry["symbol"] for entry in record["ipc"])
    facets = {
        "type": [record["type"]],
        "legal_state": [record["legal"]["state"]],
        "applicant": _distinct(party["name"] for party in parties),
        "ipc_subclass": _distinct(symbol[:4] for symbol in symbols),
        "region": regions,
        "applicant_kind": kinds,
    }
    industries: dict[str, list[str]] = {}
    for label in record["labels"]:
        industries.setdefault(label["taxonomy"], []).append(label["node"])
    for taxonomy, nodes in industries.items():
        facets[f"industry:{taxonomy}"] = _distinct(nodes)
    document |= {
        "type": facets["type"],
        "legal_state": facets["legal_state"],
        "applicant_kind": kinds,
        "postcode": _distinct(party["postcode"] for party in parties),
        "region": regions,
        "application_number": application_forms(record["application_number"]),
        "publication_number": _distinct(
            form for publication in record["publications"] for form in publication_forms(publication["number"])),
        "ipc": symbols,
        "main_ipc": symbols[:1],
        "cpc": _distinct(record["cpc"]),
        "locarno": _distinct(record["locarno"]),
        "industry": [*industries, *(f"{taxonomy}/{node}" for taxonomy, nodes in industries.items() for node in nodes)],
    }
    return facets


def _add_dates(document: IndexDocument, record: Patent, facets: dict[str, list[str]]) -> None:
    publications = [entry["date"] for entry in record["publications"] if entry["date"]]
    grants = [entry["date"] for entry in record["publications"] if entry["stage"] == "grant" and entry["date"]]
    applied = record["application_date"]
    document["application_date"] = [as_integer(applied)] if applied else []
    document["publication_date"] = [as_integer(value) for value in dict.fromkeys(publications)]
    document["grant_date"] = [as_integer(min(grants))] if grants else []
    facets["application_year"] = [applied[:4]] if applied else []
    facets["publication_year"] = _distinct(value[:4] for value in publications)
    order = id_order(record["id"])
    document["by_id"] = order
    for name, value in (("application_date", applied), ("publication_date", max(publications, default=None))):
        day = _UNKNOWN_DAY if value is None else min(max(_day(value), 0), _UNKNOWN_DAY - 1)
        backwards = _UNKNOWN_DAY if value is None else _UNKNOWN_DAY - 1 - day
        document[f"by_{name}"] = (day << _ID_BITS) | order
        document[f"by_{name}_desc"] = (backwards << _ID_BITS) | order


def _day(value: str) -> int:
    return date(int(value[:4]), int(value[5:7]), int(value[8:])).toordinal() - _DAY_ZERO


def as_integer(value: str) -> int:
    """20100305 for 2010-03-05."""
    return int(value.replace("-", ""))


def application_forms(number: str | None) -> list[str]:
    """The form under which an application number is found: its digits without check digit."""
    return [number.removeprefix("CN").partition(".")[0]] if number else []


def publication_forms(number: str) -> tuple[str, str]:
    """A publication number with and without its kind, both without the country: `101945314B`, `101945314`."""
    bare = number.removeprefix("CN")
    return bare, _LEADING_DIGITS.sub(r"\1", bare)


def id_order(ident: str) -> int:
    """An integer below 2**45 that orders ids as their text does.

    Letters are all alike, and what follows the twelfth character does not count: such ids are told apart by row.

    >>> id_order("CN91100312.5") < id_order("CN911003120") < id_order("CN91100312A") < id_order("CN92")
    True
    """
    order = 0
    places = ident.removeprefix("CN")[:_ID_PLACES]
    for char in places:
        order = order * 13 + _DIGITS.get(char, _LETTER)
    return order * int(13 ** (_ID_PLACES - len(places)))


def _with_ancestors(codes: Sequence[str]) -> list[str]:
    return _distinct(code for deepest in codes for code in (deepest, *ancestors(deepest)))


def _distinct(values: Iterable[str | None]) -> list[str]:
    return [value for value in dict.fromkeys(values) if value]
