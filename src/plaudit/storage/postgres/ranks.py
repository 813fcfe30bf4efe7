"""The rankings of one of many serving processes: read once, then moved by the log all of them write.

Refuses to guess: each ranking remembers which transactions its reading saw, and each reading of the log
brings exactly those that were not seen before.
"""

from collections.abc import Collection

from msgspec import Struct

from plaudit.storage.board_rows import place, unpacked_moves
from plaudit.storage.postgres.connection import Connection
from plaudit.storage.postgres.moments import Moment, moment
from plaudit.storage.postgres.pool import Pool
from plaudit.storage.postgres.statements import SQL
from plaudit.storage.rank_memory import SHORT, RankMemory, Saw
from plaudit.storage.ranked import Ranked

PAGE = 5000
"""Scores read at once, so that the event loop is never held for long."""

KEPT_MS = 60_000
"""How long a move stays in the log, at least: processes follow it every few seconds."""

NOWHERE = Moment(1, 1, frozenset())


class _Reading(Struct, frozen=True):
    """A row of ``read_moves``."""

    moment: str
    server: str
    own: str | None
    cleared: int
    moves: list[tuple[str, bytes]]


class PostgresRanks:
    """Rankings that follow the log; ``_now`` is how far."""

    def __init__(self, readers: Pool) -> None:
        """Read through connections of a pool."""
        self._readers = readers
        self._memory = RankMemory(self._read)
        self._now = NOWHERE
        self._server = ""
        self._noted: tuple[int, int] | None = None

    async def rankings(
        self, numbers: Collection[int], connection: Connection | None = None
    ) -> dict[int, Ranked]:
        """Give rankings that hold whatever was committed before the call; to be used before the next await.

        Args:
            numbers: which.
            connection: of the transaction that asks; a reader if none does.

        Raises:
            Cold: one is not read in the time that a transaction may wait.
        """
        if not numbers:
            return {}
        if not self._server:
            await self.follow()  # rankings read from now on are later than where following begins
        patience = None if connection is None else SHORT
        return await self._memory.rankings(numbers, lambda: self.follow(connection), patience)

    async def caught_up(self) -> None:
        """Do nothing: every call follows the log."""

    async def follow(self, connection: Connection | None = None) -> None:
        """Carry out what was committed since the last time.

        Raises:
            Unavailable: the connection was lost.
        """
        begun = self._now if self._server else await self._present()
        if connection is not None:
            row = await connection.fetchrow(SQL["read_moves"], str(begun))
        else:
            (row,) = await self._readers.fetch("read_moves", str(begun))
        self._take(begun, _Reading(*row))

    async def _present(self) -> Moment:
        (row,) = await self._readers.fetch("moment")
        return moment(row[0])

    async def keep(self, now: int) -> None:
        """Follow, and clear away what every process has had ``KEPT_MS`` to follow; ``now`` in Unix ms."""
        await self.follow()
        if self._noted is None or now < self._noted[0]:
            self._noted = (now, self._now.least)
        if now - self._noted[0] >= KEPT_MS:
            await self.clear(self._noted[1])
            self._noted = (now, self._now.least)

    async def clear(self, before: int) -> None:
        """Clear the log of transactions before a number, all of which have ended.

        Raises:
            Unavailable: the connection was lost.
        """
        async with self._readers.transaction() as connection:
            await connection.execute(SQL["clear_moves"], str(before))
            await connection.execute(SQL["note_cleared"], before)

    def _take(self, begun: Moment, it: _Reading) -> None:
        """Carry out one reading of the log; several may be under way, and end in any order."""
        now = moment(it.moment, None if it.own is None else int(it.own))
        if it.server != self._server or now.next < begun.next or it.cleared > self._now.least:
            # Another server, or too late: what was missed is gone.
            self._memory.forget()
            self._server, self._now = it.server, now
            return
        fresh = [(int(xid), packed) for xid, packed in it.moves if not self._now.saw(int(xid))]
        self._memory.move(
            (xid, key, change) for xid, packed in fresh for key, change in unpacked_moves(packed)
        )
        if now.is_after(self._now):
            self._now = now

    async def _read(self, ranked: Ranked) -> Saw:
        """Read the scores of a ranking as of one moment, and tell which transactions that saw."""
        async with self._readers.moment() as connection:
            now = moment(await connection.fetchval(SQL["moment"]))
            last = b""
            while page := await connection.fetch(SQL["ranked_after"], ranked.number, last, PAGE):
                ranked.fill([place(row) for row in page])
                last = page[-1][2]
        return now.saw


async def drop_strange_moves(connection: Connection) -> None:
    """Clear what a log has from another server, whose dump this database was restored from."""
    await connection.execute(SQL["drop_strange_moves"])
