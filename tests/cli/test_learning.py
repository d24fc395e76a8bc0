"""`zhuanti taxonomy train`, `card`, `sheet`: a table becomes a scheme that labels; bad ones change nothing."""

import json
from pathlib import Path

import openpyxl
import pytest

from tests.api.made_home import make_home
from tests.cli.conftest import Run

TABLE = "标签,标题,摘要\n" + "".join(
    f"电池,一种锂离子电池{at},正极与电解液。\n医药,一种药物片剂{at},治疗糖尿病的提取物。\n" for at in range(10))


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A home of its own, which may be changed."""
    return make_home(tmp_path).home


def test_a_table_makes_a_scheme_that_labels(run: Run, own: Path, tmp_path: Path) -> None:
    table = tmp_path / "table.csv"
    table.write_text(TABLE, "utf-8")
    trained = run("taxonomy", "train", "outlet", "--table", table, "--json", home=own)
    assert trained.code == 0, trained.err
    assert trained.json()["measures"]["hidden"]["macro_f1"] == 1.0
    assert "outlet" in run("taxonomy", "list", home=own).out
    line = {"id": "1", "title": "一种锂离子电池的正极", "abstract": "正极与电解液。"}
    (tmp_path / "lines.jsonl").write_text(json.dumps(line), "utf-8")
    (label,) = run("label", tmp_path / "lines.jsonl", "--taxonomy", "outlet", home=own).json()["labels"]
    assert (label["node"], label["source"]) == ("电池", "model") and label["reasons"]
    assert run("taxonomy", "card", "outlet", "--lang", "en", home=own).out.startswith("# Model card: outlet")
    assert run("reindex", home=own).code == 0
    assert run("search", "产业=outlet", "--json", home=own).json()["facets"] is not None


@pytest.mark.parametrize(("text", "said"), [
    ("label,text\n甲,一\n甲,二\n", "table.csv 第 3 行"),
    ("label,number\n甲,CN300010298420\n乙,CN300010298420\n", "table.csv 第 2 行"),
    ("label,colour\n甲,红\n", "table.csv 第 1 行"),
])
def test_a_bad_table_changes_nothing(run: Run, own: Path, tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "table.csv").write_text(text, "utf-8")
    ran = run("taxonomy", "train", "outlet", "--table", tmp_path / "table.csv", home=own)
    assert ran.code == 2 and said in ran.err
    assert not (own / "models").exists() and not (own / "taxonomies").exists()


def test_without_a_model_the_card_says_so(run: Run, own: Path) -> None:
    ran = run("taxonomy", "card", "33618", home=own)
    assert ran.code == 2 and "33618" in ran.err
    assert run("taxonomy", "train", "nowhere", home=own).code == 2


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_sheet_comes_back_as_decisions(run: Run, own: Path, tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"check.{ending}"
    drawn = run("taxonomy", "sheet", "33618", "-o", path, "--size", "1", "--json", home=own)
    assert drawn.code == 0, drawn.err
    assert drawn.json()["records"] == drawn.json()["nodes"] > 0
    if ending == "xlsx":
        book = openpyxl.load_workbook(path)
        sheet = book.active
        assert sheet.max_row == drawn.json()["records"] + 1
        columns = {cell.value: cell.column for cell in sheet[1]}
        sheet.cell(2, columns["verdict"], "对")
        sheet.cell(2, columns["note"], "看过")
        book.save(path)
    else:
        head, first, *_ = path.read_text("utf-8-sig").splitlines()
        path.write_text(f"{head}\n{first.removesuffix(',,')},对,看过\n", "utf-8")
    ran = run("taxonomy", "decisions", "import", path, "--taxonomy", "33618", "--actor", "陶然", "--json", home=own)
    assert ran.code == 0 and ran.json()["kept"] == {"confirm": 1}
