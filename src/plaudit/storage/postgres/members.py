"""The dashboard's people on PostgreSQL.

Refuses rules; a desk is one transaction that holds the table of members.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from plaudit.model.actions import Action
from plaudit.model.members import Member, Session
from plaudit.storage import members_port
from plaudit.storage.members_port import Desk
from plaudit.storage.postgres import people
from plaudit.storage.postgres.pool import Pool
from plaudit.storage.postgres.statements import SQL
from plaudit.storage.rows import Row


class PostgresMembers:
    """The members of one database."""

    def __init__(self, pool: Pool) -> None:
        """Share a pool of a store.

        Args:
            pool: not the one groups of events wait for.
        """
        self._pool = pool

    @asynccontextmanager
    async def desk(self) -> AsyncIterator[Desk]:
        """Open a change of members."""
        async with self._pool.transaction() as connection:
            await connection.execute(SQL["hold_members"])

            async def run(name: str, bindings: Row) -> Sequence[Row]:
                found: list[Row] = await connection.fetch(SQL[name], *bindings)
                return found

            async def tell(actions: Sequence[Action]) -> None:
                await people.append(connection, actions)

            yield Desk(run, tell)

    async def all(self) -> list[Member]:
        """Read every member, the oldest first."""
        return [members_port.member(row) for row in await self._pool.fetch("members")]

    async def find(self, email: str) -> Member | None:
        """Read the member with this e-mail address."""
        found = await self._pool.fetch("member_by_email", email)
        return members_port.member(found[0]) if found else None

    async def session(self, digest: bytes) -> tuple[Session, Member] | None:
        """Read a session and whose it is."""
        found = await self._pool.fetch("session", digest)
        return members_port.session(found[0]) if found else None
