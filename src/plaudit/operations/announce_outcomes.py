"""Adds to a group's writes the webhook messages its outcomes call for, so that both are one commit.

Refuses work in environments that nobody listens to.
"""

from collections.abc import Iterable

from plaudit.engine.rulebook import Rulebook
from plaudit.model.catalog import Trigger
from plaudit.model.outcome import Outcome, Writes
from plaudit.model.state import Completion, Identity, Snapshot
from plaudit.operations.rulebooks import Rulebooks
from plaudit.webhooks.announce import announce

Told = tuple[Identity, list[Outcome], int]
"""A user, the outcomes of the user's commands (replays left out), and their clock reading (Unix ms)."""


def announce_outcomes(rulebooks: Rulebooks, told: Iterable[Told], writes: Writes) -> None:
    """Put the messages about some users' outcomes into the writes they are committed with."""
    for who, outcomes, now in told:
        shared = rulebooks.known(who.environment)
        book = None if shared is None else shared.seen_by(who.tenant)
        if book is not None and book.listeners:
            writes.outbox.extend(announce(book, who, outcomes, now, rulebooks.base_url))


def announce_anniversaries(
    book: Rulebook,
    before: Snapshot,
    completed: Iterable[Completion],
    after: Snapshot,
    now: int,
    base_url: str | None,
    writes: Writes,
) -> None:
    """Tell what an anniversary that has just come completed.

    Settling also completes what a user met long before, and that stays silent: where the user was
    not settled to the newest version, only anniversaries since the due instant are told.
    """
    user = before.user
    if not book.listeners or user is None or user.anniversary_at is None or user.anniversary_at > now:
        return
    live = user.settled == book.version
    due = user.anniversary_at
    told = [each for each in completed if live or (_is_anniversary(book, each) and each.at >= due)]
    outcome = Outcome(after=after, completed=tuple(told))
    writes.outbox.extend(announce(book, before.who, [outcome], now, base_url))


def _is_anniversary(book: Rulebook, completion: Completion) -> bool:
    rule = book.achievements.get(completion.achievement)
    return rule is not None and rule.definition.trigger is Trigger.ANNIVERSARY
