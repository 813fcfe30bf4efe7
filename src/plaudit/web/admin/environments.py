"""The doors of environments: listed, made, renamed, put into another order.

Refuses to let an admin key change another environment than its own.
"""

import secrets

from msgspec.json import Decoder
from msgspec.structs import asdict

from plaudit.model.catalog import Environment
from plaudit.model.errors import Code, PlauditError
from plaudit.model.ids import uuid_bytes, uuid_text
from plaudit.model.members import Role
from plaudit.operations.edit_batch import Editor
from plaudit.operations.edit_environments import (
    EnvironmentDraft,
    EnvironmentPatch,
    change_environment,
    create_environment,
)
from plaudit.operations.first_start import create_admin_key
from plaudit.web.admin.key_shapes import AdminEnvironment, CreatedEnvironment
from plaudit.web.admin.reading import editor_of, renew
from plaudit.web.answers import Answer, as_json
from plaudit.web.decode import read_body
from plaudit.web.door import Audience, Call, operation

_draft = Decoder(EnvironmentDraft)
_patch = Decoder(EnvironmentPatch)


@operation("List environments", {200: list[AdminEnvironment]}, audience=Audience.ADMIN)
async def list_all(call: Call) -> Answer:
    """List the environments of this server by priority; each is reached by its own keys, and by members."""
    found = await call.context.store.catalog.environments()
    ranked = sorted(found, key=lambda each: (each.priority, each.number))
    return as_json([_told(each) for each in ranked])


@operation(
    "Create an environment",
    {201: CreatedEnvironment},
    body=EnvironmentDraft,
    errors=(400, 413, 415, 422, 503),
    audience=Audience.ADMIN,
    role=Role.OWNER,
)
async def create(call: Call) -> Answer:
    """Create a sealed world of users and definitions, behind the others.

    A program is given its first admin key, this once; a member makes keys when they are needed.
    """
    draft, context = read_body(call.body, _draft), call.context
    made = await create_environment(editor_of(call), draft)
    text = None
    if call.caller.visit is None:
        text = await create_admin_key(
            context.store, made, call.now, context.new_id, secrets.token_bytes, call.caller.prefix
        )
    await context.keyring.refresh()
    return as_json(CreatedEnvironment(**asdict(_told(made)), admin_key=text), 201)


@operation(
    "Update an environment",
    {200: AdminEnvironment},
    body=EnvironmentPatch,
    errors=(400, 404, 413, 415, 422, 503),
    audience=Audience.ADMIN,
    role=Role.OWNER,
)
async def update(call: Call) -> Answer:
    """Change an environment's name and place in the list."""
    patch, context = read_body(call.body, _patch), call.context
    it = await _found(call)
    editor = Editor(context.store, it.number, call.now, context.new_id, call.caller.prefix)
    changed = await change_environment(editor, it, patch)
    await context.keyring.refresh()
    if it.number == call.caller.environment:
        await renew(call)
    return as_json(_told(changed))


async def _found(call: Call) -> Environment:
    raw = uuid_bytes(call.path["id"])
    for each in await call.context.store.catalog.environments():
        if each.id == raw and (call.caller.visit is not None or each.number == call.caller.environment):
            return each
    raise PlauditError(Code.UNKNOWN_RESOURCE, kind="environment", id=call.path["id"][:80])


def _told(it: Environment) -> AdminEnvironment:
    settings = it.settings
    return AdminEnvironment(
        id=uuid_text(it.id),
        name=it.name,
        key=it.key,
        priority=it.priority,
        multi_tenancy=settings.multi_tenancy,
        strict_idempotency=settings.strict_idempotency,
    )
