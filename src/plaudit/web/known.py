"""Standings written a moment ago, kept until the user's stamp, the definitions or the time change them.

Refuses to answer from memory alone: every call asks whether anybody has written since, and if so for the
user's stamp, so a page is never stale.
"""

from collections import OrderedDict

from msgspec import Struct

from plaudit.engine.rulebook import Rulebook
from plaudit.model.state import Identity, Stamp
from plaudit.operations.read_achievements import lasts_until, read_achievements
from plaudit.storage.port import Ledger
from plaudit.web.encode import standing_texts

MOST_TEXTS = 200_000
"""Achievements of users kept (about 150 bytes each); the users longest not asked for go first."""

MOST_COUNTS = 64
"""Counts kept, one per environment and tenant."""

Texts = tuple[tuple[int, str], ...]


Counts = dict[int, int]


class Known(Struct):
    """One user's standing as written: what it depended on, and until when (Unix ms) it holds."""

    moment: object
    stamp: Stamp
    rulebook: Rulebook
    until: int | None
    texts: Texts

    def holds(self, rulebook: Rulebook, now: int) -> bool:
        """Tell whether neither definitions nor time have changed it."""
        return self.rulebook is rulebook and (self.until is None or now < self.until)


class KnownStandings:
    """Remembers the standings of the users asked for last."""

    def __init__(self, most: int = MOST_TEXTS) -> None:
        """Start empty; ``most`` bounds the memory."""
        self._most = most
        self._held = 0
        self._known: OrderedDict[tuple[bytes, bool], Known] = OrderedDict()
        self._counts: dict[tuple[int, str], tuple[object, Counts]] = {}

    async def read(
        self, ledger: Ledger, rulebook: Rulebook, who: Identity, now: int, *, incomplete: bool
    ) -> tuple[Texts, Counts]:
        """Give a user's standing in every achievement listed, written for the answer, and everybody's counts.

        Each part is read after the moment it is kept with: it may be newer, and is then read again.

        Raises:
            PlauditError: ``UNKNOWN_USER``.
            Unavailable: the database cannot be read.
        """
        moment = await ledger.moment()
        key = (who.subject, incomplete)
        known = self._known.get(key)
        if known is None or known.moment != moment or not known.holds(rulebook, now):
            texts = await self._renewed(ledger, rulebook, who, now, key, moment)
        else:
            self._known.move_to_end(key)
            texts = known.texts
        return texts, await self._counted(ledger, (who.environment, who.tenant), moment)

    async def counts(self, ledger: Ledger, environment: int, tenant: str) -> Counts:
        """Give completions per achievement number, and users under 0, right to the last commit.

        Raises:
            Unavailable: the database cannot be read.
        """
        return await self._counted(ledger, (environment, tenant), await ledger.moment())

    async def _counted(self, ledger: Ledger, place: tuple[int, str], moment: object) -> Counts:
        counted = self._counts.get(place)
        if counted is None or counted[0] != moment:
            if len(self._counts) >= MOST_COUNTS:
                self._counts.clear()
            counted = self._counts[place] = (moment, await ledger.counts(*place))
        return counted[1]

    async def _renewed(
        self,
        ledger: Ledger,
        rulebook: Rulebook,
        who: Identity,
        now: int,
        key: tuple[bytes, bool],
        moment: object,
    ) -> Texts:
        """Give what is known if the user's stamp is what it was, else read and write it anew."""
        known = self._known.get(key)
        stamp = await ledger.stamp(who, rulebook.streaks.frequency)
        if known is not None and known.stamp == stamp and known.holds(rulebook, now):
            known.moment = moment
            self._keep(key, known)  # others may have pushed it out meanwhile
            return known.texts
        texts = standing_texts(await read_achievements(ledger, rulebook, who, now, incomplete=key[1]))
        if stamp is not None:  # else born between the two readings
            self._keep(key, Known(moment, stamp, rulebook, lasts_until(stamp, now), texts))
        return texts

    def _keep(self, key: tuple[bytes, bool], known: Known) -> None:
        old = self._known.pop(key, None)
        self._held += len(known.texts) - (0 if old is None else len(old.texts))
        self._known[key] = known
        while self._held > self._most and self._known:
            _, gone = self._known.popitem(last=False)
            self._held -= len(gone.texts)
