"""Former names of applicants from the node's file, and spellings of one name: the published name always stays."""

from pathlib import Path

import pytest

from ingest.aliases import FILE, NONE, load
from ingest.applicants import tidy_name
from ingest.enrich import enrich_party
from ingest.record import Party
from store.errors import BadCall


def written(home: Path, text: str | bytes) -> Path:
    home.mkdir(exist_ok=True)
    (home / FILE).write_bytes(text if isinstance(text, bytes) else text.encode())
    return home


def test_a_former_name_keeps_its_evidence(tmp_path: Path) -> None:
    aliases = load(written(tmp_path, "\ufeffformer,current,since,source\n"
                           "深圳市示例科技有限公司,深圳示例科技股份有限公司,2019-05-01,变更公告\n"))
    party = Party(name="深圳市示例科技有限公司", address=None, postcode=None)
    enrich_party(party, aliases)
    assert (party["name"], party["known_as"]) == ("深圳市示例科技有限公司", "深圳示例科技股份有限公司")
    assert party["known_as_because"] == "深圳市示例科技有限公司 → 深圳示例科技股份有限公司 2019-05-01 变更公告"
    present = Party(name="深圳示例科技股份有限公司", address=None, postcode=None)
    enrich_party(present, aliases)
    assert (present["known_as"], present["known_as_because"]) == (None, None)


def test_names_are_compared_without_width_brackets_and_legal_form(tmp_path: Path) -> None:
    aliases = load(written(tmp_path, "former,current\n示例（中国）有限公司,新示例有限公司\n"))
    for name in ("示例(中国)有限公司", "示例（中国）股份有限公司", "示例 (中国) 有限责任公司"):
        found = aliases.of(name)
        assert found and found.current == "新示例有限公司", name
    assert aliases.of("示例（美国）有限公司") is None


def test_changes_are_followed_to_the_present_name(tmp_path: Path) -> None:
    aliases = load(written(tmp_path, "current,former\n乙有限公司,甲有限公司\n丙有限公司,乙有限公司\n"))
    assert [found and found.current for found in map(aliases.of, ("甲有限公司", "乙有限公司", "丙有限公司"))] == [
        "丙有限公司", "丙有限公司", None]
    only_form = load(written(tmp_path, "former,current\n丁有限公司,丁股份有限公司\n"))
    found = only_form.of("丁有限公司")
    assert found and found.current == "丁股份有限公司" and only_form.of("丁股份有限公司") is None


@pytest.mark.parametrize(("text", "line"), [
    ("former,now\na,b\n", 1), ("former,current,more\na,b,c\n", 1), ("", 1), ("former,current\na,\n", 2),
    ("former,current\na,b\n,c\n", 3), ("former,current\na,b,c\n", 2), ("former,current\na,b\na,c\n", 3),
    ("former,current\na,b\nb,a\n", 2), ("former,current\n甲,乙\n".encode("gb18030"), 2),
], ids=["columns", "unknown column", "empty", "no present name", "no former name", "too many", "two", "circle",
        "GB18030"])
def test_a_wrong_file_is_named_with_its_line(tmp_path: Path, text: str | bytes, line: int) -> None:
    with pytest.raises(BadCall) as caught:
        load(written(tmp_path, text))
    assert (caught.value.code, caught.value.values) == ("aliases_invalid", {"file": FILE, "line": line})


def test_without_a_file_nothing_is_known(tmp_path: Path) -> None:
    assert load(tmp_path) is NONE and NONE.of("甲有限公司") is None and NONE.fingerprint == ""


@pytest.mark.parametrize(("name", "usual"), [
    ("示例(中国)有限公司", "示例（中国）有限公司"), ("\u2002苏州大学", "苏州大学"), ("李  勇", "李勇"),
    ("ＡＢＣ示例有限公司", "ABC示例有限公司"), ("SMITH (JOHN)  INC", "SMITH (JOHN) INC"), ("S·伯吉斯", "S·伯吉斯"),
])
def test_spellings_of_one_name_count_together(name: str, usual: str) -> None:
    assert tidy_name(name) == usual == tidy_name(usual)
    party = Party(name=name, address=None, postcode=None)
    enrich_party(party)
    assert (party["known_as"], party["known_as_because"]) == ((None, None) if name == usual else (usual, "spelling"))
