"""Places and pages as of the last commit: what is read of the database, beside rankings held in memory.

Refuses to give two moments as one: when the two disagree, both are read again.
"""

from collections.abc import Awaitable, Callable, Collection
from typing import Protocol

from plaudit.model.leaderboards import RankKey, Score, rank_key
from plaudit.storage.ranked import Ranked

TRIES = 8
"""Readings, while the user moves between any two, before the nearest moment will do."""

Names = dict[bytes, tuple[str, str | None]]
"""User ids and names by subject."""


class Ranks(Protocol):
    """The rankings of a process."""

    async def rankings(self, numbers: Collection[int]) -> dict[int, Ranked]:
        """Give rankings as of the last commit; to be used before the next await."""
        ...

    async def caught_up(self) -> None:
        """Wait until the rankings held see what readings see already."""
        ...


async def place_of(
    ranks: Ranks, subject: bytes, read: Callable[[], Awaitable[Score | None]]
) -> tuple[Score, int] | None:
    """Give a user's score, and how many are before it in its ranking; None without a score."""
    tries = TRIES
    while True:
        found = await read()
        key = rank_key(subject, found)
        if found is None or key is None:
            return None if found is None else (found, 0)
        ranked = (await ranks.rankings([key.ranking]))[key.ranking]
        tries -= 1
        if key.place in ranked or not tries:
            return found, ranked.ahead(key.place)
        await ranks.caught_up()


async def page_of(
    ranks: Ranks, number: int, skip: int, limit: int, read: Callable[[list[bytes]], Awaitable[Names]]
) -> list[tuple[RankKey, str, str | None]]:
    """Give a page of a ranking: entry, user id and name; who has just been deleted is in none."""
    tries = TRIES
    while True:
        places = (await ranks.rankings([number]))[number].part(skip, limit)
        keys = [RankKey(number, place) for place in places]
        names = await read([key.member for key in keys]) if keys else {}
        tries -= 1
        if len(names) == len(keys) or not tries:
            return [(key, *names[key.member]) for key in keys if key.member in names]
        await ranks.caught_up()
