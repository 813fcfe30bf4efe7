"""The doors of webhooks: endpoints, their secrets, and the deliveries to them.

Refuses to show a secret after its creation or rotation.
"""

import secrets
from collections.abc import Mapping

from msgspec import UNSET, Raw
from msgspec.structs import asdict

from plaudit.model.catalog import Definitions
from plaudit.model.errors import Code, PlauditError
from plaudit.model.ids import subject_key, uuid_bytes, uuid_text
from plaudit.model.webhooks import (
    Attempt,
    Delivery,
    DeliveryFilter,
    DeliveryStatus,
    EventType,
    Webhook,
)
from plaudit.operations import edit_webhooks as acts
from plaudit.operations.edit_webhooks import WebhookDraft, WebhookPatch
from plaudit.web.admin.reading import (
    DEFAULT_PAGE,
    IDS,
    LARGEST_PAGE,
    LAST_SKIP,
    PAGE,
    ItemReader,
    definitions_of,
    deleted_answer,
    editor_of,
    ids_of,
    page_of,
    renew,
)
from plaudit.web.admin.shapes import Deleted
from plaudit.web.admin.webhook_shapes import (
    AdminAttempt,
    AdminDelivery,
    AdminWebhook,
    AskedDelivery,
    CreatedWebhooks,
    DeliveryDetail,
    SecretWebhook,
    UpdatedWebhooks,
)
from plaudit.web.answers import Answer, as_json
from plaudit.web.application.query import one, whole_number
from plaudit.web.door import Audience, Call, Parameter, operation
from plaudit.web.errors import invalid
from plaudit.web.texts import time_text
from plaudit.webhooks.guard import policy_of

_drafts = ItemReader(WebhookDraft)
_patches = ItemReader(WebhookPatch)

_FILTERS = (
    Parameter("webhookId", "Only deliveries to this endpoint.", {"type": "string", "format": "uuid"}),
    Parameter("type", "Only messages of this type.", {"type": "string", "enum": [*EventType]}),
    Parameter("status", "Only deliveries that stand so.", {"type": "string", "enum": [*DeliveryStatus]}),
    Parameter("userId", "Only messages about this user."),
)


@operation("List webhooks", {200: list[AdminWebhook]}, parameters=PAGE, audience=Audience.ADMIN)
async def list_all(call: Call) -> Answer:
    """List the endpoints, the oldest first."""
    found = list(acts.kept(await definitions_of(call)).values())
    return as_json([webhook_of(each) for each in page_of(call, found)])


@operation("Get a webhook", {200: AdminWebhook}, errors=(404, 422), audience=Audience.ADMIN)
async def get(call: Call) -> Answer:
    """Get one endpoint by its id."""
    return as_json(webhook_of(acts.known(await definitions_of(call), _id_of(call))))


@operation(
    "Create webhooks",
    {201: CreatedWebhooks, 200: CreatedWebhooks},
    body=list[WebhookDraft],
    errors=(400, 413, 415, 422, 503),
    audience=Audience.ADMIN,
)
async def create(call: Call) -> Answer:
    """Create 1 to 100 endpoints. 201 when at least one was created, 200 when every item had an issue.

    The signing secret is shown this once: store it before you close the answer.
    """
    read = _drafts.read(call.body)
    policy = policy_of(call.context.settings)
    edited = await acts.create_webhooks(editor_of(call), policy, read.items, secrets.token_bytes)
    await renew(call)
    made = CreatedWebhooks([_with_secret(each) for each in edited.done], edited.issues + read.warnings)
    return as_json(made, 201 if edited.done else 200)


@operation(
    "Update webhooks",
    {200: UpdatedWebhooks},
    body=list[WebhookPatch],
    errors=(400, 413, 415, 422, 503),
    audience=Audience.ADMIN,
)
async def update(call: Call) -> Answer:
    """Change 1 to 100 endpoints by id. Fields not sent are kept.

    What was waiting for an endpoint that is switched off is cancelled; it can be replayed.
    """
    read = _patches.read(call.body)
    edited = await acts.update_webhooks(editor_of(call), policy_of(call.context.settings), read.items)
    await renew(call)
    return as_json(UpdatedWebhooks([webhook_of(each) for each in edited.done], edited.issues + read.warnings))


@operation("Delete webhooks", {200: Deleted}, parameters=IDS, errors=(422, 503), audience=Audience.ADMIN)
async def delete(call: Call) -> Answer:
    """Delete 1 to 100 endpoints by id; what was waiting for them is cancelled."""
    edited = await acts.delete_webhooks(editor_of(call), ids_of(call))
    await renew(call)
    return deleted_answer((each.id for each in edited.done), edited.issues)


@operation("Rotate a webhook's secret", {200: SecretWebhook}, errors=(404, 422, 503), audience=Audience.ADMIN)
async def rotate(call: Call) -> Answer:
    """Give an endpoint a new signing secret, shown this once; the old one signs beside it for a day."""
    changed = await acts.rotate_secret(editor_of(call), _id_of(call), secrets.token_bytes)
    await renew(call)
    return as_json(_with_secret(changed))


@operation("Test a webhook", {202: AskedDelivery}, errors=(404, 422, 503), audience=Audience.ADMIN)
async def test(call: Call) -> Answer:
    """Send a message of the type webhook.test to an endpoint; its delivery tells how that went."""
    definitions = await definitions_of(call)
    return as_json(
        AskedDelivery(uuid_text(await acts.test_webhook(editor_of(call), definitions, _id_of(call)))), 202
    )


@operation(
    "List webhook deliveries",
    {200: list[AdminDelivery]},
    parameters=(*_FILTERS, *PAGE),
    errors=(401, 404, 422),
    audience=Audience.ADMIN,
)
async def list_deliveries(call: Call) -> Answer:
    """List the deliveries, the newest first: the tenant's own, and those about the whole environment."""
    query = call.query()
    limit = whole_number(query, "limit", DEFAULT_PAGE, LARGEST_PAGE, least=1)
    skip = whole_number(query, "skip", 0, LAST_SKIP)
    endpoints = _endpoints(await definitions_of(call))
    wanted = _filter_of(call, endpoints)
    found = await call.context.store.outbox.deliveries(call.caller.environment, wanted, limit, skip)
    return as_json([delivery_of(each, endpoints) for each in found])


@operation("Get a webhook delivery", {200: DeliveryDetail}, errors=(404, 422), audience=Audience.ADMIN)
async def get_delivery(call: Call) -> Answer:
    """Get one delivery with its payload and every attempt."""
    delivery, made, payload = await _delivery(call)
    told = delivery_of(delivery, _endpoints(await definitions_of(call)))
    detail = DeliveryDetail(
        **asdict(told),
        history=[_attempt_of(each) for each in made],
        payload=UNSET if payload is None else Raw(payload),
    )
    return as_json(detail)


@operation("Replay a webhook delivery", {202: AskedDelivery}, errors=(404, 422, 503), audience=Audience.ADMIN)
async def replay(call: Call) -> Answer:
    """Send a finished delivery again, under the same webhook-id, with a full round of attempts."""
    delivery, _, payload = await _delivery(call)
    name = uuid_text(delivery.id)
    if delivery.status is DeliveryStatus.PENDING:
        raise PlauditError(Code.STILL_PENDING, id=name)
    if payload is None:
        raise PlauditError(Code.MESSAGE_GONE, id=name)
    endpoints = _endpoints(await definitions_of(call))
    endpoint = endpoints.get(delivery.endpoint)
    if endpoint is None or not endpoint.active:
        raise PlauditError(Code.WEBHOOK_OFF, id="" if endpoint is None else uuid_text(endpoint.id))
    await call.context.store.outbox.replay(delivery, call.now)
    return as_json(AskedDelivery(name), 202)


def webhook_of(it: Webhook) -> AdminWebhook:
    """Give an endpoint as the Admin API shows it, without its secrets."""
    return AdminWebhook(
        uuid_text(it.id),
        it.url,
        [EventType(each) for each in it.types],
        it.active,
        it.disabled,
        time_text(it.created),
        time_text(it.updated),
    )


def delivery_of(it: Delivery, endpoints: Mapping[int, Webhook]) -> AdminDelivery:
    """Give a delivery as the Admin API shows it; ``webhookId`` is null once its endpoint is deleted."""
    endpoint = endpoints.get(it.endpoint)
    pending = it.status is DeliveryStatus.PENDING
    return AdminDelivery(
        id=uuid_text(it.id),
        message_id=uuid_text(it.message),
        webhook_id=None if endpoint is None else uuid_text(endpoint.id),
        type=EventType(it.type),
        tenant_id=it.tenant or None,
        user_id=it.user_id,
        status=it.status,
        attempts=it.attempts,
        created=time_text(it.created),
        next_attempt=time_text(it.due) if pending else None,
        finished=None if it.finished is None else time_text(it.finished),
    )


def _attempt_of(it: Attempt) -> AdminAttempt:
    return AdminAttempt(it.number, time_text(it.at), it.status, it.milliseconds, it.error, it.head)


def _with_secret(it: Webhook) -> SecretWebhook:
    return SecretWebhook(**asdict(webhook_of(it)), secret=it.secrets[0].text)


def _filter_of(call: Call, endpoints: Mapping[int, Webhook]) -> DeliveryFilter:
    """Read what the query string asks for.

    Raises:
        PlauditError: a parameter is none of what it may be, or names an unknown endpoint.
    """
    query = call.query()
    kind, status, user = one(query, "type"), one(query, "status"), one(query, "userId")
    if kind is not None and kind not in set(EventType):
        raise invalid("The parameter type must be a type of webhook event")
    if status is not None and status not in set(DeliveryStatus):
        raise invalid(f"The parameter status must be one of {', '.join(DeliveryStatus)}")
    tenant = call.caller.sealed_tenant
    subject = None if user is None else subject_key(call.caller.environment, tenant, user)
    return DeliveryFilter(
        endpoint=_endpoint_asked(one(query, "webhookId"), endpoints),
        type=kind,
        status=None if status is None else DeliveryStatus(status),
        subject=subject,
        tenant=tenant,
    )


def _endpoint_asked(text: str | None, endpoints: Mapping[int, Webhook]) -> int | None:
    if text is None:
        return None
    raw = uuid_bytes(text)
    if raw is None:
        raise invalid("The parameter webhookId must be a valid UUID")
    for number, each in endpoints.items():
        if each.id == raw:
            return number
    raise PlauditError(Code.UNKNOWN_RESOURCE, kind="webhook", id=text)


async def _delivery(call: Call) -> tuple[Delivery, list[Attempt], bytes | None]:
    raw, tenant = _id_of(call), call.caller.sealed_tenant
    found = await call.context.store.outbox.delivery(call.caller.environment, raw)
    if found is None or not found[0].is_seen_by(tenant):
        raise PlauditError(Code.UNKNOWN_RESOURCE, kind="delivery", id=uuid_text(raw))
    return found


def _endpoints(definitions: Definitions) -> dict[int, Webhook]:
    return {each.number: each for each in acts.kept(definitions).values()}


def _id_of(call: Call) -> bytes:
    raw = uuid_bytes(call.path["id"])
    if raw is None:
        raise invalid("The id in the path must be a valid UUID")
    return raw
