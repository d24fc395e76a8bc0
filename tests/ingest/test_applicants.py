"""Kinds of applicants by their names, names for comparison, codes of agencies."""

import json
import lzma
from collections import Counter
from itertools import islice
from pathlib import Path

import pytest

from ingest.applicants import fold_name, kind_of, split_agency


@pytest.mark.parametrize(("name", "kind"), [
    ("重庆长安汽车股份有限公司", "企业"),
    ("喜得龙（中国）有限公司", "企业"),
    ("阿尔派株式会社", "企业"),
    ("ATONARP株式会社", "企业"),
    ("GN瑞声达A/S", "企业"),
    ("BOSCH GMBH ROBERT", "企业"),
    ("东北大学设计研究院（有限公司）", "企业"),
    ("河南省科学院生物研究所有限责任公司", "企业"),
    ("中国石油化工股份有限公司胜利油田分公司勘探开发研究院西部分院", "企业"),
    ("辽宁唐人神曙光农牧集团有限公司科技研发中心", "企业"),
    ("汉寿振发苎麻专业合作社", "企业"),
    ("农安县春江堰家庭农场", "企业"),
    ("诸暨市凯诺食品添加剂厂", "企业"),
    ("南京市专利事务所", "企业"),
    ("重庆大学", "高校"),
    ("哈尔滨工业大学（深圳）", "高校"),
    ("浙江树人学院（浙江树人大学）", "高校"),
    ("东亚大学校产学协力团", "高校"),
    ("马里兰大学巴尔的摩分校", "高校"),
    ("郑州澍青医学高等专科学校", "高校"),
    ("昆明市官渡区第五中学", "高校"),
    ("中国科学院金属研究所", "科研院所"),
    ("中国科学院", "科研院所"),
    ("中国建筑材料科学研究总院", "科研院所"),
    ("华中光电技术研究所（中国船舶重工集团有限公司第七一七研究所）", "科研院所"),
    ("北京理工大学唐山研究院", "科研院所"),
    ("季华实验室", "科研院所"),
    ("弗劳恩霍夫应用研究促进协会", "科研院所"),
    ("财团法人工业技术研究院", "科研院所"),
    ("重庆医科大学附属第一医院", "医院"),
    ("中国人民解放军第三○九医院", "医院"),
    ("厦门市妇幼保健院（厦门市计划生育服务中心）", "医院"),
    ("开滦集团有限责任公司医院", "医院"),
    ("陈笃生医院私人有限公司", "企业"),
    ("辽宁省公安厅", "机关团体"),
    ("中国人民解放军第96608部队", "机关团体"),
    ("东莞市机电工程学会", "机关团体"),
    ("垫江县动物卫生监督所", "机关团体"),
    ("俄亥俄州国家创新基金会", "机关团体"),
    ("王伟", "个人"),
    ("李  勇", "个人"),
    ("欧阳文鹏", "个人"),
    ("弗朗茨·维特", "个人"),
    ("R·梅切特利", "个人"),
    ("S.布罗萨尔", "个人"),
    ("沃尔夫-迪特尔·米勒", "个人"),
    ("克孜尔开勒迪·阿布迪腊合曼", "个人"),
    ("KONKIEL PATRICK", "个人"),
    ("王院", "个人"),
    ("安纳特思科", None),
    ("", None),
    ("100", None),
])
def test_kind(name: str, kind: str | None) -> None:
    assert kind_of(name) == kind


def test_width_and_spacing_do_not_matter() -> None:
    assert kind_of("ＡＢＣ　（中国）有限公司") == kind_of("ABC (中国) 有限公司") == "企业"


def test_names_for_comparison() -> None:
    assert fold_name("喜得龙（中国）有限公司") == fold_name("喜得龙(中国)股份有限公司") == "喜得龙中国"
    assert fold_name("约瑟夫·斯科特") == fold_name("约瑟夫•斯科特")
    assert fold_name("重庆大学") != fold_name("重庆理工大学")
    assert fold_name("公司") == "公司"


@pytest.mark.parametrize(("text", "name", "code"), [
    ("武汉科皓知识产权代理事务所(特殊普通合伙) 42222", "武汉科皓知识产权代理事务所(特殊普通合伙)", "42222"),
    ("北京集佳知识产权代理有限公司11227", "北京集佳知识产权代理有限公司", "11227"),
    ("西安吉盛专利代理有限责任公司 00000", "西安吉盛专利代理有限责任公司", None),
    ("昆明慧翔专利事务所", "昆明慧翔专利事务所", None),
    ("42222", "42222", None),
])
def test_agency(text: str, name: str, code: str | None) -> None:
    assert split_agency(text) == (name, code)


def test_real_names(shared: Path) -> None:
    """Almost every name of real records has a kind, and companies are the large majority."""
    with lzma.open(shared / "data/patents.jsonl.xz", "rt", encoding="utf-8") as lines:
        records = [json.loads(line) for line in islice(lines, 30_000)]
    kinds = Counter(kind_of(name) for record in records for name in record.get("applicants") or [])
    assert kinds[None] < 0.002 * kinds.total()
    assert kinds["企业"] > 0.6 * kinds.total()
    assert set(kinds) - {None} == {"企业", "高校", "科研院所", "医院", "机关团体", "个人"}
