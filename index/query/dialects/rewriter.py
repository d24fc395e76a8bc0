"""Fields, values and missing operators: from the tokens of a dialect to tokens that the canonical parser reads.

The levels of parentheses are followed on a list of our own; every token keeps its place in the text as sent.
"""

from itertools import pairwise

from index.query.dialects import ranges
from index.query.dialects.dialect import Dialect, sign, word
from index.query.dialects.levels import Level, refuse_mixed
from index.query.dialects.meaning import Names
from index.query.dialects.names import Context, context, written_names
from index.query.dialects.values import Values
from index.query.lexer import OPERATORS, ORDINARY, PROXIMITY, Token, end_of_list, glued_operator
from index.query.remarks import Remarks
from index.query.tree import Everything

_NAMES = 64     # of one clause; more than there are fields
_HISTORY = 3    # digits of the number of a step in a history
_VALUES = ("word", "quoted", "leaf")
_LISTED = ("text", "classes")
_JOINING = ("and", "or")
_AFTER_A_NAME = ("sign", ",")
_COMPARING = ("<", "<=", ">", ">=")


class Rewriter:
    """Rewrites the tokens of one text; `constant` is set when a leaf is everything or nothing."""

    def __init__(self, dialect: Dialect, tokens: list[Token], report: Remarks) -> None:
        self._dialect = dialect
        self._tokens = tokens
        self._report = report
        self._values = Values(dialect, report)
        self._names = Names(dialect.name, report)
        self._found: list[Token] = []
        self._levels = [Level(None)]
        self._opened: list[int] = []
        self.constant = False

    def run(self) -> list[Token]:
        """The tokens for the parser."""
        at, tokens = 0, self._tokens
        while tokens[at].kind != "end":
            at = self._step(at, tokens[at])
        while self._levels:
            self._end_level()
        self._found.append(tokens[at])
        return self._found

    def _step(self, at: int, token: Token) -> int:
        kind = token.kind
        if kind == "word":
            operator = OPERATORS.get(token.folded)
            if operator:
                self._operator(token, operator)
                return at + 1
            if not token.folded or (self._dialect.links and self._is_link(at, token)):
                self._link(token)
                return at + 1
        elif kind == "(":
            level = self._levels[-1]
            return self._open(at, token.start, level.context, level.whole)
        elif kind == ")":
            return self._close(at, token)
        level = self._levels[-1]
        if self._tokens[at + 1].kind in _AFTER_A_NAME:
            names = self._names_at(at)
            if names:
                return self._clause(at, names)
            turned = self._turned(at)
            if turned:
                return turned
        if kind in _VALUES or (kind == ":" and level.context):
            return self._operand(at, level)
        if kind == "," and self._dialect.comma and level.operand:
            self._values.once("comma_read", token, operator=self._dialect.comma)
            self._join(token.start, self._dialect.comma)
            return at + 1
        if kind == "sign" and level.context and level.context.kind == "dates":
            self._before(token)
        level.operand = False
        self._found.append(token)
        return at + 1

    # Levels and operators

    def _open(self, at: int, start: int, context: Context | None, whole: bool) -> int:
        """A parenthesis whose values are read in a context; with its clause it begins at `start`."""
        token = self._tokens[at]
        if self._levels[-1].operand:
            self._before(token)
        after = self._listed(at, context, whole)
        if after is not None:
            self._after(start, self._tokens[after - 1].end)
            return after
        self._levels.append(Level(context, whole))
        self._opened.append(start)
        self._found.append(token)
        return at + 1

    def _listed(self, at: int, context: Context | None, whole: bool) -> int | None:
        """Rewrites `( term OR term … )` in text or classes, where only its terms can need it; the index after it."""
        end = end_of_list(self._tokens, at)
        if end is None or (context is None and self._dialect.history) or (context and context.kind not in _LISTED):
            return None
        listed = self._tokens[at:end + 1]
        classes = context is not None and context.kind == "classes"
        special = [place for place in range(1, len(listed), 2)
                   if classes or not ORDINARY.fullmatch(listed[place].folded)]
        if self._dialect.parts_glued and any(
                listed[place].kind == "word" and not listed[place].folded.isascii()
                and glued_operator(listed[place].folded) for place in special):
            return None
        for place in special:
            listed[place] = self._values.read(listed[place], context, whole)
        self._found += listed
        return end + 1

    def _close(self, at: int, token: Token) -> int:
        if len(self._levels) > 1:
            self._end_level()
            self._after(self._opened.pop(), token.end)
        self._found.append(token)
        return at + 1

    def _end_level(self) -> None:
        level = self._levels.pop()
        if self._dialect.one_operator:
            refuse_mixed(level, self._report)

    def _operator(self, token: Token, operator: str) -> None:
        level = self._levels[-1]
        if level.operand:
            level.joins.append(operator)
        elif operator == "NOT" and level.joins and level.joins[-1] == "AND" and len(level.joins) == len(level.operands):
            level.joins[-1] = "NOT"     # A AND NOT B is A NOT B
        level.operand = False
        self._found.append(token)

    def _before(self, token: Token) -> None:
        """An operand begins: an operator that is missing before it is put in."""
        level = self._levels[-1]
        if not level.operand:
            return
        missing = self._dialect.missing
        if self._dialect.missing_code:
            if self._dialect.missing_each:
                start, end = level.operands[-1][1], token.start
                fix = self._report.replaced(start, end, f" {missing} ")
                self._report(self._dialect.missing_code, level.operands[-1][0], token.end, fix,
                             before=self._shown(level.operands[-1]), after=self._shown((token.start, token.end)),
                             operator=missing)
            else:
                self._values.once(self._dialect.missing_code, token, operator=missing)
        if missing == "AND":
            level.joins.append("AND")
            level.operand = False
        else:
            self._join(token.start, missing)

    def _shown(self, place: tuple[int, int]) -> str:
        text = self._report.text[slice(*place)]
        return text if len(text) <= 20 else "…" + text[-20:]

    def _link(self, token: Token) -> None:
        """A proximity operator; outside of text it is an error."""
        level = self._levels[-1]
        level.operand = False
        if level.context is not None and level.context.kind not in ("text", ""):
            self._report("operator_refused", token.start, token.end, operator=self._report.text[token.start:token.end])
            token = word("AND", token.start, token.end)
        self._found.append(token)

    def _is_link(self, at: int, token: Token) -> bool:
        """Whether a word is a proximity operator: it stands between two operands, where text is searched."""
        level, following = self._levels[-1], self._tokens[at + 1]
        return (PROXIMITY.fullmatch(token.text) is not None and level.operand
                and (level.context is None or level.context.kind == "text")
                and (following.kind == "(" or following.is_term))

    def _join(self, at: int, operator: str) -> None:
        level = self._levels[-1]
        level.joins.append(operator)
        level.operand = False
        self._found.append(word(operator, at))

    def _after(self, start: int, end: int) -> None:
        level = self._levels[-1]
        level.operands.append((start, end))
        level.operand = True

    # Clauses

    def _names_at(self, at: int) -> list[Token]:
        """The names of the clause that begins at a token, [] where none does."""
        tokens = self._tokens
        names: list[Token] = []
        while (tokens[at].kind == "word" and tokens[at].folded and tokens[at].folded not in OPERATORS
               and len(names) < _NAMES):
            names.append(tokens[at])
            after = tokens[at + 1]
            if after.kind == "sign":
                last = names[-1]
                if len(names) == 1 and after.text in _COMPARING and context(self._dialect.name, last.folded) is None:
                    return []
                return names
            if after.kind != ",":
                return []
            at += 2
        return []

    def _turned(self, at: int) -> int | None:
        """A comparison written the other way round: the index after it, None where none stands."""
        found = ranges.turned(self._tokens, at, self._dialect.name, self._report)
        if found is None:
            return None
        made, after = found
        self._before(self._tokens[at])
        self._found += made
        self._after(self._tokens[at].start, self._tokens[after - 1].end)
        return after

    def _clause(self, at: int, names: list[Token]) -> int:
        mark = self._tokens[at + 2 * len(names) - 1]
        at += 2 * len(names)
        start = min(names[0].start, mark.start)
        meant = self._names.meant(names)
        first = self._tokens[at]
        if self._levels[-1].operand:
            self._before(names[0].replaced(start=start))
        whole = mark.text == "=="
        if first.kind == "(":
            if meant.fields:
                self._named(meant, mark, start)
            self._levels[-1].operand = False
            return self._open(at, start, meant, whole)
        if meant.kind == "text" and mark.start < first.start and self._parts(at):
            first = self._tokens[at]
        if not (first.is_term or first.kind == ":") or self._names_at(at):
            end = max(mark.end, names[-1].end)
            self._report("value_missing", start, end, field=names[-1].text)
            self._found.append(first.replaced(kind="leaf", start=start, end=end, node=Everything()))
            self._after(start, end)
            return at
        value, at = self._value(at, meant, whole)
        if value[0].kind == "leaf":
            self._found.append(value[0].replaced(start=start))
        else:
            self._named(meant, mark, start)
            self._found += value
        self._after(start, value[-1].end)
        if self._dialect.missing == "OR" and meant.fields:
            self._say_ended(at, meant, start, first.start)
        return at

    def _say_ended(self, at: int, meant: Context, start: int, value: int) -> None:
        """A term behind a bare value does not belong to it. Where a blank is AND, the parser says so."""
        rest = self._tokens[at]
        if rest.is_term and rest.blank and not self._names_at(at) and not self._is_link(at, rest):
            fix = None
            if meant.kind == "text" and value > start:      # a field behind its value would need other parentheses
                fix = self._report.replaced(value, rest.end, f"({self._report.text[value:rest.end]})")
            self._report("value_ended", start, rest.end, fix, field=meant.fields[-1].name, rest=rest.text)

    def _named(self, meant: Context, mark: Token, start: int) -> None:
        """The canonical names of a context and the sign, all at the start of the clause."""
        for kind, text, folded in written_names(meant.fields):
            self._found.append(Token(kind, text, folded, start, start, kind == "word"))
        self._found.append(sign(mark.text, start))

    # Values

    def _operand(self, at: int, level: Level) -> int:
        """A value on a level of its own context."""
        first = self._tokens[at]
        context = level.context
        if context is None or context.kind == "text":
            return self._texts(at, level)
        if self._parts(at):
            return at
        if level.operand:
            self._before(first)
        value, after = self._value(at, context, level.whole)
        self._found += value
        self._after(first.start, value[-1].end)
        return after

    def _texts(self, at: int, level: Level) -> int:
        """A term, and all that follow it with AND or OR between, of which most of a long text consists."""
        tokens, found, dialect = self._tokens, self._found, self._dialect
        while True:
            term = tokens[at]
            ordinary = ORDINARY.fullmatch(term.folded)
            if not ordinary and not term.folded.isascii() and self._parts(at):
                return at
            if dialect.history and level.context is None and term.kind == "word" and (
                    term.folded.isdecimal() and len(term.folded) <= _HISTORY):
                self._report("history_refused", term.start, term.end, value=term.text)
            if level.operand:
                self._before(term)
            found.append(term if ordinary else self._values.read(term, level.context, level.whole))
            level.operands.append((term.start, term.end))
            level.operand = True
            at += 1
            operator = tokens[at]
            if operator.kind != "word" or operator.folded not in _JOINING or not tokens[at + 1].is_term or (
                    tokens[at + 2].kind in _AFTER_A_NAME):
                return at
            self._operator(operator, OPERATORS[operator.folded])
            at += 1

    def _parts(self, at: int) -> bool:
        """Parts operators glued to a term from it, in dialects that repair them; whether there were any."""
        token = self._tokens[at]
        places: list[int] = []
        head = 0 if token.kind != "word" or token.folded.isascii() or not self._dialect.parts_glued else len(token.text)
        while glued := glued_operator(token.folded[:head]):
            places += glued
            head = glued[0]
        if not places:
            return False
        self._tokens[at:at + 1] = pieces = [
            token.replaced(text=token.text[start:end], folded=token.folded[start:end], start=token.start + start,
                           end=min(token.start + end, token.end))
            for start, end in pairwise(sorted({0, *places, len(token.text)}))]
        self._report("operator_parted", token.start, token.end,
                     self._report.replaced(token.start, token.end, " ".join(piece.text for piece in pieces)),
                     value=token.text, operator=next(piece.text for piece in pieces if piece.operator))
        return True

    def _value(self, at: int, meant: Context | None, whole: bool) -> tuple[list[Token], int]:
        """The canonical tokens of the value that begins at a token, and the index after it."""
        tokens = self._tokens
        if meant is not None and not meant.kind:
            return self._skipped(at)
        if meant is not None and meant.kind in ranges.RANGED:
            found = ranges.ends(tokens, at)
            if found and not self._names_at(found[1] - 1):
                (low, high), after = found
                colon = Token(":", ":", ":", low.end, low.end, False)
                return [self._end(low, meant), colon, self._end(high, meant)], after
            dashed = ranges.dashed(tokens[at]) if meant.kind == "dates" else None
            if dashed:
                self._values.once("dash_read", tokens[at])
                return [dashed[0], Token(":", ":", ":", dashed[0].end, dashed[0].end, False), dashed[1]], at + 1
            if tokens[at].kind == ":" or tokens[at + 1].kind == ":":
                ended = tokens[at].kind == ":" and tokens[at + 1].is_term and not self._names_at(at + 1)
                count = 2 if ended or tokens[at].kind != ":" else 1
                return tokens[at:at + count], at + count
        token, after = self._values.joined(tokens, at, meant)
        read = self._values.read(token, meant, whole)
        if read.node is not None and meant is not None and meant.kind == "country":
            self.constant = True
        return [read], after

    def _end(self, token: Token, meant: Context) -> Token:
        if meant.kind == "dates":
            return self._values.read(token, meant)
        return token.replaced(kind="word") if token.kind == "quoted" else token

    def _skipped(self, at: int) -> tuple[list[Token], int]:
        """A value of a field that is none of ours; the error stands already."""
        found = ranges.ends(self._tokens, at)
        after = found[1] if found else at + 1
        return [self._tokens[at].replaced(kind="leaf", end=self._tokens[after - 1].end, node=Everything())], after
