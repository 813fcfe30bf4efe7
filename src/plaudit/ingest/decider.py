"""The process that decides beside this one: started when there is much to decide, asked in frames.

Refuses to be needed: whenever it is not there, slow to start or broken, events are decided here as always.
"""

import asyncio
import logging
import sys
import time
from collections import deque
from struct import Struct
from typing import BinaryIO
from zlib import crc32

HEAD = Struct(">II")
"""What a frame begins with: how long it is, and a checksum, so that a broken one is not taken for another."""

PATIENCE_SECONDS = 5.0
"""Longest time to wait for an answer; a thousand events take a hundredth of it."""

REST_SECONDS = 30.0
"""How long nothing is started after a process that broke."""

logger = logging.getLogger("plaudit.ingest")


class Broken(Exception):
    """There is no answer: the process has ended, or could not decide."""


class BrokenFrame(Exception):
    """A frame is not what was sent."""


class Decider:
    """One child process and the questions on their way to it, answered in their order."""

    def __init__(self, program: list[str]) -> None:
        """Start nothing yet.

        Args:
            program: what to run; it reads frames from its standard input and answers on its standard output.
        """
        self._program = program
        self._process: asyncio.subprocess.Process | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._waiting: deque[asyncio.Future[bytes]] = deque()
        self._ready = self._starting = self._closed = False
        self._rest_until = 0.0

    @property
    def ready(self) -> bool:
        """Whether it can be asked now."""
        return self._ready

    def start(self) -> None:
        """Start the process, unless there is one or the last one broke a moment ago."""
        if self._starting or self._ready or self._closed or time.monotonic() < self._rest_until:
            return
        self._starting = True
        task = asyncio.get_running_loop().create_task(self._run())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def ask(self, question: bytes) -> bytes:
        """Send a frame and give its answer.

        Raises:
            Broken: there is none.
        """
        process = self._process
        if not self._ready or process is None or process.stdin is None:
            raise Broken
        answer: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self._waiting.append(answer)
        process.stdin.write(framed(question))
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                said = await answer
        except TimeoutError:
            self.give_up(f"no answer came for {PATIENCE_SECONDS:g} s")
            raise Broken from None
        if not said:
            raise Broken
        return said

    def give_up(self, why: str) -> None:
        """End a process that does not do what it should; another one is started later."""
        self._ready = False
        if self._process is not None and self._process.returncode is None:
            logger.error("The process that decides beside this one is ended: %s", why)
            self._process.kill()

    async def close(self) -> None:
        """End the process, and wait for it."""
        self._closed = True
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._process is not None:
            await self._process.wait()

    async def _run(self) -> None:
        try:
            self._process = await asyncio.create_subprocess_exec(
                *self._program, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, limit=2**24
            )
            assert self._process.stdout is not None  # noqa: S101 - it was asked for
            await self._listen(self._process.stdout)
        except (OSError, asyncio.IncompleteReadError, BrokenFrame) as error:
            if not self._closed:
                logger.warning("The process that decides beside this one has ended: %r", error)
                self._rest_until = time.monotonic() + REST_SECONDS
        finally:
            self._ready = self._starting = False
            while self._waiting:
                answer = self._waiting.popleft()
                if not answer.done():
                    answer.set_exception(Broken())
            if self._process is not None and self._process.returncode is None:
                self._process.kill()

    async def _listen(self, stream: asyncio.StreamReader) -> None:
        """Take what comes: first the word that it is ready, then an answer for each question."""
        await _frame(stream)
        self._starting, self._ready = False, True
        while True:
            said = await _frame(stream)
            answer = self._waiting.popleft()
            if not answer.done():
                answer.set_result(said)


async def _frame(stream: asyncio.StreamReader) -> bytes:
    size, checksum = HEAD.unpack(await stream.readexactly(HEAD.size))
    said = await stream.readexactly(size)
    if crc32(said) != checksum:
        raise BrokenFrame
    return said


def framed(said: bytes) -> bytes:
    """Give a frame as it travels."""
    return HEAD.pack(len(said), crc32(said)) + said


def read_frame(stream: BinaryIO) -> bytes | None:
    """Read a frame, None at the end of the input.

    Raises:
        BrokenFrame: it is not what was sent.
    """
    head = stream.read(HEAD.size)
    if len(head) < HEAD.size:
        return None
    size, checksum = HEAD.unpack(head)
    said = stream.read(size)
    if crc32(said) != checksum:
        raise BrokenFrame
    return said


def program_of(module: str, *arguments: str) -> list[str]:
    """Give the command that runs one of our modules with this interpreter."""
    return [sys.executable, "-P", "-m", module, *arguments]
