"""What the doors of a serving process cost alone: key, decoding, command, answer; no socket, no database.

`python -m benchmarks.doors DATABASE` sends events through the ASGI application while the turnstile
answers at once with what the first event really caused. Refuses figures of refusals.
"""

import argparse
import asyncio
import time
from collections.abc import MutableMapping
from typing import Any
from unittest.mock import patch

from benchmarks.payloads import Payload, requests_of
from plaudit.compose import running
from plaudit.config import Settings
from plaudit.ingest.committer import Turnstile
from plaudit.model.commands import RecordEvent
from plaudit.model.decided import Told
from plaudit.model.outcome import Outcome
from plaudit.web.app import build_app

Message = MutableMapping[str, Any]


class Exchange:
    """One request handed to an ASGI application, and the status it is answered with."""

    def __init__(self, request: bytes) -> None:
        """Take a request apart as a server would."""
        head, _, self._body = request.partition(b"\r\n\r\n")
        line, *fields = head.split(b"\r\n")
        method, target, _ = line.split(b" ")
        path, _, query = target.partition(b"?")
        pairs = (field.split(b": ", 1) for field in fields)
        self._scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "scheme": "http",
            "method": method.decode(),
            "path": path.decode(),
            "raw_path": path,
            "root_path": "",
            "query_string": query,
            "headers": [(name.lower(), value) for name, value in pairs],
        }
        self.status = 0

    def scope(self) -> Message:
        """Give a scope of its own, which the application may write into."""
        return {**self._scope}

    async def receive(self) -> Message:
        """Give the body."""
        return {"type": "http.request", "body": self._body, "more_body": False}

    async def send(self, message: Message) -> None:
        """Note the status."""
        self.status = message.get("status", self.status)


async def measure(database: str, api_key: str, events: int) -> float:
    """Give microseconds of CPU per event.

    Raises:
        RuntimeError: an event was not answered with 201.
    """
    payload = Payload("event", api_key, 100_000, events, 1)
    exchanges = [Exchange(request) for request in requests_of(payload)]
    async with running(Settings(database=database)) as context:
        app = build_app(context)
        caused: list[Outcome | Told] = []
        submit = context.turnstile.submit_event

        async def note(_turnstile: Turnstile, command: RecordEvent, base_url: str) -> Outcome | Told:
            caused.append(await submit(command, base_url))
            return caused[0]

        async def repeat(_turnstile: Turnstile, _command: RecordEvent, _base_url: str) -> Outcome | Told:
            return caused[0]

        with patch.object(Turnstile, "submit_event", note):
            await app(exchanges[0].scope(), exchanges[0].receive, exchanges[0].send)
        with patch.object(Turnstile, "submit_event", repeat):
            began = time.thread_time()
            for each in exchanges:
                await app(each.scope(), each.receive, each.send)
            spent = time.thread_time() - began
    if any(each.status != 201 for each in exchanges):
        raise RuntimeError(f"An event was answered with {max(each.status for each in exchanges)}.")
    return spent / events * 1e6


def main() -> None:
    """Read what is asked, and measure it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.doors", description=__doc__)
    parser.add_argument("database", help="sqlite:PATH, loaded by the benchmarks")
    parser.add_argument("api_key", help="an admin key of the loaded environment")
    asked = parser.parse_args()
    cost = asyncio.run(measure(asked.database, asked.api_key, 20_000))
    print(f"{cost:.1f} µs of CPU per event in the doors")


if __name__ == "__main__":
    main()
