"""The outbox on PostgreSQL: deliveries taken under leases, their attempts, and what operators see of them.

Refuses to write messages: they come with their cause, through a ledger's transaction.
"""

from collections.abc import Collection, Sequence

from plaudit.model.state import Identity
from plaudit.model.webhooks import Attempt, Delivery, DeliveryFilter, Leased, Step
from plaudit.storage import outbox_rows
from plaudit.storage.letters_port import Ending
from plaudit.storage.postgres.pool import Pool
from plaudit.storage.postgres.statements import SQL


class PostgresOutbox:
    """The outbox of one database."""

    def __init__(self, pool: Pool) -> None:
        """Share a pool of a store.

        Args:
            pool: not the one groups of events wait for.
        """
        self._pool = pool

    async def environments(self) -> list[int]:
        """Read the numbers of the environments that have an endpoint."""
        return [number for (number,) in await self._pool.fetch("listening_environments")]

    async def letters_due(self, environment: int, now: int, limit: int) -> list[Identity]:
        """Read users of an environment whose ``letter_at`` has come by ``now``, the longest waiting first."""
        return [Identity(*row) for row in await self._pool.fetch("letters_due", environment, now, limit)]

    async def streaks_ending(self, after: tuple[int, bytes], until: int, limit: int) -> list[Ending]:
        """Read users with a live streak that ends after an instant (and subject) and not after another."""
        found = await self._pool.fetch("streaks_ending", *after, until, limit)
        return [(Identity(row[0], row[1], row[2], row[3]), row[4]) for row in found]

    async def lease(
        self, owner: bytes, now: int, until: int, limit: int, busy: Collection[int]
    ) -> list[Leased]:
        """Take deliveries that are due; those a rival is just taking are passed over."""
        if not await self._pool.fetch("any_due", now):
            return []
        async with self._pool.transaction() as connection:
            taken = await connection.fetch(SQL["lease_deliveries"], owner, now, until, limit, list(busy))
            found = [outbox_rows.delivery(row) for row in taken]
            return [
                Leased(each, await connection.fetchval(SQL["read_payload"], each.subject, each.message))
                for each in found
            ]

    async def finish(self, owner: bytes, steps: Sequence[Step]) -> None:
        """Keep what became of deliveries; one whose lease was lost stays as its new holder has it."""
        made = [row for step in steps if (row := outbox_rows.attempt_row(step)) is not None]
        held = [row for step in steps if (row := outbox_rows.follower_row(step)) is not None]
        async with self._pool.transaction() as connection:
            await connection.executemany(
                SQL["save_delivery"], [outbox_rows.saved_row(owner, step) for step in steps]
            )
            await connection.executemany(SQL["insert_attempt"], made)
            await connection.executemany(SQL["delay_followers"], held)

    async def deliveries(
        self, environment: int, wanted: DeliveryFilter, limit: int, skip: int
    ) -> list[Delivery]:
        """Read a page of deliveries, the newest first."""
        asked = outbox_rows.filter_row(environment, wanted, limit, skip)
        return [outbox_rows.delivery(row) for row in await self._pool.fetch("deliveries", *asked)]

    async def delivery(
        self, environment: int, id: bytes
    ) -> tuple[Delivery, list[Attempt], bytes | None] | None:
        """Read a delivery, its attempts and its payload."""
        async with self._pool.moment() as connection:
            row = await connection.fetchrow(SQL["delivery"], environment, id)
            if row is None:
                return None
            found = outbox_rows.delivery(row)
            made = await connection.fetch(SQL["read_attempts"], found.subject, found.id)
            payload = await connection.fetchval(SQL["read_payload"], found.subject, found.message)
            return found, [outbox_rows.attempt(each) for each in made], payload

    async def replay(self, delivery: Delivery, now: int) -> None:
        """Put a finished delivery on its way again, if its message is still there."""
        async with self._pool.transaction() as connection:
            await connection.execute(
                SQL["replay_delivery"], delivery.subject, delivery.position, delivery.endpoint, now
            )

    async def prune(self, environment: int, messages: int, failed: int, id: bytes, limit: int) -> int:
        """Clear away old messages, attempts and deliveries; gives how many rows went."""
        async with self._pool.transaction() as connection:
            gone = [
                await connection.execute(SQL["prune_messages"], environment, messages, failed, limit),
                await connection.execute(SQL["prune_attempts"], environment, id, limit),
                await connection.execute(SQL["prune_deliveries"], environment, id, limit),
            ]
        return sum(int(status.rpartition(" ")[2]) for status in gone)
