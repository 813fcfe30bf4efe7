"""Reading users: shallow snapshots of a whole group in three statements, details one user at a time.

Refuses to open transactions; its callers hold one, so that every part is of the same moment.
"""

from array import array
from collections.abc import Iterable, Sequence

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
_USERS, _TOTALS, _STREAKS = SQL["read_users"], SQL["read_totals"], SQL["read_streaks"]
_KEYS, _EVENTS = SQL["read_keys"], SQL["read_events"]
_POINTS, _MARKS, _AWARDS = SQL["read_points"], SQL["read_marks"], SQL["read_event_awards"]
_COMPLETIONS, _DAYS, _PERIODS = SQL["read_completions"], SQL["read_days"], SQL["read_periods"]
_PAUSES, _SOME_COMPLETIONS = SQL["read_pauses"], SQL["read_some_completions"]

_Keys = dict[tuple[int, str], UsedKey]


def read_snapshots(
    cursor: apsw.Cursor,
    who: Sequence[Identity],
    keys: Iterable[tuple[bytes, int, str]],
    *,
    points: bool = False,
) -> list[Snapshot]:
    """Read a shallow snapshot of each user, in the order of ``who``; with ``points`` where there are any."""
    found = _shallow(cursor, who, keys)
    return _with_points(cursor, found) if points else found


def _shallow(
    cursor: apsw.Cursor, who: Sequence[Identity], keys: Iterable[tuple[bytes, int, str]]
) -> list[Snapshot]:
    used = _used(cursor, keys)
    if len(who) == 1:
        return [read_one(cursor, who[0], None, used.get(who[0].subject))]
    users = _users(cursor, [one.subject for one in who])
    totals = _totals(cursor, users)
    streaks = _streaks(cursor, users)
    return [
        Snapshot(
            one,
            users.get(one.subject),
            totals.get(one.subject) or {},
            streaks.get(one.subject) or {},
            used.get(one.subject) or {},
        )
        for one in who
    ]


def _with_points(cursor: apsw.Cursor, snapshots: list[Snapshot]) -> list[Snapshot]:
    subjects = tuple([snapshot.who.subject for snapshot in snapshots])
    if not subjects:
        return snapshots
    points: dict[bytes, dict[int, PointsState]] = {}
    for subject, system, total, awards in cursor.execute(_POINTS, (apsw.carray(subjects),)):
        points.setdefault(subject, {})[system] = PointsState(total, awards)
    marks: dict[bytes, dict[int, int]] = {}
    for subject, measure, mark in cursor.execute(_MARKS, (apsw.carray(subjects),)):
        marks.setdefault(subject, {})[measure] = mark
    return [
        replace(snapshot, points=points.get(subject) or {}, marks=marks.get(subject) or {})
        if subject in points or subject in marks
        else snapshot
        for subject, snapshot in zip(subjects, snapshots, strict=True)
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


def _users(cursor: apsw.Cursor, subjects: list[bytes]) -> dict[bytes, UserState]:
    if not subjects:
        return {}
    return {row[0]: rows.user_state(row) for row in cursor.execute(_USERS, (apsw.carray(tuple(subjects)),))}


def _totals(cursor: apsw.Cursor, users: Iterable[bytes]) -> dict[bytes, dict[int, MeasureTotal]]:
    found: dict[bytes, dict[int, MeasureTotal]] = {subject: {} for subject in users}
    if found:
        for subject, measure, total, last_at in cursor.execute(_TOTALS, (apsw.carray(tuple(found)),)):
            found[subject][measure] = MeasureTotal(total, last_at)
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
