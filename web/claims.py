"""Claims as a page shows them: without their printed number, and told apart into independent and dependent ones.

A claim is taken as dependent when it begins by referring to another (根据权利要求 1 所述的…). One that names
another only later, as what it applies or contains, is of a category of its own. The page states this rule.
"""

import re
from typing import TypedDict

from api.patents.shapes import ClaimShape

_NUMBER = re.compile(r"\s*\d{1,4}\s*(?:[.．、]|[,，:：](?!\d)|(?![\d.,，-]))\s*")
_REFERS = re.compile(
    r"(?:根据|如|按照|按|依据|依照|依|基于)?\s*(?:上述|前述|前面)?\s*(?:的?任[意何]?[一1]?[项个]?的?)?\s*权\s*利\s*要\s*求")


class ClaimView(TypedDict):
    number: int
    text: str
    independent: bool


def without_number(text: str) -> str:
    """The text after its printed number, or the whole text where nothing would be left."""
    found = _NUMBER.match(text)
    return (text[found.end():] if found else text) or text


def is_independent(text: str) -> bool:
    """Whether the text of a claim, with or without its number, does not begin with a reference to a claim."""
    return not _REFERS.match(without_number(text))


def views(claims: list[ClaimShape]) -> list[ClaimView]:
    return [{"number": one["number"], "text": without_number(one["text"]), "independent": is_independent(one["text"])}
            for one in claims]
