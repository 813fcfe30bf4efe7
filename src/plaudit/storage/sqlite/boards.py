"""Leaderboards on SQLite: scores, standings and pages; and the bounds of a ranking's buckets.

Refuses to decide who stands where; it counts what was put there.
"""

from collections import Counter
from collections.abc import Iterable, Sequence

import apsw

from plaudit.model.leaderboards import Ranking, RankKey, Score, Standing, first_bound
from plaudit.model.points import PointsAward
from plaudit.storage import board_rows
from plaudit.storage.points_rows import award
from plaudit.storage.sqlite.reader import Reader
from plaudit.storage.sqlite.statements import SQL

_READ, _INSIDE = SQL["read_scores"], SQL["inside"]

MANY = 8
"""Keys of one ranking from which on its buckets are read once and summed here, not key by key."""


class SqliteBoards:
    """The leaderboards as an open transaction sees them."""

    def __init__(self, cursor: apsw.Cursor) -> None:
        """Work in a transaction that is open."""
        self._cursor = cursor

    async def scores(
        self, asked: Iterable[tuple[bytes, int, int]]
    ) -> dict[bytes, dict[tuple[int, int], Score]]:
        """Read the scores asked for as ``(subject, board, run)``."""
        of_run: dict[tuple[int, int], list[bytes]] = {}
        for subject, board, run in asked:
            of_run.setdefault((board, run), []).append(subject)
        found: dict[bytes, dict[tuple[int, int], Score]] = {}
        for key, subjects in of_run.items():
            for subject, *score in self._cursor.execute(_READ, (apsw.carray(tuple(subjects)), *key)):
                found.setdefault(subject, {})[key] = Score(*score)
        return found

    async def scores_of(self, subject: bytes) -> dict[tuple[int, int], Score]:
        """Read every score of a user, by board and run."""
        return scores_of(self._cursor, subject)

    async def awards_of(self, subject: bytes) -> list[PointsAward]:
        """Read every award of points a user got, in their order."""
        return [award(row) for row in self._cursor.execute(SQL["all_awards"], (subject,))]

    async def standings(self, keys: Sequence[RankKey]) -> list[Standing]:
        """Tell where keys stand in their rankings, in their order."""
        return standings(self._cursor, keys)

    async def windows(self, asked: Sequence[tuple[int, int, int]]) -> list[list[RankKey]]:
        """Read parts of rankings, asked for as ``(ranking, skip, limit)``, best first."""
        return [entries(self._cursor, first_bound(ranking), skip, limit) for ranking, skip, limit in asked]

    async def hold(self, board: int) -> None:
        """Keep other writers of a board away; the write lock does already."""

    async def buckets(self, ranking: int) -> list[tuple[RankKey, int]]:
        """Read the buckets of a ranking, best first."""
        return buckets(self._cursor, ranking)

    async def entries_from(self, bound: RankKey, skip: int, limit: int) -> list[RankKey]:
        """Read entries from a bound on, the first ``skip`` left out."""
        return entries(self._cursor, bound, skip, limit)

    async def set_bucket(self, bound: RankKey, count: int) -> None:
        """Store how many entries lie from a bound up to the next one."""
        self._cursor.execute(SQL["set_bucket"], (*board_rows.key_row(bound), count))

    async def drop_bucket(self, bound: RankKey) -> None:
        """Forget a bound."""
        self._cursor.execute(SQL["drop_bucket"], board_rows.key_row(bound))

    async def tell_run(self, board: int, run: int, tenant: str, started: int, finished: int | None) -> None:
        """Keep that a run was told to have started, or to be finished."""
        self._cursor.execute(SQL["tell_run"], (board, run, tenant, started, finished))

    async def told_runs(self, board: int) -> list[tuple[int, str, int, int | None]]:
        """Read the told runs of a board: ``(run, tenant, started, finished)``."""
        return list(self._cursor.execute(SQL["told_runs"], (board,)))


class SqliteBoardReader:
    """The leaderboards as of the last commit."""

    def __init__(self, reader: Reader) -> None:
        """Share the reader of a store."""
        self._reader = reader

    async def scores_of(self, subject: bytes) -> dict[tuple[int, int], Score]:
        """Read every score of a user, by board and run."""
        with self._reader.moment() as cursor:
            return scores_of(cursor, subject)

    async def score(self, subject: bytes, board: int, run: int) -> tuple[Score, int] | None:
        """Read a user's score in a run, and the place it has in its ranking from 0 on."""
        with self._reader.moment() as cursor:
            row = cursor.execute(_READ, (apsw.carray((subject,)), board, run)).fetchone()
            if row is None:
                return None
            found = Score(*row[1:])
            if found.ranking is None:
                return found, 0
            key = RankKey(found.ranking, -found.score, found.reached_at, subject)
            return found, standing_of(cursor, key).ahead

    async def page(self, ranking: int, skip: int, limit: int) -> list[tuple[RankKey, str, str | None]]:
        """Read a page of a ranking, best first: entry, user id and name."""
        with self._reader.moment() as cursor:
            bound, rest = (
                (first_bound(ranking), skip)
                if skip <= board_rows.NEAR
                else board_rows.place(buckets(cursor, ranking), skip)
            )
            found = [] if bound is None else entries(cursor, bound, rest, limit)
            named = (
                {
                    row[0]: row[1:]
                    for row in cursor.execute(
                        SQL["read_members"], (apsw.carray(tuple(key.member for key in found)),)
                    )
                }
                if found
                else {}
            )
            return [(key, *named[key.member]) for key in found if key.member in named]

    async def size(self, ranking: int) -> int:
        """Count a ranking's entries."""
        with self._reader.moment() as cursor:
            return sum(count for _, count in buckets(cursor, ranking))

    async def buckets(self, ranking: int) -> list[tuple[RankKey, int, int]]:
        """Read the buckets of a ranking with what they say and what they hold, for the audit."""
        with self._reader.moment() as cursor:
            return [
                (bound, count, len(held))
                for bound, count, held in board_rows.compared(
                    buckets(cursor, ranking), entries(cursor, first_bound(ranking), 0, -1)
                )
            ]

    async def days(
        self, subject: bytes, board: int, run: int, limit: int
    ) -> list[tuple[int, int | None, int]]:
        """Read ``(day, rank, score)`` of a user's last days of change, newest first."""
        with self._reader.moment() as cursor:
            return list(cursor.execute(SQL["rank_days_of"], (subject, board, run, limit)))

    async def all_days(self, subject: bytes) -> list[tuple[int, int, int, int | None, int]]:
        """Read ``(board, run, day, rank, score)`` of every day on which a user's score changed."""
        with self._reader.moment() as cursor:
            return list(cursor.execute(SQL["all_rank_days"], (subject,)))

    async def rankings(self, board: int, run: int, tenant: str) -> list[Ranking]:
        """Read a tenant's rankings in a run, one per group."""
        with self._reader.moment() as cursor:
            return [board_rows.ranking(r) for r in cursor.execute(SQL["rankings_of"], (board, run, tenant))]

    async def tenants(self, board: int) -> list[str]:
        """Read the tenants that have a ranking of a board."""
        with self._reader.moment() as cursor:
            return [tenant for (tenant,) in cursor.execute(SQL["tenants_of_board"], (board,))]

    async def rankings_after(self, last: int, limit: int) -> list[Ranking]:
        """Read a page of every ranking there is, by number."""
        with self._reader.moment() as cursor:
            return [board_rows.ranking(r) for r in cursor.execute(SQL["all_rankings_after"], (last, limit))]

    async def told_runs(self, board: int) -> list[tuple[int, str, int, int | None]]:
        """Read the told runs of a board: ``(run, tenant, started, finished)``."""
        with self._reader.moment() as cursor:
            return list(cursor.execute(SQL["told_runs"], (board,)))


def standings(cursor: apsw.Cursor, keys: Sequence[RankKey]) -> list[Standing]:
    """Tell where keys stand, in their order."""
    asked = Counter(key.ranking for key in keys)
    summed = {ranking: board_rows.Sums(buckets(cursor, ranking)) for ranking, n in asked.items() if n >= MANY}
    return [_standing(cursor, key, summed.get(key.ranking)) for key in keys]


def standing_of(cursor: apsw.Cursor, key: RankKey) -> Standing:
    """Tell where one key stands."""
    return _standing(cursor, key, None)


def _standing(cursor: apsw.Cursor, key: RankKey, sums: board_rows.Sums | None) -> Standing:
    found = _found(cursor, key) if sums is None else sums.find(key)
    if found is None:
        return Standing(None, 0, 0)
    bound, size, before = found
    inside: int = cursor.execute(_INSIDE, (*board_rows.key_row(bound), *board_rows.key_row(key)[1:])).get
    return Standing(bound, size, before + inside)


def _found(cursor: apsw.Cursor, key: RankKey) -> tuple[RankKey, int, int] | None:
    row = cursor.execute(SQL["bucket_of"], board_rows.key_row(key)).fetchone()
    if row is None:
        return None
    before: int = cursor.execute(SQL["before_bucket"], (key.ranking, *row[:3])).get
    return RankKey(key.ranking, *row[:3]), row[3], before


def scores_of(cursor: apsw.Cursor, subject: bytes) -> dict[tuple[int, int], Score]:
    """Read every score of a user, by board and run."""
    return {row[:2]: Score(*row[2:]) for row in cursor.execute(SQL["scores_of_user"], (subject,))}


def entries(cursor: apsw.Cursor, bound: RankKey, skip: int, limit: int) -> list[RankKey]:
    """Read entries of a ranking from a bound on; a negative limit reads all."""
    found = cursor.execute(SQL["entries_from"], (*board_rows.key_row(bound), skip, limit))
    return [RankKey(bound.ranking, *row) for row in found]


def buckets(cursor: apsw.Cursor, ranking: int) -> list[tuple[RankKey, int]]:
    """Read the buckets of a ranking, best first."""
    return [(RankKey(ranking, *row[:3]), row[3]) for row in cursor.execute(SQL["buckets_of"], (ranking,))]
