"""A real `plaudit serve` process on data of its own, to be asked, killed and started again.

Refuses shortcuts into the process: tests reach it by HTTP; only environments and keys are made
beside it, through the store.
"""

import asyncio
import os
import secrets
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx
from tests.support.postgres import fresh_database, shared_cluster

from plaudit.compose import clock, new_id, open_store
from plaudit.config import Settings, load_settings
from plaudit.model.catalog import ApiKey, EnvironmentSettings, KeyKind
from plaudit.model.keys import RANDOM_BYTES, mint

COMMAND = str(Path(sys.executable).with_name("plaudit"))
READY_SECONDS = 30
STOP_SECONDS = 15
NO_TRUST = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""For clients that never speak TLS: loading the system's certificates would cost each of them 20 ms."""

_ROOT = Path(__file__).parents[2]
_held: list[socket.socket] = []
"""Keeps ports from being given to the servers of other tests, which run at the same time."""


class NotReady(Exception):
    """The server did not start; the text holds the end of what it said."""


class Server:
    """One server on one database; a context manager that stops it when left.

    Args:
        database: ``sqlite:PATH`` or a PostgreSQL address, as the setting of that name.
        workers: processes that serve it.
        entry: ASGI factory ``module:function`` to serve instead of ``plaudit serve``.
        environ: more environment variables for the process.
        empty: leave the database to the process; without it an environment and its key are made first.
    """

    def __init__(
        self,
        database: str,
        *,
        workers: int = 1,
        entry: str | None = None,
        environ: dict[str, str] | None = None,
        empty: bool = False,
    ) -> None:
        self.database = database
        self.port = free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        self.entry = entry
        self.environ = {
            "PLAUDIT_DATABASE": database,
            "PLAUDIT_PORT": str(self.port),
            "PLAUDIT_WORKERS": str(workers),
            "PLAUDIT_UNSAFE_DATABASE": "true",
        } | (environ or {})
        self._log = tempfile.NamedTemporaryFile(prefix="plaudit-server-", suffix=".log")  # noqa: SIM115 - lives as long as the server
        self._process: subprocess.Popen[bytes] | None = None
        self.key = "" if empty else self.new_environment()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Start the process and wait until it says that it is ready.

        Raises:
            NotReady: it ended, or was not ready in time.
        """
        self.launch()
        until = time.monotonic() + READY_SECONDS
        while time.monotonic() < until:
            if self.ended():
                break
            if self.is_ready():
                return
            time.sleep(0.02)
        self.kill()
        raise NotReady(f"The server did not become ready. It said:\n{self.log()}")

    def launch(self) -> None:
        """Start the process without waiting for it."""
        self._process = subprocess.Popen(
            self._words(),
            env=self._whole_environ(),
            cwd=_ROOT,
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=self._log,
            start_new_session=True,
        )

    def ended(self) -> bool:
        """Tell whether the process has ended, by whatever hand."""
        return self._process is None or self._process.poll() is not None

    def wait(self, seconds: float = STOP_SECONDS) -> int:
        """Wait until the process ends by itself and give its exit code."""
        assert self._process is not None
        return self._process.wait(seconds)

    def is_ready(self) -> bool:
        """Ask the server whether it is ready."""
        try:
            return httpx.get(f"{self.base}/readyz", timeout=5, verify=NO_TRUST).status_code == httpx.codes.OK
        except httpx.TransportError:
            return False

    def kill(self) -> None:
        """End the process and all its workers with SIGKILL: no goodbye, no flush."""
        self._end(signal.SIGKILL)

    def kill_workers(self) -> None:
        """End the workers with SIGKILL, but not their parent, which is to replace them."""
        assert self._process is not None
        found = subprocess.run(["pgrep", "-P", str(self._process.pid)], capture_output=True, check=True)
        for pid in found.stdout.split():
            os.kill(int(pid), signal.SIGKILL)

    def stop(self) -> None:
        """End the process as an operator would; kills it if it does not heed."""
        try:
            self._end(signal.SIGTERM)
        except subprocess.TimeoutExpired:
            self.kill()
            raise

    def log(self) -> str:
        """Give the end of what the process has written."""
        return Path(self._log.name).read_text(errors="replace")[-4000:]

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run another ``plaudit`` command on the same database."""
        return subprocess.run(
            [COMMAND, *words], env=self._whole_environ(), capture_output=True, text=True, check=False
        )

    def new_environment(self, settings: EnvironmentSettings | None = None) -> str:
        """Make an environment of its own and give its admin key."""
        return self.new_environments([settings or EnvironmentSettings()])[0]

    def new_environments(self, wanted: Sequence[EnvironmentSettings]) -> list[str]:
        """Make environments with these settings and give their admin keys, in their order."""
        with ThreadPoolExecutor(1) as pool:  # the caller's thread may run an event loop
            return pool.submit(asyncio.run, _make_environments(self.settings(), wanted)).result()

    def _whole_environ(self) -> dict[str, str]:
        """Give the variables of a process: ours, and those of the tests that are no settings."""
        others = {name: value for name, value in os.environ.items() if not name.startswith("PLAUDIT_")}
        return others | self.environ

    def settings(self) -> Settings:
        """Give the settings of the process, for tests that look into its database."""
        return load_settings(self.environ | {"PLAUDIT_WORKERS": "1"})

    def _words(self) -> list[str]:
        if self.entry is None:
            return [COMMAND, "serve"]
        address = ["--host", "127.0.0.1", "--port", str(self.port)]
        manners = ["--interface", "asgi3", "--log-level", "warning"]
        manners += ["--workers", self.environ["PLAUDIT_WORKERS"]]
        return [sys.executable, "-m", "uvicorn", "--factory", self.entry, *address, *manners]

    def _end(self, signal_number: int) -> None:
        process = self._process
        if process is None:
            return
        if signal_number == signal.SIGKILL:
            os.killpg(process.pid, signal_number) if process.poll() is None else None
        else:
            process.send_signal(signal_number)
        process.wait(STOP_SECONDS)
        self._process = None


def on_sqlite(folder: Path, **more: object) -> Server:
    """Give a server on a new SQLite file in ``folder``, not started yet."""
    return Server(f"sqlite:{folder / 'plaudit.db'}", **more)  # type: ignore[arg-type]  # as Server takes them


def on_postgres(*, workers: int = 2, **more: object) -> Server:
    """Give a server of several processes on a new PostgreSQL database, not started yet."""
    return Server(fresh_database(shared_cluster(fast=True)), workers=workers, **more)  # type: ignore[arg-type]  # as Server takes them


def on(kind: str, folder: Path, *, workers: int = 2, **more: object) -> Server:
    """Give a server on a new database, not started yet; ``workers`` serve on PostgreSQL, one on SQLite.

    Args:
        kind: ``sqlite`` or ``postgres``.
        folder: where a database file is made.
        workers: serving processes.
        more: as ``Server`` takes it.
    """
    return on_sqlite(folder, **more) if kind == "sqlite" else on_postgres(workers=workers, **more)


def free_port() -> int:
    """Find a TCP port of 127.0.0.1 that nobody uses, and that no other test is given.

    It stays bound without listening; a server may listen there, since both allow the address to be reused.
    """
    probe = socket.socket()
    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    probe.bind(("127.0.0.1", 0))
    _held.append(probe)
    port: int = probe.getsockname()[1]
    return port


async def _make_environments(settings: Settings, wanted: Sequence[EnvironmentSettings]) -> list[str]:
    store = await open_store(settings)
    try:
        keys = []
        for choices in wanted:
            now = clock()
            name = f"world-{secrets.token_hex(8)}"
            made = await store.catalog.create_environment(new_id(now), name, name, choices, now)
            key = mint(KeyKind.ADMIN, secrets.token_bytes(RANDOM_BYTES))
            stored = ApiKey(new_id(now), made.number, KeyKind.ADMIN, key.prefix, key.digest, "", None, now)
            await store.catalog.put_keys([stored])
            keys.append(key.text)
        return keys
    finally:
        await store.close()
