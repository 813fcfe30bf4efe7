"""The acts on webhooks: create, change, delete, rotate their secrets, switch off, and try them.

Refuses addresses that the guard would never call.
"""

from collections.abc import Callable, Sequence

from msgspec import UNSET, Struct, UnsetType
from msgspec.structs import replace

from plaudit.model.catalog import Definitions
from plaudit.model.errors import Code, PlauditError
from plaudit.model.ids import uuid_bytes, uuid_text
from plaudit.model.webhooks import EventType, Webhook
from plaudit.operations.edit_batch import Edited, Editor, Invalid, Unreadable, each, sent
from plaudit.operations.post_messages import post_messages
from plaudit.webhooks.announce import environment_identity, post
from plaudit.webhooks.guard import Blocked, Policy, check_addresses, is_address, target_of
from plaudit.webhooks.payloads import test_message
from plaudit.webhooks.signatures import SECRET_BYTES, new_secret, rotated

MOST_WEBHOOKS = 50
"""Endpoints an environment may have: each message is written once per endpoint that wants it."""

Random = Callable[[int], bytes]


class WebhookDraft(Struct, rename="camel"):
    """An endpoint to create. ``eventTypes`` are the types it wants; left out or empty: all of them."""

    url: str
    event_types: list[str] | None = None


class WebhookPatch(Struct, rename="camel"):
    """A change of the endpoint with this ``id``. Making it ``active`` again also takes up new messages."""

    id: str
    url: str | UnsetType = UNSET
    event_types: list[str] | UnsetType = UNSET
    active: bool | UnsetType = UNSET


async def create_webhooks(
    editor: Editor, policy: Policy, items: Sequence[WebhookDraft | Unreadable], random: Random
) -> Edited[Webhook]:
    """Create endpoints, each with a secret of its own."""
    async with editor.edit() as edit:
        count = len(kept(edit.definitions))

        async def create(draft: WebhookDraft) -> Webhook:
            nonlocal count
            if count >= MOST_WEBHOOKS:
                raise Invalid(f"An environment has at most {MOST_WEBHOOKS} webhooks. Delete one first.")
            made = Webhook(
                number=0,
                id=editor.new_id(editor.now),
                url=_clean_url(draft.url, policy),
                types=_clean_types(draft.event_types or []),
                secrets=(new_secret(random(SECRET_BYTES)),),
                active=True,
                created=editor.now,
                updated=editor.now,
            )
            made = replace(made, number=await edit.next_number("document"))
            await edit.put_document(made)
            count += 1
            return made

        return await each(items, create)


async def update_webhooks(
    editor: Editor, policy: Policy, items: Sequence[WebhookPatch | Unreadable]
) -> Edited[Webhook]:
    """Change addresses and types of endpoints, and switch them on or off."""
    async with editor.edit() as edit:
        shelf = kept(edit.definitions)

        async def update(patch: WebhookPatch) -> Webhook:
            old = _find(shelf, patch.id)
            active = sent(patch.active, old.active)
            changed = replace(
                old,
                url=_clean_url(sent(patch.url, old.url), policy),
                types=_clean_types(sent(patch.event_types, list(old.types))),
                active=active,
                disabled=None if active else old.disabled,
                updated=editor.now,
            )
            await edit.put_document(changed)
            shelf[changed.id] = changed
            return changed

        return await each(items, update)


async def delete_webhooks(editor: Editor, ids: Sequence[str]) -> Edited[Webhook]:
    """Delete endpoints; what still waits for them is cancelled."""
    async with editor.edit() as edit:
        shelf = kept(edit.definitions)

        async def delete(id: str) -> Webhook:
            gone = replace(_find(shelf, id), archived=True, active=False, secrets=(), updated=editor.now)
            await edit.put_document(gone)
            del shelf[gone.id]
            return gone

        return await each(ids, delete)


async def rotate_secret(editor: Editor, id: bytes, random: Random) -> Webhook:
    """Give an endpoint a new secret; the one before goes on signing beside it for a day.

    Raises:
        PlauditError: ``UNKNOWN_RESOURCE``.
    """
    async with editor.edit() as edit:
        old = known(edit.definitions, id)
        fresh = rotated(old.secrets, new_secret(random(SECRET_BYTES)), editor.now)
        changed = replace(old, secrets=fresh, updated=editor.now)
        await edit.put_document(changed)
        return changed


async def disable_webhook(editor: Editor, number: int, why: str) -> None:
    """Switch an endpoint off that has asked for it; nothing happens if it is off or gone already."""
    async with editor.edit() as edit:
        for old in edit.definitions.of(Webhook):
            if old.number == number and old.active and not old.archived:
                await edit.put_document(replace(old, active=False, disabled=why, updated=editor.now))


async def test_webhook(editor: Editor, definitions: Definitions, id: bytes) -> bytes:
    """Put a message of the type ``webhook.test`` on its way to one endpoint; gives its delivery's id.

    Raises:
        PlauditError: ``UNKNOWN_RESOURCE``; ``WEBHOOK_OFF`` when the endpoint is switched off.
    """
    endpoint = known(definitions, id)
    if not endpoint.active:
        raise PlauditError(Code.WEBHOOK_OFF, id=uuid_text(id))
    who = environment_identity(editor.environment, editor.tenant)
    posting = post(who, EventType.TEST, test_message(editor.now), editor.now, [endpoint.number])
    await post_messages(editor.store.ledger, who, [posting])
    return posting.deliveries[0][1]


def kept(definitions: Definitions) -> dict[bytes, Webhook]:
    """Give the endpoints that are not deleted, by id, the oldest first."""
    return {each.id: each for each in definitions.of(Webhook) if not each.archived}


def known(definitions: Definitions, id: bytes) -> Webhook:
    """Find an endpoint by its id.

    Raises:
        PlauditError: ``UNKNOWN_RESOURCE``.
    """
    found = kept(definitions).get(id)
    if found is None:
        raise PlauditError(Code.UNKNOWN_RESOURCE, kind="webhook", id=uuid_text(id))
    return found


def _find(shelf: dict[bytes, Webhook], id: str) -> Webhook:
    raw = uuid_bytes(id)
    if raw is None:
        raise Invalid("id must be a valid UUID")
    if raw not in shelf:
        raise Invalid("Webhook not found by ID", "id")
    return shelf[raw]


def _clean_url(url: str, policy: Policy) -> str:
    try:
        host = target_of(url, policy).host
        if is_address(host):  # names are looked up when something is sent
            check_addresses([host], policy)
    except Blocked as reason:
        raise Invalid(f"url {reason}") from None
    return url


def _clean_types(types: Sequence[str]) -> tuple[str, ...]:
    unknown = sorted(set(types) - set(EventType))
    if unknown:
        raise Invalid(f"eventTypes holds unknown types: {', '.join(unknown)[:200]}")
    return tuple(dict.fromkeys(types))
