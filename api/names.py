"""Names of coded values (types, states, kinds of applicant) in both languages, from the message registry."""

from store.messages import text

NAMED = ("type", "legal_state", "applicant_kind")
KINDS = {"企业": "company", "高校": "university", "科研院所": "institute", "医院": "hospital",
         "机关团体": "organisation", "个人": "person"}


def name_of(kind: str, value: str, lang: str = "zh") -> str:
    """The name of a value of `type`, `legal_state` or `applicant_kind`: invention → 发明."""
    return text(f"{kind}_{KINDS.get(value, value)}", lang)
