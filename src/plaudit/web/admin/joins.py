"""The doors that join users and take their names away.

Refuses half-done work: each call is one transaction.
"""

import secrets

from msgspec.json import Decoder

from plaudit.operations.merge_users import merge_users
from plaudit.web.admin.people_shapes import (
    AnonymisedUser,
    MergeDraft,
    MergedUser,
)
from plaudit.web.admin.reading import editor_of
from plaudit.web.admin.users import forget_requests, who_of
from plaudit.web.answers import Answer, as_json
from plaudit.web.decode import read_body
from plaudit.web.door import Audience, Call, operation
from plaudit.web.ids import check_id

_decoder = Decoder(MergeDraft)


@operation(
    "Merge users",
    {200: MergedUser},
    body=MergeDraft,
    errors=(400, 404, 413, 415, 422, 503),
    audience=Audience.ADMIN,
)
async def merge(call: Call) -> Answer:
    """Let one user become part of another: events, keys, totals, achievements and streaks join.

    It is safe to ask again: a merge that was done is told so. The id that went may begin anew.
    """
    draft = read_body(call.body, _decoder)
    source = call.caller.identity(check_id(draft.source, "from"))
    target = call.caller.identity(check_id(draft.target, "to"))
    done = await merge_users(editor_of(call), call.context.rulebooks, source, target)
    return as_json(MergedUser(target.user_id, done.events, done.duplicates, done.already))


@operation("Anonymise a user", {200: AnonymisedUser}, errors=(404, 422, 503), audience=Audience.ADMIN)
async def anonymise(call: Call) -> Answer:
    """Take everything away that names a user: its id, name, addresses, tokens and idempotency keys.

    Events, totals, attributes and achievements stay under a random id, so that every count stays exact.
    """
    name = f"anonymous-{secrets.token_hex(16)}"
    who, target = who_of(call), call.caller.identity(name)
    await merge_users(editor_of(call), call.context.rulebooks, who, target, nameless=True)
    await forget_requests(call, who)
    return as_json(AnonymisedUser(name))
