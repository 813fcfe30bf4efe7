"""Delivers what waits in the outbox: many endpoints at once, one message at a time per user and endpoint.

Everything that must survive is a row: leases, attempts, when to try again. A sender that dies loses
nothing; its leases end, and the next one sends the same message under the same id.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable

from msgspec.structs import replace

from plaudit.model.webhooks import Attempt, Delivery, DeliveryStatus, Leased, Step, Webhook
from plaudit.operations.rulebooks import Rulebooks
from plaudit.storage.port import Store
from plaudit.webhooks.schedule import asked_pause, next_attempt
from plaudit.webhooks.sending import Reply, Sender
from plaudit.webhooks.signatures import signed_headers

logger = logging.getLogger("plaudit.webhooks")

LEASE = 150_000
"""Milliseconds for which a sender holds a delivery: an attempt's longest, and time to keep its result."""

MOST_AT_ONCE = 64
"""Attempts a process makes at the same time."""

MOST_PER_ENDPOINT = 8
"""Attempts after which an endpoint that is slow has to wait, so that it never holds up the others."""

BEAT = 0.5
"""Seconds after which it is looked anew what is due, though no attempt has ended."""

GONE = 410
"""The status by which an endpoint asks to be told nothing any more."""

Disable = Callable[[Webhook, int], Awaitable[None]]
"""Switches an endpoint of an environment off that has asked for it."""


class Deliverer:
    """Takes deliveries that are due, sends them, and keeps what became of them."""

    def __init__(
        self,
        store: Store,
        rulebooks: Rulebooks,
        sender: Sender,
        clock: Callable[[], int],
        new_id: Callable[[int], bytes],
        disable: Disable,
    ) -> None:
        """Take what the work needs; ``owner`` names this sender in leases."""
        self._outbox = store.outbox
        self._rulebooks = rulebooks
        self._sender = sender
        self._clock = clock
        self._disable = disable
        self._owner = new_id(clock())
        self._tasks: set[asyncio.Task[None]] = set()
        self._flying: Counter[int] = Counter()
        self._steps: list[Step] = []
        self._keeping = asyncio.Lock()

    async def run_once(self) -> bool:
        """Start what is due, or wait for an attempt to end; tells whether there may be more to do at once."""
        under_way = set(self._tasks)
        free = min(MOST_AT_ONCE - len(under_way), MOST_PER_ENDPOINT)
        leased = await self._lease(free) if free > 0 else []
        for each in leased:
            self._start(each)
        if under_way and not leased:
            # What waits for its endpoint or behind a message of its user can go as soon as an attempt is
            # over; that of one that ended while these were leased may have been missed.
            await asyncio.wait(under_way, timeout=BEAT, return_when=asyncio.FIRST_COMPLETED)
        return bool(leased or under_way)

    async def _lease(self, most: int) -> list[Leased]:
        now = self._clock()
        busy = [endpoint for endpoint, flying in self._flying.items() if flying >= MOST_PER_ENDPOINT]
        return await self._outbox.lease(self._owner, now, now + LEASE, most, busy)

    async def settled(self) -> None:
        """Wait until every attempt under way is over and kept."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def close(self) -> None:
        """Break off what is under way; it is sent again, under the same id, when its lease is over."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._sender.close()

    def _start(self, leased: Leased) -> None:
        task = asyncio.get_running_loop().create_task(self._deliver(leased))
        endpoint = leased.delivery.endpoint
        self._flying[endpoint] += 1
        self._tasks.add(task)

        def ended(task: asyncio.Task[None]) -> None:
            self._tasks.discard(task)
            self._flying[endpoint] -= 1
            if not self._flying[endpoint]:
                del self._flying[endpoint]
            if not task.cancelled() and (reason := task.exception()) is not None:
                logger.error("an attempt could not be kept and will be made again", exc_info=reason)

        task.add_done_callback(ended)

    async def _deliver(self, leased: Leased) -> None:
        delivery = leased.delivery
        endpoint = await self._endpoint(delivery)
        if endpoint is None:
            ended = replace(delivery, status=DeliveryStatus.CANCELLED, finished=self._clock())
            await self._keep(Step(ended, None))
            return
        at = self._clock()
        headers = signed_headers(endpoint.secrets, delivery.message, at, leased.payload)
        reply = await self._sender.send(endpoint.url, headers, leased.payload)
        if reply.status == GONE:
            # First, so that nothing behind this delivery is sent any more.
            await self._disable(endpoint, delivery.environment)
            await self._rulebooks.reload(delivery.environment)
        await self._keep(step_of(delivery, reply, at, self._clock()))

    async def _endpoint(self, delivery: Delivery) -> Webhook | None:
        """Find an active endpoint; another process may have made it a moment ago."""
        book = await self._rulebooks.get(delivery.environment)
        if delivery.endpoint not in book.webhooks:
            book = await self._rulebooks.reload(delivery.environment)
        return book.webhooks.get(delivery.endpoint)

    async def _keep(self, step: Step) -> None:
        """Keep a step in the next transaction; while one is on its way, the next gathers."""
        self._steps.append(step)
        async with self._keeping:
            steps, self._steps = self._steps, []
            if steps:
                await self._outbox.finish(self._owner, steps)


def step_of(delivery: Delivery, reply: Reply, at: int, now: int) -> Step:
    """Decide what an attempt leads to: delivered, failed for good, or tried again at an instant.

    Args:
        delivery: as it was taken.
        reply: how the attempt ended.
        at: when it began, Unix milliseconds.
        now: when it ended.
    """
    made, in_round = delivery.attempts + 1, delivery.round + 1
    attempt = Attempt(made, at, reply.status, reply.milliseconds, reply.error, reply.head)
    after = replace(delivery, attempts=made, round=in_round)
    if reply.succeeded:
        return Step(replace(after, status=DeliveryStatus.DELIVERED, finished=now), attempt)
    again = None
    if reply.status != GONE:
        again = next_attempt(delivery.id, in_round, now, asked_pause(reply.retry_after, now))
    if again is None:
        return Step(replace(after, status=DeliveryStatus.FAILED, finished=now), attempt)
    return Step(replace(after, due=again), attempt)
