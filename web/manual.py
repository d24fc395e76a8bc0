"""The help page: how a search is written, made from the one catalogue of fields, and how things are counted."""

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from index.fields import FIELDS
from web.context import Asking, takes

router = APIRouter(include_in_schema=False)

EXAMPLES = (
    ("and", "名称=电池 AND 摘要=(散热 OR 冷却)"), ("not", "无人机 NOT 名称=玩具"), ("phrase", '"R&D (试验)"'),
    ("ipc", "IPC=H01M10"), ("ipc_tree", "IPC=H01M10/42*"), ("date", "申请日=2010:2015"), ("since", "公开日>2012"),
    ("applicant", "申请人=重庆大学"), ("whole", "申请人==重庆大学"), ("region", "地区=重庆市"),
    ("type", "专利类型=实用新型 AND 法律状态=有效"), ("industry", "产业=33618/nev"),
)
"""(code of its explanation, expression)."""


@router.get("/help", dependencies=[Depends(takes())])
def help_page(page: Asking) -> Response:
    english = page.lang == "en"
    return page.html(
        "help.html", nav="help",
        examples=[{"q": q, "means": page.t(f"help_example_{code}")} for code, q in EXAMPLES],
        fields=[{"name": one.name, "also": [*one.aliases, one.api], "example": one.example,
                 "matches": one.help_en if english else one.help_zh} for one in FIELDS if one.kind != "collection"])
