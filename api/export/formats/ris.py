"""RIS, type PAT, as reference managers read it; tags by the use of Zotero and EndNote."""

from collections.abc import Iterable, Iterator

from api.export.formats.columns import publication_date
from api.patents.shapes import PatentAnswer


def one_line(value: str) -> str:
    """RIS has no continuation lines: a line feed would start a tag."""
    return " ".join(value.split())


def entry(record: PatentAnswer) -> Iterator[tuple[str, str | None]]:
    published = publication_date(record)
    yield "TY", "PAT"
    yield "TI", record["title"]
    for inventor in record["inventors"]:
        yield "AU", inventor
    for applicant in record["applicants"]:
        yield "A2", applicant["name"]
    yield "PY", published and published[:4]
    yield "DA", published and published.replace("-", "/")
    yield "M1", record["publications"][-1]["number"] if record["publications"] else None
    yield "IP", record["application_number"]
    yield "Y2", record["application_date"] and record["application_date"].replace("-", "/")
    for symbol in record["ipc"]:
        yield "KW", symbol["symbol"]
    yield "AB", record["abstract"]
    yield "LA", "zh"
    yield "ID", record["id"]


def write(records: Iterable[PatentAnswer]) -> Iterator[bytes]:
    for record in records:
        lines = [f"{tag}  - {one_line(value)}\r\n" for tag, value in entry(record) if value]
        yield ("".join(lines) + "ER  - \r\n\r\n").encode()
