"""Long expressions under a short address (`expr`): kept once, asked for like any other text."""

from api.search.shapes import Dialect, KeptExpression
from api.services import Services
from index.query import read
from store import expressions
from store.errors import BadCall, NotFound


def keep(services: Services, text: str, dialect: Dialect = "canonical") -> KeptExpression:
    """Keeps a text, in error or not, under the address that it always has. Raises BadQuery for one over the cap."""
    limits = services.settings.query
    if len(text) > limits.characters:
        read(text, mode="expert", limits=limits)    # says so in its own words
    with services.store.connect() as connection:
        known = expressions.find(connection, expressions.address_of(text, dialect))
    if known is None:       # so that asking again does not wait for an ingest that is writing
        with services.store.begin() as connection:
            expressions.keep(connection, text, dialect)
    return {"expr": expressions.address_of(text, dialect), "text": text, "dialect": dialect}


def question(services: Services, q: str, dialect: str, expr: str) -> tuple[str, str]:
    """The text and dialect that are asked: those given, or those of a kept expression.

    Raises NotFound for an unknown address, BadCall for an address beside a text.
    """
    if not expr:
        return q, dialect
    if q:
        raise BadCall("expr_beside_q")
    with services.store.connect() as connection:
        found = expressions.find(connection, expr)
    if found is None:
        raise NotFound("expression_not_found", name=expr)
    return found.text, found.dialect
