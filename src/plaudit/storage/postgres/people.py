"""People on PostgreSQL: rows that go, what a merge reads, and the end of the audit log.

Refuses to open transactions; its callers hold one.
"""

from collections.abc import Sequence

from plaudit.model.actions import Action
from plaudit.model.outcome import Erasure
from plaudit.model.state import UsedKey
from plaudit.storage.people_rows import ERASERS, by_environment, chained, entry_row
from plaudit.storage.postgres.connection import Connection
from plaudit.storage.postgres.statements import SQL


async def erase(connection: Connection, erased: Sequence[Erasure]) -> None:
    """Delete the rows of users who go."""
    for erasure in erased:
        for name in ERASERS[erasure.scope]:
            await connection.execute(SQL[name], [erasure.who.subject])


async def append(connection: Connection, actions: Sequence[Action]) -> None:
    """Write actions at the end of the audit logs; the last step before a commit, since others wait."""
    if not actions:
        return
    await connection.execute(SQL["hold_actions"])
    for environment, done in by_environment(actions):
        last = await connection.fetchrow(SQL["last_action"], environment)
        known = None if last is None else (last[0], bytes(last[1]))
        for each in chained(known, done):
            await connection.execute(SQL["insert_action"], *entry_row(each))


async def all_keys(connection: Connection, subject: bytes) -> dict[tuple[int, str], UsedKey]:
    """Read every idempotency key of a user."""
    found = await connection.fetch(SQL["read_all_keys"], subject)
    return {(row[0], row[1]): UsedKey(*row[2:]) for row in found}


async def revocations_of(connection: Connection, subject: bytes) -> dict[int, tuple[bytes, int]]:
    """Read what was taken back from a user, by achievement."""
    found = await connection.fetch(SQL["read_all_revocations"], subject)
    return {row[0]: (bytes(row[1]), row[2]) for row in found}


async def merge_of(connection: Connection, subject: bytes) -> bytes | None:
    """Read whom a user became part of."""
    target: bytes | None = await connection.fetchval(SQL["read_merge"], subject)
    return target
