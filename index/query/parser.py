"""The canonical dialect (interfaces §5): tokens → tree. No recursion: parentheses are frames on a list of our own.

    expression = [NOT] near { (AND | OR | XOR | NOT | blank) [NOT] near }
    near       = operand { (nW | nD | W | D | S | P) operand }
    operand    = term | ( expression ) | clause | >= n ( expression , expression … )
    clause     = field { , field } sign ( value | ( expression of values and clauses ) )
    sign       = "=" | "==" | ">" | ">=" | "<" | "<="

`>= n (A, B, C)` is ours: at least n of them; it is how the rule of simple search is written down. A clause with
several fields stands in parentheses there. The whole grammar is `docs/query.ebnf`.
"""

from collections.abc import Sequence

from index.fields import DEFAULT, Field, find, nearest
from index.query.build import any_of
from index.query.clauses import AFTER_A_NAME, names_at, value_at
from index.query.diagnostics import Diagnostic
from index.query.hints import NOTEWORTHY, proximity_at, stray, term_hints, value_ended
from index.query.level import Context, Frame, Operand, add, at_least, context, deep, finish
from index.query.lexer import OPERATORS, Lexer, Token, end_of_list
from index.query.proximity import link
from index.query.remarks import Remarks
from index.query.tree import Everything, Node
from index.query.truncation import plain_term
from index.query.values import Value, read_term, read_value
from store.settings import QueryLimits

_JOINING = ("and", "or")


class Parser:
    """Reads one text; `remarks` are complete after `parse`, whose tree is only good if none of them is an error."""

    def __init__(
        self, text: str, limits: QueryLimits, remarks: Remarks | None = None, tokens: Sequence[Token] = ()
    ) -> None:
        self._text = text
        self._limits = limits
        self.remarks = Remarks(text) if remarks is None else remarks
        self._leaves = 0
        self._noteworthy: set[str] = set()      # folded terms that a hint may be due to
        self._known: dict[tuple[object, ...], Node] = {}     # what values of which nothing was said mean
        self._tokens = tokens       # those of another dialect; without any the text is cut here
        self._lists: dict[tuple[int, ...], tuple[Node, list[Node]]] = {}   # by the identities of their terms, kept too
        self._contexts: dict[tuple[str, ...], Context] = {}
        self._frames = [Frame("top", Token("(", "", "", 0, 0, True))]

    def parse(self) -> Node | None:
        """The tree; None for a text without any term."""
        if len(self._text) > self._limits.characters:
            self.remarks("query_too_long", 0, len(self._text), count=len(self._text), limit=self._limits.characters)
            return None
        self._tokens = self._tokens or Lexer(self._text, self.remarks).tokens()
        at, last, most = 0, len(self._tokens) - 1, self._limits.leaves
        while at < last and self._leaves <= most:
            at = self._step(at)
        if self._leaves > self._limits.leaves:
            count = sum(token.is_term for token in self._tokens)
            self.remarks("query_too_many_terms", 0, len(self._text), count=count, limit=self._limits.leaves)
            return None
        self._unclosed()
        top = self._frames[0]
        if not (top.operands or top.negations):
            return None
        found = finish(top, len(self._text), self.remarks)
        deep(found, 0, len(self._text), self._limits.depth, self.remarks)
        return found.node

    def _unclosed(self) -> None:
        """One error for every parenthesis that is open at the end; the fix closes them all."""
        opened, self._frames = self._frames[1:], self._frames[:1]
        end = self._tokens[-2].end if opened else 0
        commented = self._text[end:].strip() != ""
        filled = bool(opened) and bool(opened[-1].operands)
        fix = self._text + "\n" * commented + ")" * len(opened) if filled else None
        for frame in opened:
            self._frames[0].pending, self._frames[0].proximity, self._frames[0].negations = None, None, []
            start = (frame.bracket or frame.opening).start
            self.remarks("parenthesis_unclosed", start, start + 1, fix)

    def _step(self, at: int) -> int:
        """Reads what starts at a token; returns the index of the next one."""
        token, frame = self._tokens[at], self._frames[-1]
        kind = token.kind
        if kind == "word" or kind == "quoted":
            if kind == "word" and token.folded in OPERATORS:
                self._operator(frame, token, OPERATORS[token.folded])
                return at + 1
            meant = frame.context
            if ((frame.pending or not frame.operands) and (kind == "quoted" or token.folded)
                    and self._tokens[at + 1].kind not in AFTER_A_NAME and (meant is None or meant.plain)):
                return self._terms(at, frame)
        elif kind == "(":
            end = end_of_list(self._tokens, at)
            if end is None:
                self._frames.append(Frame("paren", token, frame.context, token))
                return at + 1
            listed = self._listed(at, end, frame.context)
            listed.group, listed.term = True, token.start
            add(frame, listed, token, self.remarks)
            return end + 1
        elif kind == ")":
            self._close(token)
            return at + 1
        elif token.node is not None:
            self._leaves += 1
            add(frame, Operand(token.node, 0, token.start, token.end, token.start), token, self.remarks)
            return at + 1
        elif kind == "," and frame.kind == "least":
            frame.parts.append(finish(frame, token.start, self.remarks))
            frame.operands, frame.joins, frame.glued = [], [], None
            return at + 1
        names = names_at(self._tokens, at, frame)
        if names:
            return self._clause(at, names)
        if proximity_at(self._tokens, at, frame):
            self._proximity(frame, token)
            return at + 1
        if kind == "sign" and token.text == ">=" and self._is_least(at):
            self._frames.append(Frame("least", token, frame.context, self._tokens[at + 2],
                                      int(self._tokens[at + 1].text)))
            return at + 3
        meant = frame.context
        if token.is_term or (meant and ((meant.ranged and kind == ":")
                                        or (meant.compares and kind == "sign" and token.text in "><>=<="))):
            value, after = value_at(self._tokens, at, frame, meant, self.remarks)
            if value:
                add(frame, self._leaf(meant, value, token.start), token, self.remarks)
                if after == at + 1:
                    term_hints(self._tokens, at, self.remarks)
            return after
        return stray(self._tokens, at, self.remarks)

    def _terms(self, at: int, frame: Frame) -> int:
        """Reads a term where nothing else can stand, and all that follow it with AND or OR between."""
        tokens = self._tokens
        while True:
            token = tokens[at]
            self._leaves += 1
            node = self._term(frame.context, token)
            add(frame, Operand(node, 0, token.start, token.end, token.start), token, self.remarks)
            if token.folded in self._noteworthy:
                term_hints(tokens, at, self.remarks)
            at += 1
            operator = tokens[at]
            if operator.kind != "word" or operator.folded not in _JOINING or self._leaves > self._limits.leaves or not (
                    tokens[at + 1].is_term and tokens[at + 2].kind not in AFTER_A_NAME):
                return at
            frame.pending = operator
            at += 1

    def _operator(self, frame: Frame, token: Token, operator: str) -> None:
        if operator == "NOT":
            frame.negations.append(token)
        elif frame.pending or frame.negations or not frame.operands:
            self.remarks("operand_missing", token.start, token.end, operator=token.text)
        else:
            frame.pending = token

    def _proximity(self, frame: Frame, token: Token) -> None:
        joined = link(token.text)
        if joined is None or joined.most > self._limits.distance:
            self.remarks("proximity_too_far", token.start, token.end, limit=self._limits.distance)
        elif frame.context and frame.context.sign == "==":
            self.remarks("proximity_whole", token.start, token.end, operator=self._text[token.start:token.end])
        else:
            frame.proximity = token

    def _close(self, token: Token) -> None:
        frame = self._frames[-1]
        if frame.kind == "top":
            self.remarks(
                "parenthesis_unopened", token.start, token.end, self.remarks.replaced(token.start, token.end, ""))
            return
        found = finish(frame, token.start, self.remarks)
        self._frames.pop()
        start, depth = frame.opening.start, self._limits.depth
        if frame.kind == "least":
            found = at_least(frame, [*frame.parts, found], token.end, self.remarks)
        if deep(found, start, token.end, depth, self.remarks):  # the rest of the text is read only for its errors
            found = Operand(Everything(), 0, start, token.end)
        found.start, found.end = start, token.end
        found.group = frame.kind == "paren"
        found.term = start if found.group else None
        found.value = frame.bracket.start if frame.kind == "value" and frame.bracket else None
        found.clause = found.clause or frame.kind == "value"
        add(self._frames[-1], found, frame.opening, self.remarks)

    def _clause(self, at: int, names: list[Token]) -> int:
        frame, sign_at = self._frames[-1], at + 2 * len(names) - 1
        sign, first = self._tokens[sign_at], self._tokens[sign_at + 1]
        meant = self._meant(names, sign.text)
        start = names[0].start
        if first.kind == "(":
            end = end_of_list(self._tokens, sign_at + 1)
            if end is None:
                self._frames.append(Frame("value", names[0], meant, first))
                return sign_at + 2
            listed = self._listed(sign_at + 1, end, meant)
            listed.start, listed.value, listed.clause = start, first.start, True
            add(frame, listed, names[0], self.remarks)
            return end + 1
        if not (first.is_term or (first.kind == ":" and meant.ranged)) or names_at(self._tokens, sign_at + 1, frame):
            self.remarks("value_missing", start, sign.end, field=names[-1].text)
            missing = Operand(Everything(), 0, start, sign.end)
            missing.clause = True
            add(frame, missing, names[0], self.remarks)
            return sign_at + 1
        value, after = value_at(self._tokens, sign_at + 1, frame, meant, self.remarks)
        if value is None:
            return after
        leaf = self._leaf(meant, value, start)
        leaf.clause, leaf.value = True, value.start
        add(frame, leaf, names[0], self.remarks)
        if after == sign_at + 2:
            term_hints(self._tokens, sign_at + 1, self.remarks)
        if meant.fields:
            value_ended(self._tokens, after, frame, meant, start, value, self.remarks)
        return after

    def _meant(self, names: Sequence[Token], sign: str) -> Context:
        """What names and sign mean together, names that are no fields left out with an error."""
        key = (sign, *[name.folded for name in names])
        meant = self._contexts.get(key)
        if meant is not None:
            return meant
        found: dict[Field, str] = {}
        for name in names:
            known = find(name.folded)
            if known:
                found.setdefault(known, name.folded)
            else:
                near = [] if self.remarks.holds_many("field_unknown") else nearest(name.folded)
                fix = self.remarks.replaced(name.start, name.end, near[0]) if near else None
                self.remarks("field_unknown", name.start, name.end, fix, name=name.text,
                             near="、".join(near or ["名称", "摘要", "申请人", "IPC"]))
        meant = context(tuple(found), tuple(found.values()), sign)
        if len(found) == len(names):
            self._contexts[key] = meant
        return meant

    def _listed(self, first: int, last: int, context: Context | None) -> Operand:
        """The operand of `( term OR term … )` between two parentheses.

        Most of a long expression is such lists; what is read is what reading step by step gives, only sooner.
        """
        nodes: list[Node] = []
        known, noteworthy = self._known.get, self._noteworthy
        for place in range(first + 1, last, 2):
            token = self._tokens[place]
            key = (context, token.kind, token.text, token.folded)
            nodes.append(known(key) or self._new(key, context, token))
            if token.folded in noteworthy:
                term_hints(self._tokens, place, self.remarks)
        self._leaves += len(nodes)
        start, end = self._tokens[first].start, self._tokens[last].end
        if len(nodes) == 1:
            return Operand(nodes[0], 0, start, end)
        same = tuple(map(id, nodes))
        if same not in self._lists:
            self._lists[same] = any_of(nodes), nodes
        return Operand(self._lists[same][0], 1, start, end)

    def _term(self, context: Context | None, token: Token) -> Node:
        """The tree of one token that is a whole value."""
        key = (context, token.kind, token.text, token.folded)
        return self._known.get(key) or self._new(key, context, token)

    def _new(self, key: tuple[object, ...], context: Context | None, token: Token) -> Node:
        """The tree of a term that has not been met."""
        if context is None or context.textual:
            fields, whole = (context.text, context.sign == "==") if context else (DEFAULT, False)
            node = plain_term(fields, token.folded, whole, begun=token.kind == "word" and self._limits.signs > 0)
            if node is not None:
                self._known[key] = node
                return node
        if NOTEWORTHY.search(token.folded):
            self._noteworthy.add(token.folded)
        value = Value(token.text, token.folded, token.start, token.end, context.sign if context else "=",
                      token.kind == "quoted")
        return self._kept(key, context, value)

    def _leaf(self, context: Context | None, value: Value, start: int) -> Operand:
        """The tree of one value in all fields of its clause: text fields as one leaf."""
        self._leaves += 1
        key = (context, value.text, value.folded, value.sign, value.quoted, value.last)
        return Operand(self._known.get(key) or self._kept(key, context, value), 0, start, value.end, value.start)

    def _kept(self, key: tuple[object, ...], context: Context | None, value: Value) -> Node:
        """What a value means; equal values of which nothing is to be said are one node."""
        said = len(self.remarks)
        node = self._read(context, value)
        if len(self.remarks) == said:
            self._known[key] = node
        return node

    def _read(self, context: Context | None, value: Value) -> Node:
        nodes: list[Node | None] = []
        text = context.text if context else DEFAULT
        if text or context is None or not context.fields:
            if value.sign in ("=", "=="):
                nodes.append(read_term(text or DEFAULT, value, self._limits.signs, self.remarks))
            else:
                name = next((one.name for one in context.fields if one.members[0] in text), "") if context else ""
                self.remarks("comparison_not_allowed", value.start, value.end, field=name, sign=value.sign)
            if value.last is not None:
                self.remarks("sign_reserved", value.start, value.end, sign=":")
        for one, alias in context.others if context else ():
            nodes.append(read_value(one, value, self.remarks, alias))
        good = [node for node in nodes if node is not None]
        if len(good) == 1:
            return good[0]
        return any_of(good) if good else Everything()

    def _is_least(self, at: int) -> bool:
        number, opening = self._tokens[at + 1:at + 3] if len(self._tokens) > at + 3 else (None, None)
        return (number is not None and opening is not None and number.kind == "word" and opening.kind == "("
                and number.text.isascii() and number.text.isdecimal() and len(number.text) < 6)


def parse(text: str, limits: QueryLimits | None = None) -> tuple[Node | None, list[Diagnostic]]:
    """Tree and remarks of a text in the canonical dialect; the tree is None for a text without terms."""
    parser = Parser(text, limits or QueryLimits())
    tree = parser.parse()
    return tree, parser.remarks.all()
