"""The shapes of the record: plain dictionaries with fixed keys, as users see them (interfaces §3).

Dictionaries and not classes, because a record is read from JSON, handed on and written as JSON far more
often than anything is computed on it; the types are checked all the same.
"""

from typing import Literal, NotRequired, TypedDict

from typing_extensions import TypeIs

from store.decisions import Decision

PatentType = Literal["invention", "utility_model", "design"]
LegalState = Literal["pending", "in_force", "lapsed", "unknown"]
Stage = Literal["application", "examined", "grant", "correction"]
ApplicantKind = Literal["企业", "高校", "科研院所", "医院", "机关团体", "个人"]
LabelSource = Literal["rule", "rule_derived", "model", "human"]


class Source(TypedDict):
    delivery: str           # name of the file or folder that was given to ingest
    archive: str | None     # path of the innermost archive inside the delivery
    entry: str              # path inside that archive


class Publication(TypedDict):
    number: str             # CN101945314B
    kind: str               # B
    date: str | None        # YYYY-MM-DD
    stage: Stage
    source: Source


class Claim(TypedDict):
    number: int
    text: str               # with its number, as published


class Section(TypedDict):
    section: str | None     # technical_field, background_art, disclosure, drawings_description, mode …
    paragraphs: list[str]


class Party(TypedDict):
    """An applicant or patentee; a document gives the first four fields, enrichment the rest."""

    name: str
    address: str | None
    postcode: str | None
    country: NotRequired[str | None]            # ST.3 code where the source states one
    province: NotRequired[str | None]           # parts as the source states them
    city: NotRequired[str | None]
    county: NotRequired[str | None]
    kind: NotRequired[ApplicantKind | None]
    region: NotRequired[str | None]             # six-digit division code, or a two-letter country code
    region_name: NotRequired[str | None]
    region_confidence: NotRequired[float | None]
    region_because: NotRequired[str | None]     # the words of address and parts that decided
    known_as: NotRequired[str | None]           # present name or usual spelling, where it is another than `name`
    known_as_because: NotRequired[str | None]   # spelling, or the line of the node's file of former names


class Agency(TypedDict):
    name: str
    code: str | None


class Symbol(TypedDict):
    symbol: str             # H01M10/42
    version: str | None     # 2006.01, or the edition (4) of IPC 1–7


class Citation(TypedDict):
    number: str | None      # CN1719946A
    date: str | None
    text: str | None        # non-patent literature
    phase: str | None


class Priority(TypedDict):
    country: str | None
    number: str | None
    date: str | None


class Legal(TypedDict):
    state: LegalState
    since: str | None
    because: str | None     # code of the deciding event, rule or publication number, for the evidence line


class LegalEvent(TypedDict):
    date: str               # of the gazette
    code: str | None        # CF01; text sources give none
    text: str               # its name, then a line "key:value" for each detail


class Reason(TypedDict):
    """Why a label stands: one IPC pattern that matched, one keyword, a feature of a model, or a person's decision."""

    kind: Literal["ipc", "keyword", "expression", "branch", "feature", "decision"]
    value: str              # the symbol or word found in the record; the note of a decision, perhaps blank
    pattern: str            # the pattern or word of the rule; the verdict of a decision: confirm or add
    field: str | None       # title, abstract, claims or ipc
    origin: str | None      # official, official_wider, official_narrower, proposed
    actor: NotRequired[str]         # of a decision: who made it
    time: NotRequired[str]          # and when, ISO, UTC


class Label(TypedDict):
    taxonomy: str
    node: str
    name: str
    source: LabelSource
    score: float | None
    reasons: list[Reason]
    taxonomy_version: str


class Document(TypedDict):
    """What one file says of one publication: the unit of the store. Every field as the file gives it."""

    publication: str                    # CN101945314B
    kind: str
    date: str | None
    produced: str | None                # dateProduced, decides between two files of one publication
    type: PatentType
    application_number: str | None      # normalised, with check digit where there is one
    application_date: str | None
    title: str | None
    abstract: str | None                # paragraphs joined by line feeds
    claims: list[Claim]
    description: list[Section]
    applicants: list[Party]
    patentees: list[Party]
    inventors: list[str]
    agency: Agency | None
    agents: list[str]
    examiners: list[str]
    ipc: list[Symbol]
    locarno: list[str]
    cpc: list[str]
    priorities: list[Priority]
    pct: dict[str, str | None] | None
    citations: list[Citation]
    related: list[str]                  # numbers only mentioned: earlier publication, parent application
    yields: NotRequired[list[str]]      # fields in another language than Chinese, or of which the file has a part only:
                                        # any other file of the application that fills them comes before it


class Event(TypedDict):
    """What one file says of one legal event."""

    application: str                    # digits without check digit
    date: str | None                    # of the gazette; None only where an event is taken back
    code: str | None
    name: str | None
    details: list[list[str]]            # [key, value] in order, keys repeat
    ident: str | None                   # the source's own key of the event (PRSID)
    action: Literal["add", "replace", "delete"]
    produced: str | None                # when the file was made, where it says so


def is_event(content: Document | Event) -> TypeIs[Event]:
    return "application" in content


class Patent(TypedDict):
    """One record per application (interfaces §3). `row` is internal: the integer that engines and sets use."""

    row: int
    id: str
    type: PatentType
    application_number: str | None
    application_date: str | None
    publications: list[Publication]     # by date, then number
    title: str | None
    abstract: str | None
    claims: list[Claim]
    description: list[Section]
    applicants: list[Party]
    patentees: list[Party]
    inventors: list[str]
    agency: Agency | None
    agents: list[str]
    examiners: list[str]
    ipc: list[Symbol]
    locarno: list[str]
    cpc: list[str]
    priorities: list[Priority]
    pct: dict[str, str | None] | None
    citations: list[Citation]
    related: list[str]
    legal: Legal
    legal_events: list[LegalEvent]
    labels: list[Label]
    decisions: NotRequired[list[Decision]]      # internal: what people decided of its labels; left out where nothing
