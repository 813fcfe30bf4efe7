"""Group commit: while one commit is on its way, the next group gathers. No artificial delay.

A bad command never hurts its neighbours; a full queue refuses at once instead of growing.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Sequence

from plaudit.ingest.aside import Aside
from plaudit.model.commands import Command, RecordEvent
from plaudit.model.decided import Told
from plaudit.model.errors import Code, PlauditError
from plaudit.model.outcome import Outcome, Refusal
from plaudit.operations.record_events import Answer, Refused
from plaudit.storage.port import Conflict, Unavailable

Record = Callable[..., Awaitable[list[Answer]]]
"""``record(commands, atomic=...)``: carry out one group in one transaction."""

Waiting = tuple[Command, "asyncio.Future[Outcome | Told]", str | None]
"""A command, who waits for it, and for an event what links of its answer begin with."""

logger = logging.getLogger("plaudit.ingest")


class BatchRefused(PlauditError):
    """One item of an all-or-nothing batch was refused; ``index`` tells which."""

    def __init__(self, index: int, refusal: Refusal) -> None:
        """Keep the place of the refused item beside its error."""
        super().__init__(refusal.code, **refusal.words)
        self.index = index


class Turnstile:
    """The one way to write: gathers commands, commits groups, answers each caller.

    Args:
        record: carries out one group in one transaction.
        group: most commands in one group.
        backlog: most commands that may wait; more are refused with ``BUSY``.
        lanes: groups that may be on their way at once (1 where there is one writer).
        aside: decides groups of events beside this process.
    """

    def __init__(
        self,
        record: Record,
        *,
        group: int = 128,
        backlog: int = 20_000,
        lanes: int = 1,
        aside: Aside | None = None,
    ) -> None:
        self.carried = 0
        """How many groups were begun so far: whoever can wait sees by it that events come."""
        self._record = record
        self._group = group
        self._backlog = backlog
        self._free = lanes
        self._aside = aside
        self._queue: deque[Waiting] = deque()
        self._tasks: set[asyncio.Task[None]] = set()

    async def submit(self, command: Command) -> Outcome:
        """Put a command into the next group and wait until it is durable.

        Raises:
            PlauditError: it was refused, the queue is full, or the database cannot be written;
                nothing of it was stored.
        """
        outcome = await self._wait(command, None)
        assert isinstance(outcome, Outcome)  # noqa: S101 - only events are told otherwise
        return outcome

    async def submit_event(self, command: RecordEvent, base_url: str) -> Outcome | Told:
        """Put an event into the next group; where it was decided beside this process, its answer is written.

        Args:
            command: the event.
            base_url: what links of the answer begin with.

        Raises:
            PlauditError: as ``submit``.
        """
        return await self._wait(command, base_url)

    async def _wait(self, command: Command, base_url: str | None) -> Outcome | Told:
        if len(self._queue) >= self._backlog:
            raise PlauditError(Code.BUSY, seconds="1")
        answer: asyncio.Future[Outcome | Told] = asyncio.get_running_loop().create_future()
        self._queue.append((command, answer, base_url))
        if self._free:
            self._start_lane()
        return await answer

    async def submit_all(self, commands: Sequence[Command]) -> None:
        """Carry out a batch as one transaction of its own, all or nothing.

        Raises:
            BatchRefused: an item was refused; nothing was stored.
            PlauditError: the database cannot be written; nothing was stored.
        """
        try:
            await self._batch(commands, atomic=True)
        except Refused as refused:
            raise BatchRefused(refused.index, refused.refusal) from None

    async def submit_each(self, commands: Sequence[Command]) -> list[Answer]:
        """Carry out a batch as one transaction of its own, in which each item may be refused by itself.

        Raises:
            PlauditError: the database cannot be written; nothing was stored.
        """
        return await self._batch(commands, atomic=False)

    async def _batch(self, commands: Sequence[Command], *, atomic: bool) -> list[Answer]:
        try:
            return await self._anew(commands, atomic=atomic)
        except (Unavailable, Conflict) as reason:
            raise _unavailable(reason) from reason

    async def _anew(self, commands: Sequence[Command], *, atomic: bool = False) -> list[Answer]:
        """Carry out a group; once more, on a fresh reading, where it read a stale state the first time."""
        self.carried += 1
        if (
            atomic
            and self._aside is not None
            and await self._aside.record(commands, (), joined=True) is not None
        ):
            return []
        try:
            return await self._record(commands, atomic=atomic)
        except Conflict:
            return await self._record(commands, atomic=atomic)

    async def drain(self) -> None:
        """Wait until everything that has been submitted is answered."""
        while self._tasks:
            await asyncio.gather(*self._tasks)

    def _start_lane(self) -> None:
        self._free -= 1
        task = asyncio.get_running_loop().create_task(self._run_lane())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _run_lane(self) -> None:
        try:
            while self._queue:
                await self._commit_group()
        finally:
            self._free += 1

    async def _commit_group(self) -> None:
        self.carried += 1
        queue = self._queue
        taken = [queue.popleft() for _ in range(min(len(queue), self._group))]
        try:
            answers = await self._aside_or_here(taken)
        except Exception as reason:  # noqa: BLE001 - every caller must be answered, whatever broke
            await self._commit_apart(taken, reason)
            return
        for (_, future, _), answer in zip(taken, answers, strict=True):
            _give(future, answer)

    async def _aside_or_here(self, taken: Sequence[Waiting]) -> Sequence[Answer | Told]:
        commands = [command for command, _, _ in taken]
        if self._aside is not None:
            base_urls = [base_url for _, _, base_url in taken if base_url is not None]
            if len(base_urls) == len(taken):
                told = await self._aside.record(commands, base_urls)
                if told is not None:
                    return told
        return await self._record(commands)

    async def _commit_apart(self, taken: Sequence[Waiting], reason: Exception) -> None:
        """Answer a failed group: one by one where a retry is safe, so that only the culprit fails."""
        unknown = isinstance(reason, Unavailable) and not reason.retry
        alone = len(taken) == 1 and not isinstance(reason, Unavailable | Conflict)
        if unknown or alone:
            for _, future, _ in taken:
                _fail(future, reason)
            return
        for command, future, _ in taken:
            try:
                (answer,) = await self._anew([command])
            except Exception as again:  # noqa: BLE001 - as above
                _fail(future, again)
            else:
                _give(future, answer)


def _give(future: asyncio.Future[Outcome | Told], answer: Answer | Told) -> None:
    if future.done():  # the caller has gone; what it asked for is stored all the same
        return
    if isinstance(answer, Refusal):
        future.set_exception(PlauditError(answer.code, **answer.words))
    else:
        future.set_result(answer)


def _fail(future: asyncio.Future[Outcome | Told], reason: Exception) -> None:
    if future.done():
        return
    if isinstance(reason, Unavailable | Conflict):
        logger.error("a group could not be written: %s", reason)
        future.set_exception(_unavailable(reason))
    else:
        future.set_exception(reason)


def _unavailable(reason: Exception) -> PlauditError:
    # After a conflict it is known that nothing was stored; a lost connection leaves that open.
    error = PlauditError(Code.BUSY if isinstance(reason, Conflict) else Code.UNAVAILABLE, seconds="1")
    error.__cause__ = reason
    return error
