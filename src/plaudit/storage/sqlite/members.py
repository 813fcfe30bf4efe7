"""The dashboard's people on SQLite.

Refuses rules; a desk is one transaction of the one writer.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from plaudit.model.actions import Action
from plaudit.model.members import Member, Session
from plaudit.storage import members_port
from plaudit.storage.members_port import Desk
from plaudit.storage.rows import Row
from plaudit.storage.sqlite import people
from plaudit.storage.sqlite.reader import Reader
from plaudit.storage.sqlite.statements import SQL
from plaudit.storage.sqlite.writer import Writer


class SqliteMembers:
    """The members of one database file."""

    def __init__(self, writer: Writer, reader: Reader) -> None:
        """Share the connections of a store.

        Args:
            writer: for desks.
            reader: for everything else.
        """
        self._writer = writer
        self._reader = reader

    @asynccontextmanager
    async def desk(self) -> AsyncIterator[Desk]:
        """Open a change of members."""
        async with self._writer.transaction() as cursor:

            async def run(name: str, bindings: Row) -> Sequence[Row]:
                found: list[Row] = cursor.execute(SQL[name], bindings).fetchall()
                return found

            async def tell(actions: Sequence[Action]) -> None:
                people.append(cursor, actions)

            yield Desk(run, tell)

    async def all(self) -> list[Member]:
        """Read every member, the oldest first."""
        with self._reader.moment() as cursor:
            return [members_port.member(row) for row in cursor.execute(SQL["members"])]

    async def find(self, email: str) -> Member | None:
        """Read the member with this e-mail address."""
        with self._reader.moment() as cursor:
            row = cursor.execute(SQL["member_by_email"], (email,)).fetchone()
            return None if row is None else members_port.member(row)

    async def session(self, digest: bytes) -> tuple[Session, Member] | None:
        """Read a session and whose it is."""
        with self._reader.moment() as cursor:
            row = cursor.execute(SQL["session"], (digest,)).fetchone()
            return None if row is None else members_port.session(row)
