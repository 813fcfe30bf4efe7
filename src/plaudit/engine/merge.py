"""Merging: two users become one, as if all their events had been sent for it.

Refuses to count twice: an idempotency key both used counts once, an achievement both have is one
completion (the earlier), and what an achievement or a birth brought of points or freezes is kept once.
"""

from collections.abc import Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from plaudit.engine.anniversaries import next_instant
from plaudit.engine.audit import reached
from plaudit.engine.freezes import planned
from plaudit.engine.rulebook import Rulebook, matches
from plaudit.engine.runs import CARRIED, EARNED, FREEZE, chain
from plaudit.model.catalog import FreezeSettings, Frequency, Trigger
from plaudit.model.ids import derived_id
from plaudit.model.points import PointsAward
from plaudit.model.state import (
    Completion,
    DayChange,
    Details,
    Event,
    MeasureTotal,
    Snapshot,
    StreakPause,
    StreakPeriod,
    StreakState,
    UsedKey,
    UserState,
)


class Life(Struct, frozen=True):
    """Everything of one user: the snapshot with every detail, the log, the keys, the awards of points."""

    snapshot: Snapshot
    events: Sequence[Event]
    keys: Mapping[tuple[int, str], UsedKey]
    awards: Sequence[PointsAward]


class Merged(Struct, frozen=True):
    """The one user two became; ``fingerprints`` by ``seq``; ``duplicates`` counts events of used keys.

    ``pauses`` are those that come to the staying user.
    """

    snapshot: Snapshot
    events: list[Event]
    fingerprints: dict[int, bytes]
    awards: list[PointsAward]
    duplicates: int
    pauses: tuple[StreakPause, ...]


def merge(rulebook: Rulebook, into: Life, other: Life, now: int) -> Merged:
    """Give the user that ``into`` becomes when ``other`` becomes part of it."""
    kept, old, new = into.snapshot, into.snapshot.user, other.snapshot.user
    assert new is not None  # noqa: S101 - who does not exist is refused before
    offset = len(into.events)
    fresh = [e for e in other.events if e.key is None or (e.metric, e.key) not in into.keys]
    numbers = {event.seq: offset + n for n, event in enumerate(fresh, 1)}
    events = [*into.events, *(replace(event, seq=numbers[event.seq]) for event in fresh)]
    user = _user(old, new, kept.who.user_id, len(events), rulebook.version, now)
    completions = _completions(rulebook, into, other, numbers, events)
    totals, days = _measures(rulebook, events)
    periods = _periods(into.snapshot, other.snapshot)
    pauses = _pauses(_details(into).pauses, _details(other).pauses)
    user = _with_freezes(rulebook.streaks.freezes, user, (old, new), periods, now)
    revoked = _details(into).revoked | _details(other).revoked - completions.keys()
    held = (*_details(into).pauses, *pauses)
    details = Details(completions, days, periods, held, revoked=frozenset(revoked - completions.keys()))
    streaks = _streaks(rulebook, into.snapshot, other.snapshot, periods)
    snapshot = replace(
        kept,
        user=user,
        totals=totals,
        streaks=streaks,
        details=details,
        marks={
            measure: max(kept.marks.get(measure, mark), mark)
            for measure, mark in {**kept.marks, **other.snapshot.marks}.items()
        },
    )
    used = {**{k.seq: k.fingerprint for k in into.keys.values()}}
    used |= {numbers[k.seq]: k.fingerprint for k in other.keys.values() if k.seq in numbers}
    awards = _awards(rulebook, into, other, numbers)
    return Merged(snapshot, events, used, awards, len(other.events) - len(fresh), pauses)


def _details(life: Life) -> Details:
    return life.snapshot.details or Details({}, {}, ())


def _user(old: UserState | None, new: UserState, name: str, seq: int, version: int, now: int) -> UserState:
    """Keep what the staying user has, and fill what it lacks."""
    if old is None:
        return replace(new, id=name, seq=seq, settled=version, updated=now)
    user = replace(
        old,
        email=old.email if old.email is not None or not old.subscribe_to_emails else new.email,
        name=new.name if old.name is None else old.name,
        tz=new.tz if old.tz is None else old.tz,
        sign_up_date=new.sign_up_date if old.sign_up_date is None else old.sign_up_date,
        device_tokens=tuple(dict.fromkeys((*old.device_tokens, *new.device_tokens))),
        attributes={**new.attributes, **old.attributes},
        created=min(old.created, new.created),
        updated=now,
        seq=seq,
        settled=version,
        letter_at=now,
        preferences=new.preferences if old.preferences is None else old.preferences,
        paused_until=max((each for each in (old.paused_until, new.paused_until) if each), default=None),
    )
    return replace(user, anniversary_at=next_instant(user, now))


def _with_freezes(
    settings: FreezeSettings | None,
    user: UserState,
    both: tuple[UserState | None, UserState],
    periods: Sequence[StreakPeriod],
    now: int,
) -> UserState:
    """Give the user the freezes both held, what one birth brought once, and none beyond the most allowed."""
    old, new = both
    if old is None:
        return user
    used = sum(row.kind == FREEZE for row in periods)
    start, most = (0, None) if settings is None else (settings.start, settings.most)
    born = min(start, old.freezes_granted, new.freezes_granted)
    left = old.freezes_granted + new.freezes_granted - born - used
    held = max(old.freezes, new.freezes, left if most is None else min(most, left))
    user = replace(user, freezes=held, freezes_granted=held + used)
    due = [each.freezes_at for each in both if each is not None and each.freezes_at is not None]
    if most is not None and held >= most:
        return replace(user, freezes_at=None)
    return replace(user, freezes_at=min(due) if due else planned(settings, user, now))


def _pauses(kept: Sequence[StreakPause], coming: Sequence[StreakPause]) -> tuple[StreakPause, ...]:
    """Give the pauses that come, without the days that are paused already; a part more has another id."""
    found: list[StreakPause] = []
    for pause in coming:
        free, parts = pause.first, []
        for other in sorted((*kept, *found), key=lambda each: each.first):
            if other.first <= pause.last and other.last >= free:
                parts.append((free, other.first - 1))
                free = other.last + 1
        parts = [part for part in (*parts, (free, pause.last)) if part[0] <= part[1]]
        for n, (first, last) in enumerate(parts):
            found.append(
                replace(pause, id=derived_id(pause.id, n) if n else pause.id, first=first, last=last)
            )
    return tuple(found)


def _completions(
    rulebook: Rulebook, into: Life, other: Life, numbers: Mapping[int, int], events: Sequence[Event]
) -> dict[int, Completion]:
    found = dict(_details(into).completions)
    for number, done in _details(other).completions.items():
        moved = done if done.seq is None else replace(done, seq=numbers.get(done.seq, CARRIED))
        if number not in found or done.at < found[number].at:
            found[number] = moved
    return {number: _provable(rulebook, done, events) for number, done in found.items()}


def _provable(rulebook: Rulebook, done: Completion, events: Sequence[Event]) -> Completion:
    """Mark a completion the joined log does not lead to: it was earned before, and is carried along."""
    rule = rulebook.achievements.get(done.achievement)
    if rule is None or rule.definition.trigger is not Trigger.METRIC or done.seq == CARRIED:
        return done
    return done if reached(rulebook, rule.number, done, events) else replace(done, seq=CARRIED)


def _measures(
    rulebook: Rulebook, events: Sequence[Event]
) -> tuple[dict[int, MeasureTotal], dict[int, dict[int, DayChange]]]:
    days: dict[int, dict[int, DayChange]] = {}
    totals: dict[int, MeasureTotal] = {}
    for event in events:
        for rule in rulebook.metrics_by_number[event.metric].measures:
            if matches(rule.filters, event.attributes):
                held = days.setdefault(rule.number, {})
                old = held.get(event.day, DayChange(0, event.at))
                held[event.day] = DayChange(old.change + event.value, max(old.last_at, event.at))
                total = totals.get(rule.number, MeasureTotal(0, event.at))
                totals[rule.number] = MeasureTotal(total.total + event.value, max(total.last_at, event.at))
    return totals, days


def _periods(one: Snapshot, two: Snapshot) -> tuple[StreakPeriod, ...]:
    """Join periods: what was earned beats what was bridged, then the earlier."""
    found: dict[tuple[Frequency, int], StreakPeriod] = {}
    for snapshot in (one, two):
        for row in snapshot.details.periods if snapshot.details else ():
            known = found.get((row.frequency, row.period))
            if known is None or _rank(row) < _rank(known):
                found[row.frequency, row.period] = row
    return tuple(sorted(found.values(), key=lambda row: (row.frequency.value, row.period)))


def _rank(row: StreakPeriod) -> tuple[bool, int]:
    return row.kind != EARNED, row.counted_at


def _streaks(
    rulebook: Rulebook, one: Snapshot, two: Snapshot, periods: Sequence[StreakPeriod]
) -> dict[Frequency, StreakState]:
    found: dict[Frequency, StreakState] = {}
    for frequency in Frequency:
        held = [s.streaks[frequency] for s in (one, two) if frequency in s.streaks]
        rows = [row for row in periods if row.frequency is frequency]
        if len(held) == 1:
            found[frequency] = held[0]
        elif held:
            *_, last = chain(rows, rulebook.streaks, None)
            longest = max(last.state.longest, *(state.longest for state in held))
            expires = max((s.expires_at for s in held if s.last_period == last.state.last_period), default=0)
            found[frequency] = replace(
                last.state, longest=longest, expires_at=max(expires, last.state.expires_at)
            )
    return found


def _awards(rulebook: Rulebook, into: Life, other: Life, numbers: Mapping[int, int]) -> list[PointsAward]:
    """Join the awards of points in the order of their times, as one chain that never falls below 0."""
    once = _once(rulebook, into) if into.snapshot.user is not None else set()
    taken = [
        replace(award, seq=None if award.seq is None else numbers.get(award.seq))
        for award in other.awards
        if award.trigger not in once and (award.seq is None or award.seq in numbers)
    ]
    joined: list[PointsAward] = []
    states: dict[int, tuple[int, int]] = {}
    for award in sorted((*into.awards, *taken), key=lambda each: each.at):
        n, total = states.get(award.system, (0, 0))
        awarded = max(award.awarded, -total)
        states[award.system] = (n + 1, total + awarded)
        joined.append(replace(award, n=n + 1, awarded=awarded, total=total + awarded))
    return joined


def _once(rulebook: Rulebook, into: Life) -> set[int]:
    """Give the triggers whose award the staying user has already: its birth's and its achievements'."""
    book = rulebook.points
    if book is None:
        return set()
    held = _details(into).completions
    rules = [rule for number in held for rule in book.by_achievement.get(number, ())]
    return {rule.definition.number for rule in (*book.creation, *rules)}
