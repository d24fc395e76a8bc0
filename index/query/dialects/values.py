"""One value of a dialect as the canonical dialect writes it: truncation signs, class symbols, numbers, known words.

Each function gives the token that stands in the value's place, or a leaf where the canonical text has no form.
"""

import re
from collections.abc import Sequence

from index.fields import BY_API, DEFAULT
from index.query.build import all_of, any_of
from index.query.dialects.constants import NOTHING
from index.query.dialects.dialect import ANY, ONE, Dialect
from index.query.dialects.names import Context, value_of
from index.query.lexer import PROXIMITY, Token
from index.query.numbers import check_digit_values, number_tree, wrong_check_digit
from index.query.proximity import near
from index.query.remarks import Remarks
from index.query.tree import Classes, Dates, Everything, Gap, Keyword, Link, Node, Units
from index.query.truncation import cut, pattern
from index.query.values import LONGEST_PREFIX, Value, read_value, whole_number
from index.text.units import is_word, units_of_folded
from ingest.ipc import patterns

_UNWRITABLE = frozenset('+?#(),:=<>"')      # what only a quoted term may hold as it is
_FIRST_GRANT = 1985_01_01
_WORD = re.compile("[a-z][a-z0-9]+")
_PLACE = re.compile(r"(\d{3,6})[%+](.*[^\x00-\x7f].*)", re.DOTALL)
_LOCARNO = re.compile(r"(\d{1,2})-(\d{2})?")
_SECTION = re.compile(r"([a-hy])(\d)")
_CLASS = re.compile(r"([a-hy]\d\d[a-z])(\d+)(?:/(\d*))?")
_SUBCLASS = re.compile(r"[a-hy]\d\d[a-z]")
_PADDED = re.compile(r"([a-hy]\d\d[a-z])(\d{3})(\d{2})")
_NUMBER_SIGNS = re.compile(r"[\s.\-]|^(?:cn|zl)", re.IGNORECASE)
_CHINA = ("cn", "中国", "china")


_PAIRS = frozenset(("invention publication", "invention grant", "invention application", "utility model",
                    "valid patent", "invalid patent"))


class Values:
    """Reads the values of one text; every remark that needs saying only once is said at its first place."""

    def __init__(self, dialect: Dialect, report: Remarks) -> None:
        self._dialect = dialect
        self._report = report
        self._said: set[str] = set()
        self._held: dict[tuple[object, ...], Token] = {}    # what values of which nothing was said become
        self._gaps = dialect.gaps
        self._sign = re.compile("[" + re.escape("".join(dialect.gaps)) + "]") if dialect.gaps else re.compile(r"(?!)")
        self._translated = {ord(mark): _written(gap) for mark, gap in dialect.gaps.items()}
        self._unwritable = _UNWRITABLE.difference(dialect.gaps)
        self._native = all(_written(gap) == mark for mark, gap in dialect.gaps.items())

    def read(self, token: Token, context: Context | None, whole: bool = False) -> Token:
        """The token for a value in a context (None: no field)."""
        key = (token.text, token.folded, token.kind, token.node, context, whole)
        held = self._held.get(key)
        if held is None:
            said = len(self._report)
            held = self._read(token, context, whole)
            if len(self._report) == said:
                self._held[key] = held
            return held
        return Token(held.kind, held.text, held.folded, token.start, token.end, token.blank, held.node)

    def _read(self, token: Token, context: Context | None, whole: bool) -> Token:
        kind = context.kind if context else "text"
        if kind == "text":
            return self._text(token, context, whole)
        reader = getattr(self, f"_{kind}", None)
        return reader(token, context) if reader else token

    def once(self, code: str, token: Token, **values: object) -> None:
        if code not in self._said:
            self._said.add(code)
            self._report(code, token.start, token.end, None, **values)

    def joined(self, tokens: Sequence[Token], at: int, meant: Context | None) -> tuple[Token, int]:
        """A value with what belongs to it after a blank: `G06N 3/00`, `invention publication`."""
        token, following = tokens[at], tokens[at + 1]
        if token.kind != "word" or following.kind != "word" or meant is None:
            return token, at + 1
        together: str | None = None
        if meant.kind == "classes" and len(token.folded) == 4 and following.folded[:1].isdecimal():
            together = ""
        elif meant.kind in ("type", "keyword"):
            together = " " if f"{token.folded} {following.folded}" in _PAIRS else None
        if together is None:
            return token, at + 1
        start, end = token.start, following.end
        made = token.replaced(text=f"{token.text}{together}{following.text}",
                       folded=f"{token.folded}{together}{following.folded}", end=end)
        self._report("blank_joined", start, end, self._report.replaced(start, end, f'"{made.text}"'), value=made.text)
        return made, at + 2

    # Text

    def _text(self, token: Token, context: Context | None, whole: bool) -> Token:
        """The token for a term."""
        folded = token.folded
        if token.kind == "quoted":
            if not (self._dialect.quoted_gaps and self._dialect.quoted_gaps in folded):
                return self._bare(token) if context is None and self._dialect.bare_classes else token
            return self._place(token, context) or self._phrase(token, context, whole)
        if self._dialect.appended and not whole and _WORD.fullmatch(folded):
            self.once("word_appended", token, value=token.text)
            return Token("word", token.text + "+", folded + "+", token.start, token.end, token.blank)
        if context and context.fields == (BY_API["addresses"],):
            found = self._place(token, context)
            if found:
                return found
        if self._sign.search(folded):
            return self._truncated(token, context, whole)
        if folded.endswith("*"):
            self.once("sign_ordinary", token, sign="*")
        if self._unwritable.intersection(folded) or (not self._dialect.links and PROXIMITY.fullmatch(token.text)):
            return token.replaced(kind="quoted")
        if self._dialect.appended and is_word(folded[-1]) and not whole:
            self.once("word_appended", token, value=token.text)
            return Token("word", token.text + "+", folded + "+", token.start, token.end, token.blank)
        if context is None and (self._dialect.bare_numbers or self._dialect.bare_classes):
            return self._bare(token)
        return token

    def _truncated(self, token: Token, context: Context | None, whole: bool) -> Token:
        folded = token.folded
        for mark in self._dialect.guessed:
            if mark in folded:
                self.once(f"sign_guessed_{'any' if self._gaps[mark] == ANY else 'one'}", token, sign=mark)
        alone = not self._sign.sub("", folded)
        if alone or self._unwritable.intersection(folded) or "/*" in folded:
            self._report("truncation_alone" if alone else "signs_together", token.start, token.end, value=token.text)
            return _leaf(token, Everything())
        if self._native:
            return token
        return Token("word", self._shown(token.text), self._shown(folded), token.start, token.end, token.blank)

    def _phrase(self, token: Token, context: Context | None, whole: bool) -> Token:
        """A quoted term with truncation signs; words that a blank parts stand next to each other."""
        fields = context.api if context else DEFAULT
        pieces = self._shown(token.folded).split()
        terms = [pattern(fields, cut(piece), whole) for piece in pieces]
        found: Node | None = terms[0] if terms else None
        for term in terms[1:]:
            found = near(found, Link("W"), term) if found and term and not whole else None
        if found is None or self._unwritable.intersection(token.folded) or "/*" in token.folded:
            self._report("signs_together", token.start, token.end, value=token.text)
        return _leaf(token, found or Everything())

    def _shown(self, text: str) -> str:
        return text.translate(self._translated)

    def _place(self, token: Token, context: Context | None) -> Token | None:
        """`315%浙江省宁波`: postcode and address, which stand in one field there and in two here."""
        found = _PLACE.fullmatch(self._shown(token.folded))
        if found is None or context is None or context.fields != (BY_API["addresses"],):
            return None
        rest = pattern(("addresses",), cut(found[2]))
        if rest is None or _UNWRITABLE.difference("+").intersection(found[2]):
            return None
        self._report("postcode_parted", token.start, token.end, value=token.text, postcode=found[1])
        return _leaf(token, all_of((Keyword("postcode", (found[1],), prefix=True), rest)))

    def _bare(self, token: Token) -> Token:
        """A term without a field that is a number or a class symbol, in entrances that look there too."""
        found = number_tree(token.text) if token.folded[:2] in ("cn", "zl") and self._dialect.bare_numbers else None
        if found:
            self._report("number_without_field", token.start, token.end, value=token.text)
            return self._numbered(token, found)
        if self._dialect.bare_classes:
            symbol = self._symbol(token.folded.replace(" ", ""), truncated=False)
            if symbol and _SUBCLASS.match(symbol) and patterns.parse(symbol):
                node = Classes("ipc", "exact" if "/" in symbol else "prefix", symbol.upper())
                self._report("class_without_field", token.start, token.end, value=token.text)
                term = Units(DEFAULT, tuple(units_of_folded(token.folded)))
                return _leaf(token, any_of((term, node)))
        return token

    # Classes

    def _classes(self, token: Token, context: Context) -> Token:
        folded = token.folded.replace("\\", "").replace(" ", "")
        bare = folded
        while bare and self._gaps.get(bare[-1]) in (ANY, ONE):
            bare = bare[:-1]
        if bare != folded and self._gaps.get(folded[-1]) == ONE:
            self.once("class_sign_read", token, sign=folded[-1], value=token.text)
        truncated = bare != folded or ((self._dialect.appended or self._dialect.prefixed) and token.kind == "word")
        design = _LOCARNO.fullmatch(bare)
        if design:
            code = f"{design[1]:0>2}" + (f"-{design[2]}" if design[2] else "")
            if any(one.api == "main_ipc" for one in context.fields):
                self.once("locarno_read", token, value=token.text)
            return _leaf(token, Classes("locarno", "exact" if design[2] else "prefix", code))
        section = _SECTION.fullmatch(bare) if truncated else None
        if section:
            lowest = "1" if section[2] == "0" else "0"
            ends = [f"{section[0].upper()}{last}" for last in (lowest, "9")]
            return _leaf(token, any_of(Classes(one.api, "range", *ends) for one in context.fields))
        symbol = self._symbol(bare, truncated)
        if symbol is None:
            return token
        return Token("word", symbol.upper(), symbol, token.start, token.end, token.blank)

    def _symbol(self, bare: str, truncated: bool) -> str | None:
        """A class symbol in canonical writing, None for a text that is none."""
        padded = _PADDED.fullmatch(bare)
        if padded and self._dialect.name == "cprs":
            return f"{padded[1]}{int(padded[2])}/{padded[3]}"
        found = _CLASS.fullmatch(bare)
        if found is None:
            return bare if len(bare) in (1, 3, 4) and bare.isalnum() else None
        group, low = found[1] + (found[2].lstrip("0") or "0"), found[3]
        if low is None or low == "":
            return f"{group}+" if truncated and low is None else group
        return f"{group}/{low}" + "+" * truncated

    # Everything else

    def _numbers(self, token: Token, context: Context) -> Token:
        text = token.text
        bare = text
        while bare and self._gaps.get(bare[-1]) == ANY:
            bare = bare[:-1]
        if bare == text and any(whole_number(one, text) for one in context.fields):
            return token
        digits = _NUMBER_SIGNS.sub("", bare)
        if not (digits.isascii() and digits.isdecimal() and len(digits) <= LONGEST_PREFIX):
            return token
        if bare == text:
            self.once("number_prefix_read", token, value=text)
        return token.replaced(kind="word", text=f"{digits}+", folded=f"{digits}+")

    def _number(self, token: Token, context: Context) -> Token:
        found = number_tree(token.text)
        if found is None:
            both = (BY_API["application_number"], BY_API["publication_number"])
            shown = self._numbers(token, Context(both, "numbers"))
            if shown is token:
                self._report("number_invalid", token.start, token.end, value=token.text, field="申请号、公开号")
                return _leaf(token, Everything())
            value = Value(shown.text, shown.folded, token.start, token.end)
            found = any_of(node for one in both if (node := read_value(one, value, self._report)))
        return self._numbered(token, found)

    def _numbered(self, token: Token, found: Node) -> Token:
        """The leaf for a number that may be of either numbering."""
        meant = wrong_check_digit(token.text)
        if meant:
            self._report("check_digit_wrong", token.start, token.end, **check_digit_values(token.text, meant))
        return _leaf(token, found)

    def _dates(self, token: Token, context: Context) -> Token:
        if self._dialect.name == "cprs" and len(token.folded) == 6 and "85" <= token.folded[:2] <= "99":
            return token.replaced(text=f"19{token.text}", folded=f"19{token.folded}")
        return token

    def _type(self, token: Token, context: Context) -> Token:
        meant = value_of("type", token.folded)
        if meant is None:
            self._report("value_unknown", token.start, token.end, field="专利类型", value=token.text,
                         allowed="发明、发明授权、实用新型、外观设计")
            return _leaf(token, Everything())
        if meant.endswith("+"):
            self.once("grants_read", token, value=token.text)
            granted = Dates("grant_date", _FIRST_GRANT, None)
            return _leaf(token, all_of((Keyword("type", (meant.removesuffix("+"),)), granted)))
        return token.replaced(text=meant, folded=meant)

    def _keyword(self, token: Token, context: Context) -> Token:
        if context.fields[0].api == "legal_state":
            meant = value_of("legal_state", token.folded)
            return token.replaced(text=meant, folded=meant) if meant else token
        return token

    def _country(self, token: Token, context: Context) -> Token:
        if token.folded in _CHINA:
            self.once("country_always", token, value=token.text)
            return _leaf(token, Everything())
        self._report("country_never", token.start, token.end, value=token.text)
        return _leaf(token, NOTHING)


def _leaf(token: Token, node: Node) -> Token:
    return token.replaced(kind="leaf", node=node)


def _written(gap: Gap) -> str:
    return "+" if gap == ANY else "#" if gap == ONE else "?"
