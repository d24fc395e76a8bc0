"""Fictional applicants, inventors, agents and their addresses. Every name contains 示例."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

STEMS = (
    "缙云", "歌乐", "铁山", "金佛", "仙女", "武陵", "统景", "南泉", "云篆", "樵坪", "明月", "中梁", "玉峰", "石门",
    "青龙", "白岩", "桃源", "龙脊", "照母", "圣灯", "梅溪", "松岭", "竹海", "清波", "望江", "横山", "古剑", "黑山",
    "四面", "茶山",
)
_HEAVENLY, _EARTHLY = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"
PERSONS = tuple("示例" + stem + branch for stem in _HEAVENLY for branch in _EARTHLY)
EXAMINERS = tuple("示例审" + stem for stem in _HEAVENLY)
AGENTS = tuple("示例代" + stem for stem in _HEAVENLY)
AGENCIES = (
    ("重庆示例知识产权代理事务所(普通合伙)", "50991"), ("缙云示例专利代理有限公司", "50992"),
    ("北京示例知识产权代理有限公司", "11999"), ("成都示例专利事务所", "51999"),
)


@dataclass(frozen=True, slots=True)
class Place:
    """A real division with a made-up street; `county` is "" where the address stops at the city."""

    postcode: str
    province: str
    city: str
    county: str
    weight: int
    country: str = "CN"
    written: str = ""           # how the text names the place, where it differs from the parts

    def text(self, number: int) -> str:
        city = "" if self.city in ("", "市辖区", "县") else self.city
        return f"{self.written or self.province + city + self.county}示例路{number}号"


CHONGQING, DISTRICT, COUNTY = "重庆市", "市辖区", "县"
PLACES = (
    Place("401120", CHONGQING, DISTRICT, "渝北区", 16),
    Place("401122", CHONGQING, DISTRICT, "渝北区", 9, written="重庆市两江新区"),
    Place("400030", CHONGQING, DISTRICT, "沙坪坝区", 13),
    Place("400050", CHONGQING, DISTRICT, "九龙坡区", 11),
    Place("400060", CHONGQING, DISTRICT, "南岸区", 10),
    Place("400020", CHONGQING, DISTRICT, "江北区", 8),
    Place("400700", CHONGQING, DISTRICT, "北碚区", 8),
    Place("401320", CHONGQING, DISTRICT, "巴南区", 6),
    Place("400010", CHONGQING, DISTRICT, "渝中区", 3),
    Place("400080", CHONGQING, DISTRICT, "大渡口区", 3),
    Place("402760", CHONGQING, DISTRICT, "璧山区", 6),
    Place("402260", CHONGQING, DISTRICT, "江津区", 5),
    Place("402160", CHONGQING, DISTRICT, "永川区", 5),
    Place("408000", CHONGQING, DISTRICT, "涪陵区", 4),
    Place("401220", CHONGQING, DISTRICT, "长寿区", 4),
    Place("404100", CHONGQING, DISTRICT, "万州区", 4),
    Place("402360", CHONGQING, DISTRICT, "大足区", 3),
    Place("402460", CHONGQING, DISTRICT, "荣昌区", 3),
    Place("402560", CHONGQING, DISTRICT, "铜梁区", 3),
    Place("401520", CHONGQING, DISTRICT, "合川区", 3),
    Place("401420", CHONGQING, DISTRICT, "綦江区", 2),
    Place("400800", CHONGQING, DISTRICT, "綦江区", 1, written="重庆市万盛经开区"),
    Place("402660", CHONGQING, DISTRICT, "潼南区", 2),
    Place("405200", CHONGQING, DISTRICT, "梁平区", 1),
    Place("404300", CHONGQING, COUNTY, "忠县", 1),
    Place("404600", CHONGQING, COUNTY, "奉节县", 1),
    Place("409100", CHONGQING, COUNTY, "石柱土家族自治县", 1, written="重庆市石柱县"),
    Place("400000", CHONGQING, DISTRICT, "", 2),
    Place("610041", "四川省", "成都市", "武侯区", 6),
    Place("610000", "四川省", "成都市", "", 3, written="四川省成都市高新区"),
    Place("621000", "四川省", "绵阳市", "涪城区", 2),
    Place("518000", "广东省", "深圳市", "南山区", 4),
    Place("510000", "广东省", "广州市", "天河区", 3),
    Place("201203", "上海市", DISTRICT, "浦东新区", 3),
    Place("100083", "北京市", DISTRICT, "海淀区", 4),
    Place("215300", "江苏省", "苏州市", "昆山市", 2),
    Place("310051", "浙江省", "杭州市", "滨江区", 3),
    Place("430070", "湖北省", "武汉市", "洪山区", 3),
    Place("710065", "陕西省", "西安市", "雁塔区", 2),
    Place("550000", "贵州省", "贵阳市", "观山湖区", 1),
)
ABROAD = (
    Place("", "", "", "", 1, "JP", "日本东京都"), Place("", "", "", "", 1, "DE", "德国慕尼黑"),
    Place("", "", "", "", 1, "KR", "韩国京畿道"),
)


@dataclass(frozen=True, slots=True)
class Applicant:
    name: str
    place: Place
    street_number: int


def _at(rng: random.Random, name: str, places: Sequence[Place] = PLACES) -> Applicant:
    place = rng.choices(places, [one.weight for one in places])[0]
    return Applicant(name, place, rng.randrange(1, 300))


class Applicants:
    """Who files what: a few companies for each cluster, and universities, institutes and persons for all."""

    def __init__(self, rng: random.Random, trades: dict[str, str]) -> None:
        self._rng = rng
        self._of_cluster: dict[str, list[Applicant]] = {}
        for cluster, trade in trades.items():
            stems = rng.sample(STEMS, 5)
            forms = rng.sample(("股份有限公司", "有限公司", "集团有限公司", "制造有限公司", "有限责任公司"), 5)
            self._of_cluster[cluster] = [
                _at(rng, f"{stem}示例{trade}{form}") for stem, form in zip(stems, forms, strict=True)]
        own = [place for place in PLACES if place.province == CHONGQING]
        self._universities = [_at(rng, name, own) for name in (
            "南山示例大学", "缙云示例理工大学", "歌乐示例科技大学", "桃源示例职业技术学院")] + [
            _at(rng, name) for name in ("望江示例大学", "清波示例工程大学")]
        self._institutes = [_at(rng, name, own) for name in (
            "明月示例研究院", "中国示例科学院绿色技术研究所", "玉峰示例汽车工程研究院", "示例市农业科学院")]
        self._hospitals = [_at(rng, name, own) for name in ("南山示例医科大学附属第一医院", "示例市中医院")]
        self._bodies = [_at(rng, name, own) for name in ("示例区农业技术推广站", "示例市计量质量协会")]
        self._abroad = [_at(rng, name, (place,)) for name, place in zip(
            ("示例株式会社", "示例技术有限公司(德国)", "示例电子株式会社"), ABROAD, strict=True)]

    def draw(self, cluster: str) -> list[Applicant]:
        """One to three applicants of an application; the first is mostly a company of the cluster."""
        rng = self._rng
        company = rng.choices(self._of_cluster[cluster], (10, 6, 4, 2, 1))[0]
        medical = cluster in ("biomed", "meddev", "tcm", "lifesci", "brain")
        kinds = (
            (62, [company]), (17, self._universities), (6, self._institutes), (6 if medical else 0, self._hospitals),
            (1, self._bodies), (3, self._abroad),
            (8, [_at(rng, rng.choice(PERSONS))]),
        )
        first = rng.choice(rng.choices([group for _, group in kinds], [weight for weight, _ in kinds])[0])
        found = [first]
        if first is not company and rng.random() < 0.12:
            found.append(company)
        elif first is company and rng.random() < 0.10:
            found.append(rng.choice(self._universities + self._institutes))
        return found

    def persons(self, most: int) -> list[str]:
        return self._rng.sample(PERSONS, self._rng.randint(1, most))
