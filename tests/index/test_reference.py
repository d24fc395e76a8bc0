"""The reference evaluator: what matches, on records made for the point and on real ones."""

import pytest
from pyroaring import BitMap

from index.query import SearchView, matches, read
from index.query.parser import parse
from index.query.tree import Rows
from index.text import units
from ingest.record import Patent
from tests.index.made import party, patent, publication

RECORD = patent(
    row=7,
    title="一种锂电池组及OLED显示装置",
    abstract="第15G通信模块，厚0.5mm。\n导电石墨烯；另含隔膜",
    claims=[{"number": 1, "text": "1.一种电池，其特征在于含有 Graphene oxide。"},
            {"number": 2, "text": "2.如权利要求1所述。"}],
    description=[{"section": None, "paragraphs": ["本申请涉及储能。", "背景技术"]}],
    applicants=[
        party("华为技术有限公司", address="重庆市渝北区甲路1号", postcode="401120", region="500112", kind="企业"),
        party("重庆大学", address="重庆市沙坪坝区", postcode="400044", region="500106", kind="高校"),
    ],
    patentees=[party("缙云电池有限公司", address="重庆市北碚区", postcode="400700", region="500109", kind="企业")],
    inventors=["王勇", "李王勇"],
    agency={"name": "重庆某知识产权代理有限公司", "code": "50001"},
    agents=["张三"],
    publications=[publication("CN102372445A", "2012-03-14", "application"),
                  publication("CN102372445B", "2014-05-07", "grant"),
                  publication("CN102372445B8", "2014-09-03", "correction")],
    ipc=[{"symbol": "H01M10/44", "version": None}, {"symbol": "G06F17/30", "version": None}],
    cpc=["Y02E60/10"],
    locarno=["14-02"],
    legal={"state": "in_force", "since": None, "because": None},
    labels=[{"taxonomy": "33618", "node": "nev_battery", "name": "", "source": "rule", "score": None, "reasons": [],
             "taxonomy_version": "1"}],
)

MATCHES = [
    "电池", "名称=电池", "名称=锂电池", "锂 电池", "鋰電池", "ＯＬＥＤ", "oled显示", "\"graphene oxide\"",
    "名称=(电池 OR 铜)", "15G通信", "0.5mm", "\"。\"", "摘要=石墨烯", "权利要求=电池", "说明书=储能", "全文=储能",
    "题摘=石墨烯", "NOT 光伏", "铜 XOR 电池", "电池 XOR 石墨烯 XOR 隔膜", "名称 , 摘要=(电池 NOT 铜)",
    ">=2(电池, 铜, 石墨烯)", "申请人=华为", "申请人==华为技术有限公司", "申请人=缙云", "第一申请人=华为",
    "发明人==王勇", "发明人=王勇", "代理机构=知识产权", "代理人=张三", "地址=渝北区", "邮编=401120", "邮编=4000+",
    "地区=渝北区", "地区=重庆", "地区=500106", "申请人类型=高校", "申请号=CN201010298420.4", "申请号=2010102984204",
    "申请号=ZL201010298420", "申请号=20101029+", "公开号=102372445", "公开号=CN102372445B", "公开号=CN102372445B8",
    "公开号=1023+", "申请日=2010", "申请日=2010-09-25", "申请日<2011", "公开日=2012", "公开日=201405",
    "授权日=2014", "授权日=20140507", "公开日=2012 AND 公开日=2014", "锂 W 电池", "电池 W 组", "锂 3W 电池",
    "组 3D 电池", "装置 2D OLED", "锂 W 电 W 池", "(锂 OR 铜) W (电池 OR 电芯) 5W OLED", "(锂 W 电池) 5W OLED",
    "电池 S 电池", "锂电 S 池组", "隔膜 S 另含", "石墨烯 P 隔膜", "导电 6W 隔膜", "通信 S 模块 S 厚",
    "0 W \".\" W 5mm", "发明人==?勇 AND 发明人=##勇", "一种+组", "一种#+组", "锂##组", "锂??组", "锂#?组", "graph+",
    "+phene", "Gra#hene", "g+e", "gra?phene", "第15G+", "第##g", "0.5m#", "摘要=(另含隔膜)", "申请人==华为+公司",
    "申请人==华为+", "申请人==+大学", "申请人==\"重庆\" OR 申请人==重庆##", "发明人==#勇", "发明人==李?王勇",
    "摘要==第##g通信模块+厚0.5mm。", "导电+烯", "一种? 3W 电池", "(名称=一种 OR 名称=铜) AND 锂 3W 电池",
    "专利类型=发明", "法律状态=有效", "产业=33618", "产业=33618/nev_battery", "IPC=H01M", "IPC=H", "IPC=H01M10",
    "IPC=H01M10/44", "IPC=H01M10/4+", "IPC=H01M1+", "IPC=H01M10/42*", "IPC=H01M8:H01M10", "IPC=G06F16/00*",
    "主IPC=H01M10/44", "CPC=Y02E", "LOC=14", "LOC=14-02", "分类号=14-02",
]
MISSES = [
    "名称=石墨烯", "名称=led", "5G通信", "\"0.5\"", "mm", "graphene 铜", "\"oxide graphene\"", "电池组及OLED模组",
    "通信导电", "\"0.5mm。导电\"", "铜 XOR 铝", "电池 XOR 石墨烯", "NOT 电池", ">=2(电池, 铜, 铝)", "题摘=储能",
    "说明书=\"储能。背景\"", "申请人==华为", "第一申请人=重庆大学", "申请人=\"有限公司重庆\"", "发明人==勇",
    "邮编=40112+ AND 邮编=402+", "地区=北碚区", "申请人类型=个人", "申请号=CN201010298421.2", "公开号=CN102372445C",
    "申请日>2010", "申请日=2010:2010-09-24", "授权日=2012", "地区=500109", "地址=北碚区", "邮编=400700",
    "电池 W 锂", "通信 P 0.5mm 3D 厚", "OLED D 装置", "石墨烯 S 隔膜", "通信 S 石墨烯", "0.5mm 9W 导电",
    "名称=(电池 5W 石墨烯)", "锂电 W 电池", "锂电 W 池组 W 池", "组 W 电池", "(锂 OR 铜) 2W OLED",
    "题摘=(电池 P 石墨烯)", "锂#组", "锂###组", "石墨烯+隔膜", "模块+0.5mm", "graph#", "grap?e", "+phen", "第#g",
    "第+通信", "一种+OLED", "锂+及#OLED", "申请人==华为", "申请人==华为#", "申请人==+华为", "导电 5W 隔膜",
    "摘要==第+", "摘要==第##g通信模块+厚0.5mm+", "m#", "0.##mm", "公开日=2013", "专利类型=外观设计",
    "法律状态=失效", "产业=33618/other", "产业=416", "IPC=H01M1", "IPC=H01M10/42", "IPC=H01M10/5+",
    "IPC=G06F16/35*", "主IPC=G06F", "CPC=H01M", "LOC=14-03", "LOC=15",
]


@pytest.mark.parametrize("text", MATCHES)
def test_matches(text: str) -> None:
    assert matches(read(text, mode="expert").node, SearchView(RECORD))


@pytest.mark.parametrize("text", MISSES)
def test_misses(text: str) -> None:
    assert not matches(read(text, mode="expert").node, SearchView(RECORD))


def test_nodes_above_a_label_are_meant_where_the_taxonomy_is_known() -> None:
    node = read("产业=33618/nev").node
    assert not matches(node, SearchView(RECORD))
    above = {("33618", "nev_battery"): ("nev",)}
    assert matches(node, SearchView(RECORD, above=lambda taxonomy, label: above.get((taxonomy, label), ())))


def test_an_empty_record_matches_only_what_asks_for_nothing() -> None:
    empty = SearchView(patent(application_number=None, application_date=None))
    assert matches(read("NOT 电池").node, empty)
    assert matches(read("NOT 申请日=2010").node, empty)
    for text in ("电池", "申请日<2030", "IPC=H", "地区=重庆"):
        assert not matches(read(text, mode="expert").node, empty)


def test_rows() -> None:
    assert matches(Rows(BitMap([7, 9])), SearchView(RECORD))
    assert not matches(Rows(BitMap([8])), SearchView(RECORD))


def test_runs_of_units_on_real_records(records: list[Patent]) -> None:
    """Every run of units out of a real abstract's paragraph is found; put together from two ends it is not."""
    tried = 0
    for record in records[:300]:
        view = SearchView(record)
        for paragraph in (record["abstract"] or "").split("\n"):
            cut = units(paragraph)
            for start in range(0, len(cut) - 6, 17):
                term = " ".join(cut[start:start + 4]).replace("\\", "\\\\").replace('"', '\\"')
                node = parse(f'摘要="{term}"')[0]
                assert node is not None and matches(node, view)
                absent = parse(f'摘要=="{term}"')[0]
                assert absent is not None and not matches(absent, view)
                tried += 1
    assert tried > 1_000


def test_operators_agree_with_sets_on_real_records(records: list[Patent]) -> None:
    views = [SearchView(record) for record in records[:500]]

    def found(text: str) -> set[int]:
        node = read(text, mode="expert").node
        return {view.record["row"] for view in views if matches(node, view)}

    a, b, c = found("摘要=装置"), found("摘要=连接"), found("摘要=控制")
    everyone = {view.record["row"] for view in views}
    assert a and b and c and a - b and b - a
    assert found("摘要=(装置 连接)") == a & b
    assert found("摘要=(装置 OR 连接)") == a | b
    assert found("摘要=(装置 XOR 连接 XOR 控制)") == a ^ b ^ c
    assert found("摘要=(装置 NOT 连接)") == a - b
    assert found("NOT 摘要=装置") == everyone - a
    assert found(">=2(摘要=装置, 摘要=连接, 摘要=控制)") == (a & b) | (a & c) | (b & c)
    assert found("摘要=装置 OR 摘要=连接 摘要=控制") == a | (b & c)
