"""The requests of a load, as ready bytes: single events, batches, and readings of random users.

Refuses to build anything while a load runs; everything is made before the clock starts.
"""

from random import Random
from typing import Literal

from msgspec import Struct
from msgspec.json import encode

METRIC = "words-written"
"""Key of the one metric every environment of the benchmarks counts."""

BATCH = 1_000
"""Items of one batch: the most the contract allows."""


class Payload(Struct, frozen=True):
    """Which requests to make.

    ``users`` is how many users ``prefix`` numbers, ``largest`` the largest value of an event (all
    whole, from 1), ``count`` how many requests are made before they repeat. ``keyed`` gives each
    event an idempotency key of its own; ``once`` takes the users in turn instead of at random.
    """

    kind: Literal["event", "batch", "achievements", "echo"]
    api_key: str
    users: int
    count: int
    seed: int
    prefix: str = "user-"
    largest: int = 10
    keyed: bool = False
    once: bool = False
    each: int = 1
    """Events of the same user in a batch: a buffer that is flushed holds several of each."""

    @property
    def items(self) -> int:
        """Events in one request."""
        return BATCH if self.kind == "batch" else 1


def user_id(prefix: str, number: int) -> str:
    """Give the id of a loaded user."""
    return f"{prefix}{number:06d}"


def requests_of(payload: Payload) -> list[bytes]:
    """Make the requests of a payload, with everything HTTP/1.1 needs."""
    random = Random(payload.seed)
    make = {"event": _event, "batch": _batch, "achievements": _achievements, "echo": _event}[payload.kind]
    return [make(payload, random, number) for number in range(payload.count)]


def _event(payload: Payload, random: Random, number: int) -> bytes:
    head = f"Idempotency-Key: {payload.seed}-{number}\r\n" if payload.keyed else ""
    person = _person(payload, random, number)
    body = encode({"user": {"id": person}, "value": random.randint(1, payload.largest)})
    return _post(payload, f"/v1/metrics/{METRIC}/event", body, head)


def _batch(payload: Payload, random: Random, number: int) -> bytes:
    del number
    people = [
        user_id(payload.prefix, random.randrange(payload.users)) for _ in range(BATCH // payload.each)
    ] * payload.each
    random.shuffle(people)
    items = [
        {"key": METRIC, "user": {"id": person}, "value": random.randint(1, payload.largest)}
        for person in people
    ]
    return _post(payload, "/admin/v1/metrics/events", encode(items), "")


def _achievements(payload: Payload, random: Random, number: int) -> bytes:
    person = _person(payload, random, number)
    return (
        f"GET /v1/users/{person}/achievements?includeIncomplete=true HTTP/1.1\r\n"
        f"Host: 127.0.0.1\r\nX-API-KEY: {payload.api_key}\r\n\r\n"
    ).encode()


def _person(payload: Payload, random: Random, number: int) -> str:
    return user_id(
        payload.prefix, number % payload.users if payload.once else random.randrange(payload.users)
    )


def _post(payload: Payload, path: str, body: bytes, head: str) -> bytes:
    return (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nX-API-KEY: {payload.api_key}\r\n{head}"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    ).encode() + body
