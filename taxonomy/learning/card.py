"""The card of a model: what it was made of, how good it is, where it fails; as data and as Markdown."""

from typing import Any, cast

from typing_extensions import TypedDict

from store.messages import text
from taxonomy.learning.classifier import Kind
from taxonomy.learning.measuring import Measures, NodeMeasures

VIEWS = ("seen", "hidden")


class Card(TypedDict):
    """`measures`: by view, `seen` with the classes of the records and `hidden` without; `nodes` counts them, `names`
    are theirs. `data` says what the model was trained on, `versions` in which form it is kept."""

    taxonomy: str
    kind: Kind
    version: str
    nodes: int
    trained: str
    precision: float
    seed: int
    taxonomy_version: str
    taxonomy_fingerprint: str
    versions: dict[str, int]
    ipc_edition: str
    examples: int
    decided: int
    folds: int
    data: dict[str, Any]
    measures: dict[str, Measures]
    names: dict[str, str]


def card(head: dict[str, Any]) -> Card:
    """The card as data, from what a model says of itself (`files.head`)."""
    return cast(Card, {"taxonomy": head["taxonomy"], "kind": head["kind"], "version": head.get("version", ""),
                       "nodes": len(head["nodes"]), **head["told"]})


def markdown(shown: Card, lang: str = "zh") -> str:
    """The card as Markdown."""
    def t(code: str, **values: Any) -> str:
        return text(f"card_{code}", lang, **values)

    data = shown["data"]
    lines = [f"# {t('title', taxonomy=shown['taxonomy'])}", "",
             t("made", version=shown["version"] or "–", trained=shown["trained"],
               taxonomy_version=shown["taxonomy_version"]),
             t(f"from_{data.get('from', 'rules')}", records=shown["examples"], decided=shown["decided"],
               file=_cell(data.get("file", ""))),
             t("versions", ipc=shown["ipc_edition"], seed=shown["seed"], folds=shown["folds"],
               **shown["versions"]), ""]
    if data.get("space"):
        lines += [t("space", **data["space"]), ""]
    lines += [t("reading", precision=_share(shown["precision"])), ""]
    for view in VIEWS:
        measures = shown["measures"][view]
        lines += [f"## {t(view)}", "", *_summary(measures, t), "",
                  f"| {' | '.join(t(f'column_{name}') for name in COLUMNS)} |", "|---" * len(COLUMNS) + "|"]
        names = shown["names"]
        lines += [f"| {' | '.join(_cells(one, names))} |" for one in measures["nodes"]]
        if measures["confused"]:
            lines += ["", f"### {t('confused')}", "", f"| {t('carries')} | {t('answered')} | {t('count')} |",
                      "|---|---|---|"]
            lines += [f"| {_named(one['carries'], names)} | {_named(one['answered'], names)} | {one['count']} |"
                      for one in measures["confused"]]
        lines.append("")
    return "\n".join(lines)


COLUMNS = ("node", "support", "f1", "top3", "threshold", "given", "precision", "coverage")


def _summary(measures: Measures, t: Any) -> list[str]:
    return [t("summary", macro=_number(measures["macro_f1"]), micro=_number(measures["micro_f1"]),
              top3=_share(measures["top3"]), precision=_share(measures["precision"]),
              coverage=_share(measures["coverage"]), labelled=_share(measures["labelled"]),
              records=measures["records"])]


def _cells(one: NodeMeasures, names: dict[str, str]) -> list[str]:
    return [_named(one["node"], names), str(one["support"]), _number(one["f1"]), _share(one["top3"]),
            _number(one["threshold"]), str(one["given"]), _share(one["precision"]), _share(one["coverage"])]


def _named(node: str, names: dict[str, str]) -> str:
    name = names.get(node, node)
    return _cell(node if name == node else f"{node} {name}")


def _cell(value: str) -> str:
    """Text that neither ends a cell nor begins markup."""
    return "".join(f"\\{char}" if char in "\\|`*_[]<>#" else char for char in " ".join(str(value).split()))


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.1%}"
