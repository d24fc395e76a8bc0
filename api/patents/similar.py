"""The patents most like one, each with what it shares: telling words, classes, labels (index.answering.likeness)."""

from api.patents.service import held
from api.patents.shapes import SimilarAnswer, SimilarHit, WhyShape
from api.search.hits import shape
from api.services import Services
from index.answering.likeness import apart, shared
from index.documents import build
from index.engine import Clue
from index.query.reference import SearchView
from ingest.ipc import scheme

MOST_WHY = 6


def similar(services: Services, number: str, size: int) -> SimilarAnswer:
    """Hits from the most alike down; raises NotFound `patent_not_found`, Unreachable without engine."""
    record = services.labelled(held(services, number))
    above = services.labeller.ancestors
    alike = services.engine.similar(build(record, above), without=apart(record), size=size)
    found = {one["row"]: one for one in services.records.by_rows([hit.row for hit in alike.hits])}
    services.labelled_for_list(list(found.values()))
    hits: list[SimilarHit] = []
    for hit in alike.hits:
        if one := found.get(hit.row):
            reasons = shared(alike.clues, SearchView(one, above=above))[:MOST_WHY]
            hits.append({**shape(one, hit), "why": [why(services, clue) for clue in reasons]})
    return {"hits": hits}


def why(services: Services, clue: Clue) -> WhyShape:
    zh, en = clue.value, clue.value
    if clue.kind == "ipc":
        is_group = len(zh) > 4 and "/" not in zh       # its title is that of its first symbol
        titles = scheme.titles(f"{zh}/00" if is_group else zh)
        zh, en = titles[0] or titles[1] or zh, titles[1] or titles[0] or en
    elif clue.kind == "industry":
        taxonomy, _, ident = clue.value.partition("/")
        node = services.taxonomies[taxonomy].nodes[ident]
        zh, en = node.name, node.name_en or node.name
    return {"kind": clue.kind, "value": clue.value, "label": zh, "label_en": en}
