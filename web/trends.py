"""Counts by year as a chart with its table: which years to show, and which of them may still grow.

An application is published up to 18 months after its date (Patent Law, art. 34), so the years that reach
into the last 18 months before the data date are incomplete.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from web.charts import Series, trend
from web.rendering import Translate

MOST_YEARS = 25


@dataclass(frozen=True, slots=True)
class Row:
    year: int
    counts: tuple[int, ...]
    late: bool


@dataclass(frozen=True, slots=True)
class TrendView:
    svg: Markup
    caption: Markup
    series: list[Series]
    rows: list[Row]


def first_incomplete_year(data_date: str | None) -> int:
    """The first year whose last day is less than 18 months before the data date; far ahead when there is no data."""
    if not data_date:
        return 9999
    return int(data_date[:4]) - (1 if data_date[5:] >= "06-30" else 2)


def years_of(counts: Mapping[int, int], data_date: str | None) -> list[int]:
    """Every year from the first one counted to the data date, at most the last 25 of them."""
    if not counts:
        return []
    last = max(max(counts), int(data_date[:4]) if data_date else 0)
    return list(range(max(min(counts), last - MOST_YEARS + 1), last + 1))


def view(ident: str, lines: Mapping[str, Mapping[int, int]], total: int, data_date: str | None,
         t: Translate) -> TrendView | None:
    """Lines {name: {application year: count}} as a chart; None where fewer than two years are known.

    `total` is what is counted, also what has no date: the caption says how many are not drawn for that.
    """
    together: dict[int, int] = {}
    for counts in lines.values():
        for year, count in counts.items():
            together[year] = together.get(year, 0) + count
    years = years_of(together, data_date)
    if len(years) < 2:
        return None
    incomplete = first_incomplete_year(data_date)
    late = next((i for i, year in enumerate(years) if year >= incomplete), len(years))
    series = [Series(name, [counts.get(year, 0) for year in years], late) for name, counts in lines.items()]
    best = max(years, key=lambda year: together.get(year, 0))
    title = str(t("trend_title", first=years[0], last=years[-1]))
    description = str(t("trend_most", year=best, n=f"{together[best]:,}"))
    caption = t("trend_late", year=incomplete) if late < len(years) else t("trend_complete")
    if undated := total - sum(together.values()):
        caption = Markup("{} {}").format(caption, t("trend_undated", n=f"{undated:,}"))
    return TrendView(trend(ident, title, description, str(t("late_band")), years, series), caption, series,
                     [Row(year, tuple(line.counts[i] for line in series), i >= late) for i, year in enumerate(years)])
