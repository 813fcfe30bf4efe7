"""The act of taking a completion back; the points it brought return, and a webhook tells.

Refuses to guess: what was looked at before the decision is checked under the user's lock.
"""

from collections.abc import Awaitable, Callable

from plaudit.engine.revoke import to_return, to_revoke
from plaudit.engine.rulebook import AchievementRule, Rulebook
from plaudit.model.commands import Command, RevokeCompletion
from plaudit.model.errors import Code, PlauditError
from plaudit.model.outcome import Outcome
from plaudit.model.state import COMPLETIONS, Identity
from plaudit.operations.edit_batch import Editor
from plaudit.operations.read_user import read_known

TRIES = 5
"""Looks at a user whose completions keep moving."""


async def revoke_completion(
    editor: Editor,
    rulebook: Rulebook,
    who: Identity,
    rule: AchievementRule,
    submit: Callable[[Command], Awaitable[Outcome]],
) -> Outcome | None:
    """Take a completion back; None when it was taken back before, so that a retry is told the same.

    Raises:
        PlauditError: ``UNKNOWN_USER``, ``NOT_COMPLETED``, or ``MOVED`` when it would not hold still.
        Unavailable: the database cannot be written.
    """
    for _ in range(TRIES):
        snapshot, _user = await read_known(editor.store.ledger, who, COMPLETIONS)
        wanted = to_revoke(rulebook, snapshot, rule.number)
        if not wanted:
            if snapshot.details is not None and rule.number in snapshot.details.revoked:
                return None
            raise PlauditError(Code.NOT_COMPLETED, id=who.user_id)
        awards = [] if rulebook.points is None else (await editor.store.points.of_user(who.subject)).awards
        returns = to_return(rulebook, snapshot, [number for number, _ in wanted], awards)
        command = RevokeCompletion(editor.new_id(editor.now), who, editor.now, wanted, returns, editor.actor)
        try:
            return await submit(command)
        except PlauditError as refusal:
            if refusal.code is not Code.MOVED:
                raise
    raise PlauditError(Code.MOVED, id=who.user_id, seconds="1")
