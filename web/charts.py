"""Inline SVG charts, drawn with the classes of the style sheet so that they follow light, dark and print.

Every function gives safe markup; names and numbers that go in are escaped. A chart is always beside or
above a table with the same numbers, and says which years are not yet fully published.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

from markupsafe import Markup, escape


@dataclass(frozen=True, slots=True)
class Series:
    """One line: its name, counts along the axis (None = not yet known), and the first index that may still grow."""

    name: str
    counts: Sequence[int]
    late: int


@dataclass(frozen=True, slots=True)
class Frame:
    """Where a chart is drawn, in SVG units: two of them, because text must stay 12 px at both widths."""

    css: str
    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int
    every: int      # labels under the axis: each n-th from the end


WIDE = Frame("wide", 820, 280, 52, 740, 14, 254, 1)
NARROW = Frame("narrow", 358, 250, 44, 290, 14, 224, 2)
LABEL_GAP = 16


def number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def spark(counts: Sequence[int]) -> Markup:
    """A line without axes, 100 by 24; the number beside it says the total."""
    top = max(counts, default=0) or 1
    step = 100 / max(len(counts) - 1, 1)
    points = " ".join(f"{number(i * step)},{number(22 - 20 * count / top)}" for i, count in enumerate(counts))
    return Markup('<svg class="spark" viewBox="0 0 100 24" preserveAspectRatio="none" aria-hidden="true">'
                  '<polyline class="spark" points="{}"/></svg>').format(points)


def bar(count: int, most: int, height: int = 2) -> Markup:
    """A bar whose full length is the largest count of the list."""
    width = number(100 * count / most) if most else "0"
    return Markup('<svg class="bar" viewBox="0 0 100 {h}" preserveAspectRatio="none" aria-hidden="true">'
                  '<rect width="{w}" height="{h}"/></svg>').format(h=height, w=width)


def histogram(columns: Sequence[tuple[str, int, str]], label: str) -> Markup:
    """Columns (spoken name, count, link), each a link that narrows the list to it."""
    top = max((count for _, count, _ in columns), default=0) or 1
    step = 100 / max(len(columns), 1)
    gap = min(2.0, step / 5)
    drawn = Markup("").join(
        Markup('<a href="{}" aria-label="{}"><title>{}</title>'
               '<rect x="{}" y="{}" width="{}" height="{}"/></a>').format(
            link, name, name, number(i * step + gap / 2), number(40 - 38 * count / top), number(step - gap),
            number(38 * count / top))
        for i, (name, count, link) in enumerate(columns))
    return Markup('<svg class="hist" viewBox="0 0 100 40" preserveAspectRatio="none" role="group" '
                  'aria-label="{}">{}</svg>').format(label, drawn)


def ticks(most: int, about: int = 4) -> list[int]:
    """Whole numbers from 0 in steps of 1, 2 or 5 times a power of ten; the last one is at least `most`."""
    rough = max(most, 1) / about
    power = 10 ** floor(log10(rough)) if rough >= 1 else 1
    step = next(int(power * unit) for unit in (1, 2, 5, 10) if power * unit >= rough)
    return [step * i for i in range(max(ceil(most / step), 1) + 1)]


def trend(ident: str, title: str, description: str, late: str, years: Sequence[int],
          series: Sequence[Series]) -> Markup:
    """Lines over years at two widths; the part that may still grow is dashed on a grey band named `late`."""
    return Markup("").join(
        _lines(f"{ident}{'' if frame is WIDE else 'n'}", frame, title, description, late, years, series)
        for frame in (WIDE, NARROW))


def _lines(ident: str, frame: Frame, title: str, description: str, late: str, years: Sequence[int],
           series: Sequence[Series]) -> Markup:
    marks = ticks(max((max(line.counts, default=0) for line in series), default=0))

    def x(i: int) -> float:
        return frame.left + (frame.right - frame.left) * i / max(len(years) - 1, 1)

    def y(count: float) -> float:
        return frame.bottom - (frame.bottom - frame.top) * count / marks[-1]

    out = [f'<svg class="{frame.css}" viewBox="0 0 {frame.width} {frame.height}" role="img" '
           f'aria-labelledby="{ident}-t {ident}-d"><title id="{ident}-t">{escape(title)}</title>'
           f'<desc id="{ident}-d">{escape(description)}</desc>']
    growing = min((line.late for line in series), default=len(years))
    if growing < len(years):
        begin = x(max(growing - 1, 0))
        out.append(f'<rect class="late" x="{number(begin)}" y="{frame.top}" width="{number(frame.right - begin)}" '
                   f'height="{frame.bottom - frame.top}"/>')
        out.append(f'<text class="{"mid" if frame is WIDE else "end"}" '
                   f'x="{number((begin + frame.right) / 2 if frame is WIDE else frame.right)}" '
                   f'y="{frame.bottom - 8}">{escape(late)}</text>')
    for mark in marks:
        level = number(y(mark))
        out.append(f'<line class="{"grid" if mark else "axis"}" x1="{frame.left}" x2="{frame.right}" '
                   f'y1="{level}" y2="{level}"/>'
                   f'<text class="end" x="{frame.left - 8}" y="{number(y(mark) + 4)}">{mark:,}</text>')
    every = frame.every * ceil(len(years) / 13)
    out += [f'<text class="mid" x="{number(x(i))}" y="{frame.bottom + 18}">{year}</text>'
            for i, year in enumerate(years) if (len(years) - 1 - i) % every == 0]
    ends: list[tuple[float, int]] = []
    for k, line in enumerate(series, start=1):
        points = [f"{number(x(i))},{number(y(count))}" for i, count in enumerate(line.counts)]
        solid, dashed = points[:line.late], points[max(line.late - 1, 0):]
        if len(solid) > 1:
            out.append(f'<polyline class="ln c{k}" points="{" ".join(solid)}"/>')
        if line.late < len(points) and len(dashed) > 1:
            out.append(f'<polyline class="ln c{k} dash" points="{" ".join(dashed)}"/>')
        ends.append((y(line.counts[-1]) + 4 if line.counts else frame.bottom, k))
    for at, k in spread(sorted(ends), frame.bottom + 4):
        out.append(f'<text class="lab c{k}" x="{frame.right + 8}" y="{number(at)}">{escape(series[k - 1].name)}</text>')
    out.append("</svg>")
    return Markup("".join(out))  # noqa: S704 -- every text in it is escaped above


def spread(ends: Sequence[tuple[float, int]], lowest: float) -> list[tuple[float, int]]:
    """Names at the ends of lines, moved up from below `lowest` until they are a line apart."""
    placed: list[tuple[float, int]] = []
    limit = lowest
    for at, k in reversed(ends):
        at = min(at, limit)
        placed.append((at, k))
        limit = at - LABEL_GAP
    return placed[::-1]
