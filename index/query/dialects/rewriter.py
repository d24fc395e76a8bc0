"""Fields, values and missing operators: from the tokens of a dialect to tokens that the canonical parser reads.

The levels of parentheses are followed on a list of our own; every token keeps its place in the text as sent.
"""

from dataclasses import dataclass, field

from index.query.dialects import ranges
from index.query.dialects.dialect import Dialect, sign, word
from index.query.dialects.names import Context, context, joined, near
from index.query.dialects.values import Values
from index.query.lexer import OPERATORS, PROXIMITY, Token, glued_operator
from index.query.remarks import Remarks
from index.query.tree import Everything

_NAMES = 64     # of one clause; more than there are fields
_HISTORY = 3    # digits of the number of a step in a history
_VALUES = ("word", "quoted", "leaf")
_AFTER_A_NAME = ("sign", ",")
_COMPARING = ("<", "<=", ">", ">=")


@dataclass(slots=True)
class Level:
    """One open level: what its values are read in, and what stands on it."""

    context: Context | None
    whole: bool = False
    operands: list[tuple[int, int]] = field(default_factory=list)
    joins: list[str] = field(default_factory=list)
    operand: bool = False       # an operand has just ended


class Rewriter:
    """Rewrites the tokens of one text; `constant` is set when a leaf is everything or nothing."""

    def __init__(self, dialect: Dialect, tokens: list[Token], report: Remarks) -> None:
        self._dialect = dialect
        self._tokens = tokens
        self._report = report
        self._values = Values(dialect, report)
        self._found: list[Token] = []
        self._levels = [Level(None)]
        self._opening: Level | None = None      # the level that the next parenthesis opens
        self._opened: list[int] = []
        self.constant = False

    def run(self) -> list[Token]:
        """The tokens for the parser."""
        at, tokens = 0, self._tokens
        while tokens[at].kind != "end":
            at = self._step(at, tokens[at])
        while self._levels:
            self._mixed(self._levels.pop())
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
                self._found.append(token)
                self._levels[-1].operand = False
                return at + 1
        elif kind == "(":
            return self._open(at, token)
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

    def _open(self, at: int, token: Token) -> int:
        self._before(token)
        current = self._levels[-1]
        self._levels.append(self._opening or Level(current.context, current.whole))
        self._opening = None
        self._opened.append(token.start)
        self._found.append(token)
        return at + 1

    def _close(self, at: int, token: Token) -> int:
        if len(self._levels) > 1:
            self._mixed(self._levels.pop())
            self._after(self._opened.pop(), token.end)
        self._found.append(token)
        return at + 1

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
                             before=self._shown(level.operands[-1]), after=token.text, operator=missing)
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

    def _is_link(self, at: int, token: Token) -> bool:
        """Whether a word is a proximity operator: it stands between two operands, where text is searched."""
        level, following = self._levels[-1], self._tokens[at + 1]
        return (PROXIMITY.fullmatch(token.text) is not None and level.operand
                and (level.context is None or level.context.kind == "text")
                and (following.kind == "(" or (following.is_term and following.operator is None)))

    def _join(self, at: int, operator: str) -> None:
        level = self._levels[-1]
        level.joins.append(operator)
        level.operand = False
        self._found.append(word(operator, at))

    def _after(self, start: int, end: int) -> None:
        level = self._levels[-1]
        level.operands.append((start, end))
        level.operand = True

    def _mixed(self, level: Level) -> None:
        """Refuses a level with different operators, in dialects that ask for parentheses."""
        kinds = set(level.joins)
        if not self._dialect.one_operator or len(kinds) < 2 or len(level.joins) + 1 != len(level.operands):
            return
        pieces = [self._report.text[start:end] for start, end in level.operands]
        joins = level.joins
        for operator in ("NOT", "AND", "XOR", "OR"):
            if operator in joins and len(set(joins)) > 1:
                pieces, joins = _grouped(pieces, joins, operator)
        fixed = pieces[0] + "".join(f" {join} {piece}" for join, piece in zip(joins, pieces[1:], strict=True))
        start, end = level.operands[0][0], level.operands[-1][1]
        self._report("operators_refused", start, end, self._report.replaced(start, end, fixed),
                     operators="、".join(sorted(kinds)))

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
        """`20190101<=pd` and `20110101<=pd<=20130101`: the index after it, None where none stands."""
        tokens = self._tokens
        low, mark, name = tokens[at:at + 3] if len(tokens) > at + 2 else (tokens[-1],) * 3
        if mark.kind != "sign" or mark.text not in _COMPARING or name.kind != "word":
            return None
        meant = context(self._dialect.name, name.folded)
        if meant is None or meant.kind != "dates":
            return None
        self._before(low)
        if (len(tokens) > at + 4 and tokens[at + 3].kind == "sign" and tokens[at + 3].text in _COMPARING
                and tokens[at + 4].is_term):
            high = tokens[at + 4]
            self._found.append(ranges.between(low, mark.text, meant, tokens[at + 3].text, high, self._report))
            self._after(low.start, high.end)
            return at + 5
        value = low._replace(end=name.end)
        self._found += [word(meant.fields[0].name, low.start), sign(ranges.TURNED[mark.text], low.start), value]
        self._after(low.start, name.end)
        return at + 3

    def _clause(self, at: int, names: list[Token]) -> int:
        mark = self._tokens[at + 2 * len(names) - 1]
        at += 2 * len(names)
        start = min(names[0].start, mark.start)
        meant = self._meant(names)
        first = self._tokens[at]
        self._before(names[0]._replace(start=start))
        whole = mark.text == "=="
        if first.kind == "(":
            self._opening = Level(meant, whole)
            if meant.fields:
                self._named(meant, mark, start)
            self._levels[-1].operand = False
            self._open(at, first)
            self._opened[-1] = start
            return at + 1
        if not (first.is_term or first.kind == ":") or self._names_at(at):
            self._report("value_missing", start, mark.end if mark.end > mark.start else names[-1].end,
                         field=names[-1].text)
            self._found.append(first._replace(kind="leaf", start=start, end=mark.end, node=Everything()))
            self._after(start, mark.end)
            return at
        value, at = self._value(at, meant, whole)
        if value[0].kind == "leaf":
            self._found.append(value[0]._replace(start=start))
        else:
            self._named(meant, mark, start)
            self._found += value
        self._after(start, value[-1].end)
        return at

    def _meant(self, names: list[Token]) -> Context:
        """What the names of a clause mean together; errors for those that mean nothing here."""
        contexts: list[Context] = []
        good = True
        for name in names:
            folded = name.folded.removesuffix("+") if self._dialect.name == "trs" else name.folded
            found = context(self._dialect.name, folded)
            if found is None:
                nearest = near(self._dialect.name, folded)
                fix = self._report.replaced(name.start, name.end, nearest[0]) if nearest else None
                self._report("field_unknown", name.start, name.end, fix, name=name.text,
                             near="、".join(nearest or ["名称", "摘要", "申请人", "IPC"]))
            elif found.kind == "semantic":
                self._report("semantic_refused", name.start, name.end, name=name.text)
            elif not found.kind:
                self._report("field_not_held", name.start, name.end, name=name.text)
            else:
                contexts.append(found)
                if found.nearest:
                    self._values.once("field_nearest", name, name=name.text, field=found.fields[0].name)
                continue
            good = False
        return joined(contexts) if good else Context((), "")

    def _named(self, meant: Context, mark: Token, start: int) -> None:
        """The canonical names of a context and the sign, all at the start of the clause."""
        for place, one in enumerate(meant.fields):
            if place:
                self._found.append(Token(",", ",", ",", start, start, False))
            name = "分类号" if one.api == "ipc" else one.name
            self._found.append(Token("word", name, name.lower(), start, start, True))
        self._found.append(sign(mark.text, start))

    # Values

    def _operand(self, at: int, level: Level) -> int:
        """A value on a level of its own context."""
        first = self._tokens[at]
        context = level.context
        if (self._dialect.history and context is None and first.kind == "word" and first.folded.isdecimal()
                and len(first.folded) <= _HISTORY):
            self._report("history_refused", first.start, first.end, value=first.text)
        if (self._dialect.parts_glued and first.kind == "word" and not first.folded.isascii()
                and self._unglued(first, level)):
            return at + 1
        if level.operand:
            self._before(first)
        if context is None or context.kind == "text":
            self._found.append(self._values.text(first, context, level.whole))
            level.operands.append((first.start, first.end))
            level.operand = True
            return at + 1
        value, after = self._value(at, context, level.whole)
        self._found += value
        self._after(first.start, value[-1].end)
        return after

    def _unglued(self, token: Token, level: Level) -> bool:
        """An operator glued to a term is parted from it, in dialects that repair it."""
        glued = glued_operator(token.folded)
        if glued is None:
            return False
        start, end = glued
        written = token.text
        pieces = (written[:start], written[start:end], written[end:])
        shown = " ".join(piece for piece in pieces if piece)
        self._report("operator_parted", token.start, token.end,
                     self._report.replaced(token.start, token.end, shown), value=token.text, operator=pieces[1])
        for piece, begin, stop in zip(pieces, (0, start, end), (start, end, len(written)), strict=True):
            if not piece:
                continue
            part = token._replace(text=piece, folded=token.folded[begin:stop], start=token.start + begin,
                           end=min(token.start + stop, token.end))
            if begin == start and stop == end:
                self._operator(part, OPERATORS[part.folded])
                continue
            self._before(part)
            self._found.append(self._values.read(part, level.context, level.whole))
            self._after(part.start, part.end)
        return True

    def _value(self, at: int, meant: Context | None, whole: bool) -> tuple[list[Token], int]:
        """The canonical tokens of the value that begins at a token, and the index after it."""
        tokens = self._tokens
        if meant is not None and not meant.kind:
            return self._skipped(at)
        if meant is not None and meant.kind in ranges.RANGED:
            found = ranges.ends(tokens, at)
            if found:
                (low, high), after = found
                colon = Token(":", ":", ":", low.end, low.end, False)
                return [self._end(low, meant), colon, self._end(high, meant)], after
            dashed = ranges.dashed(tokens[at]) if meant.kind == "dates" else None
            if dashed:
                self._values.once("dash_read", tokens[at])
                return [dashed[0], Token(":", ":", ":", dashed[0].end, dashed[0].end, False), dashed[1]], at + 1
            if tokens[at].kind == ":" or tokens[at + 1].kind == ":":
                count = 2 if tokens[at].kind == ":" and tokens[at + 1].is_term else 2 - (tokens[at].kind == ":")
                return tokens[at:at + count], at + count
        token, after = self._joined(at, meant)
        read = self._values.read(token, meant, whole)
        if read.node is not None and meant is not None and meant.kind == "country":
            self.constant = True
        return [read], after

    def _end(self, token: Token, meant: Context) -> Token:
        if meant.kind == "dates":
            return self._values.read(token, meant)
        return token._replace(kind="word") if token.kind == "quoted" else token

    def _joined(self, at: int, meant: Context | None) -> tuple[Token, int]:
        """A value with what belongs to it after a blank: `G06N 3/00`, `invention publication`."""
        token, following = self._tokens[at], self._tokens[at + 1]
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
        made = token._replace(text=f"{token.text}{together}{following.text}",
                       folded=f"{token.folded}{together}{following.folded}", end=end)
        self._report("blank_joined", start, end, self._report.replaced(start, end, f'"{made.text}"'), value=made.text)
        return made, at + 2

    def _skipped(self, at: int) -> tuple[list[Token], int]:
        """A value of a field that is none of ours; the error stands already."""
        found = ranges.ends(self._tokens, at)
        after = found[1] if found else at + 1
        return [self._tokens[at]._replace(kind="leaf", end=self._tokens[after - 1].end, node=Everything())], after


_PAIRS = frozenset(("invention publication", "invention grant", "invention application", "utility model",
                    "valid patent", "invalid patent"))


def _grouped(pieces: list[str], joins: list[str], operator: str) -> tuple[list[str], list[str]]:
    """Every run of one operator in parentheses."""
    runs: list[list[str]] = [[pieces[0]]]
    rest: list[str] = []
    for join, piece in zip(joins, pieces[1:], strict=True):
        if join == operator:
            runs[-1].append(piece)
        else:
            rest.append(join)
            runs.append([piece])
    return [run[0] if len(run) == 1 else f"({f' {operator} '.join(run)})" for run in runs], rest
