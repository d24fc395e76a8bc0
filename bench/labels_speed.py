"""How long a record takes to label, and how many records each taxonomy labels. CPU time, one process.

    python -m bench.labels_speed ../shared/data/patents.jsonl.xz [HOME]

With a home, the models in it label too, in batches as the indexer asks for.
"""

import json
import lzma
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from store.settings import load
from taxonomy import catalogue
from taxonomy.labeller import Labeller, of_catalogue
from taxonomy.learning import heads
from taxonomy.learning.inputs import of_line
from taxonomy.model import Taxonomy

BATCH = 100


class Read(NamedTuple):
    symbols: list[str]
    title: str | None
    abstract: str | None
    claims: list[str]

    def length(self) -> int:
        return sum(len(text or "") for text in (self.title, self.abstract, *self.claims))


def read(record: Mapping[str, Any]) -> Read:
    claims = [one for one in (record.get("claims") or "").split("\n") if one]
    return Read(record["ipc"], record.get("title"), record.get("abstract"), claims)


def records(path: Path) -> Iterator[dict[str, Any]]:
    """The records that have a symbol."""
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            found = json.loads(line)
            if found.get("ipc"):
                yield found


def measure(name: str, sample: list[Read], taxonomies: Mapping[str, Taxonomy], reasons: bool) -> None:
    """Prints the time a record, symbols seen for the first time included."""
    labeller = Labeller(taxonomies, reasons=reasons)
    start = time.process_time()
    for one in sample:
        labeller.labels(*one)
    spent = time.process_time() - start
    print(f"    {name}: {len(sample)} records, {sum(one.length() for one in sample) / len(sample):.0f} characters, "
          f"{spent / len(sample) * 1e6:.0f} µs a record {'with' if reasons else 'without'} reasons")


def with_models(sample: list[dict[str, Any]], home: str) -> None:
    """Prints the time a record of rules of all taxonomies and models together, once both have seen every word."""
    settings = load({"ZHUANTI_HOME": home})
    labeller = of_catalogue(catalogue.read(settings), settings, reasons=False)
    inputs = [of_line(one) for one in sample]
    reads = [read(one) for one in sample]
    for told in (False, True):
        start = time.process_time()
        for at in range(0, len(sample), BATCH):
            found = [labeller.labels(*one) for one in reads[at:at + BATCH]]
            labeller.with_models(inputs[at:at + BATCH], found)
        spent = time.process_time() - start
        if told:
            print(f"rules of all taxonomies and models ({', '.join(heads.trained(settings))}): {len(sample)} records, "
                  f"{spent / len(sample) * 1e6:.0f} µs a record, {len(sample) / spent:.0f} records a second and core")


def coverage(sample: list[Read], taxonomies: Mapping[str, Taxonomy]) -> None:
    """Prints the share of records that each taxonomy labels, by grade; a record counts in its best grade."""
    labeller = Labeller(taxonomies, reasons=False)
    counted: Counter[tuple[str, str]] = Counter()
    for one in sample:
        found = labeller.labels(*one)
        literal = {label["taxonomy"] for label in found if label["source"] == "rule"}
        counted.update((name, "rule") for name in literal)
        counted.update((name, "rule_derived") for name in {label["taxonomy"] for label in found} - literal)
    for name in taxonomies:
        rule, derived = (counted[name, grade] / len(sample) for grade in ("rule", "rule_derived"))
        print(f"    {name:18} rule {rule:6.1%}   only rule_derived {derived:6.1%}   any {rule + derived:6.1%}")


def by_node(sample: list[Read], taxonomy: Taxonomy) -> None:
    """Prints the share of records that carry each node of a taxonomy itself, by grade."""
    labeller = Labeller({taxonomy.id: taxonomy}, reasons=False)
    counted = Counter((label["node"], label["source"]) for one in sample for label in labeller.labels(*one))
    for node in taxonomy.nodes.values():
        rule, derived = (counted[node.id, grade] / len(sample) for grade in ("rule", "rule_derived"))
        if node.rules:
            print(f"    {node.id:12} rule {rule:6.2%}   only rule_derived {derived:6.2%}   {node.name}")


def main() -> None:
    start = time.process_time()
    every = catalogue.load()
    loaded = time.process_time() - start
    Labeller(every).labels(["H01M10/42"], "动力电池", None)
    print(f"loaded in {loaded:.2f} s, made in {time.process_time() - start - loaded:.2f} s")
    lines = list(records(Path(sys.argv[1])))
    found = [read(one) for one in lines]
    samples = {"with claims": [one for one in found if one.claims],
               "with an abstract": [one for one in found if one.abstract and not one.claims][::4][:20_000],
               "title only": [one for one in found if not one.abstract and not one.claims][::4][:20_000],
               "all": found[::7]}
    for name, taxonomies in (("33618", {"33618": every["33618"]}), ("all taxonomies", every)):
        print(name)
        for kind, sample in samples.items():
            for reasons in (True, False):
                measure(kind, sample, taxonomies, reasons)
    both = [one for one in found if one.abstract][::5]
    print(f"coverage of {len(both)} records with symbols and abstract")
    coverage(both, every)
    by_node(both, every["33618"])
    if sys.argv[2:]:
        with_models(lines[::20], sys.argv[2])


if __name__ == "__main__":
    main()
