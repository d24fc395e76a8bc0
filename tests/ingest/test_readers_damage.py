"""Whatever happens to a file, its reader gives records or refusals, never another error: damage at random places."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from ingest.recognise import reader_for
from ingest.rejects import Rejected, Skipped

FILES = [path.read_bytes() for path in sorted((Path(__file__).parent / "golden").iterdir()) if path.suffix != ".json"]


@given(st.data())
def test_damaged_files(data: st.DataObject) -> None:
    file = data.draw(st.sampled_from(FILES))
    start = data.draw(st.integers(0, len(file)))
    stop = data.draw(st.integers(start, min(len(file), start + data.draw(st.sampled_from((0, 1, 9, 99, 9_999))))))
    other = data.draw(st.sampled_from(FILES))
    at = data.draw(st.integers(0, len(other)))
    put = data.draw(
        st.one_of(
            st.binary(max_size=8),
            st.sampled_from((b"<", b">", b"&x;", b"null", b"]", b"{}", b"\xff\xfe", b"0")),
            st.just(other[at : at + 40]),
        )
    )
    damaged = file[:start] + put + file[stop:]
    warnings: list[str] = []
    try:
        for reading in reader_for(damaged)(damaged, warnings.append):
            assert reading.content is not None
    except (Rejected, Skipped):
        pass
