"""The outbox on SQLite: deliveries taken under leases, their attempts, and what operators see of them.

Refuses to write messages: they come with their cause, through a ledger's transaction.
"""

from collections.abc import Collection, Sequence

from plaudit.model.state import Identity
from plaudit.model.webhooks import Attempt, Delivery, DeliveryFilter, Leased, Step
from plaudit.storage import outbox_rows, rows
from plaudit.storage.letters_port import Ending
from plaudit.storage.sqlite.reader import Reader
from plaudit.storage.sqlite.statements import SQL
from plaudit.storage.sqlite.writer import Writer


class SqliteOutbox:
    """The outbox of one database file."""

    def __init__(self, writer: Writer, reader: Reader) -> None:
        """Share the connections of a store.

        Args:
            writer: for leases and steps.
            reader: for pages.
        """
        self._writer = writer
        self._reader = reader

    async def environments(self) -> list[int]:
        """Read the numbers of the environments that have an endpoint."""
        with self._reader.moment() as cursor:
            return [number for (number,) in cursor.execute(SQL["listening_environments"])]

    async def letters_due(self, environment: int, now: int, limit: int) -> list[Identity]:
        """Read users of an environment whose ``letter_at`` has come by ``now``, the longest waiting first."""
        with self._reader.moment() as cursor:
            return [Identity(*row) for row in cursor.execute(SQL["letters_due"], (environment, now, limit))]

    async def streaks_ending(self, after: tuple[int, bytes], until: int, limit: int) -> list[Ending]:
        """Read users with a live streak that ends after an instant (and subject) and not after another."""
        with self._reader.moment() as cursor:
            found = cursor.execute(SQL["streaks_ending"], (*after, until, limit))
            return [(Identity(*row[:4]), row[4]) for row in found]

    async def lease(
        self, owner: bytes, now: int, until: int, limit: int, busy: Collection[int]
    ) -> list[Leased]:
        """Take deliveries that are due; nothing is written while there are none."""
        asked = (owner, now, until, limit, rows.to_json(list(busy)))
        with self._reader.moment() as cursor:
            if cursor.execute(SQL["any_due"], (now,)).get is None:
                return []
        async with self._writer.transaction() as cursor:
            found = [outbox_rows.delivery(row) for row in cursor.execute(SQL["lease_deliveries"], asked)]
            return [
                Leased(each, cursor.execute(SQL["read_payload"], (each.subject, each.message)).get)
                for each in found
            ]

    async def finish(self, owner: bytes, steps: Sequence[Step]) -> None:
        """Keep what became of deliveries; one whose lease was lost stays as its new holder has it."""
        async with self._writer.transaction() as cursor:
            for step in steps:
                cursor.execute(SQL["save_delivery"], outbox_rows.saved_row(owner, step))
                made, held = outbox_rows.attempt_row(step), outbox_rows.follower_row(step)
                if made is not None:
                    cursor.execute(SQL["insert_attempt"], made)
                if held is not None:
                    cursor.execute(SQL["delay_followers"], held)

    async def deliveries(
        self, environment: int, wanted: DeliveryFilter, limit: int, skip: int
    ) -> list[Delivery]:
        """Read a page of deliveries, the newest first."""
        asked = outbox_rows.filter_row(environment, wanted, limit, skip)
        with self._reader.moment() as cursor:
            return [outbox_rows.delivery(row) for row in cursor.execute(SQL["deliveries"], asked)]

    async def delivery(
        self, environment: int, id: bytes
    ) -> tuple[Delivery, list[Attempt], bytes | None] | None:
        """Read a delivery, its attempts and its payload."""
        with self._reader.moment() as cursor:
            row = cursor.execute(SQL["delivery"], (environment, id)).fetchone()
            if row is None:
                return None
            found = outbox_rows.delivery(row)
            made = [
                outbox_rows.attempt(each)
                for each in cursor.execute(SQL["read_attempts"], (found.subject, found.id))
            ]
            return found, made, cursor.execute(SQL["read_payload"], (found.subject, found.message)).get

    async def replay(self, delivery: Delivery, now: int) -> None:
        """Put a finished delivery on its way again, if its message is still there."""
        async with self._writer.transaction() as cursor:
            cursor.execute(
                SQL["replay_delivery"], (delivery.subject, delivery.position, delivery.endpoint, now)
            )

    async def prune(self, environment: int, messages: int, failed: int, id: bytes, limit: int) -> int:
        """Clear away old messages, attempts and deliveries; gives how many rows went."""
        async with self._writer.transaction() as cursor:
            return sum(
                cursor.execute(SQL[name], asked).connection.changes()
                for name, asked in (
                    ("prune_messages", (environment, messages, failed, limit)),
                    ("prune_attempts", (environment, id, limit)),
                    ("prune_deliveries", (environment, id, limit)),
                )
            )
