"""The door of the live feed: what happens in an environment and tenant, as it happens.

Refuses to outlive what let its listener in: a session, or a key, is looked at again and again.
"""

import asyncio
from collections.abc import AsyncIterator
from typing import TypeVar

from msgspec import UnsetType
from msgspec.json import encode
from msgspec.structs import replace

from plaudit.ingest.feeds import MOST_FEEDS, Feed, Piece
from plaudit.ingest.happenings import Happening, Tag
from plaudit.model.errors import Code, PlauditError
from plaudit.operations.sessions import holds
from plaudit.storage.port import Unavailable
from plaudit.web.answers import STREAM_HEADERS, Answer
from plaudit.web.door import Audience, Call, EventStream, operation

BEAT = 15.0
"""Seconds between two signs of life, and between two looks at the session."""

RETRY_SECONDS = 5
"""When to come back, after the feed has ended or was full."""

_BEGIN = b"retry: %d\n\n: What happens from now on follows.\n\n" % (RETRY_SECONDS * 1000)
_ALIVE = b": still here\n\n"


Tags = TypeVar("Tags", bound=Tag | UnsetType | None)


@operation(
    "Follow what happens",
    {200: EventStream},
    errors=(401, 422, 429),
    audience=Audience.ADMIN,
)
async def follow(call: Call) -> Answer:
    """Tell what happens in the environment and tenant from now on, as server-sent events, until you leave.

    The events `event`, `completion`, `points` and `level` carry JSON: `at`, `userId`, `userName`, and of
    what happened: `metric`, `value` and `total`; the `achievement`; the `points` system, `value` and
    `total`; the new `level` and the `previousLevel`. At most 50 a second are told, completions and levels
    first; `more` carries the `count` of those left out. A comment is a sign of life.
    """
    place = call.caller.environment, call.caller.sealed_tenant
    if call.context.feeds.full:
        raise PlauditError(Code.FEEDS_FULL, limit=str(MOST_FEEDS), seconds=str(RETRY_SECONDS))
    return Answer(200, b"", STREAM_HEADERS, chunks=_listen(call, *place))


async def _listen(call: Call, environment: int, tenant: str) -> AsyncIterator[bytes]:
    feeds = call.context.feeds
    feed = feeds.listen(environment, tenant)
    if feed is None:  # others were quicker, or the process stops
        return
    try:
        await feeds.announce()
        yield _BEGIN
        async for chunk in _told(call, feed):
            yield chunk
    finally:
        feeds.leave(feed)


async def _told(call: Call, feed: Feed) -> AsyncIterator[bytes]:
    loop, base_url = asyncio.get_running_loop(), call.base_url
    beat = loop.time() + BEAT
    while not feed.over:
        pieces = await feed.take(beat - loop.time())
        if pieces:
            yield b"".join([_block(piece, base_url) for piece in pieces])
        if loop.time() >= beat:
            if not await _may_stay(call):
                return
            yield _ALIVE
            beat = loop.time() + BEAT


async def _may_stay(call: Call) -> bool:
    """Tell whether the session still holds, or the key is still known."""
    visit, context = call.caller.visit, call.context
    if visit is None:
        return context.keyring.known(call.headers.items()) is not None
    try:
        found = await context.store.members.session(visit.session.digest)
    except Unavailable:  # nothing happens either, then; it is asked again at the next beat
        return True
    return found is not None and holds(found[0], context.clock())


def _block(piece: Piece, base_url: str) -> bytes:
    kind, what = piece
    data = encode(_linked(what, base_url) if isinstance(what, Happening) else what)
    return b"event: %b\ndata: %b\n\n" % (kind.value.encode(), data)


def _linked(it: Happening, base_url: str) -> Happening:
    """Give badges of ours the whole address that this listener reaches them by."""
    return replace(
        it,
        achievement=_whole(it.achievement, base_url),
        points=_whole(it.points, base_url),
        level=_whole(it.level, base_url),
        previous_level=_whole(it.previous_level, base_url),
    )


def _whole(it: Tags, base_url: str) -> Tags:
    if isinstance(it, Tag) and it.badge_url is not None and it.badge_url.startswith("/"):
        return replace(it, badge_url=f"{base_url}{it.badge_url}")
    return it
