"""The legal state of an application as of the data date: pending, in force, lapsed or unknown, since when and why.

Derived from publications, legal events and terms, never stored by hand. `because` is one of: a publication
number (CN101945314B), the code of a legal event (CF01; its name where it came without), or a rule of `RULES`;
`explain` makes words of it.
"""

import calendar
import unicodedata
from collections.abc import Sequence
from typing import Literal, NamedTuple

from ingest.dates import parse_date
from ingest.numbers import parse_application, parse_publication, stage_of
from ingest.record import Legal, LegalEvent, LegalState, Patent, PatentType, Publication
from store.messages import text as message

RULES = ("term_expired", "no_event", "term_unclear", "no_publication")
"""Reasons that are no event: the term is over; 8 years passed in silence; the application date is not known well
enough to say whether the term is over; nothing was published."""

_YEARS_OF_SILENCE = 8
_LONGER_DESIGN_TERM = "2021-06-01"  # designs filed from that day: 15 years (fourth amendment of the Patent Law)

Effect = Literal["grant", "end", "restoration"]
"""What an event does: `end` is every way in which an application or a patent ceases."""

# By text first, because codes changed over the years and differ between data sets; the first phrase found decides,
# so what has no effect although it names one (许可合同的终止) stands first, and longer phrases before shorter ones.
_BY_TEXT: tuple[tuple[str, Effect | None], ...] = (
    ("公告送达", None),
    ("部分撤销", None),
    ("恢复", "restoration"),
    ("质押", None),
    ("保全", None),
    ("许可", None),
    ("转移", None),
    ("变更", None),
    ("更正", None),
    ("有效期届满", "end"),
    ("驳回", "end"),
    ("撤回", "end"),
    ("放弃", "end"),
    ("无效", "end"),
    ("撤销", "end"),
    ("终止", "end"),
    ("届满", "end"),
    ("授权", "grant"),
    ("授予", "grant"),
)
_BY_CODE: dict[str, Effect] = {
    "GR01": "grant",
    "C14": "grant",
    "CF01": "end",
    "CX01": "end",
    "AV01": "end",
    "IW01": "end",
    "C17": "end",
    "C19": "end",
    "C15": "end",
    "RJ01": "end",
    "C12": "end",
    "WD01": "end",
    "C02": "end",
    "WW01": "end",
    "C04": "end",
    "AV02": "end",
    "RR01": "restoration",
}
_DECORATION = str.maketrans("", "", "()[]【】〔〕〈〉《》\"'“” \t\u3000")
_EFFECT_DATE = ("终止日期", "终止日", "放弃生效日", "无效宣告决定日", "生效日")


class _Step(NamedTuple):
    date: str
    order: int  # on one day a publication comes before an event
    effect: Effect | None
    because: str
    since: str


def legal_state(
    kind: PatentType,
    application_date: str | None,
    publications: Sequence[Publication],
    events: Sequence[LegalEvent],
    data_date: str | None,
    application_number: str | None = None,
) -> Legal:
    """State of one application on the data date (YYYY-MM-DD; None = the newest date that it has itself).

    Dates are YYYY-MM-DD. What lies after the data date is left out. The application number helps only where
    the application date is missing: its year bounds the term.
    """
    steps = sorted([*_published(publications), *_happened(events)], key=lambda step: (step.date, step.order))
    as_of = data_date or (steps[-1].date if steps else "")
    state: LegalState = "unknown"
    since, because, granted, last = None, "no_publication", False, ""
    for step in steps:
        if step.date > as_of:
            break
        last = step.date or last
        if step.effect == "grant":
            if granted and state == "in_force" and (since or not step.since):
                continue  # republished: B8, C1; only a correction of unknown date yields to the grant itself
            granted, state = True, "in_force"
        elif step.effect == "end":
            if state == "lapsed":
                continue
            state = "lapsed"
        elif step.effect == "restoration":
            if state != "lapsed":
                continue
            state = "in_force" if granted else "pending"
        elif state == "unknown":
            state = "pending"
        else:
            continue
        since, because = step.since or None, step.because
    if state == "in_force":
        over, end = _term(kind, application_date, application_number, as_of)
        if over:
            return Legal(state="lapsed", since=end, because="term_expired")
        if over is None:
            return Legal(state="unknown", since=None, because="term_unclear")
    if state == "pending" and _years_later(last, _YEARS_OF_SILENCE) <= as_of:
        return Legal(state="unknown", since=None, because="no_event")
    return Legal(state=state, since=since, because=because)


def derive(record: Patent, data_date: str | None) -> Legal:
    """The legal state of a record on the data date."""
    return legal_state(
        record["type"],
        record["application_date"],
        record["publications"],
        record["legal_events"],
        data_date,
        record["application_number"],
    )


def _published(publications: Sequence[Publication]) -> list[_Step]:
    """Corrections of a grant (B8, U9) tell that there was one, though not when."""
    steps = []
    for publication in publications:
        date = publication["date"] or ""
        granted = stage_of(publication["kind"][0], publication["date"]) == "grant"
        since = "" if publication["stage"] == "correction" else date
        steps.append(_Step(date, 0, "grant" if granted else None, publication["number"], since))
    return steps


def _happened(events: Sequence[LegalEvent]) -> list[_Step]:
    return [
        _Step(
            event["date"],
            1,
            effect_of(event["code"], event["text"]),
            event["code"] or event["text"].partition("\n")[0],
            _effective(event["text"]) or event["date"],
        )
        for event in events
    ]


def _normalised(text: str) -> str:
    """Text without what only decorates it: ① and ②, brackets, blanks, full width."""
    return unicodedata.normalize("NFKC", text).translate(_DECORATION)


def effect_of(code: str | None, text: str) -> Effect | None:
    """What an event does to a right: by the words of its name (the first line), else by its code.

    A patent that is declared invalid in part goes on; under the heading 专利权的无效、部分无效宣告, which serves
    for both, the code or the conclusion of the decision tells.
    """
    head, _, rest = text.partition("\n")
    name, code = _normalised(head), (code or "").strip().upper()
    if "部分无效" in name or code == "IP01":
        return "end" if code == "IW01" or "全部无效" in _normalised(rest or head) else None
    for phrase, effect in _BY_TEXT:
        if phrase in name:
            return effect
    return _BY_CODE.get(code)


def _effective(text: str) -> str | None:
    """The date of effect that the lines of an event state, YYYY-MM-DD."""
    for line in text.splitlines():
        key, colon, value = line.replace("：", ":").partition(":")
        if colon and key.strip().endswith(_EFFECT_DATE):
            date, _ = parse_date(value.strip())
            if date:
                return date
    return None


def term_years(kind: PatentType, application_date: str) -> int:
    """Years of protection from the application date: 20, 10, designs 15 or, filed before 2021-06-01, 10."""
    if kind == "invention":
        return 20
    return 15 if kind == "design" and application_date >= _LONGER_DESIGN_TERM else 10


def _term(
    kind: PatentType, application_date: str | None, application_number: str | None, as_of: str
) -> tuple[bool | None, str | None]:
    """Whether the term is over (None: not certain), and the day it ended where that is known."""
    if application_date:
        end = _years_later(application_date, term_years(kind, application_date))
        return end <= as_of, end
    number = parse_application(application_number) if application_number else None
    if number is None:
        return None, None
    years = [f"{number.year}-01-01", f"{number.year}-12-31"]
    ends = [_years_later(date, term_years(kind, date)) for date in years]
    if max(ends) <= as_of:
        return True, None
    return (False, None) if min(ends) > as_of else (None, None)


def _years_later(date: str, years: int) -> str:
    """The same day in another year; the last day of February where it has no such day (Guidelines V-9)."""
    if not date:
        return date
    year, month, day = int(date[:4]) + years, int(date[5:7]), int(date[8:10])
    return f"{year:04}-{month:02}-{min(day, calendar.monthrange(year, month)[1]):02}"


def explain(legal: Legal, events: Sequence[LegalEvent] = (), lang: str = "zh") -> str:
    """Why the state holds, in words: 「专利权期限于 2020-01-01 届满」. An event is called by its own name."""
    because, since = legal["because"] or "", legal["since"] or ""
    if because in RULES:
        code = because if since or because != "term_expired" else "term_expired_undated"
        return message(f"legal_{code}", lang, since=since)
    if parse_publication(because):
        code = "granted" if legal["state"] == "in_force" else "published"
        return message(f"legal_{code}" if since else f"legal_{code}_undated", lang, number=because, since=since)
    name = next((event["text"].partition("\n")[0] for event in events if event["code"] == because), "")
    return message("legal_event", lang, since=since, name=f"{name} ({because})" if name else because)
