"""People on SQLite: rows that go, what a merge reads, pages of users and events, and the audit log.

Refuses to open transactions; its callers hold one.
"""

from collections.abc import Sequence

import apsw

from plaudit.model.actions import Action, Entry
from plaudit.model.outcome import Erasure
from plaudit.model.state import UsedKey
from plaudit.storage.people_rows import ERASERS, by_environment, chained, entry, entry_row
from plaudit.storage.sqlite.statements import SQL


def erase(cursor: apsw.Cursor, erased: Sequence[Erasure]) -> None:
    """Delete the rows of users who go."""
    for erasure in erased:
        for name in ERASERS[erasure.scope]:
            cursor.execute(SQL[name], (erasure.who.subject,))


def append(cursor: apsw.Cursor, actions: Sequence[Action]) -> None:
    """Write actions at the end of the audit logs; the writer's lock keeps others from doing so."""
    for environment, done in by_environment(actions):
        last = cursor.execute(SQL["last_action"], (environment,)).fetchone()
        cursor.executemany(SQL["insert_action"], [entry_row(each) for each in chained(last, done)])


def all_keys(cursor: apsw.Cursor, subject: bytes) -> dict[tuple[int, str], UsedKey]:
    """Read every idempotency key of a user."""
    found = cursor.execute(SQL["read_all_keys"], (subject,))
    return {(row[0], row[1]): UsedKey(*row[2:]) for row in found}


def revocations_of(cursor: apsw.Cursor, subject: bytes) -> dict[int, tuple[bytes, int]]:
    """Read what was taken back from a user, by achievement."""
    return {row[0]: (row[1], row[2]) for row in cursor.execute(SQL["read_all_revocations"], (subject,))}


def merge_of(cursor: apsw.Cursor, subject: bytes) -> bytes | None:
    """Read whom a user became part of."""
    target: bytes | None = cursor.execute(SQL["read_merge"], (subject,)).get
    return target


def entries(cursor: apsw.Cursor, name: str, bindings: tuple[object, ...]) -> list[Entry]:
    """Read entries of an audit log."""
    return [entry(row) for row in cursor.execute(SQL[name], bindings)]
