"""Shape of one record as users see it (interfaces §3): `ingest.record.Patent` without its internal row number; of
the records like it (§4)."""

from typing import NotRequired

from typing_extensions import TypedDict

from api.search.shapes import HitShape
from ingest.ipc.successors import Validity


class SourceShape(TypedDict):
    delivery: str
    archive: str | None
    entry: str


class PublicationShape(TypedDict):
    number: str
    kind: str
    date: str | None
    stage: str
    source: SourceShape


class ClaimShape(TypedDict):
    number: int
    text: str


class SectionShape(TypedDict):
    section: str | None
    paragraphs: list[str]


class PartyShape(TypedDict):
    name: str
    kind: str | None
    address: str | None
    postcode: str | None
    region: str | None
    region_name: str | None
    region_confidence: float | None
    region_because: str | None
    known_as: str | None
    known_as_because: str | None


class AgencyShape(TypedDict):
    name: str
    code: str | None


class SymbolShape(TypedDict):
    symbol: str
    version: str | None
    validity: Validity


class CitationShape(TypedDict):
    number: str | None
    date: str | None
    text: str | None
    phase: str | None


class PriorityShape(TypedDict):
    country: str | None
    number: str | None
    date: str | None


class LegalShape(TypedDict):
    state: str
    since: str | None
    because: str | None


class LegalEventShape(TypedDict):
    date: str
    code: str | None
    text: str


class ReasonShape(TypedDict):
    kind: str
    value: str
    pattern: str
    field: str | None
    origin: str | None
    actor: NotRequired[str]
    time: NotRequired[str]


class RecordLabelShape(TypedDict):
    taxonomy: str
    node: str
    name: str
    source: str
    score: float | None
    reasons: list[ReasonShape]
    taxonomy_version: str


class PatentAnswer(TypedDict):
    id: str
    type: str
    application_number: str | None
    application_date: str | None
    publications: list[PublicationShape]
    title: str | None
    abstract: str | None
    claims: list[ClaimShape]
    description: list[SectionShape]
    applicants: list[PartyShape]
    patentees: list[PartyShape]
    inventors: list[str]
    agency: AgencyShape | None
    agents: list[str]
    examiners: list[str]
    ipc: list[SymbolShape]
    locarno: list[str]
    cpc: list[str]
    priorities: list[PriorityShape]
    pct: dict[str, str | None] | None
    citations: list[CitationShape]
    related: list[str]
    legal: LegalShape
    legal_events: list[LegalEventShape]
    labels: list[RecordLabelShape]


class WhyShape(TypedDict):
    """What a patent shares with another: `kind` word, ipc, locarno or industry."""

    kind: str
    value: str
    label: str
    label_en: str


class SimilarHit(HitShape):
    why: list[WhyShape]


class SimilarAnswer(TypedDict):
    hits: list[SimilarHit]
