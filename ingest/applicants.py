"""Who an applicant is, told by the name alone: company, university, institute, hospital, public body or person.

The end of a name decides before its beginning (河南省科学院生物研究所有限责任公司 is a company), a hospital
before the university it belongs to. A name that no rule knows has no kind. Rules and figures: docs/data.md.
"""

import re
import unicodedata
from functools import lru_cache

from ingest.record import ApplicantKind

_FINAL_BRACKET = re.compile(r"\s*[(\[][^()\[\]]*[)\]]?$")
_LEGAL_FORM_BRACKET = re.compile(
    r"\((?:有限公司|有限责任公司|股份公司|普通合伙|有限合伙|特殊普通合伙|个人独资|个体工商户|微型企业|集团)\)$")

_HOSPITAL = re.compile(
    r"医院|卫生院|保健院|诊所|门诊部|防治院|疗养院|妇幼保健|医疗中心|防治中心$|救治中心|急救中心|卫生服务中心|"
    r"[一二三四五六七八九十]院$|中医院|HOSPITAL|MEDICAL CENTER")
_COMPANY_INSIDE = re.compile(
    r"公司|株式会社|株式會社|合同会社|有限会社|集团|合伙企业|个人独资|"
    r"\b(?:INC|LTD|LIMITED|LLC|CORP|CORPORATION|COMPANY|GMBH|AG|KG|SE|PLC|S\.?A|S\.?P\.?A|B\.?V|N\.?V|A/S|AB|OY|"
    r"S\.?R\.?L|CO)\b")
_COMPANY_END = re.compile(
    r"(?:厂|企业|商行|商店|商场|经营部|门市部|服务部|设计部|工作室|作坊|工场|店|合作社|联合社|(?<!试验)(?<!实验)场|农庄|山庄|"
    r"种植园|苗圃|矿|油田|事务所|代理所|供电局|电业局|电力局|工程局|航道局|勘探局|铁路局|工务段|机务段|车辆段|"
    r"银行|酒店|宾馆|饭店|超市|书店|药房|有限责任|股份有限|控股|股份|实业|科技|制药|重工|汽车|电器|A/S)$")
_INSTITUTE_END = re.compile(
    r"(?:科学院|研究院|研究总院|研究所|研究中心|研究开发中心|研究发展中心|研发中心|设计院|规划院|勘察院|勘测院|地质院|工程院|"
    r"技术院|创新院|信息院|测绘院|检验院|检测院|计量院|检定院|试验所|实验室|实验站|试验站|实验中心|试验中心|试验场|天文台|"
    r"植物园|研究站|研究室|技术中心|工程中心|创新中心|检测中心|检验中心|测试中心|质检中心|监测中心|计算中心|检验所|检定所|"
    r"计量所|测试所|技术所|科学所|监测所|科研所|分院|分所|研究组织|研究机构|研究基金会|第.{1,8}所|院)$|"
    r"INSTITUTE|LABORATORY|RESEARCH")
_SCIENCE_INSIDE = re.compile(
    "科学院|研究院|研究所|研究中心|实验室|研究促进协会|科学促进学会|科学研究|农业研究组织")
_UNIVERSITY_END = re.compile(
    r"(?:大学|学院|学校|专科学校|中学|小学|幼儿园|党校|分校|附中|附小|职教中心|校区|[一-龥]{2,}校)$")
_UNIVERSITY_INSIDE = re.compile(
    r"大学|高等教育|理工学院|医学院|学校法人|学院(?:校长|院长|董事)|UNIVERSIT|COLLEGE|POLYTECHNIC")
_BODY_END = re.compile(
    r"(?:局|厅|处|委员会|委|政府|办公室|法院|检察院|部队|队|中心|站|协会|学会|商会|联合会|工会|联盟|促进会|基金会|财团|"
    r"理事会|董事会|指挥部|管理所|派出所|所|馆|台|社|团|部|教育系统|办事处|村民委员会|公园|动物园|寺|教会|组织|组合|机构|署|军|"
    r"旅|库|基地|研究会)$|FOUNDATION|COMMISSION|MINISTRY|GOVERNMENT|由.+代表")
_CJK = re.compile(r"[\u4e00-\u9fff\u3400-\u4dbf\U00020000-\U0002ffff々〇]+")
_CHINESE_PERSON = re.compile(r"[\u4e00-\u9fff\u3400-\u4dbf\U00020000-\U0002ffff々〇]{2,4}")
_FOREIGN_PERSON = re.compile(r"[\w.,'\-· ]+")
_LATIN_PERSON = re.compile(r"[A-Z][A-Z'\-.]*(?:[ ,]+[A-Z][A-Z'\-.]*){1,3}")

_LONGEST = 300      # characters; real names stay below 80, and the patterns above take the square of a text's length
_LEGAL_FORM_END = re.compile(r"(?:股份有限公司|有限责任公司|有限公司|股份公司|集团公司|公司|株式会社)$")


def _width(name: str) -> str:
    """Half width, upper case, one sort of middle dot, single blanks."""
    text = unicodedata.normalize("NFKC", name).upper().replace("•", "·").replace("‧", "·").replace("・", "·")
    return " ".join(text.split())


@lru_cache(maxsize=1 << 17)
def kind_of(name: str) -> ApplicantKind | None:
    """The kind of an applicant or patentee; None where the name does not tell (or is longer than any name)."""
    if len(name) > _LONGEST:
        return None
    full = _width(name)
    base = full
    while (cut := _FINAL_BRACKET.sub("", base)) != base:
        base = cut
    base = (base or full).replace(" ", "") if _CJK.search(base or full) else base or full
    organisation = _organisation(base, full)
    if organisation:
        return organisation
    return "个人" if _is_person(base) else None


def _organisation(base: str, full: str) -> ApplicantKind | None:
    if _LEGAL_FORM_BRACKET.search(full):
        return "企业"
    if _COMPANY_INSIDE.search(base):
        # a hospital of a company is a hospital, every other part of a company is the company
        return "医院" if re.search(r"(?:医院|诊所)$", base) else "企业"
    if len(base) < 4 and not _UNIVERSITY_END.search(base) and not base.endswith(("厂", "局", "厅")):
        return None                                         # 王院, 李中心: two or three characters are a person
    if _HOSPITAL.search(base):
        return "医院"
    if _COMPANY_END.search(base):
        return "企业"
    if _INSTITUTE_END.search(base) and not re.search(r"学院$", re.sub(r"科学院$", "", base)):
        return "科研院所"
    if _UNIVERSITY_END.search(base) or _UNIVERSITY_INSIDE.search(base):
        return "高校"
    if _SCIENCE_INSIDE.search(base):
        return "科研院所"
    return "机关团体" if _BODY_END.search(base) else None


def _is_person(base: str) -> bool:
    """Two to four Chinese characters, a transliterated name with a dot or initials, or two to four Latin words."""
    if _CHINESE_PERSON.fullmatch(base) or _LATIN_PERSON.fullmatch(base):
        return True
    dotted = re.search(r"·|\b[A-Z]\.|[\u4e00-\u9fff]\.[\u4e00-\u9fff]", base) is not None
    return dotted and _FOREIGN_PERSON.fullmatch(base) is not None


_BETWEEN_CHINESE = re.compile(r"(?<=[^\x00-\x7f])\s+(?=[^\x00-\x7f])")
_BRACKETS = str.maketrans("()", "（）")


@lru_cache(maxsize=1 << 17)
def tidy_name(name: str) -> str:
    """A name as it is usually written, so that spellings of one name count together: no blanks between Chinese
    characters, brackets of a Chinese name in full width, letters and digits in half width.
    """
    if name.isascii():
        return " ".join(name.split())
    text = " ".join(unicodedata.normalize("NFKC", name).split())
    return _BETWEEN_CHINESE.sub("", text).translate(_BRACKETS) if _CJK.search(text) else text


def fold_name(name: str) -> str:
    """A name for comparison: half width, upper case, without blanks, brackets and the tail of its legal form.

    `喜得龙（中国）有限公司` and `喜得龙(中国)股份有限公司` fold to one name; never shown to a user.
    """
    text = _width(split_agency(name)[0])
    text = re.sub(r"[\s()\[\]{}<>《》〔〕.,·'\"-]", "", text)
    return _LEGAL_FORM_END.sub("", text) or text


def split_agency(text: str) -> tuple[str, str | None]:
    """An agency's name without the code of five digits that newer files append, and the code.

    `北京集佳知识产权代理有限公司 11227` and `…有限公司11227`; `00000` means that there is no code.
    """
    text = text.strip()
    name, code = text[:-5], text[-5:]
    if not name or not code.isdecimal() or name[-1].isdecimal():
        return text, None
    return name.rstrip(), None if code == "00000" else code
