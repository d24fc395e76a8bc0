"""`store copy` as an operator runs it: to PostgreSQL, and on from there."""

import shutil
from pathlib import Path

import pytest

from tests.api.made_home import MANY
from tests.cli.conftest import Run
from tests.ingest import made
from tests.postgresql import Server, postgresql

__all__ = ["postgresql"]

QUESTIONS = ("搅拌装置", "电池", "申请人=+示例+ NOT 名称=石墨烯", "产业=33618")


@pytest.fixture
def own(home: Path, tmp_path: Path) -> Path:
    """A copy of the session's home, to be changed."""
    return Path(shutil.copytree(home, tmp_path / "own"))


@pytest.mark.service
def test_to_postgresql_and_on_from_there(
        run: Run, own: Path, tmp_path: Path, postgresql: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    def answers() -> list[object]:
        found = [run("search", question, "--size", "50", "--json", home=own).json() for question in QUESTIONS]
        return [(one["total"], [hit["id"] for hit in one["hits"]], [hit["title"] for hit in one["hits"]])
                for one in found] + [run("show", found[0]["hits"][0]["id"], "--json", home=own).json()]

    before, status = answers(), run("status", "--json", home=own).json()
    url = postgresql.new_database()
    ran = run("store", "copy", "--to", url.replace("zhuanti@", "zhuanti:secret@"), home=own)
    assert ran.code == 0 and "record: " in ran.out and "secret" not in ran.out + ran.err
    monkeypatch.setenv("ZHUANTI_DATABASE_URL", url)
    assert run("status", "--json", home=own).json() == status
    assert answers() == before, "the index needs no rebuilding"
    assert run("reindex", "--json", home=own).json()["records"] == MANY + 3
    assert answers() == before
    more = made.delivery(tmp_path / "more", {"a.XML": made.document("199099999", title="新来的搅拌装置")})
    assert run("ingest", more, "--workers", "1", "--json", home=own).json()["kept"] == 1
    assert run("search", "搅拌装置", "--json", home=own).json()["total"] == MANY + 1


def test_json_and_refusals(run: Run, own: Path, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'backup.db'}"
    done = run("store", "copy", "--to", url, "--json", home=own)
    assert done.code == 0 and done.json()["tables"]["record"]["rows"] == MANY + 3
    for target, code, exit_code in ((url, "store_copy_target_used", 4), ("postgresql://zhuanti@/x?host=/nowhere",
                                    "store_unreachable", 3), ("nonsense", "store_kind_unknown", 3)):
        ran = run("store", "copy", "--to", target, "--json", home=own)
        assert (ran.code, ran.json()["code"]) == (exit_code, code)
        assert "Traceback" not in ran.err
    assert run("store", "copy", "--json").json()["code"] == "cli_usage"
