"""What the names of one clause mean together, with an error for each that means nothing here."""

from collections.abc import Sequence

from index.query.dialects.names import Context, context, joined, near
from index.query.lexer import Token
from index.query.remarks import Remarks

_NONE = Context((), "")


class Names:
    """Resolves the names of one text; a field that is only near is said once."""

    def __init__(self, dialect: str, report: Remarks) -> None:
        self._dialect = dialect
        self._report = report
        self._said = False
        self._meant: dict[tuple[str, ...], Context] = {}        # what names of which nothing was said mean

    def meant(self, names: Sequence[Token]) -> Context:
        """The context of a list of names; one without kind after an error."""
        key = tuple([name.folded for name in names])
        held = self._meant.get(key)
        if held is not None:
            return held
        said = len(self._report)
        contexts = [self._one(name) for name in names]
        good = [one for one in contexts if one is not None]
        found = joined(good) if len(good) == len(contexts) else _NONE
        if found is None:
            start, end = min(name.start for name in names), max(name.end for name in names)
            self._report("fields_apart", start, end, names="、".join(name.text for name in names))
            found = _NONE
        if len(self._report) == said:
            self._meant[key] = found
        return found

    def _one(self, name: Token) -> Context | None:
        folded = name.folded.removesuffix("+") if self._dialect == "trs" else name.folded
        found = context(self._dialect, folded)
        if found is None:
            nearest = [] if self._report.holds_many("field_unknown") else near(self._dialect, folded)
            fix = self._report.replaced(name.start, name.end, nearest[0]) if nearest else None
            self._report("field_unknown", name.start, name.end, fix, name=name.text,
                         near="、".join(nearest or ["名称", "摘要", "申请人", "IPC"]))
            return None
        if found.kind in ("", "semantic"):
            code = "semantic_refused" if found.kind else "field_not_held"
            self._report(code, name.start, name.end, name=name.text)
            return None
        if found.nearest and not self._said:
            self._said = True
            self._report("field_nearest", name.start, name.end, name=name.text, field=found.fields[0].name)
        return found
