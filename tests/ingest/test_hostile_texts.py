"""Texts that would cost a pattern the square of their length, or more, cost no more than others; none breaks the run.

Sizes are such that a pattern which tries again at every character would need minutes to days.
"""

import json

import pytest

from ingest.applicants import kind_of, split_agency
from ingest.fold import legal_events
from ingest.ipc.symbols import normalise
from ingest.packaging import checksums
from ingest.packed import Stored, as_json
from ingest.readers.reading import Reading
from ingest.recognise import reader_for
from ingest.record import Event, is_event
from ingest.rejects import Rejected, Skipped
from tests.ingest import made
from tests.ingest.made_events import record, status

LONG = 200_000


def outcomes(text: str) -> list[str]:
    """Of each record its code, or what it is, after it was made ready for the store."""

    def shown(reading: Reading) -> str:
        if isinstance(reading.content, (Rejected, Skipped)):
            return reading.content.code
        if is_event(reading.content):
            return reading.content["application"]
        as_json(Stored(**reading.content, archive=None, entry="x"))
        return reading.content["publication"]

    data = text.encode()
    try:
        return [shown(reading) for reading in reader_for(data)(data, lambda _: None)]
    except Rejected as reason:
        return [reason.code]


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        pytest.param(made.document(title="&Alpha;" + "<![CDATA[" * LONG), "xml_invalid", id="CDATA never closed"),
        pytest.param(made.document(doctype="", title="<!DOCTYPE" + " " * 3_000), "xml_invalid", id="DOCTYPE of blanks"),
        pytest.param(f"<PatentDocumentAndRelated a='{'x' * 5_000}'><!DOCTYPE{' ' * LONG}", "xml_invalid",
                     id="DOCTYPE of blanks behind the first 4 KiB"),
        pytest.param("<!DOCTYPE" + " " * LONG, "xml_invalid", id="DOCTYPE of blanks and nothing else"),
        pytest.param(status(record()) + "<!--" * LONG, "201899000001", id="comments never closed"),
        pytest.param(status(record(), "<!DOCTYPE" + " " * LONG), "201899000001", id="DOCTYPE among records"),
    ],
)
def test_markup(text: str, outcome: str) -> None:
    assert outcomes(text)[0] == outcome


@pytest.mark.parametrize(
    "text",
    [
        made.document(claims=("1.一种装置。",)).replace('num="0001"', f'num="{"9" * 5_000}"'),
        made.document(claims=("1.一种装置。",)).replace('num="0001"', 'num="99999999999999999999"'),
        made.document(applicants=("甲", "乙")).replace('sequence="1"', f'sequence="{"9" * 5_000}"'),
        '<cn-patent-document country="CN" doc-number="1999001" kind="A"><application-body><claims>'
        f'<claim num="{"9" * 20}"><claim-text>一种装置。</claim-text></claim></claims>'
        "</application-body></cn-patent-document>",
        f"<REC>\n<公开（公告）号>=CN199000001A\n<主权项>={'9' * 5_000}.一种装置。\n",
    ],
    ids=["claim", "claim beyond 64 bits", "sequence", "claim of ST.36", "claim of TRS text"],
)
def test_numbers_without_end_break_nothing(text: str) -> None:
    assert outcomes(text) in (["CN199000001A"], ["CN1999001A"])


def test_a_class_symbol_with_blanks() -> None:
    assert normalise("H01M10/42 (2006.01) A" + " " * LONG + "!") is None
    assert normalise("H01M10/42" + " " * LONG + "(2006.01)" + " " * LONG + "A I") == ("H01M10/42", "2006.01")


@pytest.mark.parametrize("run", ["(", "[", "由", "字", " ", "A B ", "()", "院 "])
def test_names(run: str) -> None:
    name = f"甲{run * (LONG // len(run))}!"
    assert kind_of(name) is None, "no name is that long"
    assert split_agency(name) == (name, None)


def test_countries_behind_names() -> None:
    name = f"NOKIA{' ' * LONG}CORP [FI]"
    text = ('<exchange-documents><exchange-document country="CN" doc-number="199000001" kind="A"><bibliographic-data>'
            f'<parties><applicants><applicant data-format="docdb"><applicant-name><name>{name}</name></applicant-name>'
            "</applicant></applicants></parties></bibliographic-data></exchange-document></exchange-documents>")
    assert outcomes(text) == ["CN199000001A"]


def test_checksum_files() -> None:
    text = f"{' ' * LONG}\nA{' ' * LONG}list\n20231003-1-001.ZIP,{' ' * LONG}0a1b2c3d\n"
    assert checksums.read(text.encode()) == {"20231003-1-001.zip": 0x0A1B2C3D}


def test_an_application_with_events_without_end() -> None:
    event = Event(application="201899000001", date="2021-01-05", code="CF01", name="专利权的终止", details=[],
                  ident=None, action="add", produced=None)
    many: list[Event] = [{**event, "ident": str(number), "action": action}
                         for number in range(30_000) for action in ("add", "replace")]  # type: ignore[typeddict-item]
    assert len(legal_events(many)) == 1


def test_json_with_numbers_without_end() -> None:
    row = {"publication_number": "CN-199000001-A", "publication_date": int("9" * 19), "priority_claim": [{}]}
    assert outcomes(json.dumps(row)) == ["CN199000001A"]
    assert outcomes('{"publication_number": "CN-199000001-A", "filing_date": ' + "9" * 5_000 + "}") == ["json_invalid"]
