"""The port both databases serve: Ledger (the hot path) and Catalog (definitions, keys, jobs).

Refuses SQL, drivers and clocks; every time is an argument. All verbs are coroutines; SQLite's run
on the event loop and only wait for the commit's fsync.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from plaudit.model.catalog import (
    Achievement,
    ApiKey,
    Attribute,
    Backdate,
    Definitions,
    Environment,
    EnvironmentSettings,
    Frequency,
    Measure,
    Metric,
)
from plaudit.model.outcome import Writes
from plaudit.model.state import Completion, DayChange, Depth, Event, Identity, Snapshot, Stamp


class Transaction(Protocol):
    """One open write transaction: the users it names stay locked until it ends.

    SQLite holds the write lock of the database; PostgreSQL row locks at READ COMMITTED, taken in
    the order of the subjects.
    """

    async def snapshots_for(
        self, who: Sequence[Identity], keys: Sequence[tuple[bytes, int, str]]
    ) -> list[Snapshot]:
        """Lock the users and read a shallow snapshot of each, in the order of ``who``.

        Args:
            who: distinct users, sorted by subject. A user that does not exist yet is locked too
                (its snapshot has ``user=None``) and is born only if ``apply`` creates it.
            keys: idempotency keys to look up, as ``(subject, metric number, key)``.
        """
        ...

    async def versions(self, environments: Sequence[int]) -> dict[int, int]:
        """Read the environments' versions; after the locks, so that no change is missed."""
        ...

    async def deepen(self, snapshots: Sequence[tuple[Snapshot, Depth]]) -> list[Snapshot]:
        """Read the details each depth asks for, and give the snapshots with them."""
        ...

    async def events_of(self, subject: bytes) -> list[Event]:
        """Read a user's whole event log by ``seq``."""
        ...

    async def apply(self, writes: Writes) -> None:
        """Write everything a group caused, counters included.

        Completions count 1 on ``(environment, tenant, achievement)``, created users 1 on
        ``(environment, tenant, 0)``, in the slot of the subject.
        """
        ...


class Ledger(Protocol):
    """Users, events and what follows from them: the hot path and its readers."""

    def transaction(self) -> AbstractAsyncContextManager[Transaction]:
        """Open a write transaction: commits durably when left, rolls back on any exception.

        Raises:
            Unavailable: the database cannot be written (disk full, connection lost, lock timeout).
        """
        ...

    async def view(self, who: Sequence[Identity], depth: Depth | None) -> list[Snapshot]:
        """Read snapshots without locks, details included when a depth is given."""
        ...

    async def stamp(self, who: Identity, frequency: Frequency) -> Stamp | None:
        """Read the stamp of a user's standing, None if there is no such user."""
        ...

    async def day_totals(
        self, subject: bytes, measure: int, first: int, last: int
    ) -> tuple[int, list[tuple[int, int]]]:
        """Read ``(total before first, [(day, change)])`` of a measure for days first..last."""
        ...

    async def counts(self, environment: int, tenant: str) -> dict[int, int]:
        """Read completions per achievement number, and users under 0, right to the last commit."""
        ...

    async def subjects_after(self, environment: int | None, cursor: bytes, limit: int) -> list[Identity]:
        """Read users in the order of their subjects, after a cursor (``b""`` to begin)."""
        ...

    async def unsettled_after(
        self, environment: int, version: int, cursor: bytes, limit: int
    ) -> list[Identity]:
        """Like ``subjects_after``, only users settled to less than ``version``."""
        ...

    async def anniversaries_due(self, now: int, limit: int) -> list[Identity]:
        """Read users whose next anniversary instant is not after ``now``."""
        ...

    def history_of(self, subject: bytes) -> AsyncIterator[Event]:
        """Stream a user's event log by ``seq``, without locks (for verify and export)."""
        ...


class CatalogEdit(Protocol):
    """One open change of an environment's definitions; the environment's row is locked.

    ``definitions`` is the state at its start. Every ``put_*`` inserts or replaces by number or id.
    The version is raised by one when the edit is left, unless nothing was put.
    """

    definitions: Definitions

    async def next_number(self, kind: str) -> int:
        """Give the next free number of ``metric``, ``measure`` or ``achievement`` (per database)."""
        ...

    async def put_metric(self, metric: Metric) -> None: ...
    async def put_attribute(self, attribute: Attribute) -> None: ...
    async def put_measure(self, measure: Measure) -> None: ...
    async def put_achievement(self, achievement: Achievement) -> None: ...
    async def put_settings(self, settings: EnvironmentSettings) -> None: ...
    async def put_backdate(self, backdate: Backdate) -> None: ...


class Catalog(Protocol):
    """Definitions, keys, badges and the backdate jobs: read seldom, written rarely."""

    async def environments(self) -> list[Environment]: ...

    async def create_environment(
        self, id: bytes, key: str, name: str, settings: EnvironmentSettings, now: int
    ) -> Environment: ...

    async def definitions(self, environment: int) -> Definitions:
        """Read everything of an environment, archived things included, from one point in time."""
        ...

    async def generation(self) -> int:
        """Read the one number that grows with every change of any definition, key or environment.

        Polled by every process, so that keys and definitions are current within half a second.
        """
        ...

    def edit(self, environment: int) -> AbstractAsyncContextManager[CatalogEdit]:
        """Open a change of an environment's definitions; one at a time per environment."""
        ...

    async def keys(self) -> list[ApiKey]:
        """Read every key that is valid."""
        ...

    async def put_keys(self, keys: Sequence[ApiKey]) -> None: ...

    async def delete_keys(self, environment: int, ids: Sequence[bytes]) -> list[bytes]:
        """Delete application keys of an environment; gives the ids that existed."""
        ...

    async def put_badge(self, hash: str, mime: str, data: bytes, now: int) -> None: ...
    async def badge(self, hash: str) -> tuple[str, bytes] | None: ...

    async def backdates(self, environment: int | None, unfinished: bool) -> list[Backdate]: ...

    async def lease_backdate(self, owner: bytes, now: int, until: int) -> Backdate | None:
        """Take the oldest unfinished backdate whose lease is free or over."""
        ...

    async def save_backdate(self, owner: bytes, backdate: Backdate, until: int) -> bool:
        """Store progress and prolong the lease; False when the lease was lost."""
        ...


class StoreError(Exception):
    """A database that cannot be opened; the text is one sentence that says what to do."""


class Unavailable(Exception):
    """The database cannot be read or written right now.

    ``retry`` tells that nothing of the transaction was stored and that it may be tried again at
    once; without it the commit may be unknown (connection lost while committing) or hopeless.
    """

    def __init__(self, reason: str, *, retry: bool = False) -> None:
        """Keep the reason for the operator, and whether a retry is safe."""
        super().__init__(reason)
        self.retry = retry


class Conflict(Exception):
    """A unique constraint refused a row (a doubled key, completion or number); nothing was stored.

    It is the last word after the locks: whoever meets it read a stale state, and may begin anew.
    """


class Store(Protocol):
    """One opened database."""

    ledger: Ledger
    catalog: Catalog

    async def close(self) -> None: ...


__all__ = [
    "Catalog",
    "CatalogEdit",
    "Completion",
    "Conflict",
    "DayChange",
    "Ledger",
    "Store",
    "StoreError",
    "Transaction",
    "Unavailable",
]
