"""Reading users: shallow snapshots of a whole group in one statement, details one user at a time.

Refuses to open transactions; its callers hold one, so that every part is of the same moment.
"""

from array import array
from collections.abc import Iterable, Sequence

import apsw
from msgspec.structs import replace

from plaudit.model.points import PointsAward
from plaudit.model.state import (
    Completion,
    DayChange,
    Depth,
    Details,
    Event,
    Identity,
    Snapshot,
    StreakPause,
    StreakPeriod,
    UsedKey,
)
from plaudit.storage import rows
from plaudit.storage.points_rows import award
from plaudit.storage.some_completions import pairs_of, wants_few, with_some
from plaudit.storage.sqlite.statements import SQL

_ONE = SQL["read_one"]
_USERS = SQL["read_users"]
_KEYS, _EVENTS = SQL["read_keys"], SQL["read_events"]
_AWARDS = SQL["read_event_awards"]
_COMPLETIONS, _DAYS, _PERIODS = SQL["read_completions"], SQL["read_days"], SQL["read_periods"]
_PAUSES, _SOME_COMPLETIONS = SQL["read_pauses"], SQL["read_some_completions"]

_Keys = dict[tuple[int, str], UsedKey]

USER, COMPLETION = 0, 1
"""Parts of ``read_one``; what is left are revocations."""


def read_snapshots(
    cursor: apsw.Cursor, who: Sequence[Identity], keys: Iterable[tuple[bytes, int, str]]
) -> list[Snapshot]:
    """Read a shallow snapshot of each user, in the order of ``who``."""
    used = _used(cursor, keys)
    if len(who) == 1:
        return [read_one(cursor, who[0], None, used.get(who[0].subject))]
    if not who:
        return []
    subjects = apsw.carray(tuple([one.subject for one in who]))
    found = {row[0]: row for row in cursor.execute(_USERS, (subjects,))}
    return [rows.snapshot(one, found.get(one.subject), used.get(one.subject)) for one in who]


def deepen(cursor: apsw.Cursor, asked: Sequence[tuple[Snapshot, Depth]]) -> list[Snapshot]:
    """Read the details each depth asks for, and give the snapshots with them."""
    if all(wants_few(depth) for _, depth in asked):
        return with_some(asked, cursor.executemany(_SOME_COMPLETIONS, pairs_of(asked)))
    return [deepened(cursor, snapshot, depth) for snapshot, depth in asked]


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
    user: rows.Row | None = None
    completions: dict[int, Completion] = {}
    revoked: list[int] = []
    for row in cursor.execute(_ONE, (who.subject, depth is not None)):
        part = row[0]
        if part == USER:
            user = row
        elif part == COMPLETION:
            completions[row[1]] = Completion(*row[1:6])
        else:
            revoked.append(row[1])
    shallow = rows.snapshot(who, user, keys)
    if depth is None:
        return shallow
    return replace(shallow, details=Details(completions, {}, (), revoked=frozenset(revoked)), depth=depth)


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
    found: list[rows.Row]
    if depth.some is None:
        found = cursor.execute(_COMPLETIONS, (subject,)).fetchall()
    else:
        read = cursor.executemany(_SOME_COMPLETIONS, [(subject, number) for number in depth.some])
        found = [row[1:] for row in read]
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
