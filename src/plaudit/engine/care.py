"""Streak care: what an admin or the user asks to be done to streaks, one act per command.

Refuses users nobody knows (see ``evaluate``); the time before the command has passed already.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

from msgspec.structs import replace

from plaudit.engine.draft import Draft
from plaudit.engine.lapse import aligned
from plaudit.engine.periods import expiry, local_day, period_start
from plaudit.engine.preferences import changed, rules_for
from plaudit.engine.runs import EARNED, RESET, RESTORE, Link, chain, covers, ended
from plaudit.engine.streaks import follow, hold_freezes, put_period
from plaudit.model.actions import Action, user_target
from plaudit.model.catalog import Frequency
from plaudit.model.commands import (
    EndPause,
    GrantFreeze,
    KeepStreak,
    PauseStreak,
    ResetStreak,
    RestoreStreak,
    SetPreferences,
    StreakCommand,
)
from plaudit.model.errors import Code
from plaudit.model.outcome import Refusal
from plaudit.model.state import StreakPause, StreakPeriod, StreakState

DAILY_WINDOW = 90
"""Days in which the longest daily streak is looked for when one is restored (published)."""


def _keep(_draft: Draft, _command: KeepStreak) -> Refusal | None:
    return None


def _grant(draft: Draft, _command: GrantFreeze) -> Refusal | None:
    freezes, user = draft.rules.settings.freezes, draft.user
    if freezes is None:
        return Refusal(Code.FREEZES_OFF)
    if user.freezes >= freezes.most:
        return Refusal(Code.FREEZES_FULL)
    held = user.freezes + 1
    at = user.freezes_at if held < freezes.most else None
    granted = user.freezes_granted + 1
    hold_freezes(draft, replace(user, freezes=held, freezes_granted=granted, freezes_at=at))
    return None


def _pause(draft: Draft, command: PauseStreak) -> Refusal | None:
    today = local_day(draft.now, draft.zone)
    if command.first < today:
        return Refusal(Code.PAUSE_IN_THE_PAST, {"today": str(date.fromordinal(today))})
    for held in draft.pauses():
        if held.first <= command.last and held.last >= command.first:
            days = {"start": date.fromordinal(held.first), "end": date.fromordinal(held.last)}
            return Refusal(Code.PAUSE_OVERLAPS, {name: str(day) for name, day in days.items()})
    _hold_pause(draft, StreakPause(command.id, command.first, command.last))
    return None


def _end_pause(draft: Draft, command: EndPause) -> Refusal | None:
    held = next((pause for pause in draft.pauses() if pause.id == command.pause), None)
    if held is None:
        return Refusal(Code.UNKNOWN_PAUSE)
    _hold_pause(draft, replace(held, archived=True))
    return None


def _hold_pause(draft: Draft, pause: StreakPause) -> None:
    draft.paused = (pause,)
    until = max((each.last for each in draft.pauses()), default=None)
    draft.user = replace(draft.user, paused_until=until)
    draft.profile_changed = True


def _reset(draft: Draft, _command: ResetStreak) -> Refusal | None:
    alive = {each: state for each, state in draft.streaks.items() if state.days and not state.lost}
    main = alive.get(draft.rules.settings.frequency)
    if main is None:
        return Refusal(Code.NOTHING_TO_RESET)
    for frequency, state in alive.items():
        _reset_one(draft, frequency, state)
    draft.lapse = replace(draft.lapse, lost=main.length)
    return None


def _reset_one(draft: Draft, frequency: Frequency, state: StreakState) -> None:
    settings, now = draft.rules.settings, draft.now
    state = aligned(state, frequency, settings, draft.zone)
    period = max(period_start(frequency, draft.day, settings.week_start), state.last_period)
    held = next((row for row in draft.periods_of(frequency) if covers(row, period)), None)
    if held is None or held.reset_at is not None:
        row = StreakPeriod(frequency, period, now, now, draft.day, RESET, now)
    else:
        row = replace(held, reset_at=max(now, held.counted_at + 1))
    put_period(draft, row, ended(state, row, row.reset_at or now))


def _restore(draft: Draft, _command: RestoreStreak) -> Refusal | None:
    settings = draft.rules.settings
    state = draft.streaks.get(settings.frequency)
    if state is None:
        return Refusal(Code.NOTHING_TO_RESTORE)
    links = list(chain(draft.periods_of(settings.frequency), settings, state))
    length = _longest(draft, links)
    if length <= (0 if state.lost else state.length):
        return Refusal(Code.NOTHING_TO_RESTORE)
    for row in _restored_rows(draft, length):
        put_period(draft, row, state)
    last = state
    for link in chain(draft.periods_of(settings.frequency), settings, state):
        last = link.state
    draft.streaks = {**draft.streaks, settings.frequency: replace(last, longest=max(state.longest, length))}
    return None


def _longest(draft: Draft, links: list[Link]) -> int:
    settings = draft.rules.settings
    first = _window(settings.frequency, draft.day, settings.week_start)
    return max((link.state.length for link in links if link.row.period >= first), default=0)


def _window(frequency: Frequency, today: int, week_start: int) -> int:
    """Give the first period in which a streak to restore is looked for (published)."""
    year = date.fromordinal(today).year
    if frequency is Frequency.DAILY:
        return today - DAILY_WINDOW
    if frequency is Frequency.WEEKLY:
        return period_start(frequency, date(year, 1, 1).toordinal(), week_start)
    return date(max(year - 1, 1), 1, 1).toordinal()


def _restored_rows(draft: Draft, length: int) -> list[StreakPeriod]:
    """Mark the current period, if it counts already, else the one before it, so that today can extend it."""
    settings, rows = draft.rules.settings, draft.periods_of(draft.rules.settings.frequency)
    frequency = settings.frequency
    period = period_start(frequency, draft.day, settings.week_start)
    held = next((row for row in rows if covers(row, period)), None)
    if held is not None and held.kind == EARNED:
        return [replace(held, reset_at=None, restored=length)]
    before = period_start(frequency, period - 1, settings.week_start)
    expires_at = expiry(frequency, before, draft.zone, settings.days_off)
    past = next((row for row in rows if covers(row, before)), None)
    if past is None:
        past = StreakPeriod(frequency, before, draft.now, expires_at, before, RESTORE)
    elif past.kind == RESET:
        past = replace(past, kind=RESTORE)
    marked = [replace(past, expires_at=max(expires_at, past.expires_at), reset_at=None, restored=length)]
    if held is not None and held.kind == RESET:
        marked.append(replace(held, kind=RESTORE, expires_at=expires_at, reset_at=None))
    return marked


def _prefer(draft: Draft, command: SetPreferences) -> Refusal | None:
    preferences = changed(draft.rulebook, draft.user.preferences, command.change)
    if isinstance(preferences, Refusal):
        return preferences
    draft.user = replace(draft.user, preferences=preferences)
    draft.profile_changed = True
    draft.rules = rules_for(draft.rulebook, draft.user)
    follow(draft)
    return None


CARE: dict[type, Callable[[Draft, Any], Refusal | None]] = {
    KeepStreak: _keep,
    GrantFreeze: _grant,
    PauseStreak: _pause,
    EndPause: _end_pause,
    RestoreStreak: _restore,
    ResetStreak: _reset,
    SetPreferences: _prefer,
}
"""What each command does to a draft; a refusal throws the draft away."""

ACTIONS: dict[type, str] = {
    GrantFreeze: "grant_freeze",
    PauseStreak: "pause_streak",
    EndPause: "end_pause",
    RestoreStreak: "restore_streak",
    ResetStreak: "reset_streak",
}
"""What the audit log calls each thing that admins do."""


def action_of(command: StreakCommand) -> Action | None:
    """Give what the audit log keeps of a command; None for what no admin asked for."""
    if isinstance(command, KeepStreak | SetPreferences) or command.actor is None:
        return None
    who = command.who
    name = ACTIONS[type(command)]
    return Action(who.environment, command.now, command.actor, name, user_target(who.subject))
