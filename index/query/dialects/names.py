"""What the field names of a dialect mean here: one table per dialect in `fields.toml`, the canonical names behind it.

A context is what the values of a clause are read in; it names fields of `index.fields`, or something that has no
field of ours and is resolved by the dialects themselves (country of publication, kind of document, likeness).
"""

import tomllib
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path

from index.fields import BY_API, Field, find, nearest
from index.query.lexer import Kind
from index.text import fold

TEXT = ("units", "composite")
_DISTANCE = 0.6


@dataclass(frozen=True, slots=True, eq=False)
class Context:
    """The fields of a clause. `kind` is that of the fields, "mixed" for several kinds, or one of the special ones
    country, number, type, semantic; "" for a clause without a field that we know."""

    fields: tuple[Field, ...]
    kind: str
    nearest: bool = False       # not the same field as in the other system

    @property
    def api(self) -> tuple[str, ...]:
        """The text fields that are searched, in the order of the catalogue."""
        members = {part for one in self.fields for part in one.members}
        return tuple(api for api in BY_API if api in members)


@cache
def _written() -> dict[str, dict[str, str]]:
    """The tables as they are written, those of values under `values.type` and the like."""
    data = tomllib.loads((Path(__file__).parent / "fields.toml").read_text("utf-8"))
    values = data.pop("values")
    return data | {f"values.{name}": table for name, table in values.items()}


@cache
def _tables() -> dict[str, dict[str, str]]:
    return {name: {fold(key): value for key, value in table.items()} for name, table in _written().items()}


def value_of(kind: str, folded: str) -> str | None:
    """The record's value for a written one of `type` or `legal_state`; None for none that we know."""
    return _tables()[f"values.{kind}"].get(" ".join(folded.split()))


@cache
def bracketed(dialect: str) -> tuple[str, ...]:
    """The folded names of a dialect that hold parentheses, longest first."""
    return tuple(sorted((name for name in _tables()[dialect] if "(" in name), key=len, reverse=True))


@cache
def known(dialect: str, folded: str) -> bool:
    """Whether a dialect has a field of this name, held here or not."""
    return folded in _tables()[dialect] or find(folded) is not None


@cache
def context(dialect: str, folded: str) -> Context | None:
    """What a name means; a context without fields and kind for one that we hold nothing for, None for no name."""
    meant = _tables()[dialect].get(folded)
    if meant is None:
        one = find(folded)
        if one is None:
            return None
        return Context((one,), "type" if one.api == "type" else _kind((one,)))
    if meant.startswith("@"):
        return Context((BY_API["type"],) if meant == "@type" else (), meant[1:])
    fields = tuple(BY_API[api.removesuffix("~")] for api in meant.split())
    return Context(fields, _kind(fields), meant.endswith("~"))


@cache
def written_names(fields: tuple[Field, ...]) -> list[tuple[Kind, str, str]]:
    """Kind, text and folded text of the tokens that name fields in the canonical dialect."""
    found: list[tuple[Kind, str, str]] = [(",", ",", ",")]
    for one in fields:
        name = "分类号" if one.api == "ipc" else one.name
        found += [("word", name, name.lower()), (",", ",", ",")]
    return found[1:-1]


def joined(contexts: list[Context]) -> Context | None:
    """The context of a list of names; one that no single kind of value fits is "mixed". None for names of which one
    is no field of ours, so that the others cannot be asked together with it."""
    if len(contexts) == 1:
        return contexts[0]
    if {"number"} <= {one.kind for one in contexts} <= {"number", "numbers"}:
        return Context((), "number")        # which asks for both numberings
    fields = tuple(dict.fromkeys(one for context in contexts for one in context.fields))
    return Context(fields, _kind(fields)) if all(one.fields for one in contexts) else None


def _kind(fields: tuple[Field, ...]) -> str:
    kinds = {"text" if one.kind in TEXT else one.kind for one in fields}
    return kinds.pop() if len(kinds) == 1 else "mixed" if kinds else ""


def near(dialect: str, folded: str) -> list[str]:
    """Up to three names that a mistyped one may mean: those of the dialect first, as it writes them."""
    written = {fold(name): name for name in _written()[dialect]}
    own = get_close_matches(folded, written, n=2, cutoff=_DISTANCE)
    return list(dict.fromkeys([*(written[name] for name in own), *nearest(folded)]))[:3]
