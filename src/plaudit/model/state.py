"""The state of one user: what is read before a decision (the snapshot) and what it is made of.

Times are Unix milliseconds; days and period starts are proleptic ordinals (``date.toordinal``);
amounts are micro-units. ``gc=False`` throughout: frozen values made of values cannot form cycles, and
the collector need not walk the many that one commit makes.
"""

from msgspec import Struct

from plaudit.model.catalog import Frequency
from plaudit.model.leaderboards import Score
from plaudit.model.points import PointsAward, PointsState
from plaudit.model.preferences import Preferences


class Identity(Struct, frozen=True, gc=False):
    """Who is meant: the natural key of a user, and the subject derived from it."""

    subject: bytes
    environment: int
    tenant: str
    user_id: str


class UserState(Struct, frozen=True, gc=False):
    """A user's row.

    ``seq`` counts this user's events; ``settled`` is the environment version up to which everything
    already met has been completed (see ``jobs/run_backdates``).
    ``freezes`` are the streak freezes held; ``freezes_granted`` all that ever came, so that what is
    missing was used. ``freezes_at`` is the instant the next ones are earned, None while none are.
    ``paused_until`` is the last day of the latest streak pause, if there is any.
    ``letter_at`` is the first instant at which a recap, or a message to win the user back, can be due;
    None for users without events, and for those quiet for so long that no more will come.
    """

    id: str
    email: str | None
    name: str | None
    tz: str | None
    sign_up_date: int | None
    device_tokens: tuple[str, ...]
    subscribe_to_emails: bool
    attributes: dict[str, str]
    created: int
    updated: int
    seq: int
    settled: int
    anniversary_at: int | None
    control: bool = False
    freezes: int = 0
    freezes_granted: int = 0
    freezes_at: int | None = None
    paused_until: int | None = None
    preferences: Preferences | None = None
    letter_at: int | None = None


class MeasureTotal(Struct, frozen=True, gc=False, array_like=True):
    """Running value of a measure, and the latest event time that fed it."""

    total: int
    last_at: int


class DayChange(Struct, frozen=True, gc=False):
    """Change of a measure within one local day, and the latest event time in it."""

    change: int
    last_at: int


class NewestDay(Struct, frozen=True, gc=False, array_like=True):
    """The newest local day on which a measure or a system's points changed, and by how much.

    Every event moves it, so it stands in the tally; days before it are rows. ``last_at`` is the latest event
    time in it (Unix ms), 0 for points.
    """

    day: int
    change: int
    last_at: int = 0


class StreakState(Struct, frozen=True, gc=False, array_like=True):
    """A user's streak at one frequency.

    ``days`` counts the periods of the current run; ``length`` is what is shown: ``days``, but for
    daily streaks never more than whole 24 h periods elapsed since ``started_at`` + 2 (contract,
    "Streaks"). The run is lost at ``expires_at``, the instant at which the last period ends in
    which it could have been extended, unless a freeze or a pause bridges that period; ``bridged``
    counts the bridged periods at its end. ``lost`` tells that its loss has been noticed; a run that
    was reset has no ``days``.
    """

    days: int
    length: int
    longest: int
    started: int
    started_at: int
    last_period: int
    extended_at: int
    expires_at: int
    lost: bool = False
    bridged: int = 0


class StreakPeriod(Struct, frozen=True, gc=False):
    """A period that counts toward a streak: earned by events, or bridged by a freeze or a pause.

    ``reset_at`` (Unix ms) tells that the streak was reset to zero in this period: a run that goes on
    counts from then. ``restored`` is the length the run was restored to as of this period.
    """

    frequency: Frequency
    period: int
    counted_at: int
    expires_at: int
    day: int
    kind: str = "earned"
    reset_at: int | None = None
    restored: int | None = None


class StreakPause(Struct, frozen=True, gc=False):
    """Days, first to last, that a user's streaks need no events on."""

    id: bytes
    first: int
    last: int
    archived: bool = False


class Completion(Struct, frozen=True, gc=False):
    """An achievement earned: once per user, for ever. ``seq`` is the event that caused it, if one did.

    ``at`` is the event time it was earned; ``recorded`` the moment it was written.
    """

    achievement: int
    id: bytes
    at: int
    recorded: int
    seq: int | None


class UsedKey(Struct, frozen=True, gc=False):
    """An idempotency key that has been used, and the event it brought."""

    seq: int
    event_id: bytes
    fingerprint: bytes


class Event(Struct, frozen=True, gc=False):
    """A metric event as kept in the log. ``day`` is the user's local day when it was counted."""

    seq: int
    id: bytes
    metric: int
    value: int
    at: int
    recorded: int
    day: int
    attributes: dict[str, str]
    key: str | None = None


class EventFilter(Struct, frozen=True, gc=False):
    """Which events of a user are asked for: times are Unix ms, ``until`` is not included."""

    metric: int | None = None
    since: int | None = None
    until: int | None = None
    key: str | None = None


class Details(Struct, frozen=True, gc=False):
    """The deeper reading of a user, made only when a decision asks for it (see ``Depth``)."""

    completions: dict[int, Completion]
    days: dict[int, dict[int, DayChange]]
    """Per measure, the local days since ``Depth.days_since``."""
    periods: tuple[StreakPeriod, ...]
    """All periods that count, ordered by frequency and period, when ``Depth.periods``."""
    pauses: tuple[StreakPause, ...] = ()
    """All pauses that were not taken back, by their first day, when ``Depth.periods``."""
    revoked: frozenset[int] = frozenset()
    """Achievements an admin took back: the state that earned them earns them no more."""
    awards: tuple[PointsAward, ...] = ()
    """The points awards of the events that ``Depth.awards_of`` names."""


class Depth(Struct, frozen=True, gc=False):
    """How deep to read one user: completions, and what is named here.

    Days from an ordinal on, streak periods, and the points awards of the events ``awards_of`` (by seq).
    ``some`` names the achievements (ascending numbers) whose completions and revocations are wanted;
    None wants all of them.
    """

    days_since: int | None = None
    periods: bool = False
    awards_of: tuple[int, ...] = ()
    some: tuple[int, ...] | None = None

    def join(self, other: "Depth") -> "Depth":
        """Give the depth that serves both."""
        since = [d.days_since for d in (self, other) if d.days_since is not None]
        awards = tuple(sorted({*self.awards_of, *other.awards_of}))
        every = self.some is None or other.some is None
        some = None if every else tuple(sorted({*(self.some or ()), *(other.some or ())}))
        return Depth(min(since) if since else None, self.periods or other.periods, awards, some)

    def covers(self, other: "Depth") -> bool:
        """Tell whether a reading this deep already serves ``other``."""
        if self.some is not None and (other.some is None or not set(self.some).issuperset(other.some)):
            return False
        since = other.days_since
        if since is not None and (self.days_since is None or self.days_since > since):
            return False
        return (self.periods or not other.periods) and set(self.awards_of).issuperset(other.awards_of)


COMPLETIONS = Depth()
"""The depth that reads every completion and nothing that has to be named."""


class Snapshot(Struct, frozen=True, gc=False):
    """Everything a decision about one user needs, read once.

    ``user`` is None before the user exists. ``keys`` holds the idempotency keys that were asked
    for and are used, by ``(metric number, key)``. ``details`` is None while nothing asked for it.
    ``points`` are by system; ``marks`` are the highest values of measures that points were awarded up to.
    """

    who: Identity
    user: UserState | None
    totals: dict[int, MeasureTotal]
    streaks: dict[Frequency, StreakState]
    keys: dict[tuple[int, str], UsedKey]
    details: Details | None = None
    depth: Depth | None = None
    points: dict[int, PointsState] = {}
    marks: dict[int, int] = {}
    scores: dict[tuple[int, int], Score] = {}
    """By board and first day of the run: of each board the newest run's, others where asked for."""
    days: dict[int, NewestDay] = {}
    """By measure, as read: what a command adds is seen in ``details``, and written by ``gather``."""
    points_days: dict[int, NewestDay] = {}


class Stamp(Struct, frozen=True, gc=False):
    """What a user's standing in achievements depends on, as far as the database goes.

    Whatever changes the standing changes the stamp: events, the profile, settling, completions (the
    sum of the times they were recorded) and how many were ``revoked``, the streak at the settings'
    frequency (its ``length`` is 0 once its loss was noticed), and ``preferences``, as stored. Time
    changes it too: a streak is lost or bridged at ``expires_at``, an anniversary comes at
    ``anniversary_at``.
    """

    seq: int
    updated: int
    settled: int
    anniversary_at: int | None
    recorded: int | None
    length: int | None
    expires_at: int | None
    preferences: str | None = None
    revoked: int = 0
