"""Legal status in XML, `PRS`: many records a file, each one event of one application.

No real file is public: the layout is that on which three independent parsers agree. What `status` says is read
so: words and letters of deleting and replacing act on earlier events of the same PRSID and application, and
everything else adds (docs/data.md, Legal events).
"""

import re
from collections.abc import Iterator
from typing import Literal

from ingest.dates import parse_date
from ingest.numbers import parse_application
from ingest.readers.drafts import dated
from ingest.readers.elements import Element, Warn, child_of, in_form, local_name, text_of
from ingest.readers.information import details
from ingest.readers.plain import raw
from ingest.readers.reading import Reading
from ingest.readers.xml import records
from ingest.record import Event
from ingest.rejects import Rejected

_PRODUCED = re.compile(rb"""<(?:[^\s<>/:]+:)?PRS\s[^>]*?dateProduced\s*=\s*["'](\d{8})["']""")
Action = Literal["add", "replace", "delete"]

_ACTIONS: dict[str, Action] = {
    **dict.fromkeys(("d", "del", "delete", "deleted", "删除", "撤销"), "delete"),
    **dict.fromkeys(("r", "u", "m", "replace", "replaced", "update", "updated", "modify"), "replace"),
    **dict.fromkeys(("替换", "修改", "更新", "更正"), "replace"),
}


def readings(data: bytes, warn: Warn) -> Iterator[Reading]:
    """Every event of a file. Raises Rejected `no_records` for a file without any."""
    made = _PRODUCED.search(data[:4096])
    produced = parse_date(made[1].decode())[0] if made else None
    part = 0
    for part, piece in enumerate(records(data, "PRSRecord", warn), 1):
        content: Event | Rejected
        try:
            content = piece.content if isinstance(piece.content, Rejected) else read(piece.content, warn, produced)
        except Rejected as reason:
            content = Rejected(reason.code, reason.detail, piece.line)
        yield Reading(content, piece.text.encode(), part)
    if not part:
        raise Rejected("no_records", "<PRS>")


def read(record: Element, warn: Warn, produced: str | None = None) -> Event:
    """One event of a file that was produced on a day (YYYY-MM-DD).

    Raises Rejected: `no_application_number`, `foreign_office`, `no_event_date`, `no_event_code` (and no name either).
    """
    information = child_of(record, "PRSInformation")
    named, pairs = details(raw(information)) if information is not None else (None, [])
    date = dated(text_of(child_of(record, "PRSPublicationDate"), "Date") or text_of(record, "PRSPublicationDate"), warn)
    code = text_of(record, "PRSCode").upper() or None
    name = text_of(record, "PRSValue") or named
    action = _ACTIONS.get((record.get("status") or "").strip().lower(), "add")
    ident = (record.get("PRSID") or "").strip() or None
    application = _application(record)
    if not date and action != "delete":
        raise Rejected("no_event_date", f"{application} {code or name or ''}")
    if not code and not name and action != "delete":
        raise Rejected("no_event_code", application)
    if named and name and named != name:  # the fuller name stands in the details
        pairs.insert(0, ["", named])
    return Event(
        application=application,
        date=date,
        code=code,
        name=name,
        details=pairs,
        ident=ident,
        action=action,
        produced=produced,
    )


def _application(record: Element) -> str:
    """Digits of the application, from whichever of its two references can be read."""
    references = [child for child in record if local_name(child) == "ApplicationReference"]
    stated = ""
    for reference in (in_form(references, "original"), in_form(references, "standard"), *references):
        ident = child_of(reference, "DocumentID") if reference is not None else None
        written = text_of(ident, "DocNumber")
        if not written:
            continue
        stated = stated or written
        country = text_of(ident, "WIPOST3Code") or "CN"
        if country != "CN":
            raise Rejected("foreign_office", f"{country}{written}")
        number = parse_application(written, text_of(ident, "Date"))
        if number:
            return number.key
    raise Rejected("no_application_number", stated)
