"""What a decision causes: the outcome of one command, and the writes of a whole group.

The outcome is both what the caller is answered and where the writes come from.
"""

from msgspec import Struct

from plaudit.model.catalog import Frequency
from plaudit.model.errors import Code
from plaudit.model.state import (
    Completion,
    Depth,
    Event,
    Identity,
    MeasureTotal,
    Snapshot,
    StreakPeriod,
    StreakState,
    UsedKey,
    UserState,
)


class Refusal(Struct, frozen=True, gc=False):
    """A command that cannot be done: its code, and the words the sentence needs."""

    code: Code
    words: dict[str, str] = {}


class NeedsDepth(Struct, frozen=True, gc=False):
    """The decision needs a deeper reading of the user before it can be made."""

    depth: Depth


class MeasureChange(Struct, frozen=True, gc=False):
    """One measure moved by one event: the new running value, and the change on a local day."""

    measure: int
    total: MeasureTotal
    change: int
    day: int


class Outcome(Struct, frozen=True, gc=False):
    """What one command caused.

    ``after`` is the snapshot the next command of the same user starts from. ``replay`` is the
    first use of an idempotency key, and then nothing changes: ``completed`` holds what that first
    use completed. ``total`` is the metric's plain total after the event, in micro-units.
    """

    after: Snapshot
    created: bool = False
    profile_changed: bool = False
    event: Event | None = None
    metric: int | None = None
    total: int | None = None
    changes: tuple[MeasureChange, ...] = ()
    completed: tuple[Completion, ...] = ()
    streaks: dict[Frequency, StreakState] = {}
    extended: bool = False
    periods: tuple[StreakPeriod, ...] = ()
    replay: UsedKey | None = None
    mismatch: bool = False
    already: Completion | None = None
    """For an ``api`` achievement completed before: that completion (nothing new is awarded)."""


class UserWrite(Struct, frozen=True, gc=False):
    """A user's row to insert (``created``), to replace (``profile``), or only its ``seq`` to move."""

    who: Identity
    user: UserState
    created: bool
    profile: bool


class TotalWrite(Struct, frozen=True, gc=False):
    """The new running value of a measure; absolute, since the user is locked."""

    subject: bytes
    measure: int
    total: int
    last_at: int


class DayWrite(Struct, frozen=True, gc=False):
    """A change to add to a measure's local day."""

    subject: bytes
    measure: int
    day: int
    change: int
    last_at: int


class StreakWrite(Struct, frozen=True, gc=False):
    """The new state of a streak."""

    subject: bytes
    frequency: Frequency
    state: StreakState


class PeriodWrite(Struct, frozen=True, gc=False):
    """A period that counts."""

    subject: bytes
    period: StreakPeriod


class EventWrite(Struct, frozen=True, gc=False):
    """An event for the log; with a key, also its idempotency row."""

    subject: bytes
    event: Event
    fingerprint: bytes | None


class CompletionWrite(Struct, frozen=True, gc=False):
    """A completion; its counter row is ``(environment, tenant, achievement)``."""

    who: Identity
    completion: Completion


class Writes(Struct, frozen=True, gc=False):
    """Everything a group of commands caused, in the order it is written; one transaction.

    Lists hold one row per key (the last state wins; day changes are summed), sorted by subject.
    ``settled`` moves users to an environment version: ``(subject, version)``.
    """

    users: list[UserWrite] = []
    totals: list[TotalWrite] = []
    days: list[DayWrite] = []
    streaks: list[StreakWrite] = []
    periods: list[PeriodWrite] = []
    events: list[EventWrite] = []
    completions: list[CompletionWrite] = []
    settled: list[tuple[bytes, int]] = []
