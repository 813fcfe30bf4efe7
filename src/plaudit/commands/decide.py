"""The process beside a server on SQLite that reads users and decides events; started by the server itself.

Reads questions as frames from its standard input, answers each on its standard output, ends with the input.
Refuses to write to the database.
"""

import asyncio
import logging
import signal
import sys
from typing import BinaryIO

import msgspec

from plaudit.compose import decider_of, rest_memory
from plaudit.config import Settings
from plaudit.ingest.decider import framed, read_frame
from plaudit.model.decided import Ask
from plaudit.web.log import log_to

_decode = msgspec.msgpack.Decoder(Ask).decode
_encode = msgspec.msgpack.Encoder().encode

logger = logging.getLogger("plaudit.ingest")


async def _serve(database: str, questions: BinaryIO, answers: BinaryIO) -> None:
    # It is never closed: that would move the write-ahead log, which is the server's to do.
    _, decide = await decider_of(Settings(database=database))
    rest_memory()
    _say(answers, b"ready")
    while (question := read_frame(questions)) is not None:
        try:
            said = _encode(await decide(_decode(question)))
        except Exception:
            logger.exception("A group of events could not be decided; the server decides it")
            said = b""
        _say(answers, said)


def _say(answers: BinaryIO, said: bytes) -> None:
    answers.write(framed(said))
    answers.flush()


def main() -> None:
    """Decide what is asked, about the database named by the one argument."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the server, which closes the input
    log_to(sys.stderr)
    (database,) = sys.argv[1:]
    asyncio.run(_serve(database, sys.stdin.buffer, sys.stdout.buffer))


if __name__ == "__main__":
    main()
