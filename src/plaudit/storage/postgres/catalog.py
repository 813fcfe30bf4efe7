"""Definitions, keys, badges and backdate jobs on PostgreSQL: read seldom, written rarely.

Refuses users and events (see ``ledger``).
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from plaudit.model.actions import Action, Author, Entry
from plaudit.model.catalog import ApiKey, Backdate, Definitions, Environment, EnvironmentSettings, KeyKind
from plaudit.storage import rows
from plaudit.storage.edit import Edit
from plaudit.storage.people_rows import deleted_keys, entry, environment_actions, key_actions
from plaudit.storage.postgres import people
from plaudit.storage.postgres.connection import Connection
from plaudit.storage.postgres.pool import Pool
from plaudit.storage.postgres.statements import SQL


class PostgresCatalog:
    """The catalog of one database."""

    def __init__(self, pool: Pool) -> None:
        """Share a pool of a store.

        Args:
            pool: not the one groups of events wait for.
        """
        self._pool = pool
        self._editing = asyncio.Lock()

    async def environments(self) -> list[Environment]:
        """Read every environment, by number."""
        return [rows.environment(row) for row in await self._pool.fetch("environments")]

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
        async with self._pool.transaction() as connection:
            await connection.execute(SQL["hold_edits"])
            row = await connection.fetchrow(
                SQL["insert_environment"], id, key, name, rows.to_json(settings), now
            )
            await connection.execute(SQL["grow_generation"])
            made = rows.environment(row)
            await people.append(connection, environment_actions("create", made, by))
            return made

    async def save_environment(self, it: Environment, by: Author | None = None) -> None:
        """Change an environment's name and place."""
        async with self._pool.transaction() as connection:
            await connection.execute(SQL["hold_edits"])
            await connection.execute(SQL["save_environment"], it.number, it.name, it.priority)
            await connection.execute(SQL["grow_generation"])
            await people.append(connection, environment_actions("change", it, by))

    async def definitions(self, environment: int) -> Definitions:
        """Read everything of an environment, archived things included, from one point in time.

        Raises:
            LookupError: there is no such environment.
        """
        async with self._pool.moment() as connection:
            return await _definitions(connection, environment)

    async def generation(self) -> int:
        """Read the one number that grows with every change of any definition, key or environment."""
        ((number,),) = await self._pool.fetch("generation")
        return int(number)

    @asynccontextmanager
    async def edit(self, environment: int, by: Author | None = None, tenant: str = "") -> AsyncIterator[Edit]:
        """Open a change of an environment's definitions, or of one tenant's; one at a time.

        Raises:
            LookupError: there is no such environment.
            Conflict: a number, id or key that must be unique is taken.
        """
        # Edits of this process queue up here, not on connections that readers need.
        async with self._editing, self._pool.transaction() as connection:
            await connection.execute(SQL["hold_edits"])

            async def run(name: str, bindings: rows.Row) -> int | None:
                value: int | None = await connection.fetchval(SQL[name], *bindings)
                return value

            edit = Edit(run, await _definitions(connection, environment), by, tenant)
            yield edit
            if edit.changed:
                await connection.execute(SQL["close_definitions"])
                await connection.execute(SQL["raise_version"], environment)
                await connection.execute(SQL["grow_generation"])
                await people.append(connection, edit.actions())

    async def keys(self) -> list[ApiKey]:
        """Read every key that is valid."""
        return [rows.api_key(row) for row in await self._pool.fetch("keys")]

    async def put_keys(self, keys: Sequence[ApiKey], by: Author | None = None) -> None:
        """Insert keys, or replace them under their ids.

        Raises:
            Conflict: a prefix is taken.
        """
        given = [rows.api_key_row(key) for key in keys]
        async with self._changing() as connection:
            await connection.executemany(SQL["put_key"], given)
            await people.append(connection, key_actions("create", keys, by))

    async def delete_keys(
        self,
        environment: int,
        ids: Sequence[bytes],
        by: Author | None = None,
        kind: KeyKind = KeyKind.APPLICATION,
    ) -> list[bytes]:
        """Delete keys of one kind of an environment; gives the ids that existed."""
        async with self._changing() as connection:
            deleted = [
                await connection.fetchval(SQL["delete_key"], asked, environment, kind.value) for asked in ids
            ]
            gone = [asked for asked in deleted if asked is not None]
            await people.append(connection, deleted_keys(environment, gone, by))
            return gone

    async def actions_before(
        self, environment: int, number: int, target: str | None, limit: int, actor: str | None = None
    ) -> list[Entry]:
        """Read a page of an audit log, the newest first, before a number, of one target or actor or all."""
        found = await self._pool.fetch("actions_before", environment, number, target, limit, actor)
        return [entry(row) for row in found]

    async def actions_after(self, environment: int, number: int, limit: int) -> list[Entry]:
        """Read a page of an audit log in its order, after a number (0 to begin)."""
        return [entry(row) for row in await self._pool.fetch("actions_after", environment, number, limit)]

    async def put_badge(
        self, hash: str, mime: str, data: bytes, now: int, action: Action | None = None
    ) -> None:
        """Keep a badge image under its content hash; the same image twice is kept once.

        ``action`` is what the audit log keeps of it.
        """
        async with self._pool.transaction() as connection:
            await connection.execute(SQL["put_badge"], hash, mime, data, now)
            await people.append(connection, [] if action is None else [action])

    async def badge(self, hash: str) -> tuple[str, bytes] | None:
        """Read ``(mime type, data)`` of a badge image."""
        found = await self._pool.fetch("badge", hash)
        return (found[0][0], found[0][1]) if found else None

    async def backdates(self, environment: int | None, unfinished: bool) -> list[Backdate]:
        """Read the backdates of one environment or of all, oldest first."""
        return [rows.backdate(row) for row in await self._pool.fetch("backdates", environment, unfinished)]

    async def lease_backdate(self, owner: bytes, now: int, until: int) -> Backdate | None:
        """Take the oldest unfinished backdate whose lease is free or over."""
        async with self._pool.transaction() as connection:
            taken = await connection.fetchrow(SQL["lease_backdate"], owner, now, until)
            return rows.backdate(taken) if taken else None

    async def save_backdate(self, owner: bytes, backdate: Backdate, until: int) -> bool:
        """Store progress and prolong the lease; False when the lease was lost."""
        b = backdate
        progress = (b.id, owner, b.cursor, b.done, b.total, b.completions, b.finished, until)
        async with self._pool.transaction() as connection:
            return await connection.fetchval(SQL["save_backdate"], *progress) is not None

    @asynccontextmanager
    async def _changing(self) -> AsyncIterator[Connection]:
        """Open a transaction whose end every process notices."""
        async with self._pool.transaction() as connection:
            yield connection
            await connection.execute(SQL["grow_generation"])


async def _definitions(connection: Connection, environment: int) -> Definitions:
    found = await connection.fetchrow(SQL["environment"], environment)
    if found is None:
        raise LookupError(f"There is no environment number {environment}. Create it first.")
    return Definitions(
        rows.environment(found),
        tuple([rows.metric(row) for row in await connection.fetch(SQL["metrics"], environment)]),
        tuple([rows.attribute(row) for row in await connection.fetch(SQL["attributes"], environment)]),
        tuple([rows.measure(row) for row in await connection.fetch(SQL["measures"], environment)]),
        tuple([rows.achievement(row) for row in await connection.fetch(SQL["achievements"], environment)]),
        tuple([rows.definition(row) for row in await connection.fetch(SQL["documents"], environment)]),
        {bytes(one): tenant for one, tenant in await connection.fetch(SQL["owners"], environment)},
    )
