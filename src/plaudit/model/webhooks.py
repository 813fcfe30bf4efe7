"""Webhooks: where a team wants to be told, and the outbox through which it is."""

from enum import StrEnum

from msgspec import Struct

ORDERED = 0
"""The lane of messages that reach an endpoint in the order in which they were written, per user."""


class EventType(StrEnum):
    """What endpoints can be told: the 18 published types, and two of ours."""

    ACHIEVEMENT_COMPLETED = "achievement.completed"
    STREAK_STARTED = "streak.started"
    STREAK_EXTENDED = "streak.extended"
    STREAK_LOST = "streak.lost"
    STREAK_FREEZE_CONSUMED = "streak.freeze_consumed"
    STREAK_FREEZE_EARNED = "streak.freeze_earned"
    POINTS_CHANGED = "points.changed"
    POINTS_LEVEL_CHANGED = "points.level_changed"
    POINTS_BOOST_STARTED = "points.boost_started"
    POINTS_BOOST_FINISHED = "points.boost_finished"
    LEADERBOARD_STARTED = "leaderboard.started"
    LEADERBOARD_CHANGED = "leaderboard.changed"
    LEADERBOARD_FINISHED = "leaderboard.finished"
    LEADERBOARD_RANK_CHANGED = "leaderboard.rank_changed"
    RECAP_DUE = "emails.recap_due"
    REACTIVATION_DUE = "emails.reactivation_due"
    STREAK_REMINDER_DUE = "emails.streak_reminder_due"
    ACHIEVEMENT_DUE = "emails.achievement_due"
    ACHIEVEMENT_REVOKED = "achievement.revoked"
    TEST = "webhook.test"


class Secret(Struct, frozen=True):
    """A signing secret, valid until a time (Unix ms) or for good."""

    text: str
    until: int | None = None


class Webhook(Struct, frozen=True, tag=True, tag_field="kind"):
    """An endpoint of a team: its URL, the event types it wants (empty: all), its secrets, newest first.

    ``disabled`` tells why it was switched off by itself, such as by an answer of 410.
    """

    number: int
    id: bytes
    url: str
    types: tuple[str, ...]
    secrets: tuple[Secret, ...]
    active: bool
    created: int
    updated: int
    archived: bool = False
    disabled: str | None = None


class Message(Struct, frozen=True, gc=False):
    """One webhook event in the outbox, written with its cause: ``payload`` is the JSON body sent."""

    id: bytes
    environment: int
    tenant: str
    type: str
    created: int
    payload: bytes


class Posting(Struct, frozen=True, gc=False):
    """A message on its way into the outbox, with ``(endpoint number, delivery id)`` per delivery.

    ``user_id`` is None where the message is about an environment, not a user. A ``lane`` above
    ``ORDERED`` is the number of a points system or leaderboard whose changes are told at most once
    in fifteen minutes: a message still held back is replaced by a newer one.
    """

    subject: bytes
    user_id: str | None
    message: Message
    deliveries: tuple[tuple[int, bytes], ...]
    lane: int = ORDERED


class DeliveryStatus(StrEnum):
    """Where a delivery stands. Cancelled: its endpoint was switched off or deleted meanwhile."""

    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Delivery(Struct, frozen=True):
    """One message on its way to one endpoint.

    ``attempts`` counts all of them; ``round`` those since it was written or last replayed. ``due``
    is when the next one may be made.
    """

    subject: bytes
    position: int
    endpoint: int
    id: bytes
    message: bytes
    environment: int
    tenant: str
    user_id: str | None
    type: str
    lane: int
    status: DeliveryStatus
    attempts: int
    round: int
    created: int
    due: int
    finished: int | None

    def is_seen_by(self, tenant: str) -> bool:
        """Tell whether it is a tenant's own, or about the environment as a whole."""
        return self.tenant == tenant or (not self.tenant and self.user_id is None)


class Attempt(Struct, frozen=True):
    """One attempt: when, how it ended (HTTP status or an error), how long it took, how the reply began."""

    number: int
    at: int
    status: int | None
    milliseconds: int
    error: str | None
    head: str | None


class Leased(Struct, frozen=True):
    """A delivery held by a sender, and the body to send."""

    delivery: Delivery
    payload: bytes


class Step(Struct, frozen=True):
    """A delivery as it is after an attempt, or cancelled without one."""

    delivery: Delivery
    attempt: Attempt | None


class DeliveryFilter(Struct, frozen=True):
    """Which deliveries to list; None for any."""

    endpoint: int | None = None
    type: str | None = None
    status: DeliveryStatus | None = None
    subject: bytes | None = None
    tenant: str | None = None
    """Whose deliveries are seen; those about no user of any tenant are everybody's."""
