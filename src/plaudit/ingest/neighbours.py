"""The other processes on the same database: what their listeners want, and what is told between them.

Refuses to talk where nobody listens: wants are announced with a lease, and only what is wanted is sent.
"""

import logging
import time
from collections.abc import Callable, Iterator, Mapping

from msgspec import DecodeError, Struct, field
from msgspec.json import Decoder, encode

from plaudit.ingest.happenings import Told, rarest
from plaudit.storage.port import Unavailable
from plaudit.storage.wire_port import LONGEST_TEXT, Wire

LEASE = 30.0
"""Seconds for which a process is told what it wants, unless it renews this."""

RENEW = 10.0
"""Seconds between two renewals."""

PER_SECOND = 200
"""Happenings that one process tells the others a second, all places together."""

_FRAME = 120
_MARGIN = 40

logger = logging.getLogger("plaudit.feed")


class News(Struct):
    """What happened in one place: what is told, and how many more there were."""

    told: list[Told] = field(default_factory=list)
    more: int = 0

    def add(self, other: "News") -> None:
        """Append other news of the same place."""
        self.told.extend(other.told)
        self.more += other.more


class Letter(Struct, omit_defaults=True):
    """What one process tells all others. ``asks`` wants everybody to announce at once."""

    sender: str
    wants: list[str] | None = None
    asks: bool = False
    news: dict[str, News] = field(default_factory=dict)


_letters = Decoder(Letter)


class Neighbours:
    """The other processes, as known to this one.

    Args:
        wire: leads to them.
        name: of this process, which nobody else has.
        monotonic: a clock in seconds.
    """

    def __init__(self, wire: Wire, name: str, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.wanted: frozenset[str] = frozenset()
        """Places that somebody elsewhere listens to."""
        self.on_news: Callable[[str, News], None] = _ignore
        self.on_wants: Callable[[], None] = _ignore
        self._wire = wire
        self._name = name
        self._monotonic = monotonic
        self._wants: dict[str, tuple[list[str], float]] = {}
        self._mine: frozenset[str] = frozenset()
        self._announced: frozenset[str] = frozenset()
        self._announce_at = 0.0
        self._pending: dict[str, News] = {}
        self._allowance, self._filled = float(PER_SECOND), monotonic()
        self._well = True

    def want(self, places: frozenset[str]) -> None:
        """Take what this process' own listeners want."""
        self._mine = places

    def tell(self, place: str, news: News) -> None:
        """Take news for the others; beyond the allowance they are counted only."""
        now = self._monotonic()
        self._allowance = min(PER_SECOND, self._allowance + (now - self._filled) * PER_SECOND)
        self._filled = now
        chosen = rarest(news.told, int(self._allowance))
        self._allowance -= len(chosen)
        left = len(news.told) - len(chosen)
        self._pending.setdefault(place, News()).add(News(chosen, news.more + left))

    async def keep(self) -> None:
        """Keep the wire open, and forget who has not renewed; called every few seconds."""
        self._forget_silent()
        try:
            if await self._wire.open(self._hear):
                await self._wire.send([_text(Letter(self._name, wants=sorted(self._mine), asks=True))])
        except Unavailable as reason:
            self._note(reason)
        else:
            self._note(None)

    async def flush(self) -> None:
        """Send what waits, and announce what is wanted here where that is due."""
        pending, self._pending = self._pending, {}
        texts = list(letters_of(self._name, pending))
        if self._mine != self._announced or (self._mine and self._monotonic() >= self._announce_at):
            texts.append(_text(Letter(self._name, wants=sorted(self._mine))))
        if not texts:
            return
        wants = self._mine
        try:
            await self._wire.send(texts)
        except Unavailable as reason:
            self._note(reason)
        else:
            self._announced, self._announce_at = wants, self._monotonic() + RENEW

    def _hear(self, text: str) -> None:
        try:
            letter = _letters.decode(text)
        except DecodeError:  # of another release
            return
        if letter.sender == self._name:
            return
        if letter.asks:
            self._announce_at = 0.0
        if letter.wants is not None:
            self._wants[letter.sender] = (letter.wants, self._monotonic() + LEASE)
            before = self.wanted
            self._forget_silent()
            if self.wanted != before:
                self.on_wants()
        for place, news in letter.news.items():
            if place in self._mine:
                self.on_news(place, news)

    def _forget_silent(self) -> None:
        now = self._monotonic()
        self._wants = {name: (w, until) for name, (w, until) in self._wants.items() if w and until > now}
        self.wanted = frozenset(place for wants, _ in self._wants.values() for place in wants)

    def _note(self, reason: Unavailable | None) -> None:
        if reason is not None and self._well:
            logger.error("the live feeds cannot hear the other processes: %s", reason)
        self._well = reason is None


def letters_of(sender: str, news: Mapping[str, News]) -> Iterator[str]:
    """Write news into as few letters as they fit in; what fits in none is counted."""
    letter, size = Letter(sender), _FRAME
    for place, each in news.items():
        size += _MARGIN
        letter.news[place] = News(more=each.more)
        for told in each.told:
            length = len(encode(told)) + 1
            if length > LONGEST_TEXT - 2 * _FRAME:
                letter.news[place].more += 1
                continue
            if size + length + _MARGIN > LONGEST_TEXT:
                yield _text(letter)
                letter, size = Letter(sender, news={place: News()}), _FRAME + _MARGIN
            letter.news[place].told.append(told)
            size += length
    if letter.news:
        yield _text(letter)


def _text(letter: Letter) -> str:
    return encode(letter).decode()


def _ignore(*_: object) -> None:
    """Stand in until the feeds listen."""
