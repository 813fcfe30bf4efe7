"""The serving processes: one here, or several that share a listening socket and are kept alive.

Refuses to outlive the parent: a worker stops when the parent is gone, by whatever hand.
"""

import asyncio
import logging
import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from types import FrameType
from typing import NoReturn

import click
import uvicorn

from plaudit.commands.protocol import LeanProtocol
from plaudit.commands.shared import Problem
from plaudit.compose import Application
from plaudit.config import Settings
from plaudit.web.log import log_to

BACKLOG = 2048
"""Connections that may wait to be accepted."""

KEEP_ALIVE_SECONDS = 75
"""Time an idle connection is kept: longer than proxies keep theirs, so that they are the ones to close it."""

GRACE_SECONDS = 10
"""Time that requests under way have to end when the server stops."""

SWITCH_SECONDS = 0.001
"""Time the event loop may keep a thread waiting that commits; Python's own 5 ms are longer than a commit."""

HEALTHY_SECONDS = 5.0
"""A worker that ends sooner than this counts as one that could not start."""

MOST_FAILURES = 5
"""Workers that may fail to start, one after the other, before the server gives up."""


def listen(settings: Settings) -> socket.socket:
    """Bind the address of the settings.

    Raises:
        Problem: it cannot be bound.
    """
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        return socket.create_server((settings.host, settings.port), family=family, backlog=BACKLOG)
    except OSError as error:
        raise Problem(
            f"{settings.host}:{settings.port} cannot be listened on: {os.strerror(error.errno or 0)}. "
            "Stop what uses it, or choose another --port."
        ) from None


def serve(settings: Settings, listener: socket.socket) -> None:
    """Serve on a bound socket until told to stop."""
    many = f" from {settings.workers} processes" if settings.workers > 1 else ""
    ready = f"Plaudit serves {_bound(listener)}{many} (Ctrl+C stops it)."
    if settings.workers == 1:
        serve_here(settings, listener, ready)
    else:
        click.echo(ready)
        Workers(settings, listener).run()


def address_of(settings: Settings, listener: socket.socket | None = None) -> str:
    """Give the address by which people reach this server, as far as it knows."""
    if settings.base_url:
        return settings.base_url.rstrip("/")
    return _http(settings.host, settings.port) if listener is None else _bound(listener)


def _bound(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return _http(host, port)


def _http(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


class Process(uvicorn.Server):
    """A server that tells when it is ready, and that stops when its parent is gone."""

    def __init__(
        self, config: uvicorn.Config, ready: str | None, parent: int | None, leave: Callable[[], None]
    ) -> None:
        """Take what to say when ready, a pipe's end that closes with the parent, and what to stop first."""
        super().__init__(config)
        self._ready = ready
        self._parent = parent
        self._leave = leave

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then tell."""
        await super().startup(sockets=sockets)
        if self._parent is not None:
            asyncio.get_running_loop().add_reader(self._parent, self._stop)
        if self._ready is not None:
            click.echo(self._ready)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End the answers that have no end, then wait for the others."""
        self._leave()
        await super().shutdown(sockets=sockets)

    def _stop(self) -> None:
        self.should_exit = True


def serve_here(
    settings: Settings, listener: socket.socket, ready: str | None = None, parent: int | None = None
) -> None:
    """Serve from this process until a signal stops it."""
    log_to(sys.stderr)
    sys.setswitchinterval(SWITCH_SECONDS)
    house, uvicorns = logging.getLogger("plaudit"), logging.getLogger("uvicorn")
    uvicorns.handlers, uvicorns.propagate = house.handlers, False
    uvicorns.setLevel(logging.WARNING)
    for number in (signal.SIGINT, signal.SIGTERM):
        # Uvicorn stops gracefully at these signals, then hands them on: the end is a clean exit.
        signal.signal(number, _leave)
    application = Application(settings)
    config = uvicorn.Config(
        application,
        interface="asgi3",
        http=LeanProtocol,
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        backlog=BACKLOG,
    )
    Process(config, ready, parent, application.leave).run([listener])


def _leave(_number: int, _frame: FrameType | None) -> NoReturn:
    sys.exit(0)


class Workers:
    """Keeps a number of forked processes alive; each accepts from the one listening socket."""

    def __init__(self, settings: Settings, listener: socket.socket) -> None:
        """Start nothing yet."""
        self._settings = settings
        self._listener = listener
        self._read, self._write = os.pipe()
        self._started: dict[int, float] = {}
        self._failures = 0
        self._stopping = False

    def run(self) -> None:
        """Start the workers, replace those that end, and stop them all at a signal."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._stop)
        for _ in range(self._settings.workers):
            self._fork()
        while self._started:
            pid, _ = os.waitpid(-1, 0)
            began = self._started.pop(pid, None)
            if began is not None and not self._stopping:
                self._replace(time.monotonic() - began)
        if self._failures > MOST_FAILURES:
            raise Problem("The serving processes end as soon as they start. Their errors stand above.")

    def _replace(self, lived: float) -> None:
        self._failures = self._failures + 1 if lived < HEALTHY_SECONDS else 0
        if self._failures > MOST_FAILURES:
            self._stop(signal.SIGTERM, None)
        else:
            self._fork()

    def _fork(self) -> None:
        pid = os.fork()
        if pid:
            self._started[pid] = time.monotonic()
        else:
            self._work()

    def _work(self) -> NoReturn:
        code = 1
        try:
            os.close(self._write)
            serve_here(self._settings, self._listener, parent=self._read)
            code = 0
        except SystemExit as left:
            code = left.code if isinstance(left.code, int) else 1
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stopping = True
        for pid in self._started:
            os.kill(pid, signal.SIGTERM)
