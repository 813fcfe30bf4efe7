"""Users, events and what follows from them, on SQLite: the hot path and its readers.

Refuses definitions (see ``catalog``). Statements run on the event loop, commits in a thread.
"""

import asyncio
from collections.abc import AsyncIterator, Collection, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from typing import NamedTuple

import apsw

from plaudit.model.catalog import Frequency
from plaudit.model.decided import Rows
from plaudit.model.outcome import Writes
from plaudit.model.state import (
    COMPLETIONS,
    Depth,
    Event,
    EventFilter,
    Identity,
    Snapshot,
    Stamp,
    StreakState,
    UsedKey,
)
from plaudit.storage import rows
from plaudit.storage.aside_port import Mark
from plaudit.storage.board_rows import moves
from plaudit.storage.boards_port import BoardReader, Boards
from plaudit.storage.rank_memory import Move
from plaudit.storage.search import search_users
from plaudit.storage.sqlite import people
from plaudit.storage.sqlite.apply import apply, apply_packed, pack
from plaudit.storage.sqlite.boards import SqliteBoardReader, SqliteBoards
from plaudit.storage.sqlite.connection import translated
from plaudit.storage.sqlite.ranks import SqliteRanks
from plaudit.storage.sqlite.reader import Reader
from plaudit.storage.sqlite.recent import Recent
from plaudit.storage.sqlite.snapshots import deepen, deepened, read_events, read_one, read_snapshots
from plaudit.storage.sqlite.statements import SQL
from plaudit.storage.sqlite.writer import Writer

_STAMP = SQL["read_stamp"]

PAGE = 500
"""Events read at once by a stream, so that the event loop is never held for long."""


class SqliteTransaction:
    """One open write transaction; SQLite's write lock stands for the locks of its users."""

    def __init__(
        self, cursor: apsw.Cursor, ranks: SqliteRanks, moves: list[Move], watch: "Watch | None" = None
    ) -> None:
        """Work in a transaction that is open.

        Args:
            cursor: of the writer.
            ranks: the rankings in memory, as of the last commit.
            moves: gets what moves them once this one is committed.
            watch: tells who was written to meanwhile; None where nothing is decided beside.
        """
        self._cursor = cursor
        self._moves = moves
        self._watch = watch
        self.boards: Boards = SqliteBoards(cursor, ranks)

    async def snapshots_for(
        self, who: Sequence[Identity], keys: Sequence[tuple[bytes, int, str]]
    ) -> list[Snapshot]:
        """Read a shallow snapshot of each user, in the order of ``who``."""
        if self._watch is not None:
            self._watch.locked.update([one.subject for one in who])
        return read_snapshots(self._cursor, who, keys)

    def untouched(self, mark: Mark, subjects: Collection[bytes]) -> bool:
        """Lock users, and tell whether nobody has written to any of them since a moment."""
        if self._watch is None:
            return False
        self._watch.locked.update(subjects)
        return self._watch.recent.untouched(mark, self._watch.foreign, subjects)

    async def versions(self, environments: Sequence[int]) -> dict[int, int]:
        """Read the environments' versions."""
        read = {number: self._cursor.execute(SQL["read_versions"], (number,)).get for number in environments}
        return {number: version for number, version in read.items() if version is not None}

    async def deepen(self, snapshots: Sequence[tuple[Snapshot, Depth]]) -> list[Snapshot]:
        """Read the details each depth asks for, and give the snapshots with them."""
        return deepen(self._cursor, snapshots)

    async def events_of(self, subject: bytes) -> list[Event]:
        """Read a user's whole event log by ``seq``."""
        return read_events(self._cursor, subject)

    async def dues_of(self, subjects: Sequence[bytes], now: int) -> dict[bytes, list[tuple[int, int]]]:
        """Read the time triggers of points due by ``now``, as ``(trigger, instant)``."""
        return {one: list(self._cursor.execute(SQL["read_dues"], (one, now))) for one in subjects}

    async def apply(self, writes: Writes) -> None:
        """Write everything a group caused, counters included.

        Raises:
            Conflict: (from the transaction) a key or completion is there already.
        """
        apply(self._cursor, writes)
        self._moves.extend([(0, key, change) for key, change in moves(writes)])

    async def apply_decided(self, rows: Rows, scores: Mapping[bytes, str], writes: Writes) -> None:
        """Write rows that were made elsewhere, and what was counted here.

        Raises:
            Conflict: (from the transaction) a key or completion is there already.
        """
        apply_packed(self._cursor, rows, scores)
        await self.apply(writes)

    async def keys_of(self, subject: bytes) -> dict[tuple[int, str], UsedKey]:
        """Read every idempotency key of a user."""
        return people.all_keys(self._cursor, subject)

    async def revocations_of(self, subject: bytes) -> dict[int, tuple[bytes, int]]:
        """Read what was taken back from a user."""
        return people.revocations_of(self._cursor, subject)

    async def merge_of(self, subject: bytes) -> bytes | None:
        """Read whom a user became part of, if it was merged."""
        return people.merge_of(self._cursor, subject)


class Watch(NamedTuple):
    """What a transaction knows of the commits before it, and the users it locks itself."""

    recent: Recent
    foreign: int | None
    locked: set[bytes]


class SqliteLedger:
    """The ledger of one database file."""

    def __init__(self, writer: Writer, reader: Reader) -> None:
        """Share the connections of a store.

        Args:
            writer: for transactions.
            reader: for everything else.
        """
        self._ranks = SqliteRanks(writer, reader)
        self.boards: BoardReader = SqliteBoardReader(reader, self._ranks)
        self._writer = writer
        self._reader = reader
        self._recent = Recent()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[SqliteTransaction]:
        """Open a write transaction: commits durably when left, rolls back on any exception.

        Raises:
            Unavailable: the database cannot be written.
            Conflict: a unique constraint refused a row.
        """
        moved: list[Move] = []
        locked: set[bytes] = set()

        def landed() -> None:
            self._ranks.move(moved)
            self._recent.land(locked)

        async with self._writer.transaction(landed) as cursor:
            watch = Watch(self._recent, self._writer.foreign_version(), locked)
            yield SqliteTransaction(cursor, self._ranks, moved, watch)

    def mark(self) -> Mark | None:
        """Give the moment; whoever reads from now on sees it."""
        return self._recent.mark(self._writer.foreign_version())

    @contextmanager
    def glance(self) -> Iterator[SqliteTransaction]:
        """Open a reading of one moment that answers as a transaction does; nothing can be written."""
        with self._reader.moment() as cursor:
            yield SqliteTransaction(cursor, self._ranks, [])

    def pack(self, writes: Writes) -> Rows:
        """Give what a group caused as rows."""
        return pack(writes)

    async def view(self, who: Sequence[Identity], depth: Depth | None) -> list[Snapshot]:
        """Read snapshots without locks, details included when a depth is given."""
        if len(who) == 1 and (depth is None or depth == COMPLETIONS):
            with translated():
                return [read_one(self._reader.alone, who[0], depth)]
        with self._reader.moment() as cursor:
            found = read_snapshots(cursor, who, ())
            if depth is not None:
                found = [deepened(cursor, snapshot, depth) for snapshot in found]
            return found

    async def moment(self) -> object:
        """Give the number of the last commit, of whatever process, as the reading connection counts them."""
        with translated():
            return self._reader.alone.execute("PRAGMA data_version").get

    async def stamp(self, who: Identity, frequency: Frequency) -> Stamp | None:
        """Read the stamp of a user's standing, None if there is no such user."""
        with translated():
            found: rows.Row | None = self._reader.alone.execute(
                _STAMP, (who.subject, frequency.value)
            ).fetchone()
        return None if found is None else Stamp(*found)

    async def day_totals(
        self, subject: bytes, measure: int, first: int, last: int
    ) -> tuple[int, list[tuple[int, int]]]:
        """Read ``(total before first, [(day, change)])`` of a measure for days first..last."""
        with self._reader.moment() as cursor:
            before: int = cursor.execute(SQL["day_total_before"], (subject, measure, first)).get
            changes = cursor.execute(SQL["day_changes"], (subject, measure, first, last))
            return before, [(day, change) for day, change in changes]

    async def counts(self, environment: int, tenant: str) -> dict[int, int]:
        """Read completions per achievement number, and users under 0, right to the last commit."""
        with translated():
            return dict(iter(self._reader.alone.execute(SQL["counts"], (environment, tenant))))

    async def subjects_after(self, environment: int | None, cursor: bytes, limit: int) -> list[Identity]:
        """Read users in the order of their subjects, after a cursor (``b""`` to begin)."""
        if environment is None:
            return self._identities("all_subjects_after", (cursor, limit))
        return self._identities("subjects_after", (cursor, limit, environment))

    async def unsettled_after(
        self, environment: int, version: int, cursor: bytes, limit: int
    ) -> list[Identity]:
        """Like ``subjects_after``, only users settled to less than ``version``."""
        return self._identities("unsettled_after", (cursor, limit, environment, version))

    async def streaks_due(self, now: int, limit: int) -> list[Identity]:
        """Read users whose streak has expired unnoticed, or whose next freezes are earned, by ``now``."""
        found = self._identities("streaks_due", (now, limit)) + self._identities("freezes_due", (now, limit))
        return list({who.subject: who for who in found}.values())

    async def streak_rows(self, subject: bytes) -> dict[Frequency, StreakState]:
        """Read the rows by which jobs find a user's streaks."""
        with self._reader.moment() as cursor:
            return rows.streaks(cursor.execute(SQL["streak_rows"], (subject,)))

    async def pause_owners(self, ids: Sequence[bytes]) -> dict[bytes, Identity]:
        """Read whose the streak pauses with these ids are; those taken back are nobody's."""
        with self._reader.moment() as cursor:
            found = [row for id_ in ids for row in cursor.execute(SQL["pause_owners"], (id_,))]
            return {row[0]: Identity(*row[1:]) for row in found}

    async def anniversaries_due(self, now: int, limit: int) -> list[Identity]:
        """Read users whose next anniversary instant is not after ``now``."""
        return self._identities("anniversaries_due", (now, limit))

    async def history_of(self, subject: bytes) -> AsyncIterator[Event]:
        """Stream a user's event log by ``seq``, a page at a time."""
        last = 0
        while page := self._page(subject, last):
            for event in page:
                yield event
            last = page[-1].seq
            await asyncio.sleep(0)

    async def users(
        self, environment: int, tenant: str, sought: str, after: str, limit: int
    ) -> list[Identity]:
        """Read a page of users by id, of those in whose id, name or e-mail address a text is."""
        if sought:
            return await search_users(self._stretch, (environment, tenant), sought, after, limit)
        return self._identities("users_after", (environment, tenant, after, limit))

    async def events_before(self, subject: bytes, wanted: EventFilter, seq: int, limit: int) -> list[Event]:
        """Read a page of a user's events that match, the newest first, before a ``seq``."""
        asked = (subject, seq, wanted.metric, wanted.since, wanted.until, wanted.key, limit)
        with self._reader.moment() as cursor:
            return [rows.event(row) for row in cursor.execute(SQL["events_before"], asked)]

    def _page(self, subject: bytes, last: int) -> list[Event]:
        with self._reader.moment() as cursor:
            return [rows.event(row) for row in cursor.execute(SQL["events_after"], (subject, last, PAGE))]

    async def _stretch(self, name: str, bindings: rows.Row) -> list[rows.Row]:
        await asyncio.sleep(0)  # others are served between two stretches
        with self._reader.moment() as cursor:
            return list(cursor.execute(SQL[name], bindings))

    def _identities(self, name: str, bindings: rows.Row) -> list[Identity]:
        with self._reader.moment() as cursor:
            return [Identity(*row) for row in cursor.execute(SQL[name], bindings)]
