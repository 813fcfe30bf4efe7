"""Reading users: a whole group's parts come in one statement, told apart by their first column.

Refuses to open transactions; its callers hold one where parts must be of the same moment.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from msgspec.structs import replace

from plaudit.model.catalog import Frequency
from plaudit.model.state import (
    Completion,
    DayChange,
    Depth,
    Details,
    Event,
    Identity,
    MeasureTotal,
    Snapshot,
    StreakPeriod,
    StreakState,
    UsedKey,
    UserState,
)
from plaudit.storage import rows
from plaudit.storage.postgres.connection import Connection
from plaudit.storage.postgres.statements import SQL

_SHALLOW, _KEYS, _DETAILS = SQL["read_shallow"], SQL["read_keys"], SQL["read_details"]

_Totals = dict[bytes, dict[int, MeasureTotal]]
_Streaks = dict[bytes, dict[Frequency, StreakState]]
_Keys = dict[bytes, dict[tuple[int, str], UsedKey]]


async def complete_snapshots(
    connection: Connection,
    who: Sequence[Identity],
    users: Mapping[bytes, UserState],
    keys: Iterable[tuple[bytes, int, str]],
) -> list[Snapshot]:
    """Read what belongs to users whose rows are known, and give the snapshots in the order of ``who``."""
    totals, streaks = await _shallow(connection, list(users))
    used = await _used(connection, keys)
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


async def deepen(connection: Connection, asked: Sequence[tuple[Snapshot, Depth]]) -> list[Snapshot]:
    """Read the details each depth asks for, in one statement, and give the snapshots with them."""
    found = await connection.fetch(
        _DETAILS,
        [snapshot.who.subject for snapshot, _ in asked],
        [depth.days_since for _, depth in asked],
        [depth.periods for _, depth in asked],
    )
    details = _details(found)
    return [
        replace(snapshot, details=details[snapshot.who.subject], depth=depth) for snapshot, depth in asked
    ]


async def read_events(connection: Connection, subject: bytes) -> list[Event]:
    """Read a user's whole event log by ``seq``."""
    return [rows.event(row) for row in await connection.fetch(SQL["read_events"], subject)]


async def _shallow(connection: Connection, subjects: list[bytes]) -> tuple[_Totals, _Streaks]:
    totals: _Totals = {}
    streaks: _Streaks = {}
    found = await connection.fetch(_SHALLOW, subjects) if subjects else ()
    for part, subject, name, number, *rest in found:
        if part == 0:
            totals.setdefault(subject, {})[number] = MeasureTotal(rest[0], rest[1])
        else:
            streaks.setdefault(subject, {})[rows.FREQUENCIES[name]] = StreakState(number, *rest)
    return totals, streaks


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
    for part, subject, name, kind, id_, number, a, b, c in found:
        if part == 0:
            details[subject].completions[number] = Completion(number, id_, a, b, c)
        elif part == 1:
            details[subject].days.setdefault(number, {})[a] = DayChange(b, c)
        else:
            period = StreakPeriod(rows.FREQUENCIES[name], number, a, b, c, kind)
            periods.setdefault(subject, []).append(period)
    for subject, counted in periods.items():
        counted.sort(key=lambda period: (period.frequency.value, period.period))
        details[subject] = replace(details[subject], periods=tuple(counted))
    return details
