"""Leaderboards on PostgreSQL: scores, standings and pages; and the bounds of a ranking's buckets.

Refuses to decide who stands where; it counts what was put there.
"""

from collections.abc import Iterable, Sequence

from plaudit.model.leaderboards import Ranking, RankKey, Score, Standing, first_bound
from plaudit.model.points import PointsAward
from plaudit.storage import board_rows
from plaudit.storage.points_rows import award
from plaudit.storage.postgres.connection import Connection
from plaudit.storage.postgres.pool import Pool
from plaudit.storage.postgres.statements import SQL

MANY = 24
"""Keys from which on the buckets of their rankings are read once and summed here, not key by key."""


class PostgresBoards:
    """The leaderboards as an open transaction sees them."""

    def __init__(self, connection: Connection) -> None:
        """Work in a transaction that is open."""
        self._connection = connection

    async def scores(
        self, asked: Iterable[tuple[bytes, int, int]]
    ) -> dict[bytes, dict[tuple[int, int], Score]]:
        """Read the scores asked for as ``(subject, board, run)``, and hold the boards' bounds in place."""
        found: dict[bytes, dict[tuple[int, int], Score]] = {}
        several = list(asked)
        if several:
            columns = [list(column) for column in zip(*several, strict=True)]
            held = sorted({board for _, board, _ in several})
            for row in await self._connection.fetch(SQL["read_scores"], *columns, held):
                if row[0]:
                    found.setdefault(row[0], {})[row[1], row[2]] = board_rows.score(row)
        return found

    async def scores_of(self, subject: bytes) -> dict[tuple[int, int], Score]:
        """Read every score of a user, by board and run."""
        return await scores_of(self._connection, subject)

    async def awards_of(self, subject: bytes) -> list[PointsAward]:
        """Read every award of points a user got, in their order."""
        return [award(row) for row in await self._connection.fetch(SQL["all_awards"], subject)]

    async def standings(self, keys: Sequence[RankKey]) -> list[Standing]:
        """Tell where keys stand in their rankings, in their order."""
        return await standings(self._connection, keys)

    async def windows(self, asked: Sequence[tuple[int, int, int]]) -> list[list[RankKey]]:
        """Read parts of rankings, asked for as ``(ranking, skip, limit)``, best first."""
        found: list[list[RankKey]] = [[] for _ in asked]
        if asked:
            for place, *key in await self._connection.fetch(
                SQL["windows"], *map(list, zip(*asked, strict=True))
            ):
                found[place - 1].append(RankKey(*key))
        return found

    async def hold(self, board: int) -> None:
        """Keep other writers of a board away until the transaction ends."""
        await self._connection.execute(SQL["hold_board"], board)

    async def buckets(self, ranking: int) -> list[tuple[RankKey, int]]:
        """Read the buckets of a ranking, best first."""
        return await buckets(self._connection, ranking)

    async def entries_from(self, bound: RankKey, skip: int, limit: int) -> list[RankKey]:
        """Read entries from a bound on, the first ``skip`` left out."""
        return await entries(self._connection, bound, skip, limit)

    async def set_bucket(self, bound: RankKey, count: int) -> None:
        """Store how many entries lie from a bound up to the next one."""
        await self._connection.execute(SQL["set_bucket"], *board_rows.key_row(bound), count)

    async def drop_bucket(self, bound: RankKey) -> None:
        """Forget a bound."""
        await self._connection.execute(SQL["drop_bucket"], *board_rows.key_row(bound))

    async def tell_run(self, board: int, run: int, tenant: str, started: int, finished: int | None) -> None:
        """Keep that a run was told to have started, or to be finished."""
        await self._connection.execute(SQL["tell_run"], board, run, tenant, started, finished)

    async def told_runs(self, board: int) -> list[tuple[int, str, int, int | None]]:
        """Read the told runs of a board: ``(run, tenant, started, finished)``."""
        return [tuple(row) for row in await self._connection.fetch(SQL["told_runs"], board)]


class PostgresBoardReader:
    """The leaderboards as of the last commit."""

    def __init__(self, readers: Pool) -> None:
        """Share the readers of a store."""
        self._readers = readers

    async def scores_of(self, subject: bytes) -> dict[tuple[int, int], Score]:
        """Read every score of a user, by board and run."""
        async with self._readers.lease() as connection:
            return await scores_of(connection, subject)

    async def score(self, subject: bytes, board: int, run: int) -> tuple[Score, int] | None:
        """Read a user's score in a run, and the place it has in its ranking from 0 on."""
        async with self._readers.moment() as connection:
            rows = await connection.fetch(SQL["read_scores"], [subject], [board], [run], [])
            if not rows:
                return None
            found = board_rows.score(rows[0])
            if found.ranking is None:
                return found, 0
            key = RankKey(found.ranking, -found.score, found.reached_at, subject)
            return found, (await standings(connection, [key]))[0].ahead

    async def page(self, ranking: int, skip: int, limit: int) -> list[tuple[RankKey, str, str | None]]:
        """Read a page of a ranking, best first: entry, user id and name."""
        async with self._readers.moment() as connection:
            bound, rest = (
                (first_bound(ranking), skip)
                if skip <= board_rows.NEAR
                else board_rows.place(await buckets(connection, ranking), skip)
            )
            found = [] if bound is None else await entries(connection, bound, rest, limit)
            members = [key.member for key in found]
            named = {row[0]: row for row in await connection.fetch(SQL["read_members"], members)}
            return [(key, row[1], row[2]) for key in found if (row := named.get(key.member)) is not None]

    async def size(self, ranking: int) -> int:
        """Count a ranking's entries."""
        async with self._readers.lease() as connection:
            return sum(count for _, count in await buckets(connection, ranking))

    async def buckets(self, ranking: int) -> list[tuple[RankKey, int, int]]:
        """Read the buckets of a ranking with what they say and what they hold, for the audit."""
        async with self._readers.moment() as connection:
            held = await entries(connection, first_bound(ranking), 0, None)
            kept = await buckets(connection, ranking)
            return [(bound, count, len(inside)) for bound, count, inside in board_rows.compared(kept, held)]

    async def days(
        self, subject: bytes, board: int, run: int, limit: int
    ) -> list[tuple[int, int | None, int]]:
        """Read ``(day, rank, score)`` of a user's last days of change, newest first."""
        found = await self._readers.fetch("rank_days_of", subject, board, run, limit)
        return [(row[0], row[1], row[2]) for row in found]

    async def all_days(self, subject: bytes) -> list[tuple[int, int, int, int | None, int]]:
        """Read ``(board, run, day, rank, score)`` of every day on which a user's score changed."""
        found = await self._readers.fetch("all_rank_days", subject)
        return [(row[0], row[1], row[2], row[3], row[4]) for row in found]

    async def rankings(self, board: int, run: int, tenant: str) -> list[Ranking]:
        """Read a tenant's rankings in a run, one per group."""
        return [board_rows.ranking(r) for r in await self._readers.fetch("rankings_of", board, run, tenant)]

    async def tenants(self, board: int) -> list[str]:
        """Read the tenants that have a ranking of a board."""
        return [row[0] for row in await self._readers.fetch("tenants_of_board", board)]

    async def rankings_after(self, last: int, limit: int) -> list[Ranking]:
        """Read a page of every ranking there is, by number."""
        return [board_rows.ranking(r) for r in await self._readers.fetch("all_rankings_after", last, limit)]

    async def told_runs(self, board: int) -> list[tuple[int, str, int, int | None]]:
        """Read the told runs of a board: ``(run, tenant, started, finished)``."""
        return [(r[0], r[1], r[2], r[3]) for r in await self._readers.fetch("told_runs", board)]


async def standings(connection: Connection, keys: Sequence[RankKey]) -> list[Standing]:
    """Tell where keys stand in their rankings, in their order."""
    if not keys:
        return []
    if len(keys) >= MANY:
        return await _many_standings(connection, keys)
    columns = zip(*map(board_rows.key_row, keys), strict=True)
    found = await connection.fetch(SQL["standing"], *map(list, columns))
    return [board_rows.standing(key.ranking, row) for key, row in zip(keys, found, strict=True)]


async def _many_standings(connection: Connection, keys: Sequence[RankKey]) -> list[Standing]:
    """Sum the buckets here, once per ranking, and count only inside the buckets there."""
    asked = dict.fromkeys(key.ranking for key in keys)
    sums = {ranking: board_rows.Sums(await buckets(connection, ranking)) for ranking in asked}
    places = [sums[key.ranking].find(key) or (first_bound(key.ranking), 0, -1) for key in keys]
    rows = [
        (*board_rows.key_row(bound), *board_rows.key_row(key)[1:])
        for key, (bound, _, _) in zip(keys, places, strict=True)
    ]
    inside = await connection.fetch(SQL["inside"], *map(list, zip(*rows, strict=True)))
    return [
        Standing(None, 0, 0) if before < 0 else Standing(bound, size, before + row[0])
        for (bound, size, before), row in zip(places, inside, strict=True)
    ]


async def scores_of(connection: Connection, subject: bytes) -> dict[tuple[int, int], Score]:
    """Read every score of a user, by board and run."""
    found = await connection.fetch(SQL["scores_of_user"], subject)
    return {(row[0], row[1]): board_rows.score(row) for row in found}


async def entries(connection: Connection, bound: RankKey, skip: int, limit: int | None) -> list[RankKey]:
    """Read entries of a ranking from a bound on; without a limit all."""
    found = await connection.fetch(SQL["entries_from"], *board_rows.key_row(bound), skip, limit)
    return [RankKey(bound.ranking, *row) for row in found]


async def buckets(connection: Connection, ranking: int) -> list[tuple[RankKey, int]]:
    """Read the buckets of a ranking, best first."""
    found = await connection.fetch(SQL["buckets_of"], ranking)
    return [(RankKey(ranking, row[0], row[1], row[2]), row[3]) for row in found]
