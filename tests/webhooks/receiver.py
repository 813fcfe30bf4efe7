"""A small HTTP server on 127.0.0.1 that does what a test tells it to: answer, fail, hang, hang up.

Refuses to parse more of HTTP than a test of ours needs.
"""

import asyncio
import json
import threading
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple, Self


class Heard(NamedTuple):
    """One request as it arrived."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return self.headers.get("webhook-id", "")


Behaviour = Callable[[Heard], bytes | None | Awaitable[bytes | None]]
"""Gives the raw answer; None hangs up without one."""


def answer(status: int, *headers: str, body: bytes = b"") -> bytes:
    """Write a raw HTTP answer."""
    lines = [f"HTTP/1.1 {status} X", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


OK = answer(200, body=b"thanks")


class Receiver:
    """Hears requests and counts connections."""

    def __init__(self, behaviour: Behaviour = lambda _: OK, port: int = 0) -> None:
        self.behaviour = behaviour
        self.heard: list[Heard] = []
        self.connections = 0
        self.port = port

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            heard = await self._hear(reader)
            if heard is None:
                return
            self.heard.append(heard)
            reply = self.behaviour(heard)
            if not isinstance(reply, bytes | None):
                reply = await reply
            if reply is not None:
                writer.write(reply)
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _hear(self, reader: asyncio.StreamReader) -> Heard | None:
        line = (await reader.readline()).decode("latin-1").split(" ")
        if len(line) < 3:
            return None
        headers: dict[str, str] = {}
        while (text := (await reader.readline()).decode("latin-1").strip()) != "":
            name, _, value = text.partition(":")
            headers[name.lower()] = value.strip()
        return Heard(line[1], headers, await reader.readexactly(int(headers.get("content-length", "0"))))


class Ear:
    """A receiver in a thread of its own, so that a test may wait for calls."""

    def __init__(self) -> None:
        self.receiver = Receiver()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    @property
    def environ(self) -> dict[str, str]:
        """Give the settings of a server that may tell this receiver."""
        return {
            "PLAUDIT_WEBHOOK_HTTP": "true",
            "PLAUDIT_WEBHOOK_PRIVATE_NETWORKS": "127.0.0.1/32",
            "PLAUDIT_WEBHOOK_PORTS": str(self.receiver.port),
        }

    def __enter__(self) -> Self:
        self._thread.start()
        self._run(self.receiver.__aenter__())
        return self

    def __exit__(self, *_: object) -> None:
        self._run(self.receiver.__aexit__())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def _run(self, work: Any) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    def heard(self, type: str | None = None) -> list[Any]:
        bodies = [json.loads(each.body) for each in list(self.receiver.heard)]
        return [body for body in bodies if type is None or body["type"] == type]
