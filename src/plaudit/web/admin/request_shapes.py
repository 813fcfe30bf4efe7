"""What the log of requests answers, as types.

Refuses behaviour.
"""

from typing import Annotated

from msgspec import Meta, Struct

from plaudit.web.admin.people_shapes import Cursor
from plaudit.web.admin.shapes import Uuid
from plaudit.web.shape_parts import TimeText


class LoggedRequest(Struct, rename="camel"):
    """One request and its outcome; the body is there when it was short text, and no secret."""

    id: Uuid
    at: TimeText
    method: str
    path: str
    query: str
    status: int
    ms: float
    key_prefix: Annotated[str | None, Meta(description="Prefix of the key, or e-mail address of the member.")]
    user_id: str | None
    metric: str | None
    code: str | None
    sentence: Annotated[str | None, Meta(description="The error as the caller got it.")]
    hint: Annotated[str | None, Meta(description="What to do about it.")]
    body: str | None
    idempotency_key: Annotated[str | None, Meta(description="The one an event was sent with.")]


class KeptRequests(Struct, rename="camel"):
    """What the log holds. ``sampled``: so many were left out since then, because too many came at once."""

    rows: int
    since: TimeText | None
    sampled: bool
    left_out: int


class RequestPage(Struct):
    """A page of requests, the newest first."""

    data: list[LoggedRequest]
    cursor: Cursor
    kept: KeptRequests
