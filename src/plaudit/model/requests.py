"""The log of requests: what was asked, what came of it, and what of it is kept.

Refuses secrets: of a key only the prefix, of the calls of people no body.
"""

from msgspec import Struct

NOWHERE = 0
"""The environment number of requests that came without a valid key."""


class Request(Struct, frozen=True):
    """One request and its outcome. ``at`` is Unix ms, ``micros`` how long it took (µs).

    ``key`` names who asked: the prefix of a key, or a member's e-mail address. ``body`` is kept when it is
    short text; ``code`` and ``sentence`` are those of the error that was answered. ``tenant`` is the seal of
    the tenant it was about, empty for none; ``idempotency_key`` is the one an event was sent with.
    """

    id: bytes
    environment: int
    at: int
    status: int
    method: str
    key: str | None
    user: str | None
    metric: str | None
    micros: int
    code: str | None
    path: str
    query: str
    sentence: str | None
    body: str | None
    tenant: str
    idempotency_key: str | None


class RequestFilter(Struct, frozen=True):
    """Which requests are asked for; None asks nothing. Statuses are from ``first`` to ``last``.

    With a ``tenant`` (its seal), only its requests and those of none.
    """

    user: str | None = None
    metric: str | None = None
    key: str | None = None
    method: str | None = None
    tenant: str | None = None
    first: int = 0
    last: int = 999


class RequestsKept(Struct, frozen=True):
    """How many requests are kept, since when (Unix ms), and how many were left out since then."""

    rows: int
    since: int | None
    left_out: int
