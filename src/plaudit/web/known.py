"""Standings written a moment ago, kept until the user's stamp, the definitions or the time change them.

Refuses to answer from memory alone: the stamp is read anew for every call, so a page is never stale.
"""

from collections import OrderedDict

from msgspec import Struct

from plaudit.engine.rulebook import Rulebook
from plaudit.model.state import Identity, Stamp
from plaudit.operations.read_achievements import lasts_until, read_achievements
from plaudit.storage.port import Ledger
from plaudit.web.encode import standing_texts

MOST_TEXTS = 300_000
"""Achievements of users kept (about 150 bytes each); the users longest not asked for go first."""

Texts = tuple[tuple[int, str], ...]


class Known(Struct, frozen=True):
    """One user's standing as written: what it depended on, and until when (Unix ms) it holds."""

    stamp: Stamp
    rulebook: Rulebook
    until: int | None
    texts: Texts


class KnownStandings:
    """Remembers the standings of the users asked for last."""

    def __init__(self, most: int = MOST_TEXTS) -> None:
        """Start empty; ``most`` bounds the memory."""
        self._most = most
        self._held = 0
        self._known: OrderedDict[tuple[bytes, bool], Known] = OrderedDict()

    async def read(
        self, ledger: Ledger, rulebook: Rulebook, who: Identity, now: int, *, incomplete: bool
    ) -> Texts:
        """Give a user's standing in every achievement listed, written for the answer.

        Raises:
            PlauditError: ``UNKNOWN_USER``.
            Unavailable: the database cannot be read.
        """
        key = (who.subject, incomplete)
        known = self._known.get(key)
        stamp = await ledger.stamp(who, rulebook.streaks.frequency)
        if (
            known is not None
            and known.stamp == stamp
            and known.rulebook is rulebook
            and (known.until is None or now < known.until)
        ):
            self._known.move_to_end(key)
            return known.texts
        # The stamp was read first: what is kept may be newer than its stamp, and is then written anew.
        texts = standing_texts(await read_achievements(ledger, rulebook, who, now, incomplete=incomplete))
        if stamp is not None:
            self._keep(key, Known(stamp, rulebook, lasts_until(stamp, now), texts))
        return texts

    def _keep(self, key: tuple[bytes, bool], known: Known) -> None:
        old = self._known.pop(key, None)
        self._held += len(known.texts) - (0 if old is None else len(old.texts))
        self._known[key] = known
        while self._held > self._most and self._known:
            _, gone = self._known.popitem(last=False)
            self._held -= len(gone.texts)
