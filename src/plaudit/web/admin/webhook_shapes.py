"""What the doors of webhooks answer with, as types: for encoding, and for the reference.

Refuses behaviour. A secret is a field only where it is shown once.
"""

from typing import Annotated

from msgspec import UNSET, Meta, Raw, Struct, UnsetType

from plaudit.model.webhooks import DeliveryStatus, EventType
from plaudit.web.admin.shapes import Issues, Uuid
from plaudit.web.shape_parts import TimeText

Payload = Annotated[Raw, Meta(extra_json_schema={"type": "object"})]
Types = Annotated[list[EventType], Meta(description="The types it wants; empty: all of them.")]


class AdminWebhook(Struct, rename="camel"):
    """An endpoint that is told what happens. ``disabledReason`` says why it was switched off by itself."""

    id: Uuid
    url: str
    event_types: Types
    active: bool
    disabled_reason: str | None
    created: TimeText
    updated: TimeText


class SecretWebhook(Struct, rename="camel"):
    """An endpoint with its newest signing secret, which is shown this once."""

    id: Uuid
    url: str
    event_types: Types
    active: bool
    disabled_reason: str | None
    created: TimeText
    updated: TimeText
    secret: str


class CreatedWebhooks(Struct):
    """The endpoints created, and the issues by index."""

    created: list[SecretWebhook]
    issues: Issues


class UpdatedWebhooks(Struct):
    """The endpoints as they are now, and the issues by id."""

    updated: list[AdminWebhook]
    issues: Issues


class AskedDelivery(Struct, rename="camel"):
    """A delivery that is on its way."""

    delivery_id: Uuid


class AdminDelivery(Struct, kw_only=True, rename="camel"):
    """One message on its way to one endpoint.

    ``messageId`` is sent as ``webhook-id``: it is the same for every attempt, replay and endpoint.
    ``nextAttempt`` is null once it is over.
    """

    id: Uuid
    message_id: Uuid
    webhook_id: Uuid | None
    type: EventType
    tenant_id: str | None
    user_id: str | None
    status: DeliveryStatus
    attempts: int
    created: TimeText
    next_attempt: TimeText | None
    finished: TimeText | None


class AdminAttempt(Struct, rename="camel"):
    """One attempt: the HTTP status or the error, and how the reply began."""

    number: int
    at: TimeText
    status: int | None
    milliseconds: int
    error: str | None
    response: Annotated[str | None, Meta(description="The first 1,000 characters of the reply.")]


class DeliveryDetail(AdminDelivery, kw_only=True, rename="camel"):
    """A delivery with every attempt; ``payload`` is left out once the message is no longer kept."""

    history: list[AdminAttempt]
    payload: Payload | UnsetType = UNSET
