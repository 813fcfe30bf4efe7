"""The doors of an environment's keys, which only owners and admin keys open.

Refuses to show a key's text after its creation.
"""

import secrets

from msgspec.json import Decoder
from msgspec.structs import asdict

from plaudit.model.catalog import ApiKey, KeyKind
from plaudit.model.ids import uuid_text
from plaudit.model.members import Role
from plaudit.model.tenants import Tenant, seals_of
from plaudit.operations.admin_keys import delete_key, keys_of, make_admin_key
from plaudit.web.admin.key_shapes import AdminApiKey, ApiKeyDraft, ApiKeyPage, CreatedApiKey
from plaudit.web.admin.reading import editor_of
from plaudit.web.admin.users import CURSOR, LIMIT, limit_of
from plaudit.web.answers import JSON_HEADERS, Answer, as_json
from plaudit.web.application.query import one
from plaudit.web.decode import read_body
from plaudit.web.door import Audience, Call, Parameter, operation
from plaudit.web.errors import invalid
from plaudit.web.texts import time_text

_draft = Decoder(ApiKeyDraft)
_KINDS = {kind.value: kind for kind in KeyKind}


@operation(
    "List API keys",
    {200: ApiKeyPage},
    parameters=(
        Parameter("kind", "Only keys of this kind.", {"type": "string", "enum": list(_KINDS)}),
        Parameter("user", "Only keys that act for the user with this id."),
        LIMIT,
        CURSOR,
    ),
    audience=Audience.ADMIN,
    role=Role.OWNER,
)
async def list_all(call: Call) -> Answer:
    """List the keys of this environment, the newest first; never their texts."""
    query = call.query()
    kind, user, limit, cursor = one(query, "kind"), one(query, "user"), limit_of(query), one(query, "cursor")
    if kind is not None and kind not in _KINDS:
        raise invalid(f"The parameter kind must be one of {', '.join(_KINDS)}")
    wanted = [
        key
        for key in await keys_of(editor_of(call))
        if kind in {None, key.kind.value} and user in {None, key.user_id}
    ]
    ids = [uuid_text(key.id) for key in wanted]
    if cursor is not None and cursor not in ids:
        raise invalid("The parameter cursor must be the cursor of the page before")
    start = 0 if cursor is None else ids.index(cursor) + 1
    page = wanted[start : start + limit]
    names = await _tenants(call)
    more = uuid_text(page[-1].id) if len(wanted) > start + limit else None
    return as_json(ApiKeyPage([_told(key, names) for key in page], more))


@operation(
    "Create an admin API key",
    {201: CreatedApiKey},
    body=ApiKeyDraft,
    errors=(400, 413, 415, 422, 503),
    audience=Audience.ADMIN,
    role=Role.OWNER,
)
async def create(call: Call) -> Answer:
    """Create an admin key of this environment. It is shown this once: store it at once."""
    draft = read_body(call.body, _draft)
    made = await make_admin_key(editor_of(call), draft.name, secrets.token_bytes)
    await call.context.keyring.refresh()
    return as_json(CreatedApiKey(**asdict(_told(made.stored, {})), key=made.text), 201)


@operation("Delete an API key", {204: None}, errors=(404, 422, 503), audience=Audience.ADMIN, role=Role.OWNER)
async def delete(call: Call) -> Answer:
    """Delete a key of this environment, of either kind; it opens nothing within a second."""
    await delete_key(editor_of(call), call.path["id"])
    await call.context.keyring.refresh()
    return Answer(204, b"", JSON_HEADERS)


async def _tenants(call: Call) -> dict[str, str]:
    """Give the ids of the tenants by what their users are kept under."""
    definitions = await call.context.store.catalog.definitions(call.caller.environment)
    seals = seals_of(definitions.of(Tenant)) or {}
    return {seal: name for name, seal in seals.items()}


def _told(key: ApiKey, tenants: dict[str, str]) -> AdminApiKey:
    tenant = tenants.get(key.tenant, key.tenant) or None
    return AdminApiKey(
        uuid_text(key.id), key.kind, key.prefix, key.name, key.user_id, tenant, time_text(key.created)
    )
