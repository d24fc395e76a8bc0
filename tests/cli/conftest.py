"""The command as a user runs it: arguments in; standard output, standard error and exit code out."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from cli.main import main
from store.settings import Settings
from tests.api.made_home import make_home


class Ran(NamedTuple):
    code: int
    out: str
    err: str

    def json(self) -> Any:
        """The one document on standard output."""
        return json.loads(self.out)


Run = Callable[..., Ran]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """Run the command in an own empty home (or the one of `home`) and folder."""
    monkeypatch.chdir(tmp_path)

    def ran(*arguments: object, home: Path | None = None) -> Ran:
        monkeypatch.setenv("ZHUANTI_HOME", str(home or tmp_path / "home"))
        capfd.readouterr()
        with pytest.raises(SystemExit) as exited:
            main([str(one) for one in arguments])
        out, err = capfd.readouterr()
        return Ran(int(exited.value.code or 0), out, err)

    return ran


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return make_home(tmp_path_factory.mktemp("cli"))


@pytest.fixture
def home(settings: Settings) -> Path:
    """The home of the made-up publications."""
    return settings.home
