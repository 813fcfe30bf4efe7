"""Webhooks: where a team wants to be told, and the outbox through which it is."""

from msgspec import Struct


class Secret(Struct, frozen=True):
    """A signing secret, valid until a time (Unix ms) or for good."""

    text: str
    until: int | None = None


class Webhook(Struct, frozen=True, tag=True, tag_field="kind"):
    """An endpoint of a team: its URL, the event types it wants (empty: all), its secrets, newest first."""

    number: int
    id: bytes
    url: str
    types: tuple[str, ...]
    secrets: tuple[Secret, ...]
    active: bool
    created: int
    updated: int
    archived: bool = False


class Message(Struct, frozen=True):
    """One webhook event in the outbox, written with its cause: ``payload`` is the JSON body sent."""

    id: bytes
    environment: int
    tenant: str
    type: str
    created: int
    payload: bytes
