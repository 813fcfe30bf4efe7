"""Reading users: a whole group's parts come in one statement, each as an array of rows.

Refuses to open transactions; its callers hold one where parts must be of the same moment.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

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
from plaudit.storage.postgres.connection import Connection
from plaudit.storage.postgres.statements import SQL, joined_reads
from plaudit.storage.some_completions import pairs_of, wants_few, with_some

_EARNED = ("read_completions", "read_revocations")
_DETAILS = (*_EARNED, "read_days", "read_periods", "read_pauses")

_Parts = Mapping[str, Iterable[rows.Row]]


async def with_keys(
    connection: Connection,
    who: Sequence[Identity],
    users: Mapping[bytes, rows.Row],
    keys: Sequence[tuple[bytes, int, str]],
) -> list[Snapshot]:
    """Give shallow snapshots of users whose rows are known, in the order of ``who``; reads the keys."""
    used: dict[bytes, dict[tuple[int, str], UsedKey]] = {}
    if keys:
        for subject, metric, key, *use in await connection.fetch(SQL["read_keys"], *zip(*keys, strict=True)):
            used.setdefault(subject, {})[metric, key] = UsedKey(*use)
    return [rows.snapshot(one, users.get(one.subject), used.get(one.subject)) for one in who]


async def view(connection: Connection, who: Sequence[Identity], depth: Depth | None) -> list[Snapshot]:
    """Read users in one statement, so that every part is of the same moment."""
    deeper = () if depth is None else _details_for([depth])
    names = ("read_users", *deeper)
    asked = _asked([(one.subject, depth or Depth()) for one in who], deeper)
    parts = dict(zip(names, await connection.fetchrow(joined_reads(names), *asked), strict=True))
    known = {row[0]: row for row in parts["read_users"]}
    found = [rows.snapshot(one, known.get(one.subject)) for one in who]
    if depth is None:
        return found
    return await _with_awards(connection, _deepened([(snapshot, depth) for snapshot in found], parts))


async def deepen(connection: Connection, asked: Sequence[tuple[Snapshot, Depth]]) -> list[Snapshot]:
    """Read the details each depth asks for, and give the snapshots with them.

    Most ask for a few completions: an event that crosses a threshold costs no more for somebody who has
    completed hundreds of others.
    """
    few = [each for each in asked if wants_few(each[1])]
    if not few:
        return await _deepen_whole(connection, asked)
    pairs = pairs_of(few)
    subjects, numbers = [subject for subject, _ in pairs], [number for _, number in pairs]
    read = iter(with_some(few, await connection.fetch(SQL["read_some_completions"], subjects, numbers)))
    if len(few) == len(asked):
        return list(read)
    rest = iter(await _deepen_whole(connection, [each for each in asked if not wants_few(each[1])]))
    return [next(read) if wants_few(depth) else next(rest) for _, depth in asked]


async def _deepen_whole(connection: Connection, asked: Sequence[tuple[Snapshot, Depth]]) -> list[Snapshot]:
    names = _details_for([depth for _, depth in asked])
    given = _asked([(snapshot.who.subject, depth) for snapshot, depth in asked], names)
    parts = dict(zip(names, await connection.fetchrow(joined_reads(names), *given), strict=True))
    return await _with_awards(connection, _deepened(asked, parts))


async def read_events(connection: Connection, subject: bytes) -> list[Event]:
    """Read a user's whole event log by ``seq``."""
    return [rows.event(row) for row in await connection.fetch(SQL["read_events"], subject)]


def _details_for(depths: Sequence[Depth]) -> tuple[str, ...]:
    """Give the parts to read; what is only completed needs no arrays of days and periods."""
    deep = any(depth.periods or depth.days_since is not None for depth in depths)
    return _DETAILS if deep else _EARNED


def _asked(depths: Sequence[tuple[bytes, Depth]], names: tuple[str, ...]) -> tuple[list[Any], ...]:
    subjects = [subject for subject, _ in depths]
    if "read_days" not in names:
        return (subjects,)
    return (subjects, [depth.days_since for _, depth in depths], [depth.periods for _, depth in depths])


def _deepened(asked: Sequence[tuple[Snapshot, Depth]], parts: _Parts) -> list[Snapshot]:
    earned: dict[bytes, dict[int, Completion]] = {}
    for subject, *completion in parts["read_completions"]:
        earned.setdefault(subject, {})[completion[0]] = Completion(*completion)
    revoked: dict[bytes, set[int]] = {}
    for subject, achievement in parts["read_revocations"]:
        revoked.setdefault(subject, set()).add(achievement)
    moved: dict[bytes, dict[int, dict[int, DayChange]]] = {}
    for subject, measure, day, change, last_at in parts.get("read_days", ()):
        moved.setdefault(subject, {}).setdefault(measure, {})[day] = DayChange(change, last_at)
    counted: dict[bytes, list[StreakPeriod]] = {}
    for row in parts.get("read_periods", ()):
        counted.setdefault(row[0], []).append(rows.period(row[1:]))
    pauses: dict[bytes, list[StreakPause]] = {}
    for subject, id_, first, last, archived in parts.get("read_pauses", ()):
        pauses.setdefault(subject, []).append(StreakPause(id_, first, last, archived == 1))
    return [
        replace(
            snapshot,
            details=Details(
                earned.get(s) or {},
                moved.get(s) or {},
                tuple(counted.get(s) or ()),
                tuple(pauses.get(s) or ()),
                revoked=frozenset(revoked.get(s) or ()),
            ),
            depth=depth,
        )
        for snapshot, depth in asked
        for s in (snapshot.who.subject,)
    ]


async def _with_awards(connection: Connection, found: list[Snapshot]) -> list[Snapshot]:
    """Read the awards of the events that depths name; seldom any, so it is a statement of its own."""
    wanted = [(each.who.subject, seq) for each in found if each.depth for seq in each.depth.awards_of]
    if not wanted:
        return found
    awards: dict[bytes, list[PointsAward]] = {}
    columns = map(list, zip(*wanted, strict=True))
    for subject, *row in await connection.fetch(SQL["read_event_awards"], *columns):
        awards.setdefault(subject, []).append(award(tuple(row)))
    return [
        replace(each, details=replace(each.details, awards=tuple(awards.get(each.who.subject) or ())))
        if each.details
        else each
        for each in found
    ]
