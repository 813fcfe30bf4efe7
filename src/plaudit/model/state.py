"""The state of one user: what is read before a decision (the snapshot) and what it is made of.

Times are Unix milliseconds; days and period starts are proleptic ordinals (``date.toordinal``);
amounts are micro-units. ``gc=False`` throughout: frozen values made of values cannot form cycles, and
the collector need not walk the many that one commit makes.
"""

from msgspec import Struct

from plaudit.model.catalog import Frequency


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


class MeasureTotal(Struct, frozen=True, gc=False):
    """Running value of a measure, and the latest event time that fed it."""

    total: int
    last_at: int


class DayChange(Struct, frozen=True, gc=False):
    """Change of a measure within one local day, and the latest event time in it."""

    change: int
    last_at: int


class StreakState(Struct, frozen=True, gc=False):
    """A user's streak at one frequency.

    ``days`` counts the periods of the current run; ``length`` is what is shown: ``days``, but for
    daily streaks never more than whole 24 h periods elapsed since ``started_at`` + 2 (contract,
    "Streaks"). The run is lost at ``expires_at``, the instant at which the last period ends in
    which it could have been extended.
    """

    days: int
    length: int
    longest: int
    started: int
    started_at: int
    last_period: int
    extended_at: int
    expires_at: int


class StreakPeriod(Struct, frozen=True, gc=False):
    """A period that counts toward a streak: earned by events, or bridged by a freeze or a pause."""

    frequency: Frequency
    period: int
    counted_at: int
    expires_at: int
    day: int
    kind: str = "earned"


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


class Details(Struct, frozen=True, gc=False):
    """The deeper reading of a user, made only when a decision asks for it (see ``Depth``)."""

    completions: dict[int, Completion]
    days: dict[int, dict[int, DayChange]]
    """Per measure, the local days since ``Depth.days_since``."""
    periods: tuple[StreakPeriod, ...]
    """All periods that count, ordered by frequency and period, when ``Depth.periods``."""


class Depth(Struct, frozen=True, gc=False):
    """How deep to read one user: completions always, days from an ordinal on, streak periods."""

    days_since: int | None = None
    periods: bool = False

    def join(self, other: "Depth") -> "Depth":
        """Give the depth that serves both."""
        since = [d.days_since for d in (self, other) if d.days_since is not None]
        return Depth(min(since) if since else None, self.periods or other.periods)

    def covers(self, other: "Depth") -> bool:
        """Tell whether a reading this deep already serves ``other``."""
        return self.join(other) == self


class Snapshot(Struct, frozen=True, gc=False):
    """Everything a decision about one user needs, read once.

    ``user`` is None before the user exists. ``keys`` holds the idempotency keys that were asked
    for and are used, by ``(metric number, key)``. ``details`` is None while nothing asked for it.
    """

    who: Identity
    user: UserState | None
    totals: dict[int, MeasureTotal]
    streaks: dict[Frequency, StreakState]
    keys: dict[tuple[int, str], UsedKey]
    details: Details | None = None
    depth: Depth | None = None


class Stamp(Struct, frozen=True, gc=False):
    """What a user's standing in achievements depends on, as far as the database goes.

    Whatever changes the standing changes the stamp: events, the profile, settling, completions (the
    sum of the times they were recorded), and the streak at the settings' frequency. Time changes it
    too: a streak is lost at ``expires_at``, an anniversary comes at ``anniversary_at``.
    """

    seq: int
    updated: int
    settled: int
    anniversary_at: int | None
    recorded: int | None
    length: int | None
    expires_at: int | None
