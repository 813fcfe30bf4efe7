"""The port both databases serve: Ledger (the hot path) and Catalog (definitions, keys, jobs).

Refuses SQL, drivers and clocks; every time is an argument. All verbs are coroutines; SQLite's run
on the event loop and only wait for the commit's fsync.
"""

from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from plaudit.model.actions import Action, Author, Entry
from plaudit.model.catalog import (
    Achievement,
    ApiKey,
    Attribute,
    Backdate,
    Definition,
    Definitions,
    Environment,
    EnvironmentSettings,
    Frequency,
    KeyKind,
    Measure,
    Metric,
)
from plaudit.model.outcome import Writes
from plaudit.model.state import (
    Completion,
    DayChange,
    Depth,
    Event,
    EventFilter,
    Identity,
    Snapshot,
    Stamp,
    StreakState,
    UsedKey,
)
from plaudit.model.webhooks import Attempt, Delivery, DeliveryFilter, Leased, Step
from plaudit.storage.boards_port import BoardReader, Boards
from plaudit.storage.insights_port import Insights
from plaudit.storage.letters_port import Letters
from plaudit.storage.members_port import Members
from plaudit.storage.peers_port import Peers
from plaudit.storage.points_port import Points
from plaudit.storage.requests_port import Requests
from plaudit.storage.schema_port import Schema


class Transaction(Protocol):
    """One open write transaction: the users it names stay locked until it ends.

    SQLite holds the write lock of the database; PostgreSQL row locks at READ COMMITTED, taken in
    the order of the subjects.
    """

    boards: Boards

    async def snapshots_for(
        self, who: Sequence[Identity], keys: Sequence[tuple[bytes, int, str]]
    ) -> list[Snapshot]:
        """Lock the users and read a shallow snapshot of each, in the order of ``who``.

        Args:
            who: distinct users, sorted by subject; who does not exist yet (``user=None``) is locked too.
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

    async def keys_of(self, subject: bytes) -> dict[tuple[int, str], UsedKey]:
        """Read every idempotency key of a locked user, by ``(metric number, key)``."""
        ...

    async def revocations_of(self, subject: bytes) -> dict[int, tuple[bytes, int]]:
        """Read what was taken back from a locked user: achievement to completion id and time (Unix ms)."""
        ...

    async def merge_of(self, subject: bytes) -> bytes | None:
        """Read the subject a user became part of, the last time it was merged; None if never."""
        ...

    async def dues_of(self, subjects: Sequence[bytes], now: int) -> dict[bytes, list[tuple[int, int]]]:
        """Read the time triggers of points due by ``now``, as ``(trigger, instant)``, of locked users."""
        ...

    async def apply(self, writes: Writes) -> None:
        """Write everything a group caused, counters included, in the slot of the subject.

        Completions count 1 on ``(environment, tenant, achievement)``, created users on ``(..., 0)``.
        """
        ...


class Ledger(Protocol):
    """Users, events and what follows from them: the hot path and its readers."""

    boards: BoardReader

    def transaction(self) -> AbstractAsyncContextManager[Transaction]:
        """Open a write transaction: commits durably when left, rolls back on any exception.

        Raises:
            Unavailable: the database cannot be written (disk full, connection lost, lock timeout).
        """
        ...

    async def view(self, who: Sequence[Identity], depth: Depth | None) -> list[Snapshot]:
        """Read snapshots without locks, details included when a depth is given."""
        ...

    async def moment(self) -> object:
        """Give a token of what has been committed: while it stays equal, nobody has written anything."""
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

    async def streaks_due(self, now: int, limit: int) -> list[Identity]:
        """Read users, once, whose streak expired unseen or freezes are due by ``now``; ``limit`` of each."""
        ...

    async def streak_rows(self, subject: bytes) -> dict[Frequency, StreakState]:
        """Read the rows by which jobs find a user's streaks; the tally says the same."""
        ...

    async def pause_owners(self, ids: Sequence[bytes]) -> dict[bytes, Identity]:
        """Read whose the streak pauses with these ids are; those taken back are nobody's."""
        ...

    async def anniversaries_due(self, now: int, limit: int) -> list[Identity]:
        """Read users whose next anniversary instant is not after ``now``."""
        ...

    async def users(
        self, environment: int, tenant: str, sought: str, after: str, limit: int
    ) -> list[Identity]:
        """Read users by id after an id (``""`` to begin), if asked those with a text in id, name, e-mail."""
        ...

    async def events_before(self, subject: bytes, wanted: EventFilter, seq: int, limit: int) -> list[Event]:
        """Read a page of a user's events that match, the newest first, before a ``seq``."""
        ...

    def history_of(self, subject: bytes) -> AsyncIterator[Event]:
        """Stream a user's event log by ``seq``, without locks (for verify and export)."""
        ...


class CatalogEdit(Protocol):
    """One open change of an environment's definitions; the environment's row is locked.

    ``definitions`` is the state at its start. Every ``put_*`` inserts or replaces by number or id.
    The version is raised by one when the edit is left, unless nothing was put. ``whole`` holds what
    belongs to other tenants too.

    Raises:
        Sealed: what is put is not the tenant's whom the edit was opened for.
    """

    definitions: Definitions
    whole: Definitions

    async def next_number(self, kind: str) -> int:
        """Give the next free number of ``metric``, ``measure``, ``achievement`` or ``document``."""
        ...

    async def put_metric(self, metric: Metric) -> None: ...
    async def put_attribute(self, attribute: Attribute) -> None: ...
    async def put_measure(self, measure: Measure) -> None: ...
    async def put_achievement(self, achievement: Achievement) -> None: ...
    async def put_document(self, document: Definition) -> None: ...
    async def put_settings(self, settings: EnvironmentSettings) -> None: ...
    async def put_backdate(self, backdate: Backdate) -> None: ...


class Catalog(Protocol):
    """Definitions, keys, badges and the backdate jobs: read seldom, written rarely."""

    async def environments(self) -> list[Environment]: ...

    async def create_environment(
        self,
        id: bytes,
        key: str,
        name: str,
        settings: EnvironmentSettings,
        now: int,
        by: Author | None = None,
    ) -> Environment: ...

    async def save_environment(self, it: Environment, by: Author | None = None) -> None:
        """Change an environment's name and place."""
        ...

    async def definitions(self, environment: int) -> Definitions:
        """Read everything of an environment, archived things included, from one point in time."""
        ...

    async def generation(self) -> int:
        """Read the one number that grows with every change of any definition, key or environment.

        Polled by every process, so that keys and definitions are current within half a second.
        """
        ...

    def edit(
        self, environment: int, by: Author | None = None, tenant: str = ""
    ) -> AbstractAsyncContextManager[CatalogEdit]:
        """Open a change of an environment's definitions; one at a time per environment.

        What was put goes into the audit log in the name of the author, if one is given. With a tenant
        the change is of what it owns, and what is new is its own.
        """
        ...

    async def keys(self) -> list[ApiKey]:
        """Read every key that is valid."""
        ...

    async def put_keys(self, keys: Sequence[ApiKey], by: Author | None = None) -> None: ...

    async def delete_keys(
        self,
        environment: int,
        ids: Sequence[bytes],
        by: Author | None = None,
        kind: KeyKind = KeyKind.APPLICATION,
    ) -> list[bytes]:
        """Delete keys of one kind of an environment; gives the ids that existed."""
        ...

    async def actions_before(
        self, environment: int, number: int, target: str | None, limit: int, actor: str | None = None
    ) -> list[Entry]:
        """Read a page of an audit log, the newest first, before a number, of one target or actor or all."""
        ...

    async def actions_after(self, environment: int, number: int, limit: int) -> list[Entry]:
        """Read a page of an audit log in its order, after a number (0 to begin)."""
        ...

    async def put_badge(
        self, hash: str, mime: str, data: bytes, now: int, action: Action | None = None
    ) -> None: ...
    async def badge(self, hash: str) -> tuple[str, bytes] | None: ...

    async def backdates(self, environment: int | None, unfinished: bool) -> list[Backdate]: ...

    async def lease_backdate(self, owner: bytes, now: int, until: int) -> Backdate | None:
        """Take the oldest unfinished backdate whose lease is free or over."""
        ...

    async def save_backdate(self, owner: bytes, backdate: Backdate, until: int) -> bool:
        """Store progress and prolong the lease; False when the lease was lost."""
        ...


class Outbox(Letters, Protocol):
    """Webhook deliveries on their way; messages come into it through ``Transaction.apply``."""

    async def environments(self) -> list[int]:
        """Read the numbers of the environments that have an endpoint."""
        ...

    async def lease(
        self, owner: bytes, now: int, until: int, limit: int, busy: Collection[int]
    ) -> list[Leased]:
        """Take deliveries that are due, in order per user, endpoint and lane.

        Args:
            owner: names the sender.
            now: what is due by then, and leases that ended by then.
            until: when the new leases end.
            limit: most to take.
            busy: numbers of endpoints to pass over.
        """
        ...

    async def finish(self, owner: bytes, steps: Sequence[Step]) -> None:
        """Keep what became of leased deliveries, with their attempts; gives the leases back."""
        ...

    async def deliveries(
        self, environment: int, wanted: DeliveryFilter, limit: int, skip: int
    ) -> list[Delivery]:
        """Read a page of deliveries, the newest first."""
        ...

    async def delivery(
        self, environment: int, id: bytes
    ) -> tuple[Delivery, list[Attempt], bytes | None] | None:
        """Read a delivery, its attempts in order, and its payload while that is kept."""
        ...

    async def replay(self, delivery: Delivery, now: int) -> None:
        """Put a finished delivery on its way again, if its payload is still kept."""
        ...

    async def prune(self, environment: int, messages: int, failed: int, id: bytes, limit: int) -> int:
        """Clear away what is old; gives how many rows went, at most ``limit`` of each kind.

        Args:
            environment: whose.
            messages: payloads created before, when nothing of theirs is pending.
            failed: payloads with a failed delivery are kept until created before this.
            id: finished deliveries with smaller ids, and their attempts.
            limit: most rows of each kind.
        """
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
    points: Points
    peers: Peers
    outbox: Outbox
    schema: Schema
    members: Members
    requests: Requests
    insights: Insights

    async def close(self) -> None: ...


__all__ = [
    "Catalog",
    "CatalogEdit",
    "Completion",
    "Conflict",
    "DayChange",
    "Ledger",
    "Outbox",
    "Schema",
    "Store",
    "StoreError",
    "Transaction",
    "Unavailable",
]
