"""Reading users: a whole group's parts come in one statement, told apart by their first column.

Refuses to open transactions; its callers hold one where parts must be of the same moment.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

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
from plaudit.storage.postgres.connection import Connection
from plaudit.storage.postgres.statements import SQL

_SHALLOW, _KEYS, _DETAILS = SQL["read_shallow"], SQL["read_keys"], SQL["read_details"]

_WITH_POINTS = f"{_SHALLOW} UNION ALL {SQL['read_points']}"

_HELD = 2
"""The part of ``read_points`` that holds points."""

_PERIOD = 2
"""The part of ``read_details`` that holds periods."""

_Totals = dict[bytes, dict[int, MeasureTotal]]
_Streaks = dict[bytes, dict[Frequency, StreakState]]
_Points = dict[bytes, dict[int, PointsState]]
_Marks = dict[bytes, dict[int, int]]
_Keys = dict[bytes, dict[tuple[int, str], UsedKey]]


async def complete_snapshots(
    connection: Connection,
    who: Sequence[Identity],
    users: Mapping[bytes, UserState],
    keys: Iterable[tuple[bytes, int, str]],
    *,
    points: bool = False,
) -> list[Snapshot]:
    """Read what belongs to users whose rows are known, and give the snapshots in the order of ``who``."""
    totals, streaks, held, marks = await _shallow(connection, list(users), points=points)
    used = await _used(connection, keys)
    return [
        Snapshot(
            one,
            users.get(one.subject),
            totals.get(one.subject) or {},
            streaks.get(one.subject) or {},
            used.get(one.subject) or {},
            points=held.get(one.subject) or {},
            marks=marks.get(one.subject) or {},
        )
        for one in who
    ]


async def deepen(connection: Connection, asked: Sequence[tuple[Snapshot, Depth]]) -> list[Snapshot]:
    """Read the details each depth asks for, in one statement, and give the snapshots with them."""
    found = await connection.fetch(
        _DETAILS,
        [snapshot.who.subject for snapshot, _ in asked],
        [depth.days_since for _, depth in asked],
        [depth.periods for _, depth in asked],
    )
    details = _details(found)
    await _add_awards(connection, asked, details)
    return [
        replace(snapshot, details=details[snapshot.who.subject], depth=depth) for snapshot, depth in asked
    ]


async def _add_awards(
    connection: Connection, asked: Sequence[tuple[Snapshot, Depth]], details: dict[bytes, Details]
) -> None:
    """Read the awards of the events that depths name; seldom any, so it is a statement of its own."""
    wanted = [(snapshot.who.subject, seq) for snapshot, depth in asked for seq in depth.awards_of]
    if not wanted:
        return
    awards: dict[bytes, list[PointsAward]] = {}
    columns = map(list, zip(*wanted, strict=True))
    for subject, *row in await connection.fetch(SQL["read_event_awards"], *columns):
        awards.setdefault(subject, []).append(award(tuple(row)))
    for subject, given in awards.items():
        details[subject] = replace(details[subject], awards=tuple(given))


async def read_events(connection: Connection, subject: bytes) -> list[Event]:
    """Read a user's whole event log by ``seq``."""
    return [rows.event(row) for row in await connection.fetch(SQL["read_events"], subject)]


async def _shallow(
    connection: Connection, subjects: list[bytes], *, points: bool
) -> tuple[_Totals, _Streaks, _Points, _Marks]:
    totals: _Totals = {}
    streaks: _Streaks = {}
    held: _Points = {}
    marks: _Marks = {}
    found = await connection.fetch(_WITH_POINTS if points else _SHALLOW, subjects) if subjects else ()
    for part, subject, name, number, *rest in found:
        if part == 0:
            totals.setdefault(subject, {})[number] = MeasureTotal(rest[0], rest[1])
        elif part == 1:
            streaks.setdefault(subject, {})[rows.FREQUENCIES[name]] = StreakState(number, *rest)
        elif part == _HELD:
            held.setdefault(subject, {})[number] = PointsState(rest[0], rest[1])
        else:
            marks.setdefault(subject, {})[number] = rest[0]
    return totals, streaks, held, marks


async def _used(connection: Connection, keys: Iterable[tuple[bytes, int, str]]) -> _Keys:
    asked = list(keys)
    found: _Keys = {}
    if asked:
        for subject, metric, key, *used in await connection.fetch(
            _KEYS, *map(list, zip(*asked, strict=True))
        ):
            found.setdefault(subject, {})[metric, key] = UsedKey(*used)
    return found


def _details(found: Iterable[rows.Row]) -> dict[bytes, Details]:
    details: dict[bytes, Details] = defaultdict(lambda: Details({}, {}, ()))
    periods: dict[bytes, list[StreakPeriod]] = {}
    pauses: dict[bytes, list[StreakPause]] = {}
    for part, subject, name, kind, id_, number, a, b, c, d, e in found:
        if part == 0 and id_ is None:
            known = details[subject]
            details[subject] = replace(known, revoked=known.revoked | {number})
        elif part == 0:
            details[subject].completions[number] = Completion(number, id_, a, b, c)
        elif part == 1:
            details[subject].days.setdefault(number, {})[a] = DayChange(b, c)
        elif part == _PERIOD:
            period = StreakPeriod(rows.FREQUENCIES[name], number, a, b, c, kind, d, e)
            periods.setdefault(subject, []).append(period)
        else:
            pauses.setdefault(subject, []).append(StreakPause(id_, number, a))
    for subject, counted in periods.items():
        counted.sort(key=lambda period: (period.frequency.value, period.period))
        details[subject] = replace(details[subject], periods=tuple(counted))
    for subject, held in pauses.items():
        held.sort(key=lambda pause: (pause.first, pause.id))
        details[subject] = replace(details[subject], pauses=tuple(held))
    return details
