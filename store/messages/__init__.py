"""The one registry of texts that users see: `messages/*.toml`, keyed by code, Chinese first, English second.

A file holds tables `[code]` with `zh` and `en`; placeholders are written `{name}`. A code stands in one
file only. Keys with several words are joined by underscores; codes of one room share a prefix.
"""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

LANGUAGES = ("zh", "en")


@cache
def catalogue() -> dict[str, dict[str, str]]:
    """All messages: {code: {"zh": text, "en": text}}. Raises ValueError for a doubled or incomplete code."""
    messages: dict[str, dict[str, str]] = {}
    for path in sorted(Path(__file__).parent.glob("*.toml")):
        for code, texts in tomllib.loads(path.read_text("utf-8")).items():
            if code in messages or not all(texts.get(lang) for lang in LANGUAGES):
                raise ValueError(f"{path.name}: message {code!r} is doubled or lacks a language")
            messages[code] = texts
    return messages


def text(code: str, lang: str = "zh", **values: Any) -> str:
    """The message of a code in a language; raises KeyError for a code that is not registered."""
    found = catalogue()[code]["en" if lang == "en" else "zh"]
    return found.format(**values) if values else found
