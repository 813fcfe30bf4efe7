"""Answers as bytes, with the security headers that every answer carries.

Refuses JSON building: bodies arrive encoded (`web/encode.py`, `web/fragments.py`, or `as_json`).
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator

from msgspec import Struct
from msgspec.json import Encoder
from starlette.types import Receive, Send

Header = tuple[bytes, bytes]
Headers = tuple[Header, ...]

GUARDS: Headers = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
)
"""What every answer carries, whatever its kind."""

JSON_HEADERS: Headers = (
    (b"content-type", b"application/json"),
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    *GUARDS,
)

PAGE_HEADERS: Headers = (
    (b"content-type", b"text/html; charset=utf-8"),
    (b"cache-control", b"no-cache"),
    (
        b"content-security-policy",
        b"default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
    *GUARDS,
)

STYLE_HEADERS: Headers = (
    (b"content-type", b"text/css; charset=utf-8"),
    (b"cache-control", b"public, max-age=3600"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    *GUARDS,
)

STREAM_HEADERS: Headers = (
    (b"content-type", b"text/event-stream"),
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"x-accel-buffering", b"no"),  # a proxy that gathers would hold back what happens now
    *GUARDS,
)

STALL_SECONDS = 60
"""A caller who takes nothing of a stream for so long is let go."""


class Answer(Struct, frozen=True):
    """One HTTP answer, ready to be sent; ``chunks`` follow the body, when not all of it is known yet."""

    status: int
    body: bytes
    headers: Headers = JSON_HEADERS
    chunks: AsyncIterator[bytes] | None = None


_encoder = Encoder()


def as_json(value: object, status: int = 200) -> Answer:
    """Give a value (structs, lists, maps) as a JSON answer."""
    return Answer(status, _encoder.encode(value))


async def send_answer(
    send: Send, answer: Answer, *, bodyless: bool = False, receive: Receive | None = None
) -> None:
    """Send an answer; for HEAD without its body.

    A server that can write a whole answer at once offers ``answer`` on its ``send``. With ``receive``,
    a stream ends as soon as the caller leaves.
    """
    if answer.chunks is not None and not bodyless:
        await _stream_while_there(send, receive, answer, answer.chunks)
        return
    body = b"" if bodyless else answer.body
    whole = getattr(send, "answer", None)
    if whole is not None:
        await whole(answer.status, answer.headers, body, b"%d" % len(answer.body) if bodyless else None)
        return
    length = (b"content-length", b"%d" % len(answer.body))
    await send({"type": "http.response.start", "status": answer.status, "headers": (*answer.headers, length)})
    await send({"type": "http.response.body", "body": body})


async def _stream_while_there(
    send: Send, receive: Receive | None, answer: Answer, chunks: AsyncIterator[bytes]
) -> None:
    if receive is None:
        await _stream(send, answer, chunks)
        return
    sending = asyncio.create_task(_stream(send, answer, chunks))
    leaving = asyncio.create_task(_until_gone(receive))
    try:
        await asyncio.wait((sending, leaving), return_when=asyncio.FIRST_COMPLETED)
        if sending.done():
            sending.result()
    finally:
        sending.cancel()
        leaving.cancel()
        await asyncio.gather(sending, leaving, return_exceptions=True)


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _stream(send: Send, answer: Answer, chunks: AsyncIterator[bytes]) -> None:
    """Send an answer whose length is not known yet, piece by piece."""
    await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
    await send({"type": "http.response.body", "body": answer.body, "more_body": True})
    try:
        async for chunk in chunks:
            try:
                async with asyncio.timeout(STALL_SECONDS):
                    await send({"type": "http.response.body", "body": chunk, "more_body": True})
            except TimeoutError:
                return  # the answer stays incomplete, so the server cuts the line
    finally:
        if isinstance(chunks, AsyncGenerator):
            await chunks.aclose()
    await send({"type": "http.response.body", "body": b""})
