"""Definitions, keys, badges and backdate jobs on SQLite: read seldom, written rarely.

Refuses users and events (see ``ledger``).
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import apsw

from plaudit.model.actions import Action, Author, Entry
from plaudit.model.catalog import ApiKey, Backdate, Definitions, Environment, EnvironmentSettings, KeyKind
from plaudit.storage import rows
from plaudit.storage.edit import Edit
from plaudit.storage.people_rows import deleted_keys, environment_actions, key_actions
from plaudit.storage.sqlite import people
from plaudit.storage.sqlite.reader import Reader
from plaudit.storage.sqlite.statements import SQL
from plaudit.storage.sqlite.writer import Writer


class SqliteCatalog:
    """The catalog of one database file."""

    def __init__(self, writer: Writer, reader: Reader) -> None:
        """Share the connections of a store.

        Args:
            writer: for changes.
            reader: for everything else.
        """
        self._writer = writer
        self._reader = reader

    async def environments(self) -> list[Environment]:
        """Read every environment, by number."""
        with self._reader.moment() as cursor:
            return [rows.environment(row) for row in cursor.execute(SQL["environments"])]

    async def create_environment(
        self,
        id: bytes,
        key: str,
        name: str,
        settings: EnvironmentSettings,
        now: int,
        by: Author | None = None,
    ) -> Environment:
        """Create an environment behind the others, at version 1.

        Raises:
            Conflict: the id or the key is taken.
        """
        async with self._changing() as cursor:
            row = cursor.execute(
                SQL["insert_environment"], (id, key, name, rows.to_json(settings), now)
            ).fetchall()
            made = rows.environment(row[0])
            people.append(cursor, environment_actions("create", made, by))
            return made

    async def save_environment(self, it: Environment, by: Author | None = None) -> None:
        """Change an environment's name and place."""
        async with self._changing() as cursor:
            cursor.execute(SQL["save_environment"], (it.number, it.name, it.priority))
            people.append(cursor, environment_actions("change", it, by))

    async def definitions(self, environment: int) -> Definitions:
        """Read everything of an environment, archived things included, from one point in time.

        Raises:
            LookupError: there is no such environment.
        """
        with self._reader.moment() as cursor:
            return _definitions(cursor, environment)

    async def generation(self) -> int:
        """Read the one number that grows with every change of any definition, key or environment."""
        with self._reader.moment() as cursor:
            number: int = cursor.execute(SQL["generation"]).get
            return number

    @asynccontextmanager
    async def edit(self, environment: int, by: Author | None = None, tenant: str = "") -> AsyncIterator[Edit]:
        """Open a change of an environment's definitions, or of one tenant's; one at a time.

        Raises:
            LookupError: there is no such environment.
            Conflict: a number, id or key that must be unique is taken.
        """
        async with self._writer.transaction() as cursor:

            async def run(name: str, bindings: rows.Row) -> int | None:
                value: int | None = cursor.execute(SQL[name], bindings).get
                return value

            edit = Edit(run, _definitions(cursor, environment), by, tenant)
            yield edit
            if edit.changed:
                cursor.execute(SQL["raise_version"], (environment,))
                cursor.execute(SQL["grow_generation"])
                people.append(cursor, edit.actions())

    async def keys(self) -> list[ApiKey]:
        """Read every key that is valid."""
        with self._reader.moment() as cursor:
            return [rows.api_key(row) for row in cursor.execute(SQL["keys"])]

    async def put_keys(self, keys: Sequence[ApiKey], by: Author | None = None) -> None:
        """Insert keys, or replace them under their ids.

        Raises:
            Conflict: a prefix is taken.
        """
        async with self._changing() as cursor:
            cursor.executemany(SQL["put_key"], [rows.api_key_row(key) for key in keys])
            people.append(cursor, key_actions("create", keys, by))

    async def delete_keys(
        self,
        environment: int,
        ids: Sequence[bytes],
        by: Author | None = None,
        kind: KeyKind = KeyKind.APPLICATION,
    ) -> list[bytes]:
        """Delete keys of one kind of an environment; gives the ids that existed."""
        async with self._changing() as cursor:
            deleted = [
                cursor.execute(SQL["delete_key"], (asked, environment, kind.value)).fetchall()
                for asked in ids
            ]
            gone = [asked for asked, row in zip(ids, deleted, strict=True) if row]
            people.append(cursor, deleted_keys(environment, gone, by))
            return gone

    async def actions_before(
        self, environment: int, number: int, target: str | None, limit: int, actor: str | None = None
    ) -> list[Entry]:
        """Read a page of an audit log, the newest first, before a number, of one target or actor or all."""
        with self._reader.moment() as cursor:
            return people.entries(cursor, "actions_before", (environment, number, target, limit, actor))

    async def actions_after(self, environment: int, number: int, limit: int) -> list[Entry]:
        """Read a page of an audit log in its order, after a number (0 to begin)."""
        with self._reader.moment() as cursor:
            return people.entries(cursor, "actions_after", (environment, number, limit))

    async def put_badge(
        self, hash: str, mime: str, data: bytes, now: int, action: Action | None = None
    ) -> None:
        """Keep a badge image under its content hash; the same image twice is kept once.

        ``action`` is what the audit log keeps of it.
        """
        async with self._writer.transaction() as cursor:
            cursor.execute(SQL["put_badge"], (hash, mime, data, now))
            people.append(cursor, [] if action is None else [action])

    async def badge(self, hash: str) -> tuple[str, bytes] | None:
        """Read ``(mime type, data)`` of a badge image."""
        with self._reader.moment() as cursor:
            found: tuple[str, bytes] | None = cursor.execute(SQL["badge"], (hash,)).fetchone()
            return found

    async def backdates(self, environment: int | None, unfinished: bool) -> list[Backdate]:
        """Read the backdates of one environment or of all, oldest first."""
        with self._reader.moment() as cursor:
            return [rows.backdate(row) for row in cursor.execute(SQL["backdates"], (environment, unfinished))]

    async def lease_backdate(self, owner: bytes, now: int, until: int) -> Backdate | None:
        """Take the oldest unfinished backdate whose lease is free or over."""
        async with self._writer.transaction() as cursor:
            taken = cursor.execute(SQL["lease_backdate"], (owner, now, until)).fetchall()
            return rows.backdate(taken[0]) if taken else None

    async def save_backdate(self, owner: bytes, backdate: Backdate, until: int) -> bool:
        """Store progress and prolong the lease; False when the lease was lost."""
        b = backdate
        progress = (b.id, owner, b.cursor, b.done, b.total, b.completions, b.finished, until)
        async with self._writer.transaction() as cursor:
            return bool(cursor.execute(SQL["save_backdate"], progress).fetchall())

    @asynccontextmanager
    async def _changing(self) -> AsyncIterator[apsw.Cursor]:
        """Open a transaction whose end every process notices."""
        async with self._writer.transaction() as cursor:
            yield cursor
            cursor.execute(SQL["grow_generation"])


def _definitions(cursor: apsw.Cursor, environment: int) -> Definitions:
    """Read everything of an environment, archived things included.

    Raises:
        LookupError: there is no such environment.
    """
    asked = (environment,)
    found = cursor.execute(SQL["environment"], asked).fetchall()
    if not found:
        raise LookupError(f"There is no environment number {environment}. Create it first.")
    return Definitions(
        rows.environment(found[0]),
        tuple([rows.metric(row) for row in cursor.execute(SQL["metrics"], asked)]),
        tuple([rows.attribute(row) for row in cursor.execute(SQL["attributes"], asked)]),
        tuple([rows.measure(row) for row in cursor.execute(SQL["measures"], asked)]),
        tuple([rows.achievement(row) for row in cursor.execute(SQL["achievements"], asked)]),
        tuple([rows.definition(row) for row in cursor.execute(SQL["documents"], asked)]),
        dict(cursor.execute(SQL["owners"], asked)),
    )
