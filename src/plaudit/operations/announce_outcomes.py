"""Adds to a group's writes the webhook messages its outcomes call for, so that both are one commit.

Refuses work in environments that nobody listens to.
"""

from collections.abc import Iterable

from plaudit.model.outcome import Outcome, Writes
from plaudit.model.state import Identity
from plaudit.operations.rulebooks import Rulebooks
from plaudit.webhooks.announce import announce

Told = tuple[Identity, list[Outcome], int]
"""A user, the outcomes of the user's commands (replays left out), and their clock reading (Unix ms)."""


def announce_outcomes(rulebooks: Rulebooks, told: Iterable[Told], writes: Writes) -> None:
    """Put the messages about some users' outcomes into the writes they are committed with."""
    for who, outcomes, now in told:
        book = rulebooks.known(who.environment)
        if book is not None and book.listeners:
            writes.outbox.extend(announce(book, who, outcomes, now, rulebooks.base_url))
