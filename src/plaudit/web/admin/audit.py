"""The door of the audit log: what admins did, never changed.

Refuses writes: entries are written with what they tell of.
"""

import json

from plaudit.model.actions import Entry, user_target
from plaudit.model.errors import Code, PlauditError
from plaudit.model.members import SERVER, Role
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
        Parameter("actor", "Only what this one did: the prefix of a key, an e-mail address, or console."),
        Parameter(
            "scope",
            "What was done in this environment, or to members of the server, which only owners may read.",
            {"type": "string", "enum": ["environment", "server"], "default": "environment"},
        ),
        LIMIT,
        CURSOR,
    ),
    audience=Audience.ADMIN,
)
async def list_all(call: Call) -> Answer:
    """List what admins did in this environment, the newest first."""
    query = call.query()
    user, target, actor = (one(query, name) for name in ("user", "target", "actor"))
    limit = limit_of(query)
    if "\0" in (target or "") + (actor or ""):
        raise invalid("The parameters target and actor must not contain the character NUL")
    if user is not None:
        target = user_target(call.caller.identity(check_id(user, "user")).subject)
    before = whole_number(query, "cursor", LAST_SEQ, LAST_SEQ)
    catalog = call.context.store.catalog
    found = await catalog.actions_before(_scope_of(call, query), before, target, limit + 1, actor)
    cursor = str(found[limit - 1].number) if len(found) > limit else None
    return as_json(AuditPage([_entry(each) for each in found[:limit]], cursor))


def _scope_of(call: Call, query: dict[str, list[str]]) -> int:
    scope, visit = one(query, "scope") or "environment", call.caller.visit
    if scope == "environment":
        return call.caller.environment
    if scope != "server":
        raise invalid("The parameter scope must be environment or server")
    if visit is None:
        raise PlauditError(Code.PEOPLE_ONLY)
    if visit.member.role is not Role.OWNER:
        raise PlauditError(Code.FORBIDDEN_ROLE, needed=Role.OWNER.value, role=visit.member.role.value)
    return SERVER


def _entry(it: Entry) -> AuditEntry:
    a = it.action
    return AuditEntry(
        it.number, time_text(a.at), a.actor, a.action, a.target, json.loads(a.detail), it.hash.hex()
    )
