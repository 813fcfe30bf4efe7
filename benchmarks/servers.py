"""Starts the servers that are measured, asks them, and loads them; each ends with its `with` block.

Refuses to touch a server it did not start.
"""

import http.client
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from msgspec import Struct
from msgspec.json import decode, encode
from tests.support.server import free_port

from benchmarks.echo import FILE_VARIABLE, Captured, save
from benchmarks.load import Measured, Plan

_ROOT = Path(__file__).parents[1]
_PATIENCE = 60.0
_SKIPPED = {"date", "server", "content-length", "connection", "transfer-encoding"}


class Server(Struct, frozen=True):
    """A running server: its port on 127.0.0.1 and the process all its processes descend from."""

    port: int
    pid: int


@contextmanager
def plaudit(database: str, directory: Path, workers: int = 1) -> Iterator[Server]:
    """Run the server as its operators do, on a database that holds a world already."""
    port = free_port()
    environ = {
        "PLAUDIT_DATABASE": database,
        "PLAUDIT_HOST": "127.0.0.1",
        "PLAUDIT_PORT": str(port),
        "PLAUDIT_WORKERS": str(workers),
    }
    program = [str(Path(sys.executable).parent / "plaudit"), "serve"]
    with _running(program, environ, port, directory / "server.log") as server:
        yield server


@contextmanager
def echo(captured: Captured, directory: Path, workers: int = 1) -> Iterator[Server]:
    """Run the baseline of HTTP on the same uvicorn, loop and parser."""
    port = free_port()
    file = directory / f"echo-{port}.json"
    save(captured, file)
    program = [sys.executable, "-m", "uvicorn", "benchmarks.echo:application", "--factory"]
    program += ["--port", str(port), "--workers", str(workers), "--loop", "uvloop", "--http", "httptools"]
    program += ["--no-access-log", "--log-level", "warning"]
    with _running(program, {FILE_VARIABLE: str(file)}, port, directory / "echo.log") as server:
        yield server


def capture(server: Server, request: bytes) -> Captured:
    """Ask once and keep the answer; a refusal ends the benchmark with what was said.

    Raises:
        RuntimeError: the server did not answer with success.
    """
    head, _, body = request.partition(b"\r\n\r\n")
    line, *fields = head.decode().split("\r\n")
    method, path, _ = line.split(" ")
    headers = dict(field.split(": ", 1) for field in fields)
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    try:
        connection.request(method, path, body or None, headers)
        answer = connection.getresponse()
        text = answer.read().decode()
    finally:
        connection.close()
    if answer.status // 100 != 2:
        raise RuntimeError(f"{method} {path} answered {answer.status}: {text[:600]}")
    kept = {name: value for name, value in answer.getheaders() if name.lower() not in _SKIPPED}
    return Captured(answer.status, kept, text)


def put_load(plan: Plan) -> Measured:
    """Run a plan in a load generator process of its own.

    Raises:
        RuntimeError: a request was answered with an error; a benchmark of errors means nothing.
    """
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.load"],
        input=encode(plan),
        stdout=subprocess.PIPE,
        check=True,
        cwd=_ROOT,
    )
    measured = decode(done.stdout, type=Measured)
    if measured.errors:
        raise RuntimeError(f"{measured.errors} requests failed. The first: {measured.first_error}")
    return measured


@contextmanager
def _running(program: list[str], environ: dict[str, str], port: int, log: Path) -> Iterator[Server]:
    with log.open("ab") as file:
        process = subprocess.Popen(program, env=os.environ | environ, stdout=file, stderr=file, cwd=_ROOT)
    try:
        _wait_for(port, process, log)
        yield Server(port, process.pid)
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until the server answers; a port may be open before its workers are ready."""
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until and process.poll() is None:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/v1/achievements")
            connection.getresponse()
        except (OSError, http.client.HTTPException):
            time.sleep(0.1)
        else:
            return
        finally:
            connection.close()
    raise RuntimeError(f"The server did not start. It said:\n{log.read_text(errors='replace')[-3000:]}")
