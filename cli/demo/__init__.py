"""A small made-up delivery in the office's own format, for `zhuanti demo` and for trying things out.

Everything in it is fictional: names contain 示例, serial numbers begin with 99, and no text is from a real
document. A few files are damaged on purpose, so that the quarantine has something to show.
"""

from cli.demo.delivery import DemoFacts, write_demo

__all__ = ["DemoFacts", "write_demo"]
