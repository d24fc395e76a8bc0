"""Which models a home has and what each says of itself; its numbers are for `files`, which needs numpy and scipy."""

import json
from pathlib import Path
from typing import Any

from typing_extensions import TypedDict

from store.errors import BadCall
from store.settings import Settings

FOLDER = "models"
POINTER = "current"
HEAD = "model.json"
HISTORY = "history.jsonl"

VERSIONS = {"format": 1, "features": 1, "space": 2}
"""Raised with every change of how models lie on disk, of what stands in which column (`features`), and of what a space
holds (`space`): models of other versions are refused."""


def folder(settings: Settings, taxonomy: str) -> Path:
    return settings.home / FOLDER / taxonomy


def trained(settings: Settings) -> list[str]:
    """The taxonomies that have a model, by name."""
    return [path.parent.name for path in pointers(settings)]


def pointers(settings: Settings) -> list[Path]:
    """The files that say which version of each model is in use."""
    return sorted((settings.home / FOLDER).glob(f"*/{POINTER}"))


class Training(TypedDict):
    """One training: when, on how many examples, how many of them people decided, and its measures out of fold."""

    version: str
    trained: str
    examples: int
    decided: int
    macro_f1: float
    precision: float | None
    coverage: float


def history(settings: Settings, taxonomy: str) -> list[Training]:
    """The trainings of a taxonomy whose models were put to use, oldest first; the models themselves are gone."""
    path = folder(settings, taxonomy) / HISTORY
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.is_file() else []


def version_of(settings: Settings, taxonomy: str) -> str | None:
    """The version of the model in use, without reading it; None where there is none."""
    if taxonomy not in trained(settings):       # also for names that would lead out of the folder
        return None
    return (folder(settings, taxonomy) / POINTER).read_text("ascii").strip()


def head(settings: Settings, taxonomy: str) -> dict[str, Any]:
    """What a model says of itself. Raises BadCall `model_missing`, `model_unreadable` or `model_outdated`."""
    version = version_of(settings, taxonomy)
    if version is None:
        raise BadCall("model_missing", taxonomy=taxonomy)
    path = folder(settings, taxonomy) / version / HEAD
    try:
        found: dict[str, Any] = json.loads(path.read_text("utf-8"))
        versions = found["versions"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadCall("model_unreadable", str(error), file=f"{taxonomy}/{path.name}") from error
    if versions != VERSIONS:
        other = " ".join(f"{name} {versions.get(name)}" for name in VERSIONS)
        raise BadCall("model_outdated", file=f"{taxonomy}/{path.name}", found=other, taxonomy=taxonomy,
                      needed=" ".join(f"{name} {value}" for name, value in VERSIONS.items()))
    return found
