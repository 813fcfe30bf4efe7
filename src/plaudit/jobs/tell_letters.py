"""Tells webhooks which e-mails are due to users, by the clock of each user's own zone.

A reminder four hours before a streak is lost; on Mondays at 9 h a recap of the week before, to users
active in it; at 10 h of the 7th, 14th and 30th day without activity a message to win the user back.
Refuses to look at anybody to whom nothing can be due, and to tell one twice.
"""

from collections.abc import Awaitable, Callable, Sequence

from plaudit.engine.letters import HOUR, QUIET_DAYS, letters_due, next_look
from plaudit.engine.periods import day_end, local_day, zone_of
from plaudit.engine.rulebook import Rulebook
from plaudit.engine.streaks import current
from plaudit.model.outcome import Writes
from plaudit.model.preferences import Notification
from plaudit.model.state import Identity, Snapshot, UserState
from plaudit.model.webhooks import EventType, Posting
from plaudit.operations.read_streak import read_streak
from plaudit.operations.rulebooks import Rulebooks
from plaudit.storage.letters_port import Ending
from plaudit.storage.port import Conflict, Store
from plaudit.webhooks import payloads
from plaudit.webhooks.announce import may_write_to, post
from plaudit.webhooks.nouns import Json

STEP = 100
"""Users looked at in one transaction, so that events never wait for long."""

REMIND_BEFORE, REMIND_UNTIL = 4 * HOUR, 2 * HOUR
"""How long before the end of a streak its reminder is due; later than the second it comes no more."""

HISTORY = 7
"""Past periods that a reminder tells."""

_TYPES = (EventType.STREAK_REMINDER_DUE, EventType.RECAP_DUE, EventType.REACTIVATION_DUE)


Books = dict[int, Rulebook]


class LetterTeller:
    """Looks at users to whom something may be due, in environments that listen for letters."""

    def __init__(self, store: Store, rulebooks: Rulebooks, clock: Callable[[], int]) -> None:
        """Take what the work needs."""
        self._store = store
        self._rulebooks = rulebooks
        self._clock = clock
        self._reminded = 0

    async def run_once(self) -> bool:
        """Tell what has come due since the last time, or in the last hours if this is the first."""
        books: Books = {}
        for number in await self._store.outbox.environments():
            book = await self._rulebooks.get(number)
            if any(each in one.listeners for one in book.with_tenants() for each in _TYPES):
                books[number] = book
        if books:
            await self._remind(books)
        for number in books:
            while len(people := await self._store.outbox.letters_due(number, self._clock(), STEP)) > 0:
                await self._together(people, lambda some: self._write(books, some))
        return False

    async def _remind(self, books: Books) -> None:
        until = self._clock() + REMIND_BEFORE
        after = (max(self._reminded, until - REMIND_BEFORE + REMIND_UNTIL), b"\xff" * 16)
        while ending := await self._store.outbox.streaks_ending(after, until, STEP):
            after = (ending[-1][1], ending[-1][0].subject)
            if people := _distinct(ending, books):
                await self._together(people, lambda some: self._tell_ends(books, some))
        self._reminded = until

    async def _together(
        self, people: Sequence[Identity], act: Callable[[Sequence[Identity]], Awaitable[None]]
    ) -> None:
        """Do something for several users in one transaction, or for each alone if one was told before."""
        try:
            await act(people)
        except Conflict:
            for who in people:
                try:
                    await act([who])
                except Conflict:  # another process tells the same, or did before it was stopped
                    await self._plan(who)

    async def _tell_ends(self, books: Books, people: Sequence[Identity]) -> None:
        ledger, now = self._store.ledger, self._clock()
        told = []
        for snapshot in await ledger.view(people, None):
            book = books[snapshot.who.environment].seen_by(snapshot.who.tenant)
            if snapshot.user is not None and _ends_today(book, snapshot, snapshot.user, now):
                view, past, pauses = await read_streak(ledger, book, snapshot.who, now, HISTORY)
                what = payloads.streak_reminder_due(snapshot.user, view, past, pauses, now)
                told += _told(book, snapshot, EventType.STREAK_REMINDER_DUE, what, now)
        if told:
            async with ledger.transaction() as tx:
                await tx.snapshots_for(people, [])
                await tx.apply(Writes(outbox=told))

    async def _write(self, books: Books, people: Sequence[Identity]) -> None:
        now, writes = self._clock(), Writes()
        people = sorted(people, key=lambda who: who.subject)
        async with self._store.ledger.transaction() as tx:
            for snapshot in await tx.snapshots_for(people, []):
                user = snapshot.user
                if user is None or user.letter_at is None or user.letter_at > now:
                    continue  # gone, or looked at by another process meanwhile
                book = books[snapshot.who.environment].seen_by(snapshot.who.tenant)
                writes.outbox.extend(_letters(book, snapshot, user, now))
                writes.letters.append((snapshot.who.subject, _planned(snapshot, user, now)))
            await tx.apply(writes)

    async def _plan(self, who: Identity) -> None:
        now = self._clock()
        async with self._store.ledger.transaction() as tx:
            (snapshot,) = await tx.snapshots_for([who], [])
            if snapshot.user is not None and snapshot.user.letter_at is not None:
                at = _planned(snapshot, snapshot.user, now)
                await tx.apply(Writes(letters=[(who.subject, at)]))


def _distinct(ending: Sequence[Ending], books: Books) -> list[Identity]:
    """Give users of some environments once each, though several of their streaks end, by subject."""
    people = {who.subject: who for who, _ in ending if who.environment in books}
    return [people[subject] for subject in sorted(people)]


def _ends_today(book: Rulebook, snapshot: Snapshot, user: UserState, now: int) -> bool:
    if EventType.STREAK_REMINDER_DUE not in book.listeners:
        return False
    if not may_write_to(user, Notification.STREAK_REMINDER):
        return False
    view = current(book.streaks, snapshot, now)
    return bool(view.length) and view.expires == local_day(now, zone_of(user.tz))


def _active(snapshot: Snapshot) -> int | None:
    """Give when the user was active last, Unix milliseconds."""
    return max((total.last_at for total in snapshot.totals.values()), default=None)


def _planned(snapshot: Snapshot, user: UserState, now: int) -> int | None:
    active = _active(snapshot)
    return None if active is None else next_look(zone_of(user.tz), active, now)


def _letters(book: Rulebook, snapshot: Snapshot, user: UserState, now: int) -> list[Posting]:
    active = _active(snapshot)
    told: list[Posting] = []
    for about, day, quiet in [] if active is None else letters_due(zone_of(user.tz), active, now):
        if not may_write_to(user, about):
            continue
        if about is Notification.RECAP:
            what = payloads.recap_due(user, day - 7, day - 1, now)
            told += _told(book, snapshot, EventType.RECAP_DUE, what, now)
        else:
            what = payloads.reactivation_due(user, QUIET_DAYS.index(quiet) + 1, quiet, now)
            told += _told(book, snapshot, EventType.REACTIVATION_DUE, what, now)
    return told


def _told(book: Rulebook, snapshot: Snapshot, type: EventType, what: Json, now: int) -> list[Posting]:
    wanted, user = book.listeners.get(type), snapshot.user
    if not wanted or user is None:
        return []
    today = local_day(now, zone_of(user.tz))
    named = (day_end(today - 1, zone_of(None)), type.value)
    return [post(snapshot.who, type, what, now, wanted, name=named)]
