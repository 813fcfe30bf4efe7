"""The draft of one decision: the snapshot being changed while a command is thought through.

Refuses to outlive the decision: it is closed into a frozen outcome, or thrown away.
"""

from collections.abc import Mapping

from msgspec.structs import replace

from plaudit.engine.anniversaries import next_instant
from plaudit.engine.peaks import Peaks
from plaudit.engine.periods import local_day, zone_of
from plaudit.engine.preferences import rules_for
from plaudit.engine.profile import Profile, apply
from plaudit.engine.rulebook import AchievementRule, Rulebook, StreakRules, visible
from plaudit.model.catalog import Frequency
from plaudit.model.commands import Command, RecordEvent
from plaudit.model.ids import derived_id
from plaudit.model.leaderboards import Score, ScoreChange
from plaudit.model.outcome import STILL, MeasureChange, StreakMoves
from plaudit.model.points import PointsAward, PointsState
from plaudit.model.settings import is_control
from plaudit.model.state import (
    Completion,
    DayChange,
    Depth,
    Details,
    Event,
    MeasureTotal,
    Snapshot,
    StreakPause,
    StreakPeriod,
    StreakState,
    UsedKey,
)

EVERYTHING = Depth(days_since=1, periods=True)
"""A reading that holds all there is of a user."""

_UNKNOWN = Details({}, {}, ())
_PERIODS = Depth(periods=True, some=())


class Deeper(Exception):
    """The decision needs a deeper reading of the user; caught by ``evaluate``."""

    def __init__(self, depth: Depth) -> None:
        """Keep the depth that is needed."""
        super().__init__(depth)
        self.depth = depth


class Draft:
    """A user while one command is decided. ``at`` is the event time, ``now`` the clock reading."""

    __slots__ = (
        "anniversary_due",
        "asked",
        "at",
        "awards",
        "before",
        "changes",
        "command",
        "completed",
        "day",
        "dues",
        "extended",
        "joined",
        "keys",
        "lapse",
        "lengths",
        "marks",
        "now",
        "paused",
        "points",
        "profile",
        "profile_changed",
        "rows",
        "rulebook",
        "rules",
        "score_changes",
        "scores",
        "seq",
        "started",
        "streaks",
        "totals",
        "user",
        "zone",
    )

    def __init__(self, rulebook: Rulebook, snapshot: Snapshot, command: Command, at: int) -> None:
        """Open a draft and apply the command's user fields."""
        self.rulebook = rulebook
        self.command = command
        self.before = snapshot if snapshot.user is not None else _newborn(snapshot)
        self.now = command.now
        self.at = at
        self.profile: Profile = apply(snapshot.user, snapshot.who, command.user, self.now, rulebook.version)
        self.profile_changed = self.profile.changed
        self.user = self.profile.user
        ratio = rulebook.environment.settings.experimentation.control_ratio
        if ratio and self.profile.created:
            self.user = replace(self.user, control=is_control(snapshot.who.subject, ratio))
        self.zone = zone_of(self.user.tz)
        self.day = local_day(at, self.zone)
        self.seq: int | None = None
        self.totals: dict[int, MeasureTotal] = self.before.totals
        self.changes: tuple[MeasureChange, ...] = ()
        self.streaks: dict[Frequency, StreakState] = self.before.streaks
        self.rules: StreakRules = rules_for(rulebook, self.user)
        self.rows: dict[tuple[Frequency, int], StreakPeriod] = {}
        self.lapse: StreakMoves = STILL
        self.started = self.extended = False
        self.paused: tuple[StreakPause, ...] = ()
        self.keys: dict[tuple[int, str], UsedKey] = snapshot.keys
        self.lengths: Peaks | None = None
        self.joined: tuple[int, ...] | None = None
        self.completed: dict[int, Completion] = {}
        self.asked: AchievementRule | None = None
        self.points: dict[int, PointsState] = self.before.points
        self.marks: dict[int, int] = self.before.marks
        self.awards: tuple[PointsAward, ...] = ()
        self.scores: dict[tuple[int, int], Score] = self.before.scores
        self.score_changes: tuple[ScoreChange, ...] = ()
        self.dues: tuple[tuple[int, int | None], ...] = ()
        due = self.user.anniversary_at
        self.anniversary_due = due is not None and self.now >= due

    @property
    def periods(self) -> tuple[StreakPeriod, ...]:
        """The periods that came to count, or were bridged, reset or restored."""
        return tuple(self.rows.values())

    def periods_of(self, frequency: Frequency) -> list[StreakPeriod]:
        """Give every period of one frequency as it is by now, ascending; reads them if need be."""
        held = {row.period: row for row in self.require(_PERIODS).periods if row.frequency is frequency}
        held |= {period: row for (each, period), row in self.rows.items() if each is frequency}
        return [held[period] for period in sorted(held)]

    def pauses(self) -> tuple[StreakPause, ...]:
        """Give the pauses in force, those this command made included; reads them if need be."""
        return tuple(
            pause for pause in _joined(self.require(_PERIODS).pauses, self.paused) if not pause.archived
        )

    def log(self, metric: int, command: RecordEvent, body: bytes | None) -> Event:
        """Give the user's next event, and mark its idempotency key as used."""
        seq = self.user.seq + 1
        self.seq = seq
        self.user = replace(self.user, seq=seq)
        if self.user.letter_at is None:
            self.user = replace(self.user, letter_at=self.now)
            self.profile_changed = True
        if command.key is not None and body is not None:
            self.keys = {**self.keys, (metric, command.key): UsedKey(seq, command.id, body)}
        return Event(
            seq,
            command.id,
            metric,
            command.value,
            command.at,
            command.now,
            self.day,
            command.attributes,
            command.key,
        )

    def plan_anniversary(self) -> None:
        """Move a due anniversary on to the next one."""
        self.user = replace(self.user, anniversary_at=next_instant(self.user, self.now))
        self.profile_changed = True

    def moved_streaks(self) -> dict[Frequency, StreakState]:
        """Give the streaks that are not as they were."""
        before = self.before.streaks
        if self.streaks is before:
            return {}
        return {each: state for each, state in self.streaks.items() if before.get(each) is not state}

    def require(self, depth: Depth) -> Details:
        """Give the details read at least this deep.

        Raises:
            Deeper: they have not been read so deep.
        """
        details, have = self.before.details, self.before.depth
        if details is None or have is None:
            raise Deeper(depth)
        if not have.covers(depth):
            joined = have.join(depth)
            # Whoever asks for one more after the other shall have all, so that nobody asks often.
            raise Deeper(joined if joined.some == have.some else replace(joined, some=None))
        return details

    def _earned(self, achievement: int) -> Details:
        """Give details that know an achievement, and those that may follow from it."""
        kin = self.rulebook.kin.get(achievement)
        return self.require(Depth(some=(achievement,) if kin is None else kin))

    def is_completed(self, achievement: int) -> bool:
        """Tell whether the user has an achievement, earned before or by this command."""
        return self.completion(achievement) is not None

    def completion(self, achievement: int) -> Completion | None:
        """Give the completion of an achievement, earned before or by this command."""
        if achievement in self.completed:
            return self.completed[achievement]
        return self._earned(achievement).completions.get(achievement)

    def is_revoked(self, achievement: int) -> bool:
        """Tell whether an admin took an achievement back, so that the same state earns it no more."""
        return achievement in self._earned(achievement).revoked

    def wants(self, rule: AchievementRule) -> bool:
        """Tell whether the user may earn an achievement and has not yet."""
        return visible(rule, self.user.attributes) and not self.is_completed(rule.number)

    def complete(self, rule: AchievementRule, at: int) -> None:
        """Award an achievement, earned at ``at``; once, whatever happens."""
        if not self.is_completed(rule.number):
            name = derived_id(self.command.id, rule.number)
            self.completed[rule.number] = Completion(rule.number, name, at, self.now, self.seq)

    def after(self) -> Snapshot:
        """Give the snapshot the next command of this user starts from."""
        before = self.before
        details = before.details
        moved = self.completed or self.changes or self.rows or self.awards or self.paused
        if details is not None and moved:
            details = self._details(details)
        return Snapshot(
            before.who,
            self.user,
            self.totals,
            self.streaks,
            self.keys,
            details,
            before.depth,
            self.points,
            self.marks,
            self.scores,
            before.days,
            before.points_days,
        )

    def _details(self, details: Details) -> Details:
        periods, pauses = details.periods, details.pauses
        if self.before.depth is not None and self.before.depth.periods:
            if self.rows:
                held = {(row.frequency, row.period): row for row in periods} | self.rows
                periods = tuple(held[key] for key in sorted(held))
            pauses = tuple(pause for pause in _joined(pauses, self.paused) if not pause.archived)
        completions, awards = details.completions, details.awards
        if self.completed:
            completions = {**completions, **self.completed}
        if self.awards:
            awards = (*awards, *self.awards)
        days = self._days(details.days)
        return replace(
            details, completions=completions, days=days, periods=periods, pauses=pauses, awards=awards
        )

    def _days(self, days: dict[int, dict[int, DayChange]]) -> dict[int, dict[int, DayChange]]:
        since = None if self.before.depth is None else self.before.depth.days_since
        if since is None or self.day < since:
            return days
        after = dict(days)
        for change in self.changes:
            after[change.measure] = with_change(after.get(change.measure, {}), change, self.at)
        return after


def _joined(held: tuple[StreakPause, ...], moved: tuple[StreakPause, ...]) -> list[StreakPause]:
    """Give pauses by their first day, the moved ones in the place of those held before."""
    joined = {pause.id: pause for pause in (*held, *moved)}
    return sorted(joined.values(), key=lambda pause: (pause.first, pause.id))


def with_change(days: Mapping[int, DayChange], change: MeasureChange, at: int) -> dict[int, DayChange]:
    """Add one event's change to the days of a measure."""
    old = days.get(change.day)
    if old is None:
        return {**days, change.day: DayChange(change.change, at)}
    return {**days, change.day: DayChange(old.change + change.change, max(old.last_at, at))}


def _newborn(snapshot: Snapshot) -> Snapshot:
    depth = EVERYTHING if snapshot.depth is None else EVERYTHING.join(snapshot.depth)
    return Snapshot(snapshot.who, None, {}, {}, snapshot.keys, _UNKNOWN, depth)
