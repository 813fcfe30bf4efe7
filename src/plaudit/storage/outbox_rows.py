"""Messages for the outbox as rows, and rows of the outbox as values; the same on both databases.

Refuses SQL and decisions: what is told to whom was decided with its cause.
"""

from collections import Counter
from collections.abc import Iterator

from plaudit.model.outcome import Writes
from plaudit.model.webhooks import (
    ORDERED,
    Attempt,
    Delivery,
    DeliveryFilter,
    DeliveryStatus,
    Posting,
    Step,
)
from plaudit.storage.rows import Row


def held_rows(writes: Writes) -> list[Row]:
    """Give ``replace_held``'s rows: what may take the place of a message that is held back."""
    return [
        (each.subject, each.message.payload, each.lane, each.message.created)
        for each in writes.outbox
        if each.lane != ORDERED
    ]


def message_rows(writes: Writes) -> list[Row]:
    """Give ``insert_messages``' rows; the third column counts a user's messages of this group."""
    return [
        (
            each.subject,
            each.message.id,
            place,
            each.message.environment,
            each.message.created,
            each.message.payload,
            each.lane,
        )
        for place, each in _placed(writes.outbox)
    ]


def delivery_rows(writes: Writes) -> list[Row]:
    """Give ``insert_deliveries``' rows, one per endpoint of each message."""
    return [
        (
            each.subject,
            place,
            endpoint,
            name,
            each.message.id,
            each.message.environment,
            each.message.tenant,
            each.user_id,
            each.message.type,
            each.lane,
            each.message.created,
        )
        for place, each in _placed(writes.outbox)
        for endpoint, name in each.deliveries
    ]


def _placed(postings: list[Posting]) -> Iterator[tuple[int, Posting]]:
    seen: Counter[bytes] = Counter()
    for each in postings:
        seen[each.subject] += 1
        yield seen[each.subject], each


def delivery(row: Row) -> Delivery:
    """Read a row of ``deliveries``, ``delivery`` or ``lease_deliveries``."""
    values: Row = (*row[:10], DeliveryStatus(row[10]), *row[11:])
    return Delivery(*values)


def attempt(row: Row) -> Attempt:
    """Read a row of ``read_attempts``."""
    return Attempt(*row)


def saved_row(owner: bytes, step: Step) -> Row:
    """Give ``save_delivery``'s parameters."""
    d = step.delivery
    return (d.subject, d.position, d.endpoint, owner, d.status.value, d.attempts, d.round, d.due, d.finished)


def attempt_row(step: Step) -> Row | None:
    """Give ``insert_attempt``'s parameters; None where no attempt was made."""
    d, a = step.delivery, step.attempt
    if a is None:
        return None
    return (d.subject, d.id, a.number, a.at, a.status, a.milliseconds, a.error, a.head)


def follower_row(step: Step) -> Row | None:
    """Give ``delay_followers``' parameters; None where nothing has to wait."""
    d = step.delivery
    if d.status is not DeliveryStatus.PENDING:
        return None
    return (d.subject, d.endpoint, d.lane, d.position, d.due)


def filter_row(environment: int, wanted: DeliveryFilter, limit: int, skip: int) -> Row:
    """Give ``deliveries``' parameters."""
    status = None if wanted.status is None else wanted.status.value
    return (environment, wanted.endpoint, wanted.type, status, wanted.subject, limit, skip, wanted.tenant)
