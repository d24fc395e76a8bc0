"""Lines of `key:value` that describe a legal event (`PRSInformation`, 法律状态信息) → ordered pairs."""

import re

_KEY = re.compile(r"\s*([^\s:：，。；、,;]{1,20}?)\s*[:：](?!//)\s*(.*)")


def details(text: str) -> tuple[str | None, list[list[str]]]:
    """The name of the event (a first line without key) and its pairs in order; keys repeat.

    A line without key continues the value before it.

    >>> details("专利权的终止\\n终止日期:20100402")
    ('专利权的终止', [['终止日期', '20100402']])
    """
    name: str | None = None
    pairs: list[list[str]] = []
    for line in text.splitlines():
        line = line.strip()
        found = _KEY.fullmatch(line)
        if found and not found[1].isdecimal():
            pairs.append([found[1], found[2].strip()])
        elif pairs:
            pairs[-1][1] += line
        elif line:
            name = f"{name}{line}" if name else line
    return name, pairs
