"""Which application a document belongs to: the rule that puts the documents of a row into records.

A publication belongs to the application that its files name; where they name several, the field wins as in any record
(`ingest.fold`): the file produced last that states one. Publications of one application are one record, a publication
without any is a record of its own.
"""

from collections.abc import Sequence

import sqlalchemy as sa

from ingest.fold import Found, newest_first
from ingest.numbers import parse_application
from ingest.packed import Opener
from store.belonging import Group, Held


class Belonging:
    """The rule as the store asks for it (`store.belonging.Rule`). Not to be shared between threads."""

    def __init__(self) -> None:
        self._opener = Opener()

    def __call__(self, connection: sa.Connection, held: Sequence[Held]) -> list[Group]:
        files = [(item.document, Found(self._opener.unpack(connection, item.body), "", item.hash)) for item in held]
        return groups(files)


def groups(files: Sequence[tuple[int, Found]]) -> list[Group]:
    """The records that some files make, told for each by its number in the store; all files of their publications."""
    number_of = {id(found): number for number, found in files}
    newest = newest_first([found for _, found in files])
    named: dict[str, str] = {}      # publication → the application number that wins
    for found in newest:
        number = found.document["application_number"]
        if number and parse_application(number):
            named.setdefault(found.document["publication"], number)
    together: dict[str, list[Found]] = {}
    for found in newest:
        application = parse_application(named.get(found.document["publication"], ""))
        together.setdefault(application.text if application else found.document["publication"], []).append(found)
    made = []
    for name, members in together.items():
        application = parse_application(named.get(members[0].document["publication"], ""))
        dates = (found.document["application_date"] for found in members)
        made.append(Group(
            id=name, application=application.key if application else None, type=members[0].document["type"],
            application_date=next((date for date in dates if date), None),
            documents=[number_of[id(found)] for found in members]))
    return made
