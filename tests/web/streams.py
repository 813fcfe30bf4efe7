"""Listens to the live feed as a browser does, in a thread of its own.

Refuses to wait for ever: every wait has an end.
"""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx


class Listener:
    """What one listener has been told."""

    def __init__(self, http: httpx.Client, headers: dict[str, str]) -> None:
        self.told: list[tuple[str, dict[str, object]]] = []
        self.comments: list[str] = []
        self.status = 0
        self.over = threading.Event()
        self._began = threading.Event()
        self._leave = threading.Event()
        self._thread = threading.Thread(target=self._follow, args=(http, headers), daemon=True)
        self._thread.start()
        assert self._began.wait(20)

    def kinds(self, user: str | None = None) -> list[str]:
        return [kind for kind, data in self.told if user is None or data.get("userId") == user]

    def hears(self, kind: str, user: str | None = None, count: int = 1, seconds: float = 10) -> bool:
        """Wait until something of a kind has been told so many times; tell whether it was."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if self.kinds(user).count(kind) >= count:
                return True
            time.sleep(0.02)
        return False

    def of(self, kind: str) -> list[dict[str, object]]:
        return [data for each, data in self.told if each == kind]

    def leave(self) -> None:
        self._leave.set()

    def _follow(self, http: httpx.Client, headers: dict[str, str]) -> None:
        try:
            with http.stream("GET", "/admin/v1/feed", headers=headers, timeout=60) as answer:
                self.status = answer.status_code
                self.headers = answer.headers
                kind = ""
                for line in answer.iter_lines():
                    if line.startswith(":"):
                        self.comments.append(line)
                        self._began.set()
                    if line.startswith("event: "):
                        kind = line.removeprefix("event: ")
                    if line.startswith("data: "):
                        self.told.append((kind, json.loads(line.removeprefix("data: "))))
                    if self._leave.is_set():
                        return
        except (httpx.TransportError, httpx.StreamError):
            pass  # the test closed the line, or the server did: `over` tells
        finally:
            self._began.set()
            self.over.set()


@contextmanager
def listening(http: httpx.Client, **headers: str) -> Iterator[Listener]:
    """Listen on a connection of its own, with the headers and cookies of a client."""
    with httpx.Client(base_url=http.base_url, headers=http.headers, cookies=http.cookies) as own:
        listener = Listener(own, headers)
        try:
            yield listener
        finally:
            listener.leave()
