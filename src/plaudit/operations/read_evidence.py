"""Reads which events of a user counted toward an achievement, and which did not: a page, and how many in all.

Refuses to hold a long life in memory, and to hold up the event loop while it reads one.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection

from msgspec import Struct, field

from plaudit.model.state import Event, EventFilter
from plaudit.storage.port import Ledger

AT_ONCE = 500
NEWEST = 2**31 - 1


class Evidence(Struct):
    """Events before a ``seq``, the newest first, and how many there are at any.

    ``more_counted`` and ``more_left_out`` tell whether there are older ones than those given. ``early`` is
    how many of those that counted are from before a time. ``first_uses`` holds the events with the keys
    asked for.
    """

    counted: list[Event] = field(default_factory=list)
    left_out: list[tuple[Event, str]] = field(default_factory=list)
    number_counted: int = 0
    number_left_out: int = 0
    more_counted: bool = False
    more_left_out: bool = False
    early: int = 0
    first_uses: dict[str, Event] = field(default_factory=dict)


async def read_evidence(
    ledger: Ledger,
    subject: bytes,
    metrics: Collection[int],
    reason: Callable[[Event], str | None],
    *,
    before: int = NEWEST,
    most: int,
    made: int,
    keys: Collection[str] = (),
) -> Evidence:
    """Read a user's events of some metrics and sort them.

    Args:
        ledger: where the events are.
        subject: the user.
        metrics: numbers of the metrics whose events are told.
        reason: why an event did not count; None when it did.
        before: only events with a smaller ``seq`` are given; all are counted.
        most: how many of each kind are given.
        made: Unix ms; events that counted and happened before are counted as ``early``.
        keys: idempotency keys whose first uses are asked for.

    Raises:
        Unavailable: the database cannot be read.
    """
    found = Evidence()
    async for event in _events(ledger, subject, metrics):
        why, within = reason(event), event.seq < before
        if why is None:
            found.number_counted += 1
            found.early += event.at < made
            found.more_counted = found.more_counted or (within and len(found.counted) == most)
            if within and len(found.counted) < most:
                found.counted.append(event)
        else:
            found.number_left_out += 1
            found.more_left_out = found.more_left_out or (within and len(found.left_out) == most)
            if within and len(found.left_out) < most:
                found.left_out.append((event, why))
        if event.key is not None and event.key in keys:
            found.first_uses[event.key] = event
    return found


async def _events(ledger: Ledger, subject: bytes, metrics: Collection[int]) -> AsyncIterator[Event]:
    """Give the events of some metrics, the newest first."""
    if not metrics:
        return
    (only,) = metrics if len(metrics) == 1 else (None,)
    wanted, seq = EventFilter(metric=only), NEWEST
    while page := await ledger.events_before(subject, wanted, seq, AT_ONCE):
        for event in page:
            if event.metric in metrics:
                yield event
        seq = page[-1].seq
        await asyncio.sleep(0)
