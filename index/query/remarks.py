"""Collects the remarks on one text, with their corrected texts, within bounds that hostile texts cannot pass."""

from collections import Counter

from index.query.diagnostics import Diagnostic

MAX_REMARKS = 200
_FIX_BUDGET = 1_000_000     # code points of all fixes of one text; beyond it a remark comes without


class Remarks:
    """The remarks on `text`; calling it adds one."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._found: list[Diagnostic] = []
        self._codes: Counter[str] = Counter()
        self._budget = _FIX_BUDGET

    def __call__(self, code: str, start: int, end: int, fix: str | None = None, **values: object) -> None:
        self._codes[code] += 1
        if fix is not None:
            self._budget -= len(fix)
        self._found.append(Diagnostic(code, start, end, fix if self._budget >= 0 else None, values))

    def __len__(self) -> int:
        return len(self._found)

    def replaced(self, start: int, end: int, by: str) -> str | None:
        """The whole text with one place changed; None once fixes have become too many."""
        return None if self._budget < len(self.text) else self.text[:start] + by + self.text[end:]

    def holds(self, code: str) -> bool:
        return code in self._codes

    def holds_many(self, code: str) -> bool:
        """Whether one more of this remark needs no help that costs: there are more than anybody reads."""
        return self._codes[code] >= MAX_REMARKS

    def all(self) -> list[Diagnostic]:
        """In the order of the text's reading; of too many the errors first, and last a count of what is left out."""
        if len(self._found) <= MAX_REMARKS:
            return self._found
        kept = sorted(self._found, key=lambda one: one.severity != "error")[:MAX_REMARKS]
        left_out = {"count": len(self._found) - MAX_REMARKS}
        return [*kept, Diagnostic("remarks_left_out", 0, len(self.text), None, left_out)]


def quoted(text: str) -> str:
    """A term in double quotes."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
