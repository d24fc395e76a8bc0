"""The canonical dialect (interfaces §5): tokens → tree. No recursion: parentheses are frames on a list of our own.

    expression = [NOT] operand { (AND | OR | XOR | NOT | blank) [NOT] operand }
    operand    = term | ( expression ) | clause | >= n ( expression , expression … )
    clause     = field { , field } sign ( value | ( expression of values and clauses ) )
    sign       = "=" | "==" | ">" | ">=" | "<" | "<="

`>= n (A, B, C)` is ours: at least n of them; it is how the rule of simple search is written down. A clause with
several fields stands in parentheses there.
"""

from collections.abc import Sequence
from dataclasses import replace

from index.fields import DEFAULT, FIELDS, Field, find, nearest
from index.query.build import any_of
from index.query.diagnostics import Diagnostic
from index.query.level import Context, Frame, Operand, add, at_least, deep, finish
from index.query.lexer import OPERATORS, PROXIMITY, Lexer, Token, glued_operator
from index.query.remarks import Remarks, quoted
from index.query.tree import Everything, Node
from index.query.values import Value, read_term, read_value, whole_number

MAX_CHARACTERS = 65_536
MAX_LEAVES = 10_000

_TEXT_ORDER = [one.api for one in FIELDS if one.kind == "units"]
_SHOWN = 60
_PIECES_OF_A_NUMBER = 16    # words that may be one number written with blanks
_WORDS_OF_A_PHRASE = 16     # words between two single quotes


class Parser:
    """Reads one text; `remarks` are complete after `parse`, whose tree is only good if none of them is an error."""

    def __init__(self, text: str, remarks: Remarks | None = None, tokens: Sequence[Token] = ()) -> None:
        self._text = text
        self.remarks = remarks or Remarks(text)
        self._leaves = 0
        self._tokens = tokens       # those of another dialect; without any the text is cut here
        self._frames = [Frame("top", Token("(", "", "", 0, 0, True))]

    def parse(self) -> Node | None:
        """The tree; None for a text without any term."""
        if len(self._text) > MAX_CHARACTERS:
            self.remarks("query_too_long", 0, len(self._text), count=len(self._text), limit=MAX_CHARACTERS)
            return None
        self._tokens = self._tokens or Lexer(self._text, self.remarks).tokens()
        at = 0
        while self._tokens[at].kind != "end" and self._leaves <= MAX_LEAVES:
            at = self._step(at)
        if self._leaves > MAX_LEAVES:
            count = sum(token.is_term for token in self._tokens)
            self.remarks("query_too_many_terms", 0, len(self._text), count=count, limit=MAX_LEAVES)
            return None
        while len(self._frames) > 1:
            start = self._frames.pop().opening.start
            self.remarks("parenthesis_unclosed", start, start + 1, self._text + ")" * len(self._frames))
        top = self._frames[0]
        if not top.operands and not top.negations:
            return None
        found = finish(top, len(self._text), self.remarks)
        deep(found, 0, len(self._text), self.remarks)
        return found.node

    def _step(self, at: int) -> int:
        """Reads what starts at a token; returns the index of the next one."""
        token, frame = self._tokens[at], self._frames[-1]
        if token.operator:
            self._operator(frame, token)
            return at + 1
        if token.kind == "(":
            self._frames.append(Frame("paren", token, frame.context))
            return at + 1
        if token.node is not None:
            self._leaves += 1
            add(frame, Operand(token.node, 0, token.start, token.end, term=token.start), token, self.remarks)
            return at + 1
        if token.kind == ")":
            self._close(token)
            return at + 1
        if token.kind == "," and frame.kind == "least":
            frame.parts.append(finish(frame, token.start, self.remarks))
            frame.operands, frame.joins, frame.glued = [], [], None
            return at + 1
        if self._is_proximity(at):
            self.remarks("not_supported_yet", token.start, token.end, sign=token.text, what="邻近", what_en="proximity")
            return at + 1
        if self._names_at(at):
            return self._clause(at)
        if token.kind == "sign" and token.text == ">=" and self._is_least(at):
            self._frames.append(Frame("least", token, frame.context, int(self._tokens[at + 1].text)))
            return at + 3
        context = frame.context
        if token.is_term or (context and ((context.ranged and token.kind == ":")
                                          or (context.compares and token.kind == "sign" and token.text in "><>=<="))):
            value, after = self._value(at, context)
            if value:
                if context and any(one.kind == "numbers" for one in context.fields):
                    value, after = self._number(context, value, after)
                add(frame, self._leaf(context, value, token.start), token, self.remarks)
                if after == at + 1:
                    self._hints(at)
            return after
        return self._stray(at)

    def _operator(self, frame: Frame, token: Token) -> None:
        name = token.operator
        waiting = frame.pending or (frame.negations[-1] if frame.negations else None)
        if name == "NOT":
            frame.negations.append(token)
            return
        if waiting or not frame.operands:
            self.remarks("operand_missing", token.start, token.end, operator=token.text)
            return
        frame.pending = token

    def _close(self, token: Token) -> None:
        frame = self._frames[-1]
        if frame.kind == "top":
            self.remarks(
                "parenthesis_unopened", token.start, token.end, self.remarks.replaced(token.start, token.end, ""))
            return
        found = finish(frame, token.start, self.remarks)
        self._frames.pop()
        start = frame.opening.start
        if frame.kind == "least":
            found = at_least(frame, [*frame.parts, found], token.end, self.remarks)
        if deep(found, start, token.end, self.remarks):     # the rest of the text is read only for its errors
            found = Operand(Everything(), 0, start, token.end)
        group = frame.kind == "paren"
        whole = Operand(found.node, found.depth, start, token.end, group, start if group else None)
        add(self._frames[-1], whole, frame.opening, self.remarks)

    # Clauses and values

    def _names_at(self, at: int) -> list[Token]:
        """The names of the clause that starts at a token, [] where none does."""
        tokens, names = self._tokens, []
        lists = self._frames[-1].kind != "least"    # there a comma parts the alternatives
        while tokens[at].kind == "word" and tokens[at].folded not in OPERATORS:
            names.append(tokens[at])
            after = tokens[at + 1]
            if after.kind == "sign":
                context = self._frames[-1].context
                compared = after.text not in ("=", "==") and context is not None and context.compares
                return [] if compared and find(names[-1].folded) is None else names
            if not lists or after.kind != "," or len(tokens) <= at + 2:
                return []
            at += 2
        return []

    def _clause(self, at: int) -> int:
        names = self._names_at(at)
        sign_at = at + 2 * len(names) - 1
        sign = self._tokens[sign_at]
        found: dict[Field, str] = {}
        for name in names:
            known = find(name.folded)
            if known:
                found.setdefault(known, name.folded)
            else:
                near = nearest(name.folded)
                fix = self.remarks.replaced(name.start, name.end, near[0]) if near else None
                self.remarks("field_unknown", name.start, name.end, fix, name=name.text,
                             near="、".join(near or ["名称", "摘要", "申请人", "IPC"]))
        context = Context(tuple(found), tuple(found.values()), sign.text)
        start = names[0].start
        first = self._tokens[sign_at + 1]
        if first.kind == "(":
            self._frames.append(Frame("value", names[0], context))
            return sign_at + 2
        if not (first.is_term or (first.kind == ":" and context.ranged)) or self._names_at(sign_at + 1):
            self.remarks("value_missing", start, sign.end, field=names[-1].text)
            add(self._frames[-1], Operand(Everything(), 0, start, sign.end), names[0], self.remarks)
            return sign_at + 1
        value, after = self._value(sign_at + 1, context)
        if value is None:
            return after
        if any(one.kind == "numbers" for one in context.fields):
            value, after = self._number(context, value, after)
        add(self._frames[-1], self._leaf(context, value, start), names[0], self.remarks)
        if after == sign_at + 2:
            self._hints(sign_at + 1)
        if context.fields:
            self._value_ended(context, start, value, after)
        return after

    def _value(self, at: int, context: Context | None) -> tuple[Value | None, int]:
        """The value that starts at a token (with its own sign inside a group of dates), and the next index."""
        tokens, sign = self._tokens, context.sign if context else "="
        first = tokens[at]
        begin = first.start
        if first.kind == "sign":
            sign, at = first.text, at + 1
            if not tokens[at].is_term:
                self.remarks("value_missing", first.start, first.end, field=context.fields[0].name if context else "")
                return None, at
        first = tokens[at]
        if first.is_term:
            at += 1
        if not (context and context.ranged and tokens[at].kind == ":"):
            return Value(first.text, first.folded, begin, first.end, sign, first.kind == "quoted"), at
        colon, last = tokens[at], tokens[at + 1]
        low = (first.text, first.folded) if first.is_term else ("", "")
        if last.is_term and not self._names_at(at + 1):
            return Value(*low, begin, last.end, sign, last=last.folded), at + 2
        return Value(*low, begin, colon.end, sign, last=""), at + 1

    def _leaf(self, context: Context | None, value: Value, start: int) -> Operand:
        """The tree of one value in all fields of its clause: text fields as one leaf."""
        self._leaves += 1
        nodes: list[Node | None] = []
        fields = context.fields if context else ()
        text = {part for one in fields if one.kind in ("units", "composite") for part in one.members}
        if text or context is None:
            ordered = tuple(api for api in _TEXT_ORDER if api in text) or DEFAULT
            if value.sign in ("=", "=="):
                nodes.append(read_term(ordered, value, self.remarks))
            else:
                name = next(one.name for one in fields if one.kind in ("units", "composite"))
                self.remarks("comparison_not_allowed", value.start, value.end, field=name, sign=value.sign)
            if value.last is not None:
                self.remarks("sign_reserved", value.start, value.end, sign=":")
        for one, alias in zip(fields, context.aliases if context else (), strict=False):
            if one.kind not in ("units", "composite"):
                nodes.append(read_value(one, replace(value, alias=alias), self.remarks))
        good = [node for node in nodes if node is not None]
        node = any_of(good) if good else Everything()
        return Operand(node, 0, start, value.end, term=value.start)

    def _number(self, context: Context, value: Value, after: int) -> tuple[Value, int]:
        """Blanks inside one number are joined: takes further words as long as they make up a number together."""
        one = next(one for one in context.fields if one.kind == "numbers")
        words = [value]
        at = after
        while (self._tokens[at].kind == "word" and self._tokens[at].is_term and not self._names_at(at)
               and len(words) < _PIECES_OF_A_NUMBER):
            token = self._tokens[at]
            words.append(Value(token.text, token.folded, token.start, token.end))
            at += 1
        if value.quoted or len(words) == 1:
            return value, after
        if whole_number(one, words[0].text) and whole_number(one, words[1].text):
            start, end = words[0].start, words[-1].end
            texts = " OR ".join(word.text for word in words)
            self.remarks("values_joined", start, end, self.remarks.replaced(start, end, f"({texts})"), field=one.name)
            return value, at
        for count in range(len(words), 1, -1):
            text = "".join(word.text for word in words[:count])
            bare = text.removesuffix("+")
            if whole_number(one, text) or (bare != text and bare.isdecimal()):
                end = words[count - 1].end
                self.remarks("number_blanks_joined", value.start, end, self.remarks.replaced(value.start, end, text),
                             value=self._text[value.start:end])
                return Value(text, text.lower(), value.start, end, value.sign), after + count - 1
        return value, after

    def _value_ended(self, context: Context, start: int, value: Value, after: int) -> None:
        """Terms that follow a bare value do not belong to it: say so."""
        at = after
        while (self._tokens[at].is_term and self._tokens[at].blank
               and not self._names_at(at) and not self._is_proximity(at)):
            at += 1
        if at == after:
            return
        end = self._tokens[at - 1].end
        rest = self._text[self._tokens[after].start:end]
        written = self._text[value.start:end]
        fix = f"({written})"
        if not all(one.kind in ("units", "composite") for one in context.fields):
            fix = quoted(written)
        self.remarks("value_ended", start, end, self.remarks.replaced(value.start, end, fix),
                     field=context.fields[-1].name,
                     rest=rest if len(rest) <= _SHOWN else rest[:_SHOWN] + "…")

    # Remarks on single terms

    def _is_proximity(self, at: int) -> bool:
        """Whether a word is `nW nD W D S P` between two operands, in a place where text is searched."""
        token, frame = self._tokens[at], self._frames[-1]
        if token.kind != "word" or not PROXIMITY.fullmatch(token.text) or not frame.operands:
            return False
        if frame.pending or frame.negations or self._tokens[at + 1].kind in ("sign", ","):
            return False
        following = self._tokens[at + 1]
        text = frame.context is None or any(one.kind in ("units", "composite") for one in frame.context.fields)
        return text and (following.is_term or following.kind == "(")

    def _is_least(self, at: int) -> bool:
        number, opening = self._tokens[at + 1:at + 3] if len(self._tokens) > at + 3 else (None, None)
        return (number is not None and opening is not None and number.kind == "word" and opening.kind == "("
                and number.text.isascii() and number.text.isdecimal() and len(number.text) < 6)

    def _hints(self, at: int) -> None:
        """Hints on a bare term: an operator glued to it, single quotes around it."""
        token = self._tokens[at]
        if token.kind != "word":
            return
        glued = glued_operator(token.folded)
        if glued:
            start, end = glued
            pieces = (token.text[:start], token.text[start:end].upper(), token.text[end:])
            written = " ".join(piece for piece in pieces if piece)
            self.remarks(
                "operator_glued", token.start, token.end, self.remarks.replaced(token.start, token.end, written),
                         value=token.text, operator=token.text[start:end])
        if token.folded.startswith("'"):
            last = at
            while (self._tokens[last].kind == "word" and last < at + _WORDS_OF_A_PHRASE
                   and not (self._tokens[last].folded.endswith("'") and (last > at or len(token.folded) > 1))):
                last += 1
            end = self._tokens[last].end
            fix = None
            if self._tokens[last].folded.endswith("'"):
                fix = self.remarks.replaced(token.start, end, quoted(self._text[token.start + 1:end - 1]))
            self.remarks("single_quotes", token.start, end if fix else token.end, fix)

    def _stray(self, at: int) -> int:
        """A sign where no sign can stand: one error for the run of tokens around it that has no blanks."""
        token = self._tokens[at]
        if token.kind == "sign":
            self.remarks("field_name_missing", token.start, token.end, sign=token.text)
            return at + 1
        first = at
        while first > 0 and not self._tokens[first].blank and self._tokens[first - 1].kind in ("word", "quoted"):
            first -= 1
        last = at
        while not self._tokens[last + 1].blank and self._tokens[last + 1].kind in ("word", ",", ":"):
            last += 1
        start, end = self._tokens[first].start, self._tokens[last].end
        self.remarks("sign_reserved", start, end, self.remarks.replaced(start, end, quoted(self._text[start:end])),
                     sign=token.text)
        return last + 1


def parse(text: str) -> tuple[Node | None, list[Diagnostic]]:
    """Tree and remarks of a text in the canonical dialect; the tree is None for a text without terms."""
    parser = Parser(text)
    tree = parser.parse()
    return tree, parser.remarks.all()
