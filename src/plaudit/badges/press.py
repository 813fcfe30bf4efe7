"""Sends one image through the press: a separate process with little memory, killed when it is slow.

Refuses to decode anything in the server's own process.
"""

import asyncio
import sys
from hashlib import sha256
from weakref import WeakKeyDictionary

import msgspec

from plaudit.badges.kinds import Kind, Pressed

SECONDS = 10.0
"""Longest time one image may take before its process is killed."""

LANES = 2
"""Images on their way at once: uploads must not take the machine from the events."""

_lanes: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()


class BadImage(Exception):
    """The image cannot be used; the text is a sentence for the caller."""


class NewBadge(msgspec.Struct, frozen=True):
    """An image as it will be stored: its file name (SHA-256 of the bytes and extension) and bytes."""

    name: str
    hash: str
    kind: Kind
    width: int
    height: int
    data: bytes


async def press(data: bytes, kind: Kind, seconds: float = SECONDS) -> NewBadge:
    """Decode and rewrite an image apart from this process.

    Raises:
        BadImage: damaged, too large, or too slow to decode.
    """
    loop = asyncio.get_running_loop()
    # A semaphore belongs to the loop it first made wait, and a process may run one loop after another.
    async with _lanes.setdefault(loop, asyncio.Semaphore(LANES)):
        out = await _run(data, kind, seconds)
    line, _, pixels = out.partition(b"\n")
    if not line:
        raise BadImage("The image needs too much memory to decode.")
    pressed = msgspec.json.decode(line, type=Pressed)
    if pressed.refusal is not None:
        raise BadImage(pressed.refusal)
    digest = sha256(pixels).hexdigest()
    return NewBadge(f"{digest}.{kind.extension}", digest, kind, pressed.width, pressed.height, pixels)


async def _run(data: bytes, kind: Kind, seconds: float) -> bytes:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-P",
        "-m",
        "plaudit.badges.worker",
        kind.name,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        out, _ = await asyncio.wait_for(process.communicate(data), seconds)
    except TimeoutError:
        raise BadImage(f"The image takes longer than {seconds:g} s to decode.") from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return out
