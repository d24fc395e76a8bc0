"""Every format on a small made-up file in its documented layout: what is read is held to `golden/NAME.json`.

After a change that is meant, `ZHUANTI_GOLDEN=write` writes the answers anew; look at the difference first.
"""

import json
import os
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from ingest.readers.reading import Reading
from ingest.recognise import reader_for
from ingest.rejects import Rejected, Skipped

GOLDEN = Path(__file__).parent / "golden"
FILES = sorted(path.name for path in GOLDEN.iterdir() if path.suffix != ".json")
FORMATS = {
    "st36": "st36",
    "business": "business",
    "legal_status.xml": "legal_status",
    "legal_status.trs": "trs",
    "publications": "trs",
    "docdb": "docdb",
    "ops_legal": "ops",
    "google": "google",
}


def shown(reading: Reading) -> dict[str, Any]:
    """A reading with what it says only: empty fields are left out."""
    content = reading.content
    if isinstance(content, Rejected):
        return {"part": reading.part, "rejected": content.code, "detail": content.detail, "line": content.line}
    if isinstance(content, Skipped):
        return {"part": reading.part, "skipped": content.code}
    return {"part": reading.part, **{name: value for name, value in content.items() if value not in (None, [], "")}}


@pytest.mark.parametrize("name", FILES)
def test_golden(name: str) -> None:
    data = (GOLDEN / name).read_bytes()
    warnings: Counter[str] = Counter()

    def warn(code: str) -> None:
        warnings[code] += 1

    reader = reader_for(data)
    assert reader.__module__.rpartition(".")[2] == next(
        module for start, module in FORMATS.items() if name.startswith(start)
    )
    found = {"readings": [shown(reading) for reading in reader(data, warn)], "warnings": dict(sorted(warnings.items()))}
    answer = GOLDEN / f"{name}.json"
    if os.environ.get("ZHUANTI_GOLDEN") == "write":
        answer.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", "utf-8")
    assert found == json.loads(answer.read_text("utf-8"))


def test_there_are_files_of_every_format() -> None:
    assert {module for start, module in FORMATS.items() if any(name.startswith(start) for name in FILES)} == set(
        FORMATS.values()
    )
