"""Labels under people's decisions: confirmed, added and rejected nodes, and what a version does not know."""

import pytest

from ingest.record import Label
from store.decisions import Decision
from taxonomy.catalogue import load
from taxonomy.deciding import decided, rejections
from taxonomy.labeller import Labeller
from tests.index.made import patent

TAXONOMIES = load()
LABELLER = Labeller(TAXONOMIES)
GIVEN = {"title": "新能源汽车电池热管理系统", "abstract": "包括液冷板。",
         "ipc": [{"symbol": "B60L58/26", "version": None}]}


def decision(verdict: str, node: str, taxonomy: str = "33618", number: int = 1, note: str = "") -> Decision:
    return Decision(number, 1, 1, taxonomy, node, "", verdict, "陶然", "2026-11-22T10:00:00+00:00", note, "2023",
                    "rule", None, None, False)


def labels(*decisions: Decision) -> dict[str, Label]:
    record = patent(**GIVEN)
    if decisions:
        record["decisions"] = list(decisions)
    return {f"{one['taxonomy']}/{one['node']}": one for one in LABELLER.label(record)}


def test_a_confirmed_node_says_who_and_keeps_the_rule() -> None:
    before, after = labels()["33618/nev"], labels(decision("confirm", "nev", note="电池热管理"))["33618/nev"]
    assert (before["source"], after["source"], after["score"]) == ("rule", "human", None)
    assert after["reasons"][0] == {
        "kind": "decision", "value": "电池热管理", "pattern": "confirm", "field": None, "origin": None,
        "actor": "陶然", "time": "2026-11-22T10:00:00+00:00"}
    assert after["reasons"][1:] == before["reasons"] != []


def test_an_added_node_is_a_label_in_its_place() -> None:
    before = list(labels())
    nodes = list(TAXONOMIES["33618"].nodes)
    added = next(node for node in nodes if f"33618/{node}" not in before)
    found = labels(decision("add", added))
    assert found[f"33618/{added}"]["name"] == TAXONOMIES["33618"].nodes[added].name
    assert set(found) == {*before, f"33618/{added}"}
    own = [name.split("/")[1] for name in found if name.startswith("33618/")]
    assert own == sorted(own, key=nodes.index)


def test_a_rejected_node_is_no_label() -> None:
    assert "33618/nev" not in labels(decision("reject", "nev"))
    assert set(labels(decision("reject", "nev"))) == set(labels()) - {"33618/nev"}


def test_a_rejection_holds_for_everything_below_but_what_a_person_gave() -> None:
    top = TAXONOMIES["33618"].ancestors("nev")[-1]
    assert not [name for name in labels(decision("reject", top)) if name == "33618/nev"]
    found = labels(decision("reject", top), decision("confirm", "nev", number=2))
    assert found["33618/nev"]["source"] == "human"
    assert f"33618/{top}" not in found


@pytest.mark.parametrize(("taxonomy", "node"), [("33618", "gone"), ("gone", "nev")])
@pytest.mark.parametrize("verdict", ["confirm", "add", "reject"])
def test_what_the_version_does_not_have_changes_nothing(taxonomy: str, node: str, verdict: str) -> None:
    assert labels(decision(verdict, node, taxonomy)) == labels()


def test_rejections_are_those_of_known_nodes() -> None:
    given = [decision("reject", "nev"), decision("reject", "gone"), decision("confirm", "nev")]
    assert rejections(given, TAXONOMIES) == given[:1]
    assert decided([], [], TAXONOMIES) == []
