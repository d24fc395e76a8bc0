"""Untrusted XML: what is mended, what is refused, what never happens."""

from collections import Counter

import pytest

from ingest.readers.xml import parse
from ingest.rejects import Rejected
from tests.ingest import made


def parsed(data: bytes) -> tuple[str, Counter[str]]:
    """All text of a document, and the warnings."""
    warnings: Counter[str] = Counter()

    def warn(code: str) -> None:
        warnings[code] += 1

    return "".join(parse(data, warn).itertext()), warnings


@pytest.mark.parametrize(
    ("data", "warnings"),
    [
        pytest.param(made.document().encode("utf-8-sig"), {}, id="utf-8 with a byte order mark"),
        pytest.param(made.document().replace("utf-8", "UTF-16", 1).encode("utf-16"), {}, id="utf-16"),
        pytest.param(made.document().replace("utf-8", "GB18030", 1).encode("gb18030"), {}, id="gb18030 as declared"),
        pytest.param(made.document().encode("gb18030"), {"encoding_wrong": 1}, id="gb18030 declared as utf-8"),
        pytest.param(
            made.document().replace("utf-8", "gb2312", 1).encode(), {"encoding_wrong": 1}, id="utf-8 declared as gb2312"
        ),
        pytest.param(
            made.document(abstract="一种\x0b装置").encode(), {"control_characters": 1}, id="control character"
        ),
        pytest.param(made.document(abstract="一种&#0;装&#x1F;置&#xFFFE;&#9;").encode(), {"control_characters": 3},
                     id="references to characters that are none"),
        pytest.param(made.document(doctype="").replace(made.SPACES, "").encode(), {"prefix_undeclared": 1},
                     id="prefixes that are not declared"),
        pytest.param(made.document(doctype="").encode(), {}, id="no DOCTYPE"),
        pytest.param(made.document().replace("utf-8", "UTF-16", 1).encode("utf-16-le"), {}, id="utf-16-le, no mark"),
        pytest.param(made.document().encode("utf-16-be"), {}, id="utf-16-be, no mark, declared as utf-8"),
    ],
)
def test_what_is_mended(data: bytes, warnings: dict[str, int]) -> None:
    text, found = parsed(data)
    assert "一种示例装置" in text
    assert found == warnings


def test_entities_of_the_missing_dtd_become_characters() -> None:
    text, warnings = parsed(
        made.document(abstract="温度 25&deg;C&CenterDot;x &lt; y &Nonsense;z<![CDATA[&pi;]]>&b.pi;&非_名-1;").encode()
    )
    assert "温度 25°C·x < y z&pi;" in text, "inside CDATA an ampersand is itself"
    assert warnings == {"undefined_entity": 5}


@pytest.mark.parametrize(
    ("subset", "body"),
    [
        ('<!ENTITY x SYSTEM "file:///etc/passwd">', "&x;"),
        ('<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;">', "&b;"),
        ('<!ENTITY % p SYSTEM "http://127.0.0.1:9/x.dtd"> %p;', ""),
    ],
)
def test_declared_entities_are_refused(subset: str, body: str) -> None:
    doctype = made.DOCTYPE.replace("[]", f"[{subset}]")
    with pytest.raises(Rejected) as caught:
        parsed(made.document(doctype=doctype, abstract=f"甲{body}乙").encode())
    assert caught.value.code == "entity_declaration"
    assert caught.value.line == 2


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty_file"),
        (b" \r\n ", "empty_file"),
        (b"not xml at all", "xml_invalid"),
        (made.document().encode()[:900], "xml_invalid"),
        (made.document(title="装置").encode().partition("装".encode())[0] + "装".encode()[:2], "xml_invalid"),
        (b"<a>" * 5_000 + b"</a>" * 5_000, "xml_invalid"),
        (b"\x00\x01\x02\xff\xff\xff", "encoding_unknown"),
    ],
)
def test_what_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(Rejected) as caught:
        parsed(data)
    assert caught.value.code == code


def test_refusal_names_the_line() -> None:
    with pytest.raises(Rejected) as caught:
        parsed(made.document(abstract="甲\n<乙").encode())
    assert caught.value.line == 4
