"""The part of the port for deciding beside the writer, where one process writes: only SQLite has it.

Refuses to be trusted alone: what was decided of users that were written meanwhile is decided anew.
"""

from collections.abc import Collection, Mapping
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from typing import Protocol

from plaudit.model.decided import Rows
from plaudit.model.outcome import Writes
from plaudit.storage.port import Transaction

Mark = tuple[int, int]
"""A moment: the commits that have landed, and what tells that another process has written."""


class AsideTransaction(Transaction, Protocol):
    """A write transaction that can carry out what was decided beside it."""

    def untouched(self, mark: Mark, subjects: Collection[bytes]) -> bool:
        """Lock users, and tell whether nobody has written to any of them since a moment."""
        ...

    async def apply_decided(self, rows: Rows, scores: Mapping[bytes, str], writes: Writes) -> None:
        """Write rows that were made elsewhere.

        Args:
            rows: of a ``Decided``.
            scores: by subject, the JSON of scores that the user's tally in ``rows`` lacks.
            writes: what was counted here: scores, days of ranks, rankings and their entries.
        """
        ...


class AsideLedger(Protocol):
    """The ledger of the process that writes."""

    def transaction(self) -> AbstractAsyncContextManager[AsideTransaction]:
        """Open a write transaction, as ``Ledger.transaction``."""
        ...

    def mark(self) -> Mark | None:
        """Give the moment; whoever reads from now on sees it. None while it cannot be told."""
        ...


class GlanceLedger(Protocol):
    """The ledger of the process that decides."""

    def glance(self) -> AbstractContextManager[Transaction]:
        """Open a reading of one moment that answers as a transaction does; nothing can be written."""
        ...

    def pack(self, writes: Writes) -> Rows:
        """Give what a group caused as rows."""
        ...
