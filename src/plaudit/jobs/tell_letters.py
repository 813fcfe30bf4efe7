"""Tells webhooks which e-mails are due to users, by the clock of each user's own zone.

A reminder at 20 h of the last day a streak can be extended; on Mondays at 9 h a recap of the week
before, to users active in it; at 10 h of the 7th, 14th and 30th day without activity a message to win
the user back. Refuses to tell one twice: each message is named by its user and day.
"""

from collections.abc import Callable
from contextlib import suppress

from plaudit.engine.periods import day_end, local_day, zone_of
from plaudit.engine.rulebook import Rulebook
from plaudit.engine.streaks import current
from plaudit.model.preferences import Notification
from plaudit.model.state import Snapshot, UserState
from plaudit.model.webhooks import EventType
from plaudit.operations.post_messages import post_messages
from plaudit.operations.read_streak import read_streak
from plaudit.operations.rulebooks import Rulebooks
from plaudit.storage.port import Conflict, Store
from plaudit.webhooks import payloads
from plaudit.webhooks.announce import may_write_to, post
from plaudit.webhooks.nouns import Json

STEP = 200
"""Users read at once, so that readers never wait for long."""

HOUR = 3_600_000

REMIND_AT, RECAP_AT, REACTIVATE_AT = 20, 9, 10
"""Local hours; the job comes four times in each."""

QUIET_DAYS = (7, 14, 30)
"""Days without activity after which a message to win the user back is due."""

HISTORY = 7
"""Past periods that a reminder tells."""

_TYPES = (EventType.STREAK_REMINDER_DUE, EventType.RECAP_DUE, EventType.REACTIVATION_DUE)


class LetterTeller:
    """Walks over the users of environments that listen for letters; others cost nothing."""

    def __init__(self, store: Store, rulebooks: Rulebooks, clock: Callable[[], int]) -> None:
        """Take what the work needs."""
        self._store = store
        self._rulebooks = rulebooks
        self._clock = clock

    async def run_once(self) -> bool:
        """Look once at every user who may be due something."""
        for number in await self._store.outbox.environments():
            book = await self._rulebooks.get(number)
            if any(each in one.listeners for one in book.with_tenants() for each in _TYPES):
                await self._walk(book)
        return False

    async def _walk(self, shared: Rulebook) -> None:
        ledger, cursor = self._store.ledger, b""
        while people := await ledger.subjects_after(shared.environment.number, cursor, STEP):
            cursor = people[-1].subject
            for snapshot in await ledger.view(people, None):
                if snapshot.user is not None:
                    await self._look_at(shared.seen_by(snapshot.who.tenant), snapshot, snapshot.user)

    async def _look_at(self, book: Rulebook, snapshot: Snapshot, user: UserState) -> None:
        now, zone = self._clock(), zone_of(user.tz)
        today = local_day(now, zone)
        hour = (now - day_end(today - 1, zone)) // HOUR
        active = [total.last_at for total in snapshot.totals.values()]
        quiet = today - local_day(max(active), zone) if active else None
        if hour == REMIND_AT and may_write_to(user, Notification.STREAK_REMINDER):
            await self._remind(book, snapshot, user, today)
        elif quiet is None:
            return
        elif hour == RECAP_AT and _weekday(today) == 0 and quiet <= 7:  # noqa: PLR2004 - days of a week
            if may_write_to(user, Notification.RECAP):
                told = payloads.recap_due(user, today - 7, today - 1, now)
                await self._tell(book, snapshot, EventType.RECAP_DUE, told, today)
        elif hour == REACTIVATE_AT and quiet in QUIET_DAYS and may_write_to(user, Notification.REACTIVATION):
            told = payloads.reactivation_due(user, QUIET_DAYS.index(quiet) + 1, quiet, now)
            await self._tell(book, snapshot, EventType.REACTIVATION_DUE, told, today)

    async def _remind(self, book: Rulebook, snapshot: Snapshot, user: UserState, today: int) -> None:
        now = self._clock()
        view = current(book.streaks, snapshot, now)
        if view.length and view.expires == today and EventType.STREAK_REMINDER_DUE in book.listeners:
            view, past, pauses = await read_streak(self._store.ledger, book, snapshot.who, now, HISTORY)
            told = payloads.streak_reminder_due(user, view, past, pauses, now)
            await self._tell(book, snapshot, EventType.STREAK_REMINDER_DUE, told, today)

    async def _tell(
        self, book: Rulebook, snapshot: Snapshot, type: EventType, told: Json, today: int
    ) -> None:
        wanted = book.listeners.get(type)
        if not wanted:
            return
        named = (day_end(today - 1, zone_of(None)), type.value)
        message = post(snapshot.who, type, told, self._clock(), wanted, name=named)
        with suppress(Conflict):  # it was told a quarter of an hour ago, or by another process
            await post_messages(self._store.ledger, snapshot.who, [message])


def _weekday(day: int) -> int:
    """Give the weekday of an ordinal day; 0 is Monday."""
    return (day - 1) % 7
