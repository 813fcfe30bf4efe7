"""Runs the jobs of a process until it stops: each on its own beat, none able to end the others."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from msgspec import Struct

logger = logging.getLogger("plaudit.jobs")


class Job(Struct, frozen=True):
    """A job: its name, the seconds between two runs, and one run (only True asks for another at once)."""

    name: str
    every: float
    run: Callable[[], Awaitable[object]]


class Runner:
    """Starts the jobs as tasks and ends them."""

    def __init__(self, jobs: list[Job]) -> None:
        """Take the jobs; nothing runs before ``start``."""
        self._jobs = jobs
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Start every job on the running event loop."""
        self._tasks = [asyncio.create_task(_beat(job), name=job.name) for job in self._jobs]

    async def stop(self) -> None:
        """Cancel every job and wait until it has let go."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


async def _beat(job: Job) -> None:
    while True:
        again = False
        try:
            again = await job.run() is True
        except Exception:  # a failed run is logged and tried again at the next beat
            logger.exception("the job %s failed; it runs again in %s s", job.name, job.every)
        await asyncio.sleep(0 if again else job.every)
