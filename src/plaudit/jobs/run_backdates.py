"""Carries out backdates: settles every user of an environment in small steps, with visible progress.

Progress and cursor are rows under a lease, so that a crash loses nothing and two workers share.
"""

import time
from collections.abc import Callable

import msgspec

from plaudit.model.catalog import Backdate
from plaudit.operations.rulebooks import Rulebooks
from plaudit.operations.settle_users import settle_users
from plaudit.storage.port import Store

LEASE = 30_000
"""Milliseconds after which another worker may take over an abandoned backdate."""

STEP_SECONDS = 0.02
"""A step is sized to hold the users' locks about this long, so that ingest waits no longer."""

LARGEST_STEP = 200


class BackdateRunner:
    """Takes one backdate after the other and works it off."""

    def __init__(
        self,
        store: Store,
        rulebooks: Rulebooks,
        clock: Callable[[], int],
        new_id: Callable[[int], bytes],
    ) -> None:
        """Take what the work needs; ``owner`` names this worker in leases."""
        self._store = store
        self._rulebooks = rulebooks
        self._clock = clock
        self._new_id = new_id
        self._owner = new_id(clock())

    async def run_once(self) -> bool:
        """Work off the oldest unfinished backdate; False when there is none to take."""
        now = self._clock()
        backdate = await self._store.catalog.lease_backdate(self._owner, now, now + LEASE)
        if backdate is None:
            return False
        size = 8
        while backdate is not None and backdate.finished is None:
            began = time.monotonic()
            backdate = await self._step(backdate, size)
            size = _resize(size, time.monotonic() - began)
        return True

    async def _step(self, backdate: Backdate, size: int) -> Backdate | None:
        """Settle the next users; None when another worker has taken over."""
        ledger, now = self._store.ledger, self._clock()
        people = await ledger.subjects_after(backdate.environment, backdate.cursor, size)
        earned = await settle_users(ledger, self._rulebooks, people, now, self._new_id)
        done = backdate.done + len(people)
        backdate = msgspec.structs.replace(
            backdate,
            cursor=people[-1].subject if people else backdate.cursor,
            done=done,
            total=max(backdate.total, done),
            completions=backdate.completions + earned,
            finished=None if people else now,
        )
        kept = await self._store.catalog.save_backdate(self._owner, backdate, now + LEASE)
        return backdate if kept else None


def _resize(size: int, seconds: float) -> int:
    """Grow while steps are quick, halve when one held its locks too long."""
    if seconds > STEP_SECONDS:
        return max(1, size // 2)
    return min(LARGEST_STEP, size * 2) if seconds < STEP_SECONDS / 3 else size
