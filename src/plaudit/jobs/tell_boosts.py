"""Tells webhooks that boosts of points begin and end, at midnight UTC of their days.

Each message is named by what it tells, so any number of processes may notice it and one is kept.
Refuses to tell what is older than a day.
"""

from collections.abc import Callable
from contextlib import suppress

from msgspec.structs import replace

from plaudit.engine.periods import DAY_MS, EPOCH_DAY
from plaudit.engine.points_rules import BoostRule, SystemRule
from plaudit.engine.rulebook import Rulebook
from plaudit.model.webhooks import EventType
from plaudit.operations.post_messages import post_messages
from plaudit.operations.rulebooks import Rulebooks
from plaudit.storage.port import Conflict, Store
from plaudit.webhooks import payloads
from plaudit.webhooks.announce import environment_identity, post
from plaudit.webhooks.nouns import Json

WINDOW = 20 * 3_600_000
"""Milliseconds for which a beginning or an end is told late; messages are kept longer than that."""

MOST_REMEMBERED = 10_000

Key = tuple[int, str, int, str]


class BoostTeller:
    """Notices boosts that begin and end. Remembers what was told, only to spare the database."""

    def __init__(self, store: Store, rulebooks: Rulebooks, clock: Callable[[], int]) -> None:
        """Begin with nothing told."""
        self._store = store
        self._rulebooks = rulebooks
        self._clock = clock
        self._told: set[Key] = set()

    async def run_once(self) -> bool:
        """Look once at every environment that has an endpoint."""
        now = self._clock()
        if len(self._told) > MOST_REMEMBERED:
            self._told.clear()
        for number in await self._store.outbox.environments():
            shared = await self._rulebooks.get(number)
            for book in shared.with_tenants():
                for system in book.points.systems.values() if book.points is not None else ():
                    for boost in system.boosts:
                        await self._look_at(_audience(shared, book, boost), system, boost, now)
        return False

    async def _look_at(self, book: Rulebook, system: SystemRule, boost: BoostRule, now: int) -> None:
        began, ended = max(midnight(boost.definition.start), boost.definition.created), _end(boost)
        if began <= now < began + WINDOW and (ended is None or began < ended):
            told = payloads.boost_started(system, boost, began)
            await self._tell(book, boost, EventType.POINTS_BOOST_STARTED, told, began, now)
        if ended is not None and began < ended <= now < ended + WINDOW:
            told = payloads.boost_finished(system, boost, ended)
            await self._tell(book, boost, EventType.POINTS_BOOST_FINISHED, told, ended, now)

    async def _tell(
        self, book: Rulebook, boost: BoostRule, type: EventType, told: Json, at: int, now: int
    ) -> None:
        key = (at, type.value, boost.definition.number, book.tenant)
        wanted = [n for n in book.listeners.get(type, ()) if book.webhooks[n].created <= at]
        if not wanted or key in self._told:
            return
        who = environment_identity(book.environment.number, book.tenant or boost.definition.tenant)
        message = post(who, type, told, now, wanted, name=(at, f"{type.value} {boost.definition.number}"))
        with suppress(Conflict):  # another process has told it
            await post_messages(self._store.ledger, who, [message])
        self._told.add(key)


def _audience(shared: Rulebook, book: Rulebook, boost: BoostRule) -> Rulebook:
    """Give a rulebook with those who listen to a boost and have not been told of it as part of another."""
    if book is shared or not _holds(shared, boost):
        return book
    if boost.definition.tenant not in {"", book.tenant}:
        return replace(book, listeners={})
    own = {
        wanted: tuple(n for n in numbers if n not in shared.listeners.get(wanted, ()))
        for wanted, numbers in book.listeners.items()
    }
    return replace(book, listeners=own)


def _holds(book: Rulebook, boost: BoostRule) -> bool:
    systems = () if book.points is None else book.points.systems.values()
    return any(it.definition.number == boost.definition.number for each in systems for it in each.boosts)


def midnight(day: int) -> int:
    """Give the instant (Unix ms) at which a day (ordinal) begins in UTC."""
    return (day - EPOCH_DAY) * DAY_MS


def _end(boost: BoostRule) -> int | None:
    return None if boost.definition.end is None else midnight(boost.definition.end + 1)
