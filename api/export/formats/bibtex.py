"""BibTeX: one `@patent` entry a record (BibLaTeX's type), texts escaped for TeX."""

from collections.abc import Iterable, Iterator

from api.export.formats.columns import publication_date
from api.patents.shapes import PatentAnswer

SPECIAL = str.maketrans({
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "\n": " ",
})


def escaped(value: str) -> str:
    return value.translate(SPECIAL)


def names(values: list[str]) -> str:
    """Each name in braces, so that BibTeX neither splits nor turns a Chinese or a company's name around."""
    return " and ".join(f"{{{escaped(value)}}}" for value in values)


def fields(record: PatentAnswer) -> Iterator[tuple[str, str | None]]:
    yield "title", f"{{{escaped(record['title'] or '')}}}"
    yield "author", names(record["inventors"])
    yield "holder", names([applicant["name"] for applicant in record["applicants"]])
    yield "number", escaped(record["publications"][-1]["number"]) if record["publications"] else None
    yield "date", publication_date(record)
    yield "note", escaped(record["application_number"] or "")
    yield "keywords", ", ".join(symbol["symbol"] for symbol in record["ipc"])
    yield "abstract", escaped(record["abstract"] or "")
    yield "langid", "chinese"


def write(records: Iterable[PatentAnswer]) -> Iterator[bytes]:
    for record in records:
        lines = [f"  {name} = {{{value}}},\n" for name, value in fields(record) if value]
        yield f"@patent{{{record['id']},\n{''.join(lines)}}}\n\n".encode()
