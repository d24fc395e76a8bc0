"""The canonical dialect: what each form of interfaces §5 is read as, and what is said about it.

A row is (text, the same meaning in canonical form, codes of the remarks). Texts marked (pss) or (trs) are forms
that users of those systems write; the others are the examples of the interfaces.
"""

import pytest

from index.fields import FIELDS, bracketed_names, find, nearest
from index.query.canonical import canonical
from index.query.diagnostics import SEVERITY
from index.query.parser import parse
from index.query.remarks import MAX_REMARKS
from index.query.tree import Dates, Units
from store.messages import catalogue
from store.settings import QueryLimits

LIMITS = QueryLimits()

READ = [
    ("电池 AND 石墨烯", "电池 AND 石墨烯", []),
    ("电池 and 石墨烯", "电池 AND 石墨烯", []),
    ("电池 石墨烯", "电池 AND 石墨烯", []),
    ("ＡＮＤ电池", "\"and电池\"", ["operator_glued"]),
    ("\"a\"and\"b\"", "a AND b", []),
    ("(a)or(b)", "a OR b", []),
    ("A NOT B", "a NOT b", []),
    ("NOT 电池", "NOT 电池", []),
    ("A OR NOT B", "a OR NOT b", []),
    ("NOT NOT A", "a", []),
    ("A XOR B XOR C", "a XOR b XOR c", []),
    ("A XOR B OR C", "(a XOR b) OR c", []),
    ("A AND (B AND (C AND D))", "a AND b AND c AND d", []),
    ("A OR B AND C", "a OR (b AND c)", ["operators_mixed"]),
    ("题摘=(热管理 OR 液冷 OR 冷却 散热)", "题摘=(热管理 OR 液冷 OR (冷却 AND 散热))", ["operators_mixed"]),
    ("手机 NOT 病毒 OR 智能", "(手机 NOT 病毒) OR 智能", ["operators_mixed"]),     # (pss)
    ("聚(甲基)丙烯酸", "聚 AND 甲基 AND 丙烯酸", ["parenthesis_glued"]),
    ("(A)(B)", "a AND b", ["parenthesis_glued"]),
    ("(A) (B)", "a AND b", []),
    ("精密or", "\"精密or\"", ["operator_glued"]),
    ("精密or机械", "\"精密or机械\"", ["operator_glued"]),
    ("sensor", "sensor", []),
    ("'电池'", "\"'电池'\"", ["single_quotes"]),
    ('"a \\"b\\" \\\\c"', '"a\\"b\\"\\\\c"', []),
    ("“锂 电池”", "锂电池", []),
    ("「(沈阳)」", '"(沈阳)"', []),
    ('"batter+"', '"batter+"', []),
    ("名称=电池 石墨烯", "名称=电池 AND 石墨烯", ["value_ended"]),
    ("名称=电池 AND 石墨烯", "名称=电池 AND 石墨烯", []),
    ("名稱＝（電池　石墨烯）", "名称=(电池 AND 石墨烯)", []),
    ("ti=电池", "名称=电池", []),
    ("名称,摘要=(A NOT B)", "题摘=(a NOT b)", []),
    ("摘要，名称=A", "题摘=a", []),
    ("名称,权利要求=A", "名称,权利要求=a", []),
    ("名称=(A OR 摘要=(B OR C) OR D)", "名称=a OR 摘要=b OR 摘要=c OR 名称=d", []),
    ("关键词=电池", "电池", []),
    ("申请人==\"华为技术有限公司\"", "申请人==华为技术有限公司", []),
    ("申请（专利权）人=(公司 OR 厂)", "申请人=(公司 OR 厂)", []),                   # (pss)
    ("申请(专利权)人=东软", "申请人=东软", []),                                     # (pss)
    ("专利类型=(\"I\" OR \"U\" OR \"D\")", "专利类型=发明 OR 专利类型=实用新型 OR 专利类型=外观设计", []),   # (pss)
    ("发明类型=实用新型", "专利类型=实用新型", []),
    ("法律状态=in_force", "法律状态=有效", []),
    ("申请人类型=高校", "申请人类型=高校", []),
    ("邮编=4007+", "邮编=4007+", []),
    ("邮编=400712", "邮编=400712", []),
    ("地区=渝北区", "地区=500112", []),
    ("国省代码=JP", "地区=JP", []),
    ("产业=33618/nev", "产业=33618/nev", []),
    ("产业=sei_2021", "产业=sei_2021", []),
    ("申请号=CN201010298420.4", "申请号=CN201010298420.4", []),
    ("申请号=ZL201010298420", "申请号=CN201010298420.4", []),
    ("申请号=CN 2010 1 0298420.4", "申请号=CN201010298420.4", ["number_blanks_joined"]),
    ("申请号=2010102984205", "申请号=CN201010298420.4", ["check_digit_wrong"]),
    ("申请号=20101029+", "申请号=20101029+", []),
    ("申请号=(CN201010298420.4 OR CN85100312)", "申请号=CN201010298420.4 OR 申请号=CN85100312", []),
    ("公开号=101945314", "公开号=CN101945314", []),
    ("公开（公告）号=CN101945314B", "公开号=CN101945314B", []),
    ("公开号=10194+", "公开号=10194+", []),
    ("IPC=H01M", "IPC=H01M", []),
    ("ic=h01m10/42*", "IPC=H01M10/42*", []),
    ("IPC=H01L*", "IPC=H01L*", []),
    ("IPC=H01+", "IPC=H01", []),
    ("IPC=H01M10/4+", "IPC=H01M10/4+", []),
    ("IPC=H01M1+", "IPC=H01M1+", ["class_group_prefix"]),
    ("IPC=H01M8:H01M10", "IPC=H01M8:H01M10", []),
    ("IPC=\"G06K 9/00\"", "IPC=G06K9/00", []),                                       # (pss)
    ("分类号=14-02", "洛迦诺=14-02", []),
    ("分类号=H01M", "IPC=H01M", []),
    ("LOC=(6 OR 14-02)", "洛迦诺=06 OR 洛迦诺=14-02", []),
    ("电池 # 注释 AND x\nAND 石墨烯", "电池 AND 石墨烯", []),
    ("# 全行\n电池 /* 中间\n */ 石墨烯", "电池 AND 石墨烯", []),
    ("电池# 注释", "电池", ["comment_in_term"]),
    (">=2(A, B, C OR D)", ">=2(a, b, (c OR d))", []),
    ("名称=(>=2(A, B, C))", "名称=(>=2(a, b, c))", []),
    ("D 打印", "d AND 打印", []),
    ("电\u200b池\x00组", "电池 AND 组", []),
    ("公开国家=1 OR 2", None, ["field_unknown"]),
    ("电池 ５Ｗ 石墨烯", "电池 5W 石墨烯", []),
    ("电池 0W 石墨烯", "电池 W 石墨烯", []),
    ("\"锂电池\"W\"正极\"", "锂电池 W 正极", []),
    ("(A 2W B) 3D C S (D OR E) P F", "a 2W b 3D c S (d OR e) P f", []),
    ("NOT A 5W B C", "NOT (a 5W b) AND c", []),
    ("A AND B 5W C", "a AND b 5W c", []),
    ("名称=(A 5W B OR C)", "名称=(a 5W b OR c)", []),
    ("名称=(A 5W B) OR 摘要=C", "名称=(a 5W b) OR 摘要=c", []),
    ("A 5w B", "a AND 5w AND b", ["proximity_as_term"]),
    ("A 5W AND B", "a AND 5w AND b", ["proximity_as_term"]),
    ("电池 D", "电池 AND d", []),
    ("batter+", "batter+", []),
    ("申请人==华为+", "申请人==华为+", []),
    ("电池+", "电池", []),
    ("?电池?", "电池", []),
    ("电+?#池", "电#+池", []),
    ("H#O", "h#o", []),
    ("电池#", "(电池#)", []),
    ("名称=#", None, ["truncation_alone"]),
]

REFUSED = [
    ("名臣=电池", "field_unknown", 0, 2, "名称=电池"),
    ("=电池", "field_name_missing", 0, 1, None),
    ("名称=", "value_missing", 0, 3, None),
    ("名称= AND x", "value_missing", 0, 3, None),
    ("AND", "operand_missing", 0, 3, None),
    ("电池 OR", "operand_missing", 3, 5, None),
    ("电池 AND OR 石墨烯", "operand_missing", 7, 9, None),
    ("NOT", "operand_missing", 0, 3, None),
    ("((电池)", "parenthesis_unclosed", 0, 1, "((电池))"),
    ("电池)", "parenthesis_unopened", 2, 3, "电池"),
    ("电池 AND ()", "parenthesis_empty", 7, 9, None),
    ("\"电池", "quote_unclosed", 0, 1, "\"电池\""),
    ("IPC=H01M10/*", "comment_unclosed", 10, 12, None),
    ("其特征在于:所述", "sign_reserved", 0, 8, "\"其特征在于:所述\""),
    ("名称=(电池,电芯)", "sign_reserved", 4, 9, "名称=(\"电池,电芯\")"),
    ("名称>2010", "comparison_not_allowed", 3, 7, None),
    ("IPC>=H01M", "comparison_not_allowed", 5, 9, None),
    ("IPC=电池", "class_invalid", 4, 6, None),
    ("IPC=14-02", "class_invalid", 4, 9, None),
    ("IPC=H01M10:H01M8", "range_backwards", 4, 16, None),
    ("专利类型=发现", "value_unknown", 5, 7, None),
    ("专利类型=(发明 实用新型)", "values_joined", 6, 13, None),
    ("申请号=201010298420 201010298421", "values_joined", 4, 29, "申请号=(201010298420 OR 201010298421)"),
    ("申请号=(CN201010298420.4 AND CN85100312)", "values_joined", 5, 36, None),
    ("申请号=CN101945314B", "number_invalid", 4, 16, None),
    ("公开号=电池", "number_invalid", 4, 6, None),
    ("申请日=昨天", "date_invalid", 4, 6, None),
    ("申请日=20100230", "date_invalid", 4, 12, None),
    ("申请日=2012:2010", "range_backwards", 4, 13, None),
    ("申请日=:", "date_invalid", 4, 5, None),
    ("邮编=北碚", "postcode_invalid", 3, 5, None),
    ("地区=乌有乡国", "region_unknown", 3, 7, None),
    ("产业=新能源 汽车", "industry_invalid", 3, 6, None),
    ("专题=1", "collection_unknown", 3, 4, None),
    ("\" \"", "term_without_units", 0, 3, None),
    ("名称=(", "parenthesis_unclosed", 3, 4, None),
    ("名称=((电池", "parenthesis_unclosed", 3, 4, "名称=((电池))"),
    ("(电池 # 注", "parenthesis_unclosed", 0, 1, "(电池 # 注\n)"),
    ("名称=+", "truncation_alone", 3, 4, None),
    ("电" + "?" * 33 + "池", "truncation_too_many", 0, 35, None),
    ("申请人==(A 5W B)", "proximity_whole", 8, 10, None),
    ("A 1001D B", "proximity_too_far", 2, 7, None),
    ("A " + "9" * 5_000 + "W B", "proximity_too_far", 2, 5_003, None),
    ("名称=A 5W B", "proximity_operand", 0, 4, "名称=(A 5W B)"),
    ("A 5W 名称=B", "proximity_operand", 5, 9, "名称=(A 5W B)"),
    ("NOT 名称=(A OR B) 5W 名称=C", "proximity_operand", 4, 15, "NOT 名称=((A OR B) 5W C)"),
    ("名称=A 5W 摘要=B", "proximity_operand", 0, 4, None),
    ("(A AND B) 5W C", "proximity_operand", 0, 9, None),
    ("A 5W (NOT B)", "proximity_operand", 5, 12, None),
    ("A 5W NOT B", "proximity_operand", 5, 10, None),
    ("A 5W (B 2W C)", "proximity_right", 5, 13, "A 5W B 2W C"),
    ("A 5D (B 2W C)", "proximity_right", 5, 13, "(B 2W C) 5D A"),
    ("A 5W (B 2D C)", "proximity_right", 5, 13, None),
    (">=4(A, B)", "least_impossible", 0, 9, None),
]


@pytest.mark.parametrize(("text", "meaning", "codes"), READ, ids=[row[0] for row in READ])
def test_read_as(text: str, meaning: str | None, codes: list[str]) -> None:
    tree, remarks = parse(text)
    assert [one.code for one in remarks] == codes
    assert all(0 <= one.start < one.end <= len(text) for one in remarks)
    if meaning is not None:
        assert tree is not None
        assert canonical(tree) == meaning
        again, remarks = parse(meaning)
        assert again == tree
        assert all(one.code == "class_group_prefix" for one in remarks)


@pytest.mark.parametrize(("text", "code", "start", "end", "fix"), REFUSED, ids=[row[0] for row in REFUSED])
def test_refused(text: str, code: str, start: int, end: int, fix: str | None) -> None:
    first = next(one for one in parse(text)[1] if one.severity == "error")
    assert (first.code, first.start, first.end, first.fix) == (code, start, end, fix)
    assert first.message("zh") and first.message("en")


@pytest.mark.parametrize(("text", "fix"), [
    ("名称=电池 石墨烯", "名称=(电池 石墨烯)"),
    ("IPC=G06K 9/00", "IPC=\"G06K 9/00\""),
    ("聚(甲基)丙烯酸", "\"聚(甲基)丙烯酸\""),
    ("名称=聚(甲基)丙烯酸 AND x", "名称=\"聚(甲基)丙烯酸\" AND x"),
    ("A OR B C", "A OR (B C)"),
    ("精密or 机械", "精密 OR 机械"),
    ("'锂 电池' AND x", "\"锂 电池\" AND x"),
    ("申请号=CN 2010 1 0298420.4", "申请号=CN201010298420.4"),
])
def test_fix_is_the_corrected_text(text: str, fix: str) -> None:
    remarks = parse(text)[1]
    assert fix in [one.fix for one in remarks]


@pytest.mark.parametrize(("text", "first", "last"), [
    ("申请日=2010", 20100101, 20101231),
    ("申请日=201002", 20100201, 20100228),
    ("申请日=20100305", 20100305, 20100305),
    ("申请日=2010-3-5", 20100305, 20100305),
    ("申请日=2010.03", 20100301, 20100331),
    ("申请日=2010/3", 20100301, 20100331),
    ("申请日=2010年3月5日", 20100305, 20100305),
    ("申请日=2010:2012", 20100101, 20121231),
    ("申请日=:2012", None, 20121231),
    ("申请日=2010:", 20100101, None),
    ("申请日=２０１０：２０１２", 20100101, 20121231),
    ("申请日>2010", 20110101, None),
    ("申请日>=2010", 20100101, None),
    ("申请日<2010", None, 20091231),
    ("申请日<=2010.02", None, 20100228),
    ("申请日==2010", 20100101, 20101231),
    ("申请日 = 2010 : 2012", 20100101, 20121231),
])
def test_dates(text: str, first: int | None, last: int | None) -> None:
    tree, remarks = parse(text)
    assert not remarks
    assert tree == Dates("application_date", first, last)
    assert parse(canonical(tree)) == (tree, [])


def test_ranges_and_comparisons_stand_inside_groups_too() -> None:
    assert parse("申请日=(2010:2012 OR 2015)") == parse("申请日=2010:2012 OR 申请日=2015")
    assert parse("公开日=(>=2010 AND <2015)") == parse("公开日>=2010 AND 公开日<2015")


def test_positions_count_code_points_of_the_text_as_sent() -> None:
    text = "𠮷\u200b野 AND 名\u200b臣=x"
    assert [(one.start, one.end) for one in parse(text)[1]] == [(8, 11)]
    assert text[8:11] == "名\u200b臣"


def nested(levels: int) -> str:
    """So many parentheses, none of them redundant."""
    return "".join(f"a {('AND', 'OR')[level % 2]} (" for level in range(levels)) + "b OR c" + ")" * levels


def test_caps() -> None:
    assert [one.code for one in parse("a" * (LIMITS.characters + 1))[1]] == ["query_too_long"]
    assert parse("a" * LIMITS.characters)[1] == []
    assert [one.code for one in parse("a " * (LIMITS.leaves + 1))[1]] == ["query_too_many_terms"]
    assert parse("a " * LIMITS.leaves)[1] == []
    assert parse(nested(LIMITS.depth - 1))[1] == []
    assert [one.code for one in parse(nested(LIMITS.depth + 2))[1]] == ["query_too_deep"]
    assert [one.code for one in parse(nested(4_000))[1]] == ["query_too_deep"]


def test_redundant_parentheses_and_chains_do_not_count_as_depth() -> None:
    assert parse("(" * 30_000 + "a" + ")" * 30_000) == parse("a")
    assert parse("a AND (" * 500 + "b" + ")" * 500)[1] == []
    tree, remarks = parse("a XOR " * 9_999 + "b")
    assert not remarks and tree is not None and canonical(tree).count("XOR") == 9_999


def test_many_remarks_are_cut_with_a_count() -> None:
    remarks = parse("xx=a " * 1_000)[1]
    assert len(remarks) == MAX_REMARKS + 1
    assert remarks[-1].code == "remarks_left_out" and remarks[-1].values == {"count": 800}


def test_every_remark_has_its_texts() -> None:
    assert catalogue().keys() >= SEVERITY.keys()


def test_every_field_is_found_by_all_its_names() -> None:
    names = [(name, field) for field in FIELDS for name in (field.name, field.api, *field.aliases)]
    assert all(find(name) is field for name, field in names)
    assert len({field.api for field in FIELDS}) == len(FIELDS)
    for field in FIELDS:
        remarks = parse(field.example)[1]
        assert not remarks or field.kind == "collection"
    assert all("(" in name for name in bracketed_names())
    assert "申请人" in nearest("申请入")


def test_a_composite_is_one_leaf_over_its_fields() -> None:
    assert parse("题摘=A")[0] == Units(("title", "abstract"), ("a",))
    assert parse("A")[0] == Units(("title", "abstract", "claims"), ("a",))
