"""Fixtures for all tests. Real files and records are read from the folder `shared` beside the project.

Where that folder is missing, the tests that need it are skipped with a visible reason; ZHUANTI_REQUIRE=1
(set by .ci/run) turns every such skip into a failure.
"""

import os
from pathlib import Path

import pytest
from hypothesis import settings

# The same examples every time, and no deadline: a busy machine must not fail a test.
settings.register_profile("deterministic", derandomize=True, deadline=None)
settings.load_profile("deterministic")

SHARED = Path(os.environ.get("ZHUANTI_SHARED") or Path(__file__).resolve().parents[2] / "shared")


def need(condition: bool, what: str) -> None:
    """Skip the test with a reason when something it needs is missing; fail instead when a full run is asked for."""
    if not condition:
        if os.environ.get("ZHUANTI_REQUIRE"):
            pytest.fail(f"{what} is required for a full run", pytrace=False)
        pytest.skip(f"{what} is not here")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real samples, records, expressions and facts."""
    need(SHARED.is_dir(), f"the folder {SHARED.name} beside the project")
    return SHARED
