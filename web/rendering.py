"""Templates: one Jinja environment (autoescape on, undefined names are errors) and what every page knows.

All texts come from the message registry through `t(code, name=value)`; a value that is not Markup is
escaped, so a title with angle brackets stays text wherever it stands.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from api.names import name_of
from api.search.layout import lines
from ingest import regions
from store.messages import text
from web import charts
from web.links import Address, segment

HERE = Path(__file__).parent
STATIC = HERE / "static"
PREFIX = "web_"

Lang = str
Translate = Callable[..., Markup]


def choose_language(asked: str | None, accepted: str | None) -> Lang:
    """`?lang=` first, else the first of zh and en in Accept-Language by its weight, else Chinese."""
    if asked in ("zh", "en"):
        return asked
    weighed = []
    for place, item in enumerate((accepted or "").split(",")):
        tag, _, parameters = item.strip().partition(";")
        weight = parameters.strip().removeprefix("q=") or "1"
        primary = tag.split("-")[0].lower()
        if primary in ("zh", "en") and weight.replace(".", "", 1).isdecimal() and float(weight) > 0:
            weighed.append((-float(weight), place, primary))
    return min(weighed)[2] if weighed else "zh"


def translator(lang: Lang) -> Translate:
    """`t` of one language: a registered text of the pages as safe markup, its values escaped unless they are Markup."""

    def translate(code: str, **values: Any) -> Markup:
        message = escape(text(PREFIX + code, lang))
        return message.format(**values) if values else message

    return translate


def grouped(number: int) -> str:
    """12345 → 12,345."""
    return f"{number:,}"


def share(part: int, whole: int) -> str:
    """A part of a whole in percent, one decimal under ten; a dash of nothing."""
    if not whole:
        return "—"
    percent = 100 * part / whole
    return f"{percent:.0f}%" if percent >= 10 else f"{percent:.1f}%"


def date(value: str | None) -> Markup:
    """A date of the data as `time`; a dash where there is none."""
    return Markup('<time datetime="{0}">{0}</time>').format(value) if value else Markup("—")


def marked(value: str | None, spans: list[list[int]]) -> Markup:
    """A text with `mark` around the spans [start, end) in code points; spans that meet are joined."""
    source = value or ""
    joined: list[list[int]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1][1] = max(joined[-1][1], end)
        else:
            joined.append([start, end])
    out, at = Markup(""), 0
    for start, end in joined:
        out += escape(source[at:start]) + Markup("<mark>{}</mark>").format(source[start:end])
        at = end
    return out + escape(source[at:])


def emphasised(pieces: Iterable[tuple[str, bool]]) -> Markup:
    """The sentence of a query with its terms in bold."""
    return Markup("").join(Markup("<b>{}</b>").format(piece) if strong else escape(piece) for piece, strong in pieces)


@cache
def static_version(name: str) -> str:
    """A short hash of a static file, so that browsers may keep it for a year."""
    return blake2b((STATIC / name).read_bytes(), digest_size=4).hexdigest()


def static(name: str) -> str:
    return f"/static/{name}?v={static_version(name)}"


@cache
def environment() -> Environment:
    made = Environment(loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined,
                       trim_blocks=True, lstrip_blocks=True)
    made.filters.update(n=grouped, share=share, date=date, segment=segment, lines=lines)
    made.globals.update(static=static, marked=marked, bar=charts.bar, spark=charts.spark, histogram=charts.histogram,
                        name_of=name_of)
    return made


@dataclass(frozen=True, slots=True)
class Site:
    """What every page says of the node: its region (a division code), how fresh its data is, whether it is made up."""

    region: str
    data_date: str | None
    made_up: bool = False

    def region_name(self, lang: Lang) -> str:
        return regions.name(self.region, lang)

    def name(self, lang: Lang) -> str:
        return text(PREFIX + "node_of", lang, region=self.region_name(lang))


class Page:
    """One request on its way to a page: its address, language and texts."""

    def __init__(self, request: Request, site: Site, here: Address | None = None) -> None:
        self.request = request
        self.site = site
        self.here = here or Address(request.url.path, tuple(request.query_params.multi_items()))
        self.lang = choose_language(self.here.get("lang"), request.headers.get("accept-language"))
        self.t = translator(self.lang)

    def link(self, path: str, **values: object) -> Address:
        return self.here.elsewhere(path, **values)

    def html(self, template: str, http_status: int = 200, nav: str = "", **values: Any) -> HTMLResponse:
        """The page as answer; `nav` names the entry of the main navigation that it belongs to."""
        other = "zh" if self.lang == "en" else "en"
        body = environment().get_template(template).render(
            t=self.t, lang=self.lang, here=self.here, link=self.link, site=self.site, nav=nav,
            other_language=self.here.set(lang=other), **values)
        return HTMLResponse(body, http_status, headers={"Content-Language": "zh-Hans" if self.lang == "zh" else "en",
                                                   "Vary": "Accept-Language"})
