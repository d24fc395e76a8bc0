"""Measures an engine and a store from outside, so that neither room knows that it is measured."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy import event

from api.metrics.instruments import ENGINE, STORE
from index.engine import Engine
from store.database import Store

_STATEMENTS = ("select", "insert", "update", "delete")


class TimedEngine:
    """Hands every call on to an engine and notes how long it took, rows that are streamed included."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._engine, name)
        if name.startswith("_") or not callable(found):
            return found
        timed = _timed(name, found)
        self.__dict__[name] = timed
        return timed


def timed_engine(engine: Engine) -> Engine:
    return cast(Engine, TimedEngine(engine))


def _timed(name: str, call: Callable[..., Any]) -> Callable[..., Any]:
    def timed(*given: Any, **named: Any) -> Any:
        with _noted(name):
            answer = call(*given, **named)
        return _streamed(name, answer) if isinstance(answer, Iterator) else answer

    return timed


def _streamed(name: str, answer: Iterator[Any]) -> Iterator[Any]:
    """The same values; their time is that of the engine, not of whoever takes them."""
    spent, outcome = 0.0, "done"
    try:
        while True:
            began = perf_counter()
            try:
                value = next(answer)
            except StopIteration:
                return
            except Exception:       # of whatever kind: it is counted and goes on
                outcome = "failed"
                raise
            finally:
                spent += perf_counter() - began
            yield value
    finally:
        ENGINE.labels(name, outcome).observe(spent)


@contextmanager
def _noted(name: str) -> Iterator[None]:
    began, outcome = perf_counter(), "failed"
    try:
        yield
        outcome = "done"
    finally:
        ENGINE.labels(name, outcome).observe(perf_counter() - began)


def time_statements(store: Store) -> None:
    """Note every statement of a store: `select`, `insert`, `update`, `delete` or `other`."""

    @event.listens_for(store.engine, "before_cursor_execute")
    def begin(connection: sa.Connection, _cursor: object, _statement: str, *_rest: object) -> None:
        connection.info["began"] = perf_counter()

    @event.listens_for(store.engine, "after_cursor_execute")
    def done(connection: sa.Connection, _cursor: object, statement: str, *_rest: object) -> None:
        note(connection, statement, "done")

    @event.listens_for(store.engine, "handle_error")
    def failed(context: Any) -> None:
        if context.connection is not None:
            note(context.connection, context.statement or "", "failed")

    def note(connection: sa.Connection, statement: str, outcome: str) -> None:
        began = connection.info.pop("began", None)
        if began is not None:
            word = statement.lstrip().split(" ", 1)[0].lower()
            STORE.labels(word if word in _STATEMENTS else "other", outcome).observe(perf_counter() - began)
