"""Writing what a group caused: the shared table of rows, run statement by statement.

Refuses to read; every value it writes was decided before.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import apsw

from plaudit.model.decided import Rows
from plaudit.model.outcome import Writes
from plaudit.storage.board_rows import SHARED_BOARD_STEPS
from plaudit.storage.rows import Row
from plaudit.storage.sqlite.messages import put_messages
from plaudit.storage.sqlite.people import append, erase
from plaudit.storage.sqlite.statements import SQL
from plaudit.storage.write_rows import STEPS, RowsOf, count_rows, tally_row


def _begun(writes: Writes) -> list[Row]:
    return [tally_row(write) for write in writes.users if write.created]


def _moved(writes: Writes) -> list[Row]:
    return [tally_row(write) for write in writes.users if not write.created]


def _profiles(name: str) -> RowsOf:
    """Give the rows of users without their last column, the tally."""
    whole = dict(STEPS)[name]
    return lambda writes: [row[:-1] for row in whole(writes)]


_OWN: dict[str, RowsOf] = {
    "insert_users": _profiles("insert_users"),
    "replace_users": _profiles("replace_users"),
    "insert_tallies": _begun,
    "move_tallies": _moved,
}
"""Tallies stand here apart from the users' rows, whose pages are then left alone."""

_STEPS = (
    *((SQL[name], rows_of) for name, rows_of in (dict(STEPS) | _OWN).items()),
    *((SQL[name], rows_of) for name, rows_of in SHARED_BOARD_STEPS),
    (SQL["add_counts"], count_rows),
)

_TALLIES = frozenset(
    place for place, (sql, _) in enumerate(_STEPS) if sql in {SQL["insert_tallies"], SQL["move_tallies"]}
)
"""Places of the statements whose rows are ``(subject, seq, tally)``."""


def apply(cursor: apsw.Cursor, writes: Writes) -> None:
    """Write everything a group caused, counters included.

    Raises:
        apsw.ConstraintError: an idempotency key or a completion is there already.
    """
    if writes.erased:
        erase(cursor, writes.erased)
    for sql, rows_of in _STEPS:
        rows = rows_of(writes)
        if rows:
            cursor.executemany(sql, rows)
    if writes.outbox:
        put_messages(cursor, writes.outbox)
    if writes.actions:
        append(cursor, writes.actions)


def pack(writes: Writes) -> Rows:
    """Give rows for another process to write, each with the place of its statement."""
    packed = ((place, rows_of(writes)) for place, (_, rows_of) in enumerate(_STEPS))
    return [(place, rows) for place, rows in packed if rows]  # type: ignore[misc]  # tuples travel as lists


def apply_packed(cursor: apsw.Cursor, packed: Rows, scores: Mapping[bytes, str]) -> None:
    """Write rows of ``pack``; ``scores`` is the JSON of scores that some users' tallies lack.

    Raises:
        apsw.ConstraintError: an idempotency key or a completion is there already.
    """
    for place, rows in packed:
        whole = [_with_scores(row, scores) for row in rows] if place in _TALLIES else rows
        cursor.executemany(_STEPS[place][0], whole)


def _with_scores(row: Sequence[Any], scores: Mapping[bytes, str]) -> Sequence[Any]:
    subject, seq, tally = row
    lacking = scores.get(subject)
    if lacking is None:
        return row
    begin = "{" if tally == "{}" else f"{tally[:-1]},"
    return subject, seq, f'{begin}"scores":{lacking}}}'
