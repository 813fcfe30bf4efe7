"""Users, events and what follows from them, on PostgreSQL: the hot path and its readers.

Refuses definitions (see ``catalog``).
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial

from plaudit.model.catalog import Frequency
from plaudit.model.state import (
    COMPLETIONS,
    Depth,
    Event,
    EventFilter,
    Identity,
    Snapshot,
    Stamp,
    StreakState,
)
from plaudit.storage import rows
from plaudit.storage.boards_port import BoardReader
from plaudit.storage.postgres import snapshots
from plaudit.storage.postgres.boards import PostgresBoardReader
from plaudit.storage.postgres.connection import translated
from plaudit.storage.postgres.gather import Gatherer
from plaudit.storage.postgres.pool import Pool
from plaudit.storage.postgres.ranks import PostgresRanks
from plaudit.storage.postgres.statements import SQL
from plaudit.storage.postgres.transaction import PostgresTransaction
from plaudit.storage.search import search_users

PAGE = 500
"""Events read at once by a stream, so that no transaction stays open while they are used."""


class PostgresLedger:
    """The ledger of one database."""

    def __init__(self, writers: Pool, readers: Pool, slots: int) -> None:
        """Share the pools of a store.

        Args:
            writers: for transactions.
            readers: for everything else.
            slots: rows each global count is spread over.
        """
        self._ranks = PostgresRanks(readers)
        self.boards: BoardReader = PostgresBoardReader(readers, self._ranks)
        self._writers = writers
        self._readers = readers
        self._slots = slots
        self._shallow = Gatherer(partial(self._view, depth=None))
        self._earned = Gatherer(partial(self._view, depth=COMPLETIONS))
        self._counted = Gatherer(self._count)
        self._stamps = Gatherer(self._stamp)
        self._moments = Gatherer(self._moment)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[PostgresTransaction]:
        """Open a write transaction: commits durably when left, rolls back on any exception.

        Raises:
            Unavailable: the connection was lost, a rival won, or the server cannot write.
            Conflict: a unique constraint refused a row.
        """
        async with self._writers.transaction() as connection:
            transaction = PostgresTransaction(connection, self._slots, self._ranks)
            yield transaction
            await transaction.finish()

    async def view(self, who: Sequence[Identity], depth: Depth | None) -> list[Snapshot]:
        """Read snapshots without locks, details included when a depth is given.

        The two readings that pages need of one user are gathered: a round trip costs more than a row.
        """
        if len(who) == 1 and (depth is None or depth == COMPLETIONS):
            return [await (self._shallow if depth is None else self._earned).get(who[0])]
        return await self._view(who, depth)

    async def _view(self, who: Sequence[Identity], depth: Depth | None) -> list[Snapshot]:
        async with self._readers.lease() as connection:
            with translated(retry=True):
                return await snapshots.view(connection, who, depth)

    async def moment(self) -> object:
        """Give which transactions have been committed; several calls share one reading."""
        return await self._moments.get("")

    async def _moment(self, asked: list[str]) -> list[object]:
        (row,) = await self._readers.fetch("moment")
        return [row[0]] * len(asked)

    async def stamp(self, who: Identity, frequency: Frequency) -> Stamp | None:
        """Read the stamp of a user's standing, None if there is no such user."""
        return await self._stamps.get((who.subject, frequency.value))

    async def _stamp(self, asked: list[tuple[bytes, str]]) -> list[Stamp | None]:
        found = await self._readers.fetch("read_stamp", *zip(*asked, strict=True))
        stamps = {(row[0], row[1]): Stamp(*row[2:]) for row in found}
        return [stamps.get(one) for one in asked]

    async def day_totals(
        self, subject: bytes, measure: int, first: int, last: int
    ) -> tuple[int, list[tuple[int, int]]]:
        """Read ``(total before first, [(day, change)])`` of a measure for days first..last."""
        async with self._readers.moment() as connection:
            before: int = await connection.fetchval(SQL["day_total_before"], subject, measure, first)
            changes = await connection.fetch(SQL["day_changes"], subject, measure, first, last)
            return before, [(day, change) for day, change in changes]

    async def counts(self, environment: int, tenant: str) -> dict[int, int]:
        """Read completions per achievement number, and users under 0, right to the last commit."""
        return await self._counted.get((environment, tenant))

    async def _count(self, asked: list[tuple[int, str]]) -> list[dict[int, int]]:
        return [dict(await self._readers.fetch("counts", *one)) for one in asked]

    async def subjects_after(self, environment: int | None, cursor: bytes, limit: int) -> list[Identity]:
        """Read users in the order of their subjects, after a cursor (``b""`` to begin)."""
        if environment is None:
            return await self._identities("all_subjects_after", cursor, limit)
        return await self._identities("subjects_after", cursor, limit, environment)

    async def unsettled_after(
        self, environment: int, version: int, cursor: bytes, limit: int
    ) -> list[Identity]:
        """Like ``subjects_after``, only users settled to less than ``version``."""
        return await self._identities("unsettled_after", cursor, limit, environment, version)

    async def streaks_due(self, now: int, limit: int) -> list[Identity]:
        """Read users whose streak has expired unnoticed, or whose next freezes are earned, by ``now``."""
        found = await self._identities("streaks_due", now, limit)
        found += await self._identities("freezes_due", now, limit)
        return list({who.subject: who for who in found}.values())

    async def streak_rows(self, subject: bytes) -> dict[Frequency, StreakState]:
        """Read the rows by which jobs find a user's streaks."""
        return rows.streaks(await self._readers.fetch("streak_rows", subject))

    async def pause_owners(self, ids: Sequence[bytes]) -> dict[bytes, Identity]:
        """Read whose the streak pauses with these ids are; those taken back are nobody's."""
        found = await self._readers.fetch("pause_owners", list(ids)) if ids else ()
        return {row[0]: Identity(*row[1:]) for row in found}

    async def anniversaries_due(self, now: int, limit: int) -> list[Identity]:
        """Read users whose next anniversary instant is not after ``now``."""
        return await self._identities("anniversaries_due", now, limit)

    async def history_of(self, subject: bytes) -> AsyncIterator[Event]:
        """Stream a user's event log by ``seq``, a page at a time."""
        last = 0
        while page := await self._readers.fetch("events_after", subject, last, PAGE):
            for row in page:
                yield rows.event(row)
            last = page[-1][0]

    async def users(
        self, environment: int, tenant: str, sought: str, after: str, limit: int
    ) -> list[Identity]:
        """Read a page of users by id, of those in whose id, name or e-mail address a text is."""
        if sought:
            return await search_users(self._stretch, (environment, tenant), sought, after, limit)
        return await self._identities("users_after", environment, tenant, after, limit)

    async def events_before(self, subject: bytes, wanted: EventFilter, seq: int, limit: int) -> list[Event]:
        """Read a page of a user's events that match, the newest first, before a ``seq``."""
        asked = (subject, seq, wanted.metric, wanted.since, wanted.until, wanted.key, limit)
        return [rows.event(row) for row in await self._readers.fetch("events_before", *asked)]

    async def _stretch(self, name: str, bindings: rows.Row) -> list[rows.Row]:
        return [tuple(row) for row in await self._readers.fetch(name, *bindings)]

    async def _identities(self, name: str, *arguments: object) -> list[Identity]:
        return [Identity(*row) for row in await self._readers.fetch(name, *arguments)]
