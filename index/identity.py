"""What an index was made with. An index of another identity is rebuilt beside and switched, never mutated.

Not part of it: the IPC scheme and its successors, which are asked when a query is compiled, and labels, whose
change marks records in the outbox.
"""

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TypeAlias

import index.text
import ingest.regions
from index.documents import SCHEMA_VERSION

Identity: TypeAlias = dict[str, str]


EMBEDDED = f"tantivy {version('tantivy')}"


@cache
def _parts(engine: str) -> tuple[tuple[str, str], ...]:
    return (
        ("schema", str(SCHEMA_VERSION)),
        ("text", _digest(Path(index.text.__file__).parent, "*.tsv")),
        ("words", f"rjieba {version('rjieba')}"),
        ("regions", _digest(Path(ingest.regions.__file__).parent, "*.csv")),
        ("engine", engine),
    )


def identity(engine: str = EMBEDDED) -> Identity:
    """The identity of an index that this program would make with an engine: {part: version or hash}."""
    return dict(_parts(engine))


def short(parts: Identity) -> str:
    """An identity as people see it: `1-` and eight digits of the hash of all parts."""
    told = "\n".join(f"{name} {value}" for name, value in sorted(parts.items()))
    return f"{parts.get('schema', '?')}-{hashlib.sha256(told.encode()).hexdigest()[:8]}"


def _digest(folder: Path, pattern: str) -> str:
    """Hash of the data files of a package that decide what is indexed."""
    digest = hashlib.sha256()
    for path in sorted(folder.glob(pattern)):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]
