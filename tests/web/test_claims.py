"""Which claims are independent, on the wordings that real claims use."""

import pytest

from web.claims import is_independent, without_number

DEPENDENT = [
    "2.如权利要求1所述的耳机，其特征在于", "3、根据权利要求 1 或 2 所述的方法", "根据权利要求1-4任意一项所述的装置",
    "5. 按照权利要求4的方法", "6、权利要求1所述的组合物",
    "7.根据前述权利要求中任一项所述的设备", "8．依据权利要求1的系统",
    "9.如上述权利要求之一所述的装置", "10、根据任一权利要求所述的方法",
]
INDEPENDENT = [
    "1.一种耳机，其特征在于", "6.一种耳机与音源设备的控制方法",
    "8. 一种电动汽车，包括权利要求 1 至 5 任一项所述的系统。",
    "9、一种制备权利要求1所述化合物的方法", "石墨烯薄膜，其特征在于", "1、根据温度调节流量的方法",
]


@pytest.mark.parametrize("text", DEPENDENT)
def test_a_claim_that_begins_with_a_reference_is_dependent(text: str) -> None:
    assert not is_independent(text)


@pytest.mark.parametrize("text", INDEPENDENT)
def test_any_other_claim_is_independent(text: str) -> None:
    assert is_independent(text)


@pytest.mark.parametrize(("text", "bare"), [
    ("1.一种耳机", "一种耳机"), ("12、根据", "根据"), ("3 . 如", "如"), ("一种", "一种"),
    ("5.", "5."), ("1,3-丁二烯", "1,3-丁二烯"),
])
def test_the_printed_number_is_taken_off(text: str, bare: str) -> None:
    assert without_number(text) == bare
