"""What a decision causes: the outcome of one command, and the writes of a whole group.

The outcome is both what the caller is answered and where the writes come from.
"""

from enum import StrEnum

from msgspec import Struct

from plaudit.model.actions import Action
from plaudit.model.catalog import Frequency
from plaudit.model.errors import Code
from plaudit.model.leaderboards import RankChange, Ranking, RankKey, Score, ScoreChange
from plaudit.model.points import PointsAward
from plaudit.model.state import (
    Completion,
    Depth,
    Event,
    Identity,
    MeasureTotal,
    Snapshot,
    StreakPause,
    StreakPeriod,
    StreakState,
    UsedKey,
    UserState,
)
from plaudit.model.tally import Tally
from plaudit.model.webhooks import Posting


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


class StreakMoves(Struct, frozen=True, gc=False):
    """What happened to a user's streak (at the environment's frequency) and to the freezes.

    ``lost`` is the length of a streak that was lost, 0 when none was; a new one may have ``started``
    since. ``extended`` tells that a live streak became longer. ``left`` are the freezes that were
    left when ``consumed`` had been used, ``held`` those there were when ``earned`` had come.
    """

    lost: int = 0
    started: bool = False
    extended: bool = False
    consumed: int = 0
    left: int = 0
    earned: int = 0
    held: int = 0


STILL = StreakMoves()
"""Nothing happened to the streak."""


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
    moves: StreakMoves = STILL
    pauses: tuple[StreakPause, ...] = ()
    revoked: tuple[Completion, ...] = ()
    """Completions taken back by an admin, the one asked for first, then what rested on it."""
    action: Action | None = None
    """What the audit log keeps of an admin's command."""
    awards: tuple[PointsAward, ...] = ()
    """Points awarded, or for a replay those of the first use."""
    dues: tuple[tuple[int, int | None], ...] = ()
    """Time triggers of points and when (Unix ms) each is next due; None: never again."""
    scores: tuple[ScoreChange, ...] = ()
    """Scores on leaderboards that moved, or that stand in another group now."""
    ranks: tuple[RankChange, ...] = ()
    """Where those scores led, filled in once the ranks are counted."""


class UserWrite(Struct, frozen=True, gc=False):
    """A user's row to insert (``created``), to replace (``profile``), or only ``seq`` and the tally to move.

    The tally is whole and absolute, since the user is locked.
    """

    who: Identity
    user: UserState
    created: bool
    profile: bool
    tally: Tally


class DayWrite(Struct, frozen=True, gc=False):
    """A change to add to a measure's local day."""

    subject: bytes
    measure: int
    day: int
    change: int
    last_at: int


class StreakWrite(Struct, frozen=True, gc=False):
    """The new state of a streak, in the row by which jobs find it; the same stands in the tally."""

    subject: bytes
    frequency: Frequency
    state: StreakState


class PeriodWrite(Struct, frozen=True, gc=False):
    """A period that counts."""

    subject: bytes
    period: StreakPeriod


class PauseWrite(Struct, frozen=True, gc=False):
    """A streak pause that was made or taken back."""

    subject: bytes
    pause: StreakPause


class EventWrite(Struct, frozen=True, gc=False):
    """An event for the log; with a key, also its idempotency row."""

    subject: bytes
    event: Event
    fingerprint: bytes | None


class CompletionWrite(Struct, frozen=True, gc=False):
    """A completion; its counter row is ``(environment, tenant, achievement)``."""

    who: Identity
    completion: Completion


class PointsDayWrite(Struct, frozen=True, gc=False):
    """Points to add to a system's local day."""

    subject: bytes
    system: int
    day: int
    change: int


class RevocationWrite(Struct, frozen=True, gc=False):
    """A completion taken back at a time (Unix ms): its row and its count go, and it is remembered."""

    who: Identity
    completion: Completion
    at: int


class Scope(StrEnum):
    """How much of a user goes: what a merge writes anew, all records, or the outbox too."""

    CORE = "core"
    RECORDS = "records"
    EVERYTHING = "everything"


class Erasure(Struct, frozen=True, gc=False):
    """A user whose rows go, and the achievements it counted for."""

    who: Identity
    achievements: tuple[int, ...]
    scope: Scope


class MergeWrite(Struct, frozen=True, gc=False):
    """A user who became part of another one at a time (Unix ms)."""

    subject: bytes
    target: bytes
    at: int


class ScoreWrite(Struct, frozen=True, gc=False):
    """The row of a user's score in one run of a board; absolute, since the user is locked.

    Of a board's ``newest`` run it holds the ranking alone: the numbers stand in the tally.
    """

    subject: bytes
    board: int
    run: int
    score: Score
    newest: bool = False


class RankDayWrite(Struct, frozen=True, gc=False):
    """The rank (None: not on the board) and score after a past day's last change; see ``Score.day``."""

    subject: bytes
    board: int
    run: int
    day: int
    rank: int | None
    score: int


class Writes(Struct, frozen=True, gc=False):
    """Everything a group of commands caused, in the order it is written; one transaction.

    Lists hold one row per key (the last state wins; day changes are summed), sorted by subject.
    ``settled`` moves users to an environment version: ``(subject, version)``.
    """

    users: list[UserWrite] = []
    days: list[DayWrite] = []
    streaks: list[StreakWrite] = []
    periods: list[PeriodWrite] = []
    events: list[EventWrite] = []
    completions: list[CompletionWrite] = []
    settled: list[tuple[bytes, int]] = []
    pauses: list[PauseWrite] = []
    revoked: list[RevocationWrite] = []
    revocations: list[tuple[bytes, int, bytes, int]] = []
    """``(subject, achievement, completion id, at)`` of what was taken back before, and stays so."""
    erased: list[Erasure] = []
    merged: list[MergeWrite] = []
    actions: list[Action] = []
    outbox: list[Posting] = []
    letters: list[tuple[bytes, int | None]] = []
    """``(subject, letter_at)`` of users not in ``users``."""
    points_days: list[PointsDayWrite] = []
    awards: list[tuple[bytes, PointsAward]] = []
    new_dues: list[tuple[bytes, int, int]] = []
    """``(subject, trigger, instant)``; where one is due already, the earlier instant stays."""
    moved_dues: list[tuple[bytes, int, int]] = []
    ended_dues: list[tuple[bytes, int]] = []
    scores: list[ScoreWrite] = []
    rank_days: list[RankDayWrite] = []
    rankings: list[Ranking] = []
    """Rankings that get their first entry."""
    left: list[RankKey] = []
    """Entries that leave a ranking."""
    entered: list[RankKey] = []
    """Entries that come into a ranking."""
