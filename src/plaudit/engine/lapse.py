"""Time passing for a user's streaks: missed periods are bridged, or the run is lost; freezes are earned.

Pure, and whole at every instant: passing first to one moment and then to another is passing to the
other at once, so it does not matter whether the job or an event came first.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import tzinfo

from msgspec import Struct
from msgspec.structs import replace

from plaudit.engine.freezes import after_earning, planned
from plaudit.engine.periods import expiry, local_day, next_period, period_end, period_start, zone_of
from plaudit.engine.preferences import has_streaks
from plaudit.engine.runs import FREEZE, PAUSE, extended
from plaudit.model.catalog import FreezeSettings, Frequency, StreakSettings
from plaudit.model.outcome import StreakMoves
from plaudit.model.state import Snapshot, StreakPause, StreakPeriod, StreakState, UserState

Streaks = Mapping[Frequency, StreakState]
Pauses = Callable[[], Sequence[StreakPause]]


_WEEKLY = Frequency.WEEKLY
"""Looked up once: every event asks for it, and Python 3.11 takes longer over a member than over the rest."""


class Lapse(Struct, frozen=True):
    """What the time brought: the streaks that moved, bridged periods, the user's freezes, and the news."""

    streaks: dict[Frequency, StreakState]
    rows: tuple[StreakPeriod, ...]
    user: UserState
    moves: StreakMoves


def is_due(settings: StreakSettings, user: UserState, streaks: Streaks, now: int) -> bool:
    """Tell whether anything happens by ``now`` (Unix ms)."""
    for state in streaks.values():
        if now >= state.expires_at and not state.lost:
            return True
    at = user.freezes_at
    return (
        now >= at if at is not None else settings.freezes is not None and _unplanned(settings.freezes, user)
    )


def _unplanned(freezes: FreezeSettings, user: UserState) -> bool:
    return freezes.interval is not None and user.freezes < freezes.most


def lapse(settings: StreakSettings, user: UserState, streaks: Streaks, pauses: Pauses, now: int) -> Lapse:
    """Let the time up to ``now`` (Unix ms) pass.

    Args:
        settings: those that hold for the user.
        user: in the zone the user was in meanwhile.
        streaks: the states to start from.
        pauses: gives the user's pauses; called only when one may cover a missed period.
        now: the moment to come to.
    """
    passing = _Passing(settings, user, pauses, now)
    moved = {frequency: passing.carry(frequency, state) for frequency, state in streaks.items()}
    passing.earn(now)
    return passing.result({each: state for each, state in moved.items() if state is not streaks[each]})


def lapsed(settings: StreakSettings, snapshot: Snapshot, now: int) -> tuple[Streaks, Lapse | None]:
    """Give a user's streaks as they stand at ``now``, and what the time brought since they were written.

    ``settings`` are those that hold for the user; pauses count as far as they were read.
    """
    user = snapshot.user
    if user is None or not is_due(settings, user, snapshot.streaks, now):
        return snapshot.streaks, None
    pauses = () if snapshot.details is None else snapshot.details.pauses
    passed = lapse(settings, user, snapshot.streaks, lambda: pauses, now)
    return {**snapshot.streaks, **passed.streaks}, passed


def aligned(state: StreakState, frequency: Frequency, settings: StreakSettings, zone: tzinfo) -> StreakState:
    """Give a weekly streak the weeks of the settings, when they began on another weekday as it was counted.

    The week of the day on which it was extended last counts as counted: no day counts twice, and
    none is lost.
    """
    if frequency is not _WEEKLY or (state.last_period - settings.week_start) % 7 == 0:
        return state
    day = state.last_period if state.bridged else local_day(state.extended_at, zone)
    start = period_start(frequency, day, settings.week_start)
    if state.lost:
        return replace(state, last_period=start)
    expires_at = max(state.expires_at, expiry(frequency, start, zone, ()))
    return replace(state, last_period=start, expires_at=expires_at)


class _Passing:
    """The time of one user, passed from instant to instant."""

    def __init__(self, settings: StreakSettings, user: UserState, pauses: Pauses, now: int) -> None:
        self._settings = settings
        self._pauses = pauses
        self._now = now
        self._user = user
        self._zone = zone_of(user.tz)
        self._counted = has_streaks(user)
        self._rows: list[StreakPeriod] = []
        self._lost = self._consumed = self._left = self._earned = self._held = 0

    def carry(self, frequency: Frequency, state: StreakState) -> StreakState:
        """Carry one streak through its missed periods."""
        main = frequency is self._settings.frequency
        if self._now >= state.expires_at and not state.lost:
            state = aligned(state, frequency, self._settings, self._zone)
        while not state.lost and self._now >= state.expires_at:
            if main:
                # A miss is paid for before what is earned at the same midnight.
                self.earn(state.expires_at - 1)
            state = self._miss(frequency, state, main=main)
        return state

    def _miss(self, frequency: Frequency, state: StreakState, *, main: bool) -> StreakState:
        off, zone = self._settings.days_off, self._zone
        over = expiry(frequency, state.last_period, zone, off)
        if over > state.expires_at:  # days off that were declared since
            return replace(state, expires_at=over)
        missed = next_period(frequency, state.last_period, off)
        while (expires_at := expiry(frequency, missed, zone, off)) <= state.expires_at:
            missed = next_period(frequency, missed, off)
        kind = self._bridge(frequency, missed, state.expires_at, main=main)
        if kind is None:
            self._lost = state.length if main and self._counted else self._lost
            return replace(state, lost=True)
        row = StreakPeriod(frequency, missed, state.expires_at, expires_at, missed, kind)
        self._rows.append(row)
        return extended(state, row)

    def _bridge(self, frequency: Frequency, missed: int, at: int, *, main: bool) -> str | None:
        if not self._counted:
            return None
        if self._paused(missed, period_end(frequency, missed)):
            return PAUSE
        if not main or self._settings.freezes is None or self._user.freezes <= 0:
            return None
        self._left = self._user.freezes - 1
        self._consumed += 1
        self._user = replace(self._user, freezes=self._left)
        if self._user.freezes_at is None:
            self._plan(planned(self._settings.freezes, self._user, at))
        return FREEZE

    def _paused(self, first: int, last: int) -> bool:
        until = self._user.paused_until
        if until is None or until < first:
            return False
        return any(pause.first <= last and pause.last >= first for pause in self._pauses())

    def earn(self, until: int) -> None:
        """Earn the freezes that are due up to an instant (Unix ms)."""
        freezes = self._settings.freezes
        if freezes is None or freezes.interval is None or freezes.amount is None:
            self._plan(None)
            return
        if self._user.freezes_at is None and _unplanned(freezes, self._user):
            self._plan(planned(freezes, self._user, self._now))
        while (at := self._user.freezes_at) is not None and at <= until:
            self._grant(min(freezes.amount, max(freezes.most - self._user.freezes, 0)))
            full = self._user.freezes >= freezes.most
            self._plan(None if full else after_earning(freezes.interval, self._user, self._zone, at))

    def _grant(self, amount: int) -> None:
        user = self._user
        held, granted = user.freezes + amount, user.freezes_granted + amount
        self._user = replace(user, freezes=held, freezes_granted=granted)
        self._earned += amount
        self._held = held

    def _plan(self, at: int | None) -> None:
        if self._user.freezes_at != at:
            self._user = replace(self._user, freezes_at=at)

    def result(self, streaks: dict[Frequency, StreakState]) -> Lapse:
        """Give what the time brought."""
        moves = StreakMoves(
            lost=self._lost,
            consumed=self._consumed,
            left=self._left,
            earned=self._earned,
            held=self._held,
        )
        return Lapse(streaks, tuple(self._rows), self._user, moves)
