"""Which applications the demo holds: subjects, dates, numbers and publications, all drawn from one seed."""

import datetime as dt
import random
from collections import Counter
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from cli.demo import texts
from cli.demo.people import AGENCIES, AGENTS, Applicant, Applicants
from cli.demo.texts import Subject, Text
from ingest.numbers import check_digit

FIRST_YEAR = 2015
LAST_DAY = dt.date(2026, 6, 30)     # nothing is published after it
_DESIGN_SHARE = 0.09
_UTILITY_MODELS = {"device": 0.5, "system": 0.3}
_GRANTED_SHARE = 0.6                # of the inventions that are old enough
_WITHOUT_A_SHARE = 0.03             # grants of which the delivery lacks the application


@dataclass(frozen=True, slots=True)
class Cluster:
    id: str
    trade: str
    weight: float
    growth: float
    subjects: tuple[Subject, ...]


@dataclass(frozen=True, slots=True)
class Published:
    """One publication of an application: what one file holds."""

    number: str                 # digits
    kind: str
    date: dt.date


@dataclass(frozen=True, slots=True)
class Application:
    type_digit: str             # 1 invention, 2 utility model, 3 design
    key: str                    # 12 digits, the serial begins with 99
    date: dt.date
    text: Text
    ipc: tuple[str, ...]
    locarno: str | None
    applicants: tuple[Applicant, ...]
    inventors: tuple[str, ...]
    agency: tuple[str, str] | None
    agent: str
    publications: tuple[Published, ...]
    cited: tuple[Published, ...] = field(default=())

    @property
    def number(self) -> str:
        return f"{self.key}.{check_digit(self.key)}"


def _load(name: str) -> Any:
    return yaml.safe_load((Path(__file__).parent / name).read_text("utf-8"))


@cache
def clusters() -> tuple[Cluster, ...]:
    """The clusters of topics.yaml; their ids are nodes of the taxonomy 33618."""
    return tuple(
        Cluster(row["cluster"], row["trade"], row["weight"], row["growth"], tuple(
            Subject(one["name"], one["style"], one["field"], tuple(one["ipc"].split()),
                    tuple(one["parts"].split("、")), one["problem"], tuple(one["effects"].split(";")))
            for one in row["subjects"]))
        for row in _load("topics.yaml"))


def gazette_day(day: dt.date) -> dt.date:
    """The office publishes on Tuesdays and Fridays: the first of them on or after a day."""
    return day + dt.timedelta(days=min((1 - day.weekday()) % 7, (4 - day.weekday()) % 7))


def draw(records: int, seed: int) -> list[Application]:
    """That many applications, each with at least one publication, in the order of their numbers."""
    return _Plan(seed).draw(records)


class _Plan:
    def __init__(self, seed: int) -> None:
        self._rng = random.Random(seed)
        self._clusters = clusters()
        self._designs = _load("designs.yaml")
        self._applicants = Applicants(self._rng, {cluster.id: cluster.trade for cluster in self._clusters})
        self._serials: Counter[tuple[int, str]] = Counter()
        self._numbers: Counter[str] = Counter()

    def draw(self, records: int) -> list[Application]:
        drawn = sorted((self._application() for _ in range(records)), key=lambda one: one.key)
        return self._with_citations(drawn)

    def _application(self) -> Application:
        if self._rng.random() < _DESIGN_SHARE:
            return self._design()
        rng = self._rng
        cluster = rng.choices(self._clusters, [one.weight for one in self._clusters])[0]
        subject = rng.choice(cluster.subjects)
        digit = "2" if rng.random() < _UTILITY_MODELS.get(subject.style, 0) else "1"
        filed = self._filed(cluster, 9 if digit == "2" else 18)
        text = texts.write(subject, rng, digit == "2")
        first, *more = subject.ipc
        ipc = (first, *(symbol for symbol in more if rng.random() < 0.8))
        publications = self._invention(filed) if digit == "1" else self._granted(digit, "U", filed, 150, 270)
        return self._of(digit, filed, cluster.id, text, ipc, None, publications)

    def _design(self) -> Application:
        rng = self._rng
        product = rng.choice(self._designs)
        cluster = next(one for one in self._clusters if one.id == product["cluster"])
        filed = self._filed(cluster, 7)
        text = Text(product["name"], texts.design_text(product["name"], product["use"], rng), (), ())
        publications = self._granted("3", "S", filed, 110, 200)
        return self._of("3", filed, cluster.id, text, (), product["locarno"], publications)

    def _of(self, digit: str, filed: dt.date, cluster: str, text: Text, ipc: tuple[str, ...], locarno: str | None,
            publications: tuple[Published, ...]) -> Application:
        rng = self._rng
        self._serials[filed.year, digit] += 1
        applicants = tuple(self._applicants.draw(cluster))
        alone = applicants[0].name.startswith("示例") and len(applicants[0].name) == 4
        inventors = (applicants[0].name,) if alone else tuple(self._applicants.persons(5))
        return Application(
            digit, f"{filed.year}{digit}99{self._serials[filed.year, digit]:05}", filed, text, ipc, locarno, applicants,
            inventors, rng.choice(AGENCIES) if rng.random() < 0.85 else None, rng.choice(AGENTS), publications)

    def _filed(self, cluster: Cluster, latest_months: int) -> dt.date:
        """A day on which it could be filed and still be published by the last day; more each year with growth."""
        last = LAST_DAY - dt.timedelta(days=31 * latest_months)
        years = range(FIRST_YEAR, last.year + 1)
        weights = [cluster.growth ** (year - FIRST_YEAR) for year in years]
        weights[-1] *= last.timetuple().tm_yday / 365
        year = self._rng.choices(years, weights)[0]
        days = last.timetuple().tm_yday if year == last.year else 365
        return dt.date(year, 1, 1) + dt.timedelta(days=self._rng.randrange(days))

    def _next(self, digit: str) -> str:
        self._numbers[digit] += 1
        return f"{digit}99{self._numbers[digit]:06}"

    def _granted(self, digit: str, kind: str, filed: dt.date, least: int, most: int) -> tuple[Published, ...]:
        day = gazette_day(filed + dt.timedelta(days=self._rng.randrange(least, most)))
        return (Published(self._next(digit), kind, day),)

    def _invention(self, filed: dt.date) -> tuple[Published, ...]:
        rng, number = self._rng, self._next("1")
        laid_open = Published(number, "A", gazette_day(filed + dt.timedelta(days=rng.randrange(150, 540))))
        granted = Published(number, "B", gazette_day(laid_open.date + dt.timedelta(days=rng.randrange(250, 900))))
        if rng.random() >= _GRANTED_SHARE or granted.date > LAST_DAY:
            return (laid_open,)
        return (granted,) if rng.random() < _WITHOUT_A_SHARE else (laid_open, granted)

    def _with_citations(self, applications: list[Application]) -> list[Application]:
        """Grants of inventions cite up to three earlier applications with the same main class."""
        by_class: dict[str, list[Published]] = {}
        result = []
        for one in applications:
            if one.publications[-1].kind == "B":
                earlier = [item for item in by_class.get(one.ipc[0][:4], ()) if item.date < one.date]
                one = replace(one, cited=tuple(self._rng.sample(earlier, min(len(earlier), self._rng.randint(0, 3)))))
            if one.ipc:
                by_class.setdefault(one.ipc[0][:4], []).append(one.publications[0])
            result.append(one)
        return result
