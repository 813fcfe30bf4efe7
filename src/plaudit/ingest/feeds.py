"""The live feeds of this process: who listens, and what each is still to be told.

Refuses to slow what happens: without a listener nothing is done, and beyond so many a second,
happenings are counted only.
"""

import asyncio
import contextlib
import logging
import time
from collections import deque
from collections.abc import Callable, Sequence
from functools import lru_cache
from hashlib import sha256

from msgspec import Struct

from plaudit.ingest.happenings import Kind, Told, happenings_of, rarest
from plaudit.ingest.neighbours import Neighbours, News
from plaudit.model.commands import Command
from plaudit.model.outcome import Outcome
from plaudit.operations.record_events import Answer
from plaudit.operations.rulebooks import Rulebooks

MOST_FEEDS = 50
"""Feeds of one process at a time."""

PER_SECOND = 50
"""Happenings that one feed tells a second."""

MOST_WAITING = 200
"""Happenings that wait for a listener who is slow to take them."""

_MOST_EVENTS, _MOST_OTHERS = 50, 150

logger = logging.getLogger("plaudit.feed")


class Left(Struct, frozen=True):
    """How many happenings a listener was not told."""

    count: int


Piece = Told | tuple[Kind, Left]


@lru_cache(maxsize=4096)
def place_of(environment: int, tenant: str) -> str:
    """Give the short name of an environment and tenant, by which processes tell each other."""
    return sha256(f"{environment}\0{tenant}".encode()).hexdigest()[:16]


class Feed:
    """What one listener is still to be told, and whether the feed is over."""

    def __init__(self, place: str, now: float) -> None:
        """Begin at a monotonic time, in seconds."""
        self.place = place
        self.over = False
        self._waiting: deque[Piece] = deque()
        self._allowance = float(PER_SECOND)
        self._left = 0
        self._filled = self._told_left = now
        self._woken = asyncio.Event()

    def tell(self, news: News | None, now: float) -> None:
        """Take news, if there are any; called again and again, so that what was left out is told too."""
        self._allowance = min(PER_SECOND, self._allowance + (now - self._filled) * PER_SECOND)
        self._filled = now
        room = MOST_WAITING - len(self._waiting)
        if news is not None:
            chosen = rarest(news.told, max(0, min(int(self._allowance), room)))
            self._allowance -= len(chosen)
            self._left += news.more + len(news.told) - len(chosen)
            self._waiting.extend(chosen)
        if self._left and now - self._told_left >= 1 and len(self._waiting) <= MOST_WAITING:
            self._waiting.append((Kind.MORE, Left(self._left)))
            self._left, self._told_left = 0, now
        if self._waiting:
            self._woken.set()

    def end(self) -> None:
        """Let the listener go."""
        self.over = True
        self._woken.set()

    async def take(self, seconds: float) -> list[Piece]:
        """Give what waits; wait for it no longer than some seconds."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(max(0.0, seconds)):
                await self._woken.wait()
        self._woken.clear()
        taken = list(self._waiting)
        self._waiting.clear()
        return taken


class Feeds:
    """Everybody who listens in this process, and what has happened since they were last told.

    Args:
        rulebooks: names what happened.
        neighbours: the other processes on the same database, if there can be any.
        monotonic: a clock in seconds.
    """

    def __init__(
        self,
        rulebooks: Rulebooks,
        neighbours: Neighbours | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.heard = False
        """Whether anybody listens, here or elsewhere; while not, nothing needs to be noted."""
        self._rulebooks = rulebooks
        self._neighbours = neighbours
        self._monotonic = monotonic
        self._feeds: set[Feed] = set()
        self._closed = False
        self._watched: frozenset[str] = frozenset()
        self._here: dict[str, News] = {}
        self._from_elsewhere: dict[str, News] = {}
        if neighbours is not None:
            neighbours.on_news = self.hear
            neighbours.on_wants = self._look_round

    @property
    def full(self) -> bool:
        """Whether no more feeds can be followed here."""
        return len(self._feeds) >= MOST_FEEDS

    def listen(self, environment: int, tenant: str) -> Feed | None:
        """Begin a feed; None when there are too many, or the process stops."""
        if self.full or self._closed:
            return None
        feed = Feed(place_of(environment, tenant), self._monotonic())
        self._feeds.add(feed)
        self._look_round()
        return feed

    async def announce(self) -> None:
        """Let the other processes know at once what is listened to here, before the listener is answered."""
        if self._neighbours is not None:
            await self._neighbours.flush()

    def leave(self, feed: Feed) -> None:
        """End a feed."""
        self._feeds.discard(feed)
        self._look_round()

    def close(self) -> None:
        """End every feed, and begin no other."""
        self._closed = True
        for feed in self._feeds:
            feed.end()

    def note(self, commands: Sequence[Command], answers: Sequence[Answer]) -> None:
        """Note what a group of commands has done, after its commit. Never raises: it is done."""
        try:
            for command, answer in zip(commands, answers, strict=True):
                if type(answer) is Outcome and answer.replay is None:
                    place = place_of(command.who.environment, command.who.tenant)
                    if place in self._watched:
                        self._note_one(place, command, answer)
        except Exception:
            logger.exception("a group could not be told to the live feeds")

    def _note_one(self, place: str, command: Command, outcome: Outcome) -> None:
        news = self._here.get(place)
        if news is None:
            news = self._here[place] = News()
        plain = not outcome.completed and not outcome.awards
        if len(news.told) >= (_MOST_EVENTS if plain else _MOST_OTHERS):
            news.more += outcome.event is not None
            news.more += len(outcome.completed) + len(outcome.awards)
            return
        book = self._rulebooks.known(command.who.environment)
        if book is not None:
            own = book.seen_by(command.who.tenant)
            news.told.extend(happenings_of(own, command.who, outcome, command.now))

    def hear(self, place: str, news: News) -> None:
        """Take what happened in another process."""
        self._from_elsewhere.setdefault(place, News()).add(news)

    def flush(self) -> None:
        """Tell everybody what has happened since the last time."""
        self._look_round()
        here, self._here = self._here, {}
        elsewhere, self._from_elsewhere = self._from_elsewhere, {}
        if self._neighbours is not None:
            for place in here.keys() & self._neighbours.wanted:
                self._neighbours.tell(place, here[place])
        now = self._monotonic()
        for place, news in elsewhere.items():
            here.setdefault(place, News()).add(news)
        for feed in self._feeds:
            feed.tell(here.get(feed.place), now)

    def _look_round(self) -> None:
        places = frozenset(feed.place for feed in self._feeds)
        if self._neighbours is None:
            self._watched = places
        else:
            self._neighbours.want(places)
            self._watched = places | self._neighbours.wanted
        self.heard = bool(self._watched)
