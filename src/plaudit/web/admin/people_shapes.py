"""What the Admin API answers about one user and the audit log, as types.

Refuses behaviour.
"""

from typing import Annotated, Any

from msgspec import Meta, Struct

from plaudit.web.admin.shapes import Uuid
from plaudit.web.decode import Number
from plaudit.web.shape_parts import TimeText
from plaudit.web.shapes import User

Cursor = Annotated[str | None, Meta(description="Send it as cursor for the next page; null on the last one.")]


class UserPage(Struct):
    """A page of users by id."""

    users: list[User]
    cursor: Cursor


class CausedAchievement(Struct, rename="camel"):
    """An achievement that was completed."""

    id: Uuid
    name: str
    completion_id: Uuid
    achieved_at: TimeText


class CausedPoints(Struct):
    """Points an event brought or cost in one system, by its key."""

    system: str
    awarded: int


class UserEvent(Struct, rename="camel"):
    """An event as it was counted, and what it caused."""

    id: Uuid
    metric: str
    value: Number
    timestamp: TimeText
    recorded: TimeText
    attributes: dict[str, str]
    idempotency_key: str | None
    achievements: list[CausedAchievement]
    points: list[CausedPoints]


class EventPage(Struct):
    """A page of a user's events, the newest first."""

    events: list[UserEvent]
    cursor: Cursor


class Revocation(Struct, rename="camel"):
    """What was taken back: the completion asked for, and what rested on it."""

    revoked: list[CausedAchievement]
    already_revoked: bool


class DeletedUser(Struct):
    """Whether there was such a user; afterwards there is none."""

    id: str
    deleted: bool


class AuditEntry(Struct):
    """One thing an admin did. ``hash`` chains it to the entry before."""

    number: int
    at: TimeText
    actor: Annotated[str, Meta(description="Prefix of the key, e-mail address of the member, or console.")]
    action: str
    target: Annotated[str, Meta(description="kind:id; a user is named by a hash of its id.")]
    detail: dict[str, Any]
    hash: str


class AuditPage(Struct):
    """A page of the audit log, the newest first."""

    entries: list[AuditEntry]
    cursor: Cursor


class ExportedUser(Struct):
    """Everything about one user; ``records`` holds the rest as it is kept, amounts in millionths."""

    user: User
    metrics: dict[str, Number]
    achievements: list[CausedAchievement]
    points: dict[str, int]
    records: dict[str, Any]
    events: list[UserEvent]


class MergeDraft(Struct, rename={"source": "from", "target": "to"}):
    """Two users by their ids: ``from`` becomes part of ``to``."""

    source: str
    target: str


class MergedUser(Struct, rename="camel"):
    """What a merge came to; a merge that was done before is told so, and changes nothing."""

    id: str
    events: Annotated[int, Meta(description="Events that came along.")]
    duplicates: Annotated[int, Meta(description="Events left out, since both used their idempotency key.")]
    already_merged: bool


class AnonymisedUser(Struct):
    """The id a user is kept under from now on; nothing leads back to the old one."""

    id: str
