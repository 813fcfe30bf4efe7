"""The act behind the admin's calls on streaks: each item one command, in order, with an issue if refused.

Refuses to let one user's refusal hurt the others.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import Literal

from msgspec import UNSET, Struct

from plaudit.model.commands import StreakCommand
from plaudit.model.errors import Code, PlauditError
from plaudit.model.outcome import Outcome, Refusal
from plaudit.operations.edit_batch import Issue

SubmitEach = Callable[[Sequence[StreakCommand]], Awaitable[list[Outcome | Refusal]]]

WARNINGS = frozenset({Code.FREEZES_FULL, Code.NOTHING_TO_RESTORE, Code.NOTHING_TO_RESET})
"""Refusals that are nobody's mistake: there was nothing to do."""

FIELDS = {Code.PAUSE_IN_THE_PAST: "start", Code.PAUSE_OVERLAPS: "start"}
"""The field of an item that a refusal is about, where it is about one."""


class Cared(Struct, frozen=True):
    """What was done, in the order of the request, and why the others were not."""

    done: list[StreakCommand]
    issues: list[Issue]


async def care(submit: SubmitEach, items: Sequence[StreakCommand | Issue]) -> Cared:
    """Carry the commands out in order, in one transaction; an item that is an issue already stays one.

    Raises:
        PlauditError: the database cannot be written; nothing was done.
    """
    commands = [item for item in items if not isinstance(item, Issue)]
    answers = iter(await submit(commands) if commands else ())
    cared = Cared([], [])
    for item in items:
        if isinstance(item, Issue):
            cared.issues.append(item)
        elif isinstance(answer := next(answers), Refusal):
            cared.issues.append(refused(item.who.user_id, PlauditError(answer.code, **answer.words)))
        else:
            cared.done.append(item)
    return cared


def refused(user_id: str, error: PlauditError) -> Issue:
    """Give the issue of a user for whom an item was refused."""
    severity: Literal["error", "warning"] = "warning" if error.code in WARNINGS else "error"
    unknown = error.code is Code.UNKNOWN_USER
    message = "User does not exist" if unknown else error.sentence.rstrip(".")
    return Issue(severity, message, user_id=user_id, field=FIELDS.get(error.code, UNSET))
