"""Addresses: the state of every page is its path and query parameters, so a link is an address with one thing changed.

An `Address` is immutable; each method gives a new one. What narrows or reorders a list drops the place in
it (`cursor`, `page`), because a cursor belongs to one query in one order.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote, urlencode

PLACE = frozenset({"cursor", "page"})
KEPT_EVERYWHERE = ("lang",)


@dataclass(frozen=True, slots=True)
class Address:
    """A path inside this site and its parameters in order; `str()` is the percent-encoded link."""

    path: str
    parameters: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        return self.path + ("?" + urlencode(self.parameters, quote_via=quote) if self.parameters else "")

    def get(self, name: str, default: str = "") -> str:
        return next((value for key, value in self.parameters if key == name), default)

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.parameters if key == name]

    def set(self, **values: object) -> "Address":
        """With these parameters in place of any of the same name; None or a blank removes one."""
        kept = [pair for pair in self.parameters if pair[0] not in values and pair[0] not in PLACE]
        return Address(self.path, (*kept, *((name, str(value)) for name, value in values.items()
                                            if value is not None and value != "")))

    def add(self, name: str, value: str) -> "Address":
        """With one more value of a repeatable parameter, once each."""
        kept = tuple(pair for pair in self.parameters if pair[0] not in PLACE and pair != (name, value))
        return Address(self.path, (*kept, (name, value)))

    def drop(self, name: str, value: str | None = None) -> "Address":
        """Without a parameter, or without one of its values."""
        return Address(self.path, tuple(
            pair for pair in self.parameters
            if pair[0] not in PLACE and not (pair[0] == name and value in (None, pair[1]))))

    def at(self, cursor: str, page: int) -> "Address":
        """The page of a list that begins at a cursor; `page` counts from 1 and is for reading only."""
        first = self.drop("cursor")
        return Address(self.path, (*first.parameters, ("cursor", cursor), ("page", str(page))))

    def to(self, path: str, without: Iterable[str] = ()) -> "Address":
        """The same parameters at another path: a twin, an export, a list of all values of a facet."""
        gone = {*without, *PLACE}
        return Address(path, tuple(pair for pair in self.parameters if pair[0] not in gone))

    def elsewhere(self, path: str, **values: object) -> "Address":
        """Another page, of which only what holds everywhere (the chosen language) is kept."""
        kept = tuple(pair for pair in self.parameters if pair[0] in KEPT_EVERYWHERE)
        return Address(segments(path), kept).set(**values)

    def hidden(self, *without: str) -> list[tuple[str, str]]:
        """Parameters that a GET form carries along as hidden fields, apart from those it asks for itself."""
        return [pair for pair in self.parameters if pair[0] not in without and pair[0] not in PLACE]


def segments(path: str) -> str:
    """A path with what stands between its slashes percent-encoded, unless `segment` has done so already."""
    return quote(path, safe="/%")


def segment(name: str) -> str:
    """One segment of a path from any text."""
    return quote(name, safe="")
