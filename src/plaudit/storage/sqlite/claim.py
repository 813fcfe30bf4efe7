"""The claim of a serving process on a database file: one server per SQLite file.

Refuses nothing to commands that only open the file for a moment; those wait for the writer's lock.
"""

import os
import sys
from pathlib import Path

from plaudit.storage.port import StoreError


class Claim:
    """A held claim; the operating system frees it when the process ends, however it ends."""

    def __init__(self, descriptor: int) -> None:
        """Keep the locked file open.

        Args:
            descriptor: of the file that carries the lock.
        """
        self._descriptor: int | None = descriptor

    def release(self) -> None:
        """Give the claim up; doing so twice is harmless."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def claim_writer(path: Path | str) -> Claim:
    """Claim a database for this process, by an operating system lock on ``<path>.lock``.

    Raises:
        StoreError: another process serves this file, or the lock file cannot be written.
    """
    lock = f"{path}.lock"
    try:
        descriptor = os.open(lock, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise StoreError(
            f"The lock file {lock} cannot be written ({error.strerror}). Check its folder."
        ) from error
    try:
        _lock(descriptor)
    except OSError as error:
        os.close(descriptor)
        raise StoreError(
            f"Another Plaudit server already serves {path}, and SQLite serves one process at a time. "
            "Stop the other server, or use PostgreSQL to run several."
        ) from error
    return Claim(descriptor)


if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
