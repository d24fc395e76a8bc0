"""Diagnostics as the pages show them: the place marked in the text, the message, and the link that repairs it.

A short text shows the words around each place; a long one is echoed as a whole with numbered marks, what nobody
remarked on left out of its middle.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup, escape

from api.search.shapes import DiagnosticShape
from web.links import Address
from web.question import fits
from web.rendering import Lang, Translate

CONTEXT = 14        # characters shown on each side of what a diagnostic speaks of
LONG = 80           # characters from which a text is edited in a text area and echoed with numbered marks
QUIET = 160         # characters without a remark of which an echo shows only both ends
WIDE = 120          # characters from which only both ends of a place are marked
ENDS = 12
_RANK = {"error": 0, "warning": 1, "hint": 2}
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """`number` is that of the mark in the echo; blank without one."""

    severity: str
    place: str
    excerpt: Markup
    message: str
    fix: Address | None
    number: int | None = None

    @property
    def sign(self) -> str:
        if self.number is None:
            return ""
        return _CIRCLED[self.number - 1] if self.number <= len(_CIRCLED) else f"({self.number})"


def is_long(text: str) -> bool:
    return len(text) > LONG or "\n" in text


def diagnoses(found: Sequence[DiagnosticShape], q: str, here: Address, lang: Lang, t: Translate) -> list[Diagnosis]:
    """Diagnostics with their place, the words around it or the number of their mark, and the link that repairs; the
    more severe ones first."""
    shown = []
    filters = here.all("filter")
    for place, one in enumerate(found):
        filtered = "filter" in one
        written = filters[one["filter"]] if "filter" in one else q
        start, end = one["start"], min(one["end"], len(written))
        echoed = is_long(q) and not filtered and end > start
        shown.append(Diagnosis(
            one["severity"], _spoken(start, end, t),
            Markup("") if echoed else excerpt(written, start, end, one["severity"]),
            one["message_en"] if lang == "en" else one["message"],
            None if one["fix"] is None else _repair(one["fix"], place, written if filtered else None, here),
            place + 1 if echoed else None))
    return sorted(shown, key=lambda one: _RANK[one.severity])


def _spoken(start: int, end: int, t: Translate) -> str:
    """A place in words, counted from 1; blank for a remark without one."""
    if end <= start:
        return ""
    return str(t("at_character", n=end) if end == start + 1 else t("at_place", first=start + 1, last=end))


def _repair(fix: str, place: int, filtered: str | None, here: Address) -> Address:
    """The address with the repaired text; of a long one, the number of the repair, which the search then applies."""
    if filtered is not None:
        return here.drop("filter", filtered).add("filter", fix)
    direct = here.drop("expr").set(q=fix)
    return direct if fits(direct) and not here.get("expr") else here.set(fix=place + 1)


def excerpt(q: str, start: int, end: int, severity: str) -> Markup:
    """The part of a query around [start, end), which is marked; dots where the query goes on."""
    if end <= start:
        return Markup("")
    left, right = max(start - CONTEXT, 0), min(end + CONTEXT, len(q))
    inner = q[start:end] if end - start <= 4 * CONTEXT else f"{q[start:start + CONTEXT]}…{q[end - CONTEXT:end]}"
    return Markup('{}{}<mark class="{}">{}</mark>{}{}').format(
        "…" if left else "", q[left:start], _css(severity), inner, q[end:right], "…" if right < len(q) else "")


def echo(q: str, found: Sequence[DiagnosticShape], left_out: Callable[[int], str]) -> Markup:
    """The whole text with a numbered mark for each diagnostic that has a place in it; blank without any.

    Where places overlap, the more severe one colours; of a wide one only both ends are coloured. `left_out` says how
    many characters were left out.
    """
    places: list[tuple[int, int, str]] = []
    ends: dict[int, list[int]] = {}
    for number, one in enumerate(found, 1):
        start, end = one["start"], min(one["end"], len(q))
        if "filter" in one or end <= start:
            continue
        ends.setdefault(end, []).append(number)
        pieces = ((start, end),) if end - start <= WIDE else ((start, start + ENDS), (end - ENDS, end))
        places += ((first, last, one["severity"]) for first, last in pieces)
    if not places:
        return Markup("")
    cuts = sorted({0, len(q), *(place[0] for place in places), *(place[1] for place in places)})
    out = Markup("")
    for start, end in pairwise(cuts):
        over = [severity for first, last, severity in places if first <= start and end <= last]
        text = q[start:end]
        if over:
            out += Markup('<mark class="{}">{}</mark>').format(_css(min(over, key=_RANK.__getitem__)), text)
        elif len(text) > 2 * QUIET:
            out += escape(text[:QUIET]) + Markup('<span class="left-out">{}</span>').format(
                left_out(len(text) - 2 * QUIET)) + escape(text[-QUIET:])
        else:
            out += escape(text)
        for number in ends.get(end, ()):
            out += Markup('<sup id="mark-{0}">{0}</sup>').format(number)
    return out


def _css(severity: str) -> str:
    """The style sheet colours a mark without a class as a warning."""
    return severity if severity in ("error", "hint") else ""
