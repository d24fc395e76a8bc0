"""Tables that people write: encodings, what parts the cells, lines of rows and of what is broken."""

import pytest

from store.delimited import UnknownEncoding, Unreadable, rows

TABLE = [(1, ["号码", "备注"]), (2, ["CN1", "第一行\n第二行"]), (4, ["CN2", ""])]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_as_spreadsheets_save_it(sign: str, encoding: str) -> None:
    text = f'号码{sign}备注\nCN1{sign}"第一行\n第二行"\nCN2{sign}\n'
    assert list(rows(text.encode(encoding))) == TABLE


def test_a_broken_row_is_told_with_its_line() -> None:
    with pytest.raises(Unreadable) as told:
        list(rows(b'a,b\n1,2\n3,"4" 5\n'))
    assert told.value.line == 3 and not isinstance(told.value, UnknownEncoding)


def test_an_unknown_encoding_is_told_with_its_line() -> None:
    with pytest.raises(UnknownEncoding) as told:
        rows(b"a,b\n1,2\n\xff\xff,3\n")
    assert told.value.line == 3
