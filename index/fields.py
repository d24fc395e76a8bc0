"""The one catalogue of fields: their names, kinds, and what of a record they hold (interfaces §5).

Parser, reference evaluator, documents, highlights, the help page and the advanced form are all made from it.
A field's values are separate: nothing matches across two of them.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache, lru_cache
from typing import Literal

from index.text import fold
from ingest.record import Party, Patent

Kind = Literal["units", "dates", "numbers", "classes", "keyword", "region", "industry", "collection", "composite"]


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """One field of the query language.

    `parts` are the API names that it stands for: itself, or the fields of a composite. `values` gives the
    strings that a record holds (dates YYYY-MM-DD, symbols in normal form); empty for composite fields.
    """

    name: str                       # canonical, Chinese
    api: str
    kind: Kind
    aliases: tuple[str, ...]
    help_zh: str
    help_en: str
    example: str
    values: Callable[[Patent], list[str]]
    parts: tuple[str, ...] = ()

    @property
    def name_en(self) -> str:
        return _ENGLISH.get(self.api, self.api.replace("_", " "))

    @property
    def members(self) -> tuple[str, ...]:
        return self.parts or (self.api,)


_ENGLISH = {
    "applicants": "applicant", "inventors": "inventor", "agents": "agent", "addresses": "address",
    "type": "patent type",
    "ipc": "IPC", "main_ipc": "main IPC", "cpc": "CPC", "locarno": "Locarno class",
}


def distinct(values: Iterable[str | None]) -> list[str]:
    """Without gaps and repetitions, in order."""
    return [value for value in dict.fromkeys(values) if value]


def parties(record: Patent) -> list[Party]:
    """Applicants, then patentees."""
    return [*record["applicants"], *record["patentees"]]


def _names(found: Iterable[Party]) -> list[str]:
    """Names as published, and the present ones where they are others."""
    return distinct(name for party in found for name in (party["name"], party.get("known_as")))


def _nothing(record: Patent) -> list[str]:
    return []


def _abstract(record: Patent) -> list[str]:
    return [paragraph for paragraph in (record["abstract"] or "").split("\n") if paragraph]


def _grants(record: Patent) -> list[str]:
    dates = [entry["date"] for entry in record["publications"] if entry["stage"] == "grant" and entry["date"]]
    return [min(dates)] if dates else []


FIELDS: tuple[Field, ...] = (
    Field("名称", "title", "units", ("发明名称", "标题", "题名", "TI"),
          "发明、实用新型或外观设计的名称",
          "title",
          "名称=电池",
          lambda r: distinct([r["title"]])),
    Field("摘要", "abstract", "units", ("AB",),
          "摘要；外观设计为简要说明",
          "abstract; the brief explanation of a design", "摘要=(电池 OR 电芯)", _abstract),
    Field("权利要求", "claims", "units", ("权利要求书", "主权项", "CL", "CLM"),
          "各项权利要求",
          "each claim",
          "权利要求=隔膜",
          lambda r: [claim["text"] for claim in r["claims"]]),
    Field("说明书", "description", "units", ("DES",),
          "说明书各段",
          "each paragraph of the description",
          "说明书=石墨烯",
          lambda r: [text for section in r["description"] for text in section["paragraphs"]]),
    Field("关键词", "keywords", "composite", ("题摘权",),
          "名称、摘要或权利要求；不写字段时即此",
          "title, abstract or claims; meant when no field is named",
          "关键词=电池",
          _nothing, ("title", "abstract", "claims")),
    Field("题摘", "title_abstract", "composite", ("TIAB",),
          "名称或摘要",
          "title or abstract", "题摘=(电池 OR 电芯)", _nothing, ("title", "abstract")),
    Field("全文", "full_text", "composite", ("复合文本", "FT"),
          "名称、摘要、权利要求或说明书",
          "title, abstract, claims or description",
          "全文=石墨烯",
          _nothing, ("title", "abstract", "claims", "description")),
    Field("申请人", "applicants", "units", ("申请(专利权)人", "专利权人", "PA", "applicant"),
          "申请人与专利权人；== 为全名相同",
          "applicants and patentees; == asks for the whole name",
          "申请人=大学",
          lambda r: _names(parties(r))),
    Field("第一申请人", "first_applicant", "units", (),
          "第一个申请人",
          "first applicant",
          "第一申请人=大学",
          lambda r: _names(r["applicants"][:1])),
    Field("发明人", "inventors", "units", ("设计人", "发明(设计)人", "IN", "inventor"),
          "发明人或设计人",
          "inventors or designers", "发明人==王勇", lambda r: distinct(r["inventors"])),
    Field("代理机构", "agency", "units", ("AGC",),
          "专利代理机构",
          "agency", "代理机构=知识产权", lambda r: [r["agency"]["name"]] if r["agency"] else []),
    Field("代理人", "agents", "units", ("AT", "agent"),
          "代理人",
          "agents", "代理人==王勇", lambda r: distinct(r["agents"])),
    Field("地址", "addresses", "units", ("申请人地址", "ADDR", "address"),
          "申请人的地址",
          "addresses of applicants",
          "地址=北碚区",
          lambda r: distinct(party["address"] for party in r["applicants"])),
    Field("邮编", "postcode", "keyword", (),
          "申请人的邮政编码；末尾 + 为前缀",
          "postcode of applicants; a final + makes it a prefix",
          "邮编=4007+",
          lambda r: distinct(party["postcode"] for party in r["applicants"])),
    Field("地区", "region", "region", ("国省代码", "申请人所在国(省)", "CO"),
          "申请人所在行政区划或国家的代码或名称，含其下各级",
          "division or country of applicants, code or name, with everything below",
          "地区=渝北区",
          lambda r: distinct(party.get("region") for party in r["applicants"])),
    Field("申请号", "application_number", "numbers", ("AN", "AP"),
          "任何写法，校验位可省；末尾 + 为前缀",
          "any written form; a final + makes it a prefix",
          "申请号=CN201010298420.4",
          lambda r: distinct([r["application_number"]])),
    Field("公开号", "publication_number", "numbers", ("公开(公告)号", "公告号", "授权公告号", "PN"),
          "任何写法，不写种类代码即任一种类；末尾 + 为前缀",
          "any written form, without kind any kind; a final + makes it a prefix",
          "公开号=CN101945314B", lambda r: distinct(entry["number"] for entry in r["publications"])),
    Field("申请日", "application_date", "dates", ("AD", "APD"),
          "申请日；起:止 为区间",
          "application date; from:to is a range",
          "申请日=2010:2012",
          lambda r: distinct([r["application_date"]])),
    Field("公开日", "publication_date", "dates", ("公开(公告)日", "PD"),
          "任一次公开或公告的日期",
          "date of any publication",
          "公开日=201003",
          lambda r: distinct(entry["date"] for entry in r["publications"])),
    Field("授权日", "grant_date", "dates", ("授权公告日", "GD"),
          "首次授权公告的日期",
          "date of the first grant publication", "授权日>=2020", _grants),
    Field("IPC", "ipc", "classes", ("IPC分类号", "分类号", "国际分类号", "IC"),
          "全部 IPC 分类号；* 含下位组与旧版分类号",
          "all IPC symbols; * brings everything below and retired symbols",
          "IPC=H01M10/42*", lambda r: distinct(entry["symbol"] for entry in r["ipc"])),
    Field("主IPC", "main_ipc", "classes", ("主分类号", "MC"),
          "第一个 IPC 分类号",
          "first IPC symbol", "主IPC=H01M", lambda r: distinct(entry["symbol"] for entry in r["ipc"][:1])),
    Field("CPC", "cpc", "classes", (),
          "CPC 分类号",
          "CPC symbols", "CPC=Y02E60/10", lambda r: distinct(r["cpc"])),
    Field("洛迦诺", "locarno", "classes", ("LOC",),
          "外观设计的洛迦诺分类号",
          "Locarno classes of designs", "洛迦诺=14-02", lambda r: distinct(r["locarno"])),
    Field("专利类型", "type", "keyword", ("发明类型", "类型"),
          "发明、实用新型、外观设计",
          "invention, utility model, design", "专利类型=发明", lambda r: [r["type"]]),
    Field("法律状态", "legal_state", "keyword", ("状态",),
          "审中、有效、失效、未知",
          "pending, in force, lapsed, unknown", "法律状态=有效", lambda r: [r["legal"]["state"]]),
    Field("申请人类型", "applicant_kind", "keyword", (),
          "企业、高校、科研院所、医院、机关团体、个人",
          "company, university, institute, hospital, organisation, person",
          "申请人类型=高校", lambda r: distinct(party.get("kind") for party in r["applicants"])),
    Field("产业", "industry", "industry", (),
          "产业分类/节点，含其下各节点；只写分类为任一节点",
          "taxonomy/node with everything below; a taxonomy alone is any node",
          "产业=33618/nev", lambda r: distinct(f"{label['taxonomy']}/{label['node']}" for label in r["labels"])),
    Field("专题", "collection", "collection", (),
          "专题库的节点",
          "nodes of collections", "专题=1", _nothing),
)

BY_API: dict[str, Field] = {field.api: field for field in FIELDS}
DEFAULT = ("title", "abstract", "claims")
"""Where a term without a field is looked for."""


_LONGEST_NAME = 40     # of what is compared with names that may be meant


@cache
def _by_name() -> dict[str, Field]:
    return {fold(name): field for field in FIELDS for name in (field.name, field.api, *field.aliases)}


def find(name: str) -> Field | None:
    """The field of a written name in any width, case or script; None for none."""
    return _by_name().get(fold(name).strip())


@cache
def bracketed_names() -> tuple[str, ...]:
    """The folded names that hold parentheses, longest first; a tokenizer must know them."""
    return tuple(sorted((name for name in _by_name() if "(" in name), key=len, reverse=True))


@lru_cache(256)
def nearest(name: str) -> list[str]:
    """Up to three canonical names that a mistyped name may mean."""
    folded = fold(name[:_LONGEST_NAME]).strip()
    near = get_close_matches(folded, _by_name(), n=6, cutoff=0.5)
    near += [known for known in _by_name() if min(len(folded), len(known)) > 1 and (folded in known or known in folded)]
    return distinct(_by_name()[known].name for known in near)[:3]
