"""A disk that remembers what was written and what was flushed, and can lose its power in between.

Records the writes, truncations and syncs of every SQLite connection of the process. Refuses to guess
about real disks: whatever was not synced may survive whole, torn at a sector, or not at all.
"""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import apsw
from msgspec import Struct

SECTOR = 512

PLAIN = apsw.vfs_names()[0]
"""What SQLite reaches files by when nobody records."""


class Wrote(Struct, frozen=True):
    """Bytes written to a file at an offset."""

    file: str
    offset: int
    data: bytes


class Truncated(Struct, frozen=True):
    """A file cut to a size."""

    file: str
    size: int


class Synced(Struct, frozen=True):
    """A file flushed: everything before is on the disk."""

    file: str


class Deleted(Struct, frozen=True):
    """A file removed; SQLite does so only when it is of no more use, so it is taken as done."""

    file: str


class Acknowledged(Struct, frozen=True):
    """A caller was told that this is stored."""

    event: str


Step = Wrote | Truncated | Synced | Deleted | Acknowledged
Files = dict[str, bytes]


@contextmanager
def recorded() -> Iterator[list[Step]]:
    """Record every file that SQLite opens in this process; gives the growing list of steps."""
    steps: list[Step] = []
    disk = _Disk(steps.append)
    try:
        yield steps
    finally:
        disk.unregister()


class _Disk(apsw.VFS):
    def __init__(self, note: Callable[[Step], None]) -> None:
        self._note = note
        super().__init__("recorder", PLAIN, makedefault=True)

    def xOpen(self, name: Any, flags: list[int]) -> "_File":  # noqa: N802 - apsw's name
        return _File(name, flags, self._note)

    def xDelete(self, name: str, syncdir: bool) -> None:  # noqa: N802 - apsw's name
        super().xDelete(name, syncdir)
        self._note(Deleted(Path(name).name))


class _File(apsw.VFSFile):
    def __init__(self, name: Any, flags: list[int], note: Callable[[Step], None]) -> None:
        path = name.filename() if isinstance(name, apsw.URIFilename) else name
        self._name = Path(path).name if path else ""
        self._note = note
        super().__init__(PLAIN, name, flags)

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802 - apsw's name
        super().xWrite(data, offset)
        self._note(Wrote(self._name, offset, bytes(data)))

    def xTruncate(self, size: int) -> None:  # noqa: N802 - apsw's name
        super().xTruncate(size)
        self._note(Truncated(self._name, size))

    def xSync(self, flags: int) -> None:  # noqa: N802 - apsw's name
        super().xSync(flags)
        self._note(Synced(self._name))


def cuts(
    steps: list[Step], number: int, chance: random.Random, *, first: int = 0
) -> Iterator[tuple[Files, set[str]]]:
    """Cut the power at random steps from ``first`` on; gives what is left, and what was acknowledged.

    Half of the cuts come right after an acknowledgement, where a missing flush shows best.
    """
    told = [n + 1 for n in range(first, len(steps)) if isinstance(steps[n], Acknowledged)]
    places = [
        chance.choice(told) if turn % 2 else chance.randrange(first, len(steps)) for turn in range(number)
    ]
    disk: dict[str, bytearray] = {}
    waiting: dict[str, list[Wrote | Truncated]] = {}
    known: set[str] = set()
    done = 0
    for place in sorted(places):
        for step in steps[done:place]:
            _take(step, disk, waiting, known)
        done = place
        yield _survivors(disk, waiting, chance), set(known)


def _take(
    step: Step, disk: dict[str, bytearray], waiting: dict[str, list[Wrote | Truncated]], known: set[str]
) -> None:
    if isinstance(step, Acknowledged):
        known.add(step.event)
    elif isinstance(step, Synced):
        for unsynced in waiting.pop(step.file, ()):
            _apply(unsynced, disk.setdefault(step.file, bytearray()))
    elif isinstance(step, Deleted):
        disk.pop(step.file, None)
        waiting.pop(step.file, None)
    else:
        waiting.setdefault(step.file, []).append(step)


def _survivors(
    disk: dict[str, bytearray], waiting: dict[str, list[Wrote | Truncated]], chance: random.Random
) -> Files:
    left = {name: bytearray(content) for name, content in disk.items()}
    for name, unsynced in waiting.items():
        content = left.setdefault(name, bytearray())
        luck = chance.random()  # some disks kept nearly everything, some hardly anything
        for step in unsynced:
            if chance.random() < luck:
                for part in _torn(step, chance):
                    _apply(part, content)
    return {name: bytes(content) for name, content in left.items()}


def _torn(step: Wrote | Truncated, chance: random.Random) -> list[Wrote | Truncated]:
    """Give a write as the sectors of it that reached the disk: mostly all, sometimes some."""
    if isinstance(step, Truncated) or chance.random() < 0.7:
        return [step]
    starts = range(0, len(step.data), SECTOR)
    return [
        Wrote(step.file, step.offset + start, step.data[start : start + SECTOR])
        for start in starts
        if chance.random() < 0.5
    ]


def _apply(step: Wrote | Truncated, content: bytearray) -> None:
    if isinstance(step, Truncated):
        del content[step.size :]
        return
    gap = step.offset - len(content)
    if gap > 0:
        content.extend(bytes(gap))
    content[step.offset : step.offset + len(step.data)] = step.data
