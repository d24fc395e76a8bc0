"""Regions: addresses as published, stated parts, abolished districts, and what a query may write."""

import json
import lzma
from itertools import islice
from pathlib import Path

import pytest

from ingest import regions


@pytest.mark.parametrize(("address", "code"), [
    ("401120重庆市渝北区回兴街道", "500112"),
    ("400021 重庆市江北区建新北路", "500105"),
    ("中国重庆市九龙坡区科园一路", "500107"),
    ("重庆渝北区龙山大道", "500112"),
    ("401122重庆市两江新区云汉大道1号", "500191"),
    ("401122重庆市北部新区金渝大道9号", "500191"),
    ("重庆市江北区两江新区港城路", "500105"),
    ("重庆市万盛经开区青年镇", "500193"),
    ("重庆市万盛区万东镇", "500110"),
    ("重庆市双桥经开区双星路17号", "500111"),
    ("重庆市开县汉丰街道", "500154"),
    ("重庆市璧山县青杠", "500120"),
    ("重庆市石柱县南宾镇", "500240"),
    ("四川省重庆市江北县龙溪镇", "500112"),
    ("重庆市高新区科园一路", "500192"),
    ("402160 重庆市凤凰三街九号办公楼", "500000"),
    ("200436 上海市闸北区江场三路", "310106"),
    ("100054北京市宣武区南菜园街", "110102"),
    ("北京市市辖区朝阳区建国路", "110105"),
    ("吉林省吉林市船营区", "220204"),
    ("130012 吉林省长春市朝阳区前进大街", "220104"),
    ("山东省市中区", "370000"),
    ("江苏省江阴市青阳镇", "320281"),
    ("江苏省昆山开发区南滨路168号", "320583"),
    ("江苏省苏州市工业园区若水路", "320576"),
    ("215000江苏省苏州市高新区嵩山路", "320505"),
    ("浙江省杭州市江干区天城路", "330102"),
    ("266229山东省青岛市即墨市大信镇", "370215"),
    ("441002湖北省襄樊市高新区", "420600"),
    ("广东省东莞市塘厦镇", "441900"),
    ("深圳南山区科技园", "440305"),
    ("四川省成都市高新区", "510100"),
    ("河南省郑州市管城区宇通路", "410104"),
    ("河南省洛阳市瀍河区启明南路82号", "410304"),
    ("内蒙古自治区呼伦贝尔市鄂温克自治旗伊敏河镇", "150724"),
    ("浙江省杭州市杭州经济技术开发区8号大街", "330114"),
    ("安徽省合肥市合肥市高新区习友路", "340176"),
    ("陕西省西安市西安经济技术开发区泾渭工业园", "610100"),
    ("广东省广州市增城新塘镇西南村", "440118"),
    ("江苏省常州市武进横林镇工业集中区", "320412"),
    ("江苏省南京市江宁镇西路5号", "320100"),
    ("辽宁省大连市中山镇南街3号", "210200"),
    ("陕西省杨凌示范区", "610403"),
    ("新疆维吾尔自治区石河子市", "659001"),
    ("新疆维吾尔自治区巴音郭楞蒙古自治州焉耆县", "652826"),
    ("海南省那大镇", "460000"),
    ("日本东京都港区", "JP"),
    ("美国加利福尼亚州", "US"),
    ("德国路德维希港", "DE"),
    ("中国台湾新竹科学工业园区", "TW"),
    ("台湾省桃园县", "TW"),
    ("中国香港九龙观塘", "HK"),
    ("澳门氹仔", "MO"),
    ("印度尼西亚雅加达", "ID"),
    ("401120", "500000"),
])
def test_addresses(address: str, code: str) -> None:
    assert regions.locate(address).code == code


@pytest.mark.parametrize("address", [
    "朝阳区建国路1号", "江北区", "香港中路10号", "重庆路5号", "中山朋子;小门礼", "林芝园;", "金华强",
    "何柏贤", "", None, "0", "旷戈;", "桂林",
])
def test_nothing_certain(address: str | None) -> None:
    assert regions.locate(address) == (None, None, None, "")


def test_parts_and_text_together() -> None:
    parts = ("重庆市", "市辖区", "渝北区")
    assert regions.locate(None, *parts)[:3] == ("500112", "重庆市渝北区", 0.95)
    assert regions.locate("重庆市渝北区回兴街道", *parts).confidence == 1.0
    deeper = regions.locate("510000 广东省广州高新技术开发区科学城", "广东省", "广州市", "天河区")
    assert (deeper.code, deeper.name) == ("440106", "广东省广州市天河区")
    assert regions.locate("重庆市渝北区", "重庆市", "0", "0").code == "500112"
    contrary = regions.locate("重庆市渝北区回兴街道", "重庆市", "市辖区", "南岸区")
    assert (contrary.code, contrary.confidence) == ("500000", 0.6)
    assert regions.locate("重庆市两江新区云汉大道", "重庆市", "", "北碚区").code == "500000"
    assert regions.locate("重庆市两江新区云汉大道", "重庆市", "", "渝北区").code == "500112"


def test_a_foreign_country_decides_alone() -> None:
    assert regions.locate("首尔", country="KR")[:2] == ("KR", "韩国")
    assert regions.locate("日本东京", country="CN").code == "JP"
    assert regions.locate(None, country="ZZ").code == "ZZ"


def test_confidence_falls_with_weaker_words() -> None:
    written = ("重庆市渝北区", "重庆市开县", "广东省深圳前海蛇口工业区", "401120 x")
    confidences = [regions.locate(text).confidence or 0 for text in written]
    assert confidences == sorted(confidences, reverse=True)
    assert len(set(confidences)) == 4
    assert regions.locate("重庆市渝北区").evidence == "重庆市 > 渝北区"


@pytest.mark.parametrize(("text", "codes"), [
    ("重庆", ("500000",)), ("重庆市", ("500000",)), ("500000", ("500000",)), ("50", ("500000",)), ("85", ("500000",)),
    ("天津;12", ("120000",)), ("渝北", ("500112",)), ("渝北区", ("500112",)), ("重庆渝北", ("500112",)),
    ("重庆市江北区", ("500105",)), ("江北区", ("330205", "500105")), ("朝阳区", ("110105", "220104")),
    ("朝阳", ("211300",)), ("吉林", ("220000",)), ("石柱县", ("500240",)), ("两江新区", ("500191",)),
    ("万盛", ("500193",)), ("JP", ("JP",)), ("jp", ("JP",)), ("日本", ("JP",)), ("台湾", ("TW",)), ("HK", ("HK",)),
    ("Chongqing", ("500000",)), ("germany", ("DE",)), ("广东省深圳市", ("440300",)), ("江北县", ("500112",)),
    ("电池", ()), ("", ()), ("重庆市电池", ()), ("999999", ()),
])
def test_what_a_query_may_write(text: str, codes: tuple[str, ...]) -> None:
    assert regions.candidates(text) == codes
    assert regions.lookup(text) == (codes[0] if len(codes) == 1 else None)


def test_abolished_districts_lie_below_their_successor() -> None:
    assert regions.ancestors("500112") == ("500191", "500000")
    assert regions.children("500191") == ("500105", "500112")
    assert regions.names("500112") == ("重庆市", "渝北区")
    assert regions.full_name("500112", "en") == "Yubei District, Chongqing"
    assert regions.current("500105") == "500191"
    assert regions.current("500107") == "500107"
    assert regions.abolished("500105") == "2025-11-06"
    assert regions.abolished("500107") is None


def test_the_tree_is_whole() -> None:
    assert len(regions.children()) == 31
    seen = set(regions.children())
    level = list(seen)
    while level:
        level = [child for code in level for child in regions.children(code)]
        assert not seen.intersection(level)
        seen.update(level)
    assert len(seen) > 3300
    for code in seen:
        assert code in {"500000"} or regions.candidates(code) == (code,)
        assert all(code in _below(upper) for upper in regions.ancestors(code)[:1])
    # 25 districts and 12 counties besides the two abolished ones, and the two statistical units
    assert len(_below("500000")) == 41


def _below(code: str) -> set[str]:
    direct = set(regions.children(code))
    return direct.union(*(_below(child) for child in direct))


def test_every_full_name_leads_back_to_its_code() -> None:
    todo = list(regions.children())
    while todo:
        code = todo.pop()
        todo += regions.children(code)
        assert code in regions.candidates(regions.full_name(code)), regions.full_name(code)


def test_real_addresses(shared: Path) -> None:
    """Of real records that state a province beside the address: the same province, and mostly the district."""
    with lzma.open(shared / "data/patents.jsonl.xz", "rt", encoding="utf-8") as lines:
        records = [json.loads(line) for line in islice(lines, 123_000, 140_000)]
    stated = [(record["address"], record["province"]) for record in records
              if record.get("address") and regions.lookup(record.get("province") or "")]
    assert len(stated) > 10_000
    places = [(regions.locate(address).code, regions.lookup(province)) for address, province in stated]
    agreeing = [code for code, province in places
                if code and province and (code[:2] + "0000" == province or code == province)]
    assert len(agreeing) > 0.999 * len(places)
    # cities without districts (东莞) and zones without a code remain at the city
    districts = [code for code in agreeing if not code.endswith("00")]
    assert len(districts) > 0.78 * len(agreeing)
