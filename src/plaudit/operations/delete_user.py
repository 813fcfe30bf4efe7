"""The act of deleting a user: every row goes, counts and ranks follow, and the id may begin anew.

Refuses to leave anything behind but an entry of the audit log, which knows the user by its subject only.
"""

from plaudit.model.actions import Action, user_target
from plaudit.model.outcome import Erasure, Scope, Writes
from plaudit.model.state import Depth, Identity
from plaudit.operations.edit_batch import Editor
from plaudit.operations.leave_boards import leave_boards
from plaudit.operations.rulebooks import Rulebooks


async def delete_user(editor: Editor, rulebooks: Rulebooks, who: Identity) -> bool:
    """Delete a user with everything about it; tells whether there was one, so that a retry is no error.

    Raises:
        Unavailable: the database cannot be written; nothing was deleted.
    """
    async with editor.store.ledger.transaction() as tx:
        (shallow,) = await tx.snapshots_for([who], [])
        if shallow.user is None:
            return False
        versions = await tx.versions([who.environment])
        rulebook = (await rulebooks.at(who.environment, versions[who.environment])).seen_by(who.tenant)
        (snapshot,) = await tx.deepen([(shallow, Depth())])
        writes = Writes()
        await leave_boards(tx, rulebook, [who], None, editor.now, writes)
        held = tuple(snapshot.details.completions) if snapshot.details else ()
        writes.erased.append(Erasure(who, held, Scope.EVERYTHING))
        target = user_target(who.subject)
        writes.actions.append(Action(who.environment, editor.now, editor.actor, "delete", target))
        await tx.apply(writes)
    return True
