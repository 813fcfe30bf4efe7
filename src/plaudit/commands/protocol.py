"""HTTP/1.1 for small requests in half the time: one task and one timer per connection, one write per answer.

What is unusual (bodies over 64 KiB, pipelining, upgrades, `Expect`, odd targets) goes the way of
uvicorn's own protocol, from which this one descends. Refuses to parse: llhttp does, for both.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, cast
from urllib.parse import unquote

from uvicorn.protocols.http.flow_control import HIGH_WATER_LIMIT, FlowControl
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

Message = MutableMapping[str, Any]
Headers = tuple[tuple[bytes, bytes], ...]
App = Callable[..., Awaitable[None]]

_TARGET = re.compile(rb"/[!-\"$-~]*")
"""A target as clients send it: a path and a query in visible ASCII, no fragment."""

_UNSAFE = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")
_MOST_BLOCKS = 512
NO_CONTENT = 204
_blocks: dict[Headers, bytes] = {}


def header_block(headers: Headers) -> bytes:
    """Give headers as they are sent; those that come again and again are joined once.

    Raises:
        RuntimeError: a name or value holds a control character.
    """
    block = _blocks.get(headers)
    if block is None:
        if any(_UNSAFE.search(name) or _UNSAFE.search(value) for name, value in headers):
            raise RuntimeError("A header holds a control character.")
        block = b"".join(b"%b: %b\r\n" % pair for pair in headers)
        if len(_blocks) >= _MOST_BLOCKS:
            _blocks.clear()
        _blocks[headers] = block
    return block


class Nobody:
    """Stands where uvicorn's cycle keeps its event, while nobody waits for the caller to leave."""

    def set(self) -> None:
        """Wake nobody."""


NOBODY = Nobody()


class Exchange:
    """One small request, read whole, and its answer. Calling it is ASGI's ``send``."""

    __slots__ = (
        "_body",
        "_headers",
        "_protocol",
        "_status",
        "_streams",
        "disconnected",
        "keep_alive",
        "message_event",
        "response_complete",
    )

    def __init__(self, protocol: "LeanProtocol", body: bytes, *, keep_alive: bool) -> None:
        """Take a request that has arrived as a whole."""
        self._protocol = protocol
        self._body: bytes | None = body
        self._status: int | None = None
        self._headers: Headers = ()
        self._streams = False
        self.keep_alive = keep_alive
        self.disconnected = False
        self.response_complete = False
        self.message_event: Nobody | asyncio.Event = NOBODY

    async def run(self, app: App, scope: Message) -> None:
        """Serve the request; whatever breaks before the answer becomes a bare 500."""
        try:
            await app(scope, self.receive, self)
        except Exception:  # the last wall of the server; the doors have walls of their own
            self._protocol.logger.exception("Exception in ASGI application")
        if self.response_complete or self.disconnected:
            return
        if self._streams:  # the caller sees that the rest is missing
            self._protocol.transport.abort()
        else:
            self.keep_alive = False
            text = ((b"content-type", b"text/plain; charset=utf-8"),)
            await self.answer(500, text, b"Internal Server Error")

    async def receive(self) -> Message:
        """Give the request's body once, then wait until the caller is gone or answered."""
        if self._body is None:
            if not (self.disconnected or self.response_complete):
                self.message_event = asyncio.Event()
                await self.message_event.wait()
            return {"type": "http.disconnect"}
        body, self._body = self._body, None
        return {"type": "http.request", "body": body, "more_body": False}

    async def __call__(self, message: Message) -> None:
        """Take the parts of an answer as ASGI sends them."""
        body = message.get("body", b"")
        if message["type"] == "http.response.start":
            self._status, self._headers = message["status"], tuple(message.get("headers", ()))
        elif self._streams or message.get("more_body"):
            await self._stream(body, last=not message.get("more_body"))
        elif self._status is not None:
            lengths = [value for name, value in self._headers if name.lower() == b"content-length"]
            length = lengths[0] if lengths else None
            await self.answer(self._status, _without_length(self._headers), body, length)

    async def _stream(self, part: bytes, *, last: bool) -> None:
        """Send one part of an answer whose length nobody knows yet, in chunks."""
        if self._protocol.flow.write_paused and not self.disconnected:
            await self._protocol.flow.drain()
        if self.disconnected or self.response_complete:
            return
        if not self._streams:
            self._streams = True
            await self._begin_stream()
        chunk = b"%x\r\n%b\r\n" % (len(part), part) if part else b""
        self._protocol.transport.write(chunk + b"0\r\n\r\n" if last else chunk)
        if last:
            self._complete()

    async def _begin_stream(self) -> None:
        headers = (*_without_length(self._headers), (b"transfer-encoding", b"chunked"))
        end = b"\r\n" if self.keep_alive else b"connection: close\r\n\r\n"
        head = (STATUS_LINE[self._status or 200], self._protocol.common_headers(), header_block(headers), end)
        self._protocol.transport.write(b"".join(head))

    async def answer(self, status: int, headers: Headers, body: bytes, length: bytes | None = None) -> None:
        """Send a whole answer in one write.

        Args:
            status: of HTTP.
            headers: all but the length and the date.
            body: empty for HEAD.
            length: what HEAD tells as the length; that of ``body`` if not given.
        """
        flow: FlowControl = self._protocol.flow
        if flow.write_paused and not self.disconnected:
            await flow.drain()
        if self.disconnected or self.response_complete:
            return
        end = b"\r\n\r\n" if self.keep_alive else b"\r\nconnection: close\r\n\r\n"
        head = (STATUS_LINE[status], self._protocol.common_headers(), header_block(headers))
        if status == NO_CONTENT:  # bears no length, not even 0
            self._protocol.transport.write(b"".join((*head, end[2:])))
        else:
            size = b"content-length: %b" % (b"%d" % len(body) if length is None else length)
            self._protocol.transport.write(b"".join((*head, size, end, body)))
        self._complete()

    def _complete(self) -> None:
        self.response_complete = True
        self.message_event.set()
        if not self.keep_alive:
            self._protocol.transport.close()
        self._protocol.on_response_complete()


def _without_length(headers: Headers) -> Headers:
    return tuple(pair for pair in headers if pair[0].lower() != b"content-length")


class LeanProtocol(HttpToolsProtocol):
    """Serves small requests as exchanges, and all others as its parent does."""

    _lean = False
    _body = b""
    _idle_since = 0.0
    _sweep: asyncio.TimerHandle | None = None
    _waiting: asyncio.Future[tuple[Exchange, Message]] | None = None
    """What the connection's task waits for between two requests."""
    _common: tuple[object, bytes] = (None, b"")

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as the parent
        """Begin to watch for idleness: one timer per connection, not one per answer."""
        super().connection_made(transport)
        self._idle_since = self.loop.time()
        self._sweep = self.loop.call_later(self.timeout_keep_alive, self._close_if_idle)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the timer, and let the waiting task end."""
        if self._sweep is not None:
            self._sweep.cancel()
        if self._waiting is not None:
            self._waiting.cancel()
        super().connection_lost(exc)

    def _close_if_idle(self) -> None:
        rest = self._idle_since + self.timeout_keep_alive - self.loop.time()
        if self._under_way():
            rest = self.timeout_keep_alive
        if rest <= 0:
            self.transport.close()
        else:
            self._sweep = self.loop.call_later(rest, self._close_if_idle)

    def _under_way(self) -> bool:
        cycle = cast("Any", self.cycle)  # None before the first request, whatever the parent's type says
        return cycle is not None and not cycle.response_complete

    def data_received(self, data: bytes) -> None:
        """Note that the caller is there."""
        self._idle_since = self.loop.time()
        super().data_received(data)

    def on_message_begin(self) -> None:
        """Begin a request; its scope is made when its kind is known."""
        self.url = b""
        self.expect_100_continue = False
        self.headers = []
        self._lean = False

    def on_headers_complete(self) -> None:
        """Choose the way: lean for what is small and plain, the parent's for all else."""
        if (
            self.expect_100_continue
            or self._under_way()
            or self.parser.should_upgrade()
            or self.parser.get_http_version() != "1.1"
            or not _TARGET.fullmatch(self.url)
        ):
            self._take_parents_way()
        else:
            self._lean, self._body = True, b""

    def _take_parents_way(self) -> None:
        url, headers, expect = self.url, self.headers, self.expect_100_continue
        super().on_message_begin()
        self.url, self.expect_100_continue = url, expect
        self.headers.extend(headers)
        self._lean = False
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Gather a small body; a large one streams the parent's way."""
        if self._lean and len(self._body) + len(body) > HIGH_WATER_LIMIT:
            self._take_parents_way()
            super().on_body(self._body)
        if self._lean:
            self._body = self._body + body if self._body else bytes(body)
        else:
            super().on_body(body)

    def on_message_complete(self) -> None:
        """Serve a small request, now that it is whole."""
        if not self._lean:
            super().on_message_complete()
            return
        self._lean = False
        exchange = Exchange(self, self._body, keep_alive=bool(self.parser.should_keep_alive()))
        self.cycle = cast("Any", exchange)
        waiting, self._waiting = self._waiting, None
        if waiting is None:
            self.tasks.add(self.loop.create_task(self._serve(exchange, self._scope())))
        else:
            waiting.set_result((exchange, self._scope()))

    async def _serve(self, exchange: Exchange, scope: Message) -> None:
        """Serve a request and those after it: making a task for each would cost as much as parsing it."""
        task = cast("asyncio.Task[None]", asyncio.current_task())
        app = cast("App", self.app)
        try:
            while True:
                await exchange.run(app, scope)
                self.tasks.discard(task)  # the server ends when it has none
                if self._waiting is not None or self.transport.is_closing():
                    return
                self._waiting = self.loop.create_future()
                exchange, scope = await self._waiting
                self.tasks.add(task)
        finally:
            self.tasks.discard(task)

    def _scope(self) -> Message:
        path, _, query = self.url.partition(b"?")
        text = path.decode("ascii")
        return {
            "type": "http",
            "asgi": {"version": self.asgi_version, "spec_version": "2.3"},
            "http_version": "1.1",
            "method": self.parser.get_method().decode("ascii"),
            "scheme": self.scheme,
            "path": unquote(text) if "%" in text else text,
            "raw_path": path,
            "query_string": query,
            "root_path": self.root_path,
            "headers": self.headers,
            "server": self.server,
            "client": self.client,
            "state": {},
        }

    def on_response_complete(self) -> None:
        """Count, and go on with what was pipelined; idleness begins now."""
        self._idle_since = self.loop.time()
        if self.pipeline:
            super().on_response_complete()
            return
        self.server_state.total_requests += 1
        if not self.transport.is_closing() and self.flow.read_paused:
            self.flow.resume_reading()

    def common_headers(self) -> bytes:
        """Give the headers every answer has, such as the date, which the server renews every second."""
        known, block = LeanProtocol._common
        current = self.server_state.default_headers
        if known is not current:
            block = header_block(tuple(current))
            LeanProtocol._common = (current, block)
        return block
