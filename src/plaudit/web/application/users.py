"""The doors of users: create, get, identify, update.

Refuses other users' keys; fields that are not sent are kept.
"""

from plaudit.model.commands import IdentifyUser
from plaudit.model.errors import Code, PlauditError
from plaudit.operations.read_user import read_user
from plaudit.web.answers import Answer, as_json
from plaudit.web.decode import read_body
from plaudit.web.door import Call, operation
from plaudit.web.drafts import UpdatedUser, UpsertedUser, patch_of, updated_decoder, upserted_decoder
from plaudit.web.encode import user_of
from plaudit.web.ids import check_id
from plaudit.web.shapes import User

ERRORS = (400, 401, 403, 413, 415, 422, 503)


@operation("Create a user", {201: User}, body=UpsertedUser, errors=ERRORS)
async def create(call: Call) -> Answer:
    """Create a user, or update the one with this id."""
    draft = read_body(call.body, upserted_decoder)
    return await _put(call, check_id(draft.id, "id"), draft, status=201)


@operation("Get a user", {200: User}, errors=(401, 403, 404, 422))
async def get(call: Call) -> Answer:
    """Give a user as stored."""
    who = call.caller.identity(check_id(call.path["id"], "id"))
    return as_json(user_of(await read_user(call.context.store.ledger, who)))


@operation("Identify a user", {200: User}, body=UpdatedUser, errors=ERRORS)
async def identify(call: Call) -> Answer:
    """Create the user, or update the fields that are sent."""
    draft = read_body(call.body, updated_decoder)
    return await _put(call, check_id(call.path["id"], "id"), draft, status=200)


@operation("Update a user", {200: User}, body=UpdatedUser, errors=(*ERRORS, 404))
async def update(call: Call) -> Answer:
    """Update the fields that are sent of a user that exists."""
    draft = read_body(call.body, updated_decoder)
    return await _put(call, check_id(call.path["id"], "id"), draft, status=200, must_exist=True)


async def _put(
    call: Call, user_id: str, draft: UpdatedUser, *, status: int, must_exist: bool = False
) -> Answer:
    command = IdentifyUser(
        id=call.context.new_id(call.now),
        who=call.caller.identity(user_id),
        now=call.now,
        user=patch_of(draft, call.now),
        must_exist=must_exist,
    )
    outcome = await call.context.turnstile.submit(command)
    if outcome.after.user is None:
        raise PlauditError(Code.UNKNOWN_USER, id=user_id)
    return as_json(user_of(outcome.after.user), status)
