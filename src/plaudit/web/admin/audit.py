"""The door of the audit log: what admins did, never changed.

Refuses writes: entries are written with what they tell of.
"""

import json

from plaudit.model.actions import Entry, user_target
from plaudit.web.admin.people_shapes import AuditEntry, AuditPage
from plaudit.web.admin.users import CURSOR, LAST_SEQ, LIMIT, limit_of
from plaudit.web.answers import Answer, as_json
from plaudit.web.application.query import one, whole_number
from plaudit.web.door import Audience, Call, Parameter, operation
from plaudit.web.errors import invalid
from plaudit.web.ids import check_id
from plaudit.web.texts import time_text


@operation(
    "List admin actions",
    {200: AuditPage},
    parameters=(
        Parameter("user", "Only what was done to the user with this id."),
        Parameter("target", "Only what was done to this target, as kind:id."),
        LIMIT,
        CURSOR,
    ),
    audience=Audience.ADMIN,
)
async def list_all(call: Call) -> Answer:
    """List what admins did in this environment, the newest first."""
    query = call.query()
    user, target, limit = one(query, "user"), one(query, "target"), limit_of(query)
    if target is not None and "\0" in target:
        raise invalid("The parameter target must not contain the character NUL")
    if user is not None:
        target = user_target(call.caller.identity(check_id(user, "user")).subject)
    before = whole_number(query, "cursor", LAST_SEQ, LAST_SEQ)
    catalog = call.context.store.catalog
    found = await catalog.actions_before(call.caller.environment, before, target, limit + 1)
    cursor = str(found[limit - 1].number) if len(found) > limit else None
    return as_json(AuditPage([_entry(each) for each in found[:limit]], cursor))


def _entry(it: Entry) -> AuditEntry:
    a = it.action
    return AuditEntry(
        it.number, time_text(a.at), a.actor, a.action, a.target, json.loads(a.detail), it.hash.hex()
    )
