"""Reading users: a whole group's parts come in one statement, each as an array of rows.

Refuses to open transactions; its callers hold one where parts must be of the same moment.
"""

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
from plaudit.storage.postgres.statements import SQL, joined_reads

_SHALLOW = ("read_totals", "read_streaks")
_DETAILS = ("read_completions", "read_days", "read_periods")

_Totals = dict[bytes, dict[int, MeasureTotal]]
_Streaks = dict[bytes, dict[Frequency, StreakState]]
_Keys = dict[bytes, dict[tuple[int, str], UsedKey]]
_Part = Iterable[rows.Row]


async def complete_snapshots(
    connection: Connection,
    who: Sequence[Identity],
    users: Mapping[bytes, UserState],
    keys: Sequence[tuple[bytes, int, str]],
) -> list[Snapshot]:
    """Read what belongs to users whose rows are known, and give the snapshots in the order of ``who``."""
    subjects = list(users)
    if not keys:
        totals, streaks = await connection.fetchrow(joined_reads(_SHALLOW), subjects)
        return _snapshots(who, users, totals, streaks, ())
    parts = joined_reads((*_SHALLOW, "read_keys"))
    totals, streaks, used = await connection.fetchrow(parts, subjects, *zip(*keys, strict=True))
    return _snapshots(who, users, totals, streaks, used)


async def view(connection: Connection, who: Sequence[Identity], depth: Depth | None) -> list[Snapshot]:
    """Read users in one statement, so that every part is of the same moment."""
    names = ("read_users", *_SHALLOW, *(_DETAILS if depth else ()))
    asked = _asked([(one.subject, depth) for one in who]) if depth else ([one.subject for one in who],)
    users, totals, streaks, *deeper = await connection.fetchrow(joined_reads(names), *asked)
    known = {row[0]: rows.user_state(row) for row in users}
    found = _snapshots(who, known, totals, streaks, ())
    return _deepened([(snapshot, depth) for snapshot in found], *deeper) if depth else found


async def deepen(connection: Connection, asked: Sequence[tuple[Snapshot, Depth]]) -> list[Snapshot]:
    """Read the details each depth asks for, in one statement, and give the snapshots with them."""
    given = _asked([(snapshot.who.subject, depth) for snapshot, depth in asked])
    return _deepened(asked, *await connection.fetchrow(joined_reads(_DETAILS), *given))


async def read_events(connection: Connection, subject: bytes) -> list[Event]:
    """Read a user's whole event log by ``seq``."""
    return [rows.event(row) for row in await connection.fetch(SQL["read_events"], subject)]


def _asked(depths: Sequence[tuple[bytes, Depth]]) -> tuple[list[bytes], list[int | None], list[bool]]:
    return (
        [subject for subject, _ in depths],
        [depth.days_since for _, depth in depths],
        [depth.periods for _, depth in depths],
    )


def _snapshots(
    who: Sequence[Identity], users: Mapping[bytes, UserState], totals: _Part, streaks: _Part, keys: _Part
) -> list[Snapshot]:
    values: _Totals = {}
    for subject, measure, total, last_at in totals:
        values.setdefault(subject, {})[measure] = MeasureTotal(total, last_at)
    states: _Streaks = {}
    for subject, frequency, *state in streaks:
        states.setdefault(subject, {})[rows.FREQUENCIES[frequency]] = StreakState(*state)
    used: _Keys = {}
    for subject, metric, key, *use in keys:
        used.setdefault(subject, {})[metric, key] = UsedKey(*use)
    return [
        Snapshot(one, users.get(s), values.get(s) or {}, states.get(s) or {}, used.get(s) or {})
        for one in who
        for s in (one.subject,)
    ]


def _deepened(
    asked: Sequence[tuple[Snapshot, Depth]], completions: _Part, days: _Part, periods: _Part
) -> list[Snapshot]:
    earned: dict[bytes, dict[int, Completion]] = {}
    for subject, *completion in completions:
        earned.setdefault(subject, {})[completion[0]] = Completion(*completion)
    moved: dict[bytes, dict[int, dict[int, DayChange]]] = {}
    for subject, measure, day, change, last_at in days:
        moved.setdefault(subject, {}).setdefault(measure, {})[day] = DayChange(change, last_at)
    counted: dict[bytes, list[StreakPeriod]] = {}
    for row in periods:
        counted.setdefault(row[0], []).append(rows.period(row[1:]))
    return [
        replace(
            snapshot,
            details=Details(earned.get(s) or {}, moved.get(s) or {}, tuple(counted.get(s) or ())),
            depth=depth,
        )
        for snapshot, depth in asked
        for s in (snapshot.who.subject,)
    ]
