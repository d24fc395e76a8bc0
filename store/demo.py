"""The mark of a home whose data is made up: every page and the status then say so.

It lies in the home folder, so a copied home keeps it; `zhuanti demo` writes it.
"""

from pathlib import Path

MARK = "demo.toml"

_TEXT = """# The data of this home is made up by `zhuanti demo`. Pages say so as long as this file is here.
made_up = true
"""


def mark(home: Path) -> None:
    (home / MARK).write_text(_TEXT, "utf-8")


def is_made_up(home: Path) -> bool:
    return (home / MARK).is_file()
