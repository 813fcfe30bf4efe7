"""Reading users: shallow snapshots of a whole group in three statements, details one user at a time.

Refuses to open transactions; its callers hold one, so that every part is of the same moment.
"""

from array import array
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import apsw
from msgspec.structs import replace

from plaudit.model.catalog import Frequency
from plaudit.model.points import PointsAward, PointsState
from plaudit.model.state import (
    Completion,
    DayChange,
    Depth,
    Details,
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
from plaudit.storage import rows
from plaudit.storage.points_rows import award
from plaudit.storage.sqlite.statements import SQL

_ONE = SQL["read_one"]
_USERS, _TALLIES, _STREAKS = SQL["read_users"], SQL["read_tallies"], SQL["read_streaks"]
_KEYS, _EVENTS = SQL["read_keys"], SQL["read_events"]
_AWARDS = SQL["read_event_awards"]
_COMPLETIONS, _DAYS, _PERIODS = SQL["read_completions"], SQL["read_days"], SQL["read_periods"]
_PAUSES, _SOME_COMPLETIONS = SQL["read_pauses"], SQL["read_some_completions"]

_Keys = dict[tuple[int, str], UsedKey]

SEQUENCE, TOTAL, MARK = 1, 2, 4
"""Kinds of tallies, as the migration that made their table numbers them."""


class _Tallies(NamedTuple):
    """What stands side by side, by subject; events are counted of all who were asked for."""

    sequences: dict[bytes, int]
    totals: dict[bytes, dict[int, MeasureTotal]]
    points: dict[bytes, dict[int, PointsState]]
    marks: dict[bytes, dict[int, int]]


def read_snapshots(
    cursor: apsw.Cursor,
    who: Sequence[Identity],
    keys: Iterable[tuple[bytes, int, str]],
    *,
    points: bool = False,
) -> list[Snapshot]:
    """Read a shallow snapshot of each user, in the order of ``who``; with ``points`` where there are any."""
    used = _used(cursor, keys)
    if len(who) == 1 and not points:
        return [read_one(cursor, who[0], None, used.get(who[0].subject))]
    tallies = _tallies(cursor, [one.subject for one in who], MARK if points else TOTAL)
    users = _users(cursor, tallies.sequences)
    streaks = _streaks(cursor, users)
    return [
        Snapshot(
            one,
            users.get(one.subject),
            tallies.totals.get(one.subject) or {},
            streaks.get(one.subject) or {},
            used.get(one.subject) or {},
            points=tallies.points.get(one.subject) or {},
            marks=tallies.marks.get(one.subject) or {},
        )
        for one in who
    ]


def deepened(cursor: apsw.Cursor, snapshot: Snapshot, depth: Depth) -> Snapshot:
    """Read the details a depth asks for, and give the snapshot with them."""
    subject = snapshot.who.subject
    completions, revoked = _completions(cursor, subject, depth)
    details = Details(
        completions,
        _days(cursor, subject, depth),
        _periods(cursor, subject, depth),
        _pauses(cursor, subject, depth),
        awards=_awards(cursor, subject, depth),
        revoked=revoked,
    )
    return replace(snapshot, details=details, depth=depth)


def read_events(cursor: apsw.Cursor, subject: bytes) -> list[Event]:
    """Read a user's whole event log by ``seq``."""
    return [rows.event(row) for row in cursor.execute(_EVENTS, (subject,))]


def read_one(cursor: apsw.Cursor, who: Identity, depth: Depth | None, keys: _Keys | None = None) -> Snapshot:
    """Read one user in one statement: shallow, or with completions where the depth is ``COMPLETIONS``."""
    user: UserState | None = None
    totals: dict[int, MeasureTotal] = {}
    streaks: dict[Frequency, StreakState] = {}
    completions: dict[int, Completion] = {}
    revoked: list[int] = []
    for row in cursor.execute(_ONE, (who.subject, depth is not None)):
        part = row[0]
        if part == 1:
            totals[row[1]] = MeasureTotal(row[2], row[3])
        elif part == 3:  # noqa: PLR2004 - the parts are numbered in the statement
            completions[row[1]] = Completion(*row[1:6])
        elif part == 0:
            user = rows.user_state(row)
        elif part == 4:  # noqa: PLR2004 - as above
            revoked.append(row[1])
        else:
            streaks[rows.FREQUENCIES[row[1]]] = StreakState(*row[2:12])
    details = None if depth is None else Details(completions, {}, (), revoked=frozenset(revoked))
    return Snapshot(who, user, totals, streaks, keys or {}, details, depth)


def _users(cursor: apsw.Cursor, sequences: Mapping[bytes, int]) -> dict[bytes, UserState]:
    if not sequences:
        return {}
    found = cursor.execute(_USERS, (apsw.carray(tuple(sequences)),))
    return {row[0]: rows.user_state((*row[:11], sequences[row[0]], *row[11:])) for row in found}


def _tallies(cursor: apsw.Cursor, subjects: list[bytes], last: int) -> _Tallies:
    """Read what stands side by side, up to a kind."""
    found = _Tallies(dict.fromkeys(subjects, 0), {}, {}, {})
    if not subjects:
        return found
    for subject, kind, number, value, more in cursor.execute(_TALLIES, (apsw.carray(tuple(subjects)), last)):
        if kind == TOTAL:
            found.totals.setdefault(subject, {})[number] = MeasureTotal(value, more)
        elif kind == SEQUENCE:
            found.sequences[subject] = value
        elif kind == MARK:
            found.marks.setdefault(subject, {})[number] = value
        else:
            found.points.setdefault(subject, {})[number] = PointsState(value, more)
    return found


def _streaks(cursor: apsw.Cursor, users: Iterable[bytes]) -> dict[bytes, dict[Frequency, StreakState]]:
    found: dict[bytes, dict[Frequency, StreakState]] = {subject: {} for subject in users}
    if found:
        for subject, frequency, *state in cursor.execute(_STREAKS, (apsw.carray(tuple(found)),)):
            found[subject][rows.FREQUENCIES[frequency]] = StreakState(*state)
    return found


def _used(cursor: apsw.Cursor, keys: Iterable[tuple[bytes, int, str]]) -> dict[bytes, _Keys]:
    found: dict[bytes, _Keys] = {}
    for asked in keys:
        for row in cursor.execute(_KEYS, asked):
            found.setdefault(asked[0], {})[asked[1:]] = UsedKey(*row)
    return found


def _completions(
    cursor: apsw.Cursor, subject: bytes, depth: Depth
) -> tuple[dict[int, Completion], frozenset[int]]:
    """Read what a user has completed, and what was taken back (rows without an id)."""
    found: list[rows.Row] = []
    if depth.some is None:
        found = cursor.execute(_COMPLETIONS, (subject,)).fetchall()
    elif depth.some:
        found = cursor.execute(_SOME_COMPLETIONS, (subject, apsw.carray(array("q", depth.some)))).fetchall()
    gone = frozenset([row[0] for row in found if row[1] is None])
    return {row[0]: Completion(*row) for row in found if row[1] is not None}, gone


def _days(cursor: apsw.Cursor, subject: bytes, depth: Depth) -> dict[int, dict[int, DayChange]]:
    found: dict[int, dict[int, DayChange]] = {}
    if depth.days_since is not None:
        for measure, day, change, last_at in cursor.execute(_DAYS, (subject, depth.days_since)):
            found.setdefault(measure, {})[day] = DayChange(change, last_at)
    return found


def _periods(cursor: apsw.Cursor, subject: bytes, depth: Depth) -> tuple[StreakPeriod, ...]:
    if not depth.periods:
        return ()
    return tuple([rows.period(row) for row in cursor.execute(_PERIODS, (subject,))])


def _awards(cursor: apsw.Cursor, subject: bytes, depth: Depth) -> tuple[PointsAward, ...]:
    if not depth.awards_of:
        return ()
    asked = (subject, apsw.carray(array("q", depth.awards_of)))
    return tuple([award(row) for row in cursor.execute(_AWARDS, asked)])


def _pauses(cursor: apsw.Cursor, subject: bytes, depth: Depth) -> tuple[StreakPause, ...]:
    if not depth.periods:
        return ()
    return tuple([StreakPause(*row) for row in cursor.execute(_PAUSES, (subject,))])
