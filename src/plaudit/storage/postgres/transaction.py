"""One open write transaction: users locked in the order of their subjects, written in arrays.

Refuses to wait for users while it holds some it took out of order; so rivals never lock each other up.
"""

from collections.abc import Sequence

from plaudit.model.outcome import Writes
from plaudit.model.state import Depth, Event, Identity, Snapshot, UsedKey
from plaudit.storage import rows
from plaudit.storage.board_rows import SHARED_BOARD_STEPS, packed_moves
from plaudit.storage.boards_port import Boards
from plaudit.storage.port import Conflict
from plaudit.storage.postgres import people, snapshots
from plaudit.storage.postgres.boards import PostgresBoards
from plaudit.storage.postgres.connection import Connection
from plaudit.storage.postgres.ranks import PostgresRanks
from plaudit.storage.postgres.statements import SQL, joined_writes
from plaudit.storage.write_rows import OUTBOX_STEPS, STEPS, count_rows


class PostgresTransaction:
    """A transaction at READ COMMITTED; a user who does not exist is locked by a stub row."""

    def __init__(self, connection: Connection, slots: int, ranks: PostgresRanks) -> None:
        """Work in a transaction that is open.

        Args:
            connection: that has begun it.
            slots: rows each global count is spread over.
            ranks: the rankings in memory.
        """
        self._connection = connection
        self.boards: Boards = PostgresBoards(connection, ranks)
        self._slots = slots
        self._stubs: set[bytes] = set()
        self._clean = True

    async def snapshots_for(
        self, who: Sequence[Identity], keys: Sequence[tuple[bytes, int, str]]
    ) -> list[Snapshot]:
        """Lock the users and read a shallow snapshot of each, in the order of ``who``."""
        users = await self._lock(who)
        self._clean = False
        return await snapshots.with_keys(self._connection, who, users, keys)

    async def versions(self, environments: Sequence[int]) -> dict[int, int]:
        """Read the environments' versions; edits wait for users about to be born (see the query)."""
        if self._stubs:
            await self._connection.execute(SQL["hold_definitions"])
        found = await self._connection.fetch(SQL["read_versions"], list(environments))
        return dict(found)

    async def deepen(self, asked: Sequence[tuple[Snapshot, Depth]]) -> list[Snapshot]:
        """Read the details each depth asks for, and give the snapshots with them."""
        return await snapshots.deepen(self._connection, asked)

    async def events_of(self, subject: bytes) -> list[Event]:
        """Read a user's whole event log by ``seq``."""
        return await snapshots.read_events(self._connection, subject)

    async def dues_of(self, subjects: Sequence[bytes], now: int) -> dict[bytes, list[tuple[int, int]]]:
        """Read the time triggers of points due by ``now``, as ``(trigger, instant)``."""
        found: dict[bytes, list[tuple[int, int]]] = {one: [] for one in subjects}
        for subject, trigger, due in await self._connection.fetch(SQL["read_dues"], list(subjects), now):
            found[subject].append((trigger, due))
        return found

    async def apply(self, writes: Writes) -> None:
        """Write everything a group caused, counters included.

        Raises:
            Conflict: a user was born twice; (from the transaction) a key or completion is there already.
        """
        self._clean = False
        await people.erase(self._connection, writes.erased)
        given = {name: rows_of(writes) for name, rows_of in (*STEPS, *OUTBOX_STEPS)}
        given["add_counts"] = count_rows(writes, self._slots)
        given["put_rank_moves"] = [(packed_moves(writes),)] if writes.left or writes.entered else []
        await self._bear(given.pop("insert_users"))
        settled = given.pop("settle_users")
        await self._write({name: rows for name, rows in given.items() if rows})
        # Apart, since it may touch a user whose profile changed, and one statement changes a row once.
        await self._write({"settle_users": settled} if settled else {})
        await people.append(self._connection, writes.actions)
        for name, rows_of in SHARED_BOARD_STEPS:
            shared = rows_of(writes)
            await self._write({name: shared} if shared else {})

    async def keys_of(self, subject: bytes) -> dict[tuple[int, str], UsedKey]:
        """Read every idempotency key of a user."""
        return await people.all_keys(self._connection, subject)

    async def revocations_of(self, subject: bytes) -> dict[int, tuple[bytes, int]]:
        """Read what was taken back from a user."""
        return await people.revocations_of(self._connection, subject)

    async def merge_of(self, subject: bytes) -> bytes | None:
        """Read whom a user became part of, if it was merged."""
        return await people.merge_of(self._connection, subject)

    async def finish(self) -> None:
        """Remove the stubs nobody was born into; the last step before the commit."""
        if self._stubs:
            await self._connection.execute(SQL["delete_stubs"], list(self._stubs))

    async def _bear(self, born: list[rows.Row]) -> None:
        if not born:
            return
        status = await self._connection.execute(SQL["insert_users"], *_columns(born))
        if status != f"INSERT 0 {len(born)}":
            raise Conflict("a user was born twice")
        self._stubs -= {row[0] for row in born}

    async def _write(self, given: dict[str, list[rows.Row]]) -> None:
        """Run several statements as one, since a round trip costs more than most of them."""
        if given:
            columns = [column for several in given.values() for column in _columns(several)]
            await self._connection.execute(joined_writes(tuple(given)), *columns)

    async def _lock(self, who: Sequence[Identity]) -> dict[bytes, rows.Row]:
        """Lock users, in the order of their subjects, and read the rows of those who exist.

        Stubs come first, then the locks, each in their order: whoever waits for a stub holds only
        smaller stubs, and whoever waits for a lock holds stubs nobody else has seen, and smaller locks.
        """
        subjects = [one.subject for one in who]
        found = await self._connection.fetch(SQL["lock_users"], subjects)
        while len(found) < len(subjects):
            if self._clean:
                await self._connection.execute("ROLLBACK AND CHAIN")
            known = {row[0] for row in found}
            await self._insert_stubs([one for one in who if one.subject not in known])
            found = await self._connection.fetch(SQL["lock_users"], subjects)
        return {row[0]: row for row in found if row[0] not in self._stubs}

    async def _insert_stubs(self, who: Sequence[Identity]) -> None:
        columns = zip(*[(o.subject, o.environment, o.tenant, o.user_id) for o in who], strict=True)
        self._stubs.update(row[0] for row in await self._connection.fetch(SQL["insert_stubs"], *columns))


def _columns(given: list[rows.Row]) -> list[rows.Row]:
    return list(zip(*given, strict=True))
