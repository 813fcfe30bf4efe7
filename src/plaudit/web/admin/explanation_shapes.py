"""What the Admin API answers to "why (not)?", as types.

Refuses behaviour.
"""

from typing import Annotated

from msgspec import Meta, Struct

from plaudit.web.admin.people_shapes import Cursor, UserEvent
from plaudit.web.admin.shapes import Uuid
from plaudit.web.decode import Number
from plaudit.web.shape_parts import TimeText


class ExplainedNeed(Struct):
    """One thing an achievement asks for."""

    sentence: str
    met: bool


class LeftOutEvent(Struct):
    """An event that did not count, and why."""

    event: UserEvent
    reason: str


class CountedEvents(Struct):
    """Events that counted, the newest first, and how many there are in all."""

    data: list[UserEvent]
    number: int
    cursor: Cursor


class LeftOutEvents(Struct):
    """Events that did not count, the newest first, and how many there are in all."""

    data: list[LeftOutEvent]
    number: int
    cursor: Cursor


class RepeatedEvent(Struct, rename="camel"):
    """A request that was no new event, since its idempotency key had been used.

    ``first`` is the event it repeated.
    """

    at: TimeText
    idempotency_key: str | None
    first: UserEvent | None


class RepeatedEvents(Struct):
    """The newest requests that only repeated an event, as far as the log of requests goes."""

    data: list[RepeatedEvent]
    more: bool
    since: Annotated[TimeText | None, Meta(description="When the oldest request that is kept was made.")]
    note: Annotated[str, Meta(description="What is not told here, and why.")]


class ExplainedAchievement(Struct, rename="camel"):
    """Why a user has an achievement, or not.

    Events count whatever their time; ``early`` is how many of those that counted are from before the
    achievement was made. Repeats are told on the first page.
    """

    id: Uuid
    name: str
    created: TimeText
    achieved_at: TimeText | None
    revoked: bool
    current: Number
    target: Number
    percent: float
    needs: list[ExplainedNeed]
    counted: CountedEvents
    left_out: LeftOutEvents
    early: int
    repeats: RepeatedEvents
