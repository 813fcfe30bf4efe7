"""``plaudit serve`` as a process: the first start, the second server, the end."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from tests.support.postgres import fresh_database, shared_cluster
from tests.support.server import NO_TRUST

COMMAND = str(Path(sys.executable).with_name("plaudit"))
SECONDS = 30


@contextmanager
def serving(database, *words):
    """Run a server until the block ends; gives what it said before it was ready, its address, and itself."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("PLAUDIT_")}
    environ |= {"PLAUDIT_DATABASE": database, "PLAUDIT_PORT": "0", "PLAUDIT_UNSAFE_DATABASE": "1"}
    process = subprocess.Popen(
        [COMMAND, "serve", *words], env=environ, stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    try:
        said = ""
        while "serves" not in said:
            line = process.stdout.readline()
            assert line, said
            said += line
        yield said, said.partition("serves ")[2].split()[0], process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def until_ready(base):
    """Wait until every question can be answered."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        try:
            if httpx.get(f"{base}/readyz", verify=NO_TRUST).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.05)
    pytest.fail("the server did not become ready")


def test_the_first_start_makes_an_environment_and_shows_its_key_once(database):
    with serving(database) as (said, base, process):
        key = next(word for word in said.split() if word.startswith("adm_"))
        assert "'production'" in said
        answer = httpx.get(f"{base}/v1/achievements", headers={"X-API-KEY": key})
        assert (answer.status_code, answer.json()) == (200, [])
        assert "server" not in answer.headers
        process.send_signal(signal.SIGTERM)
        assert process.wait(SECONDS) == 0
    with serving(database) as (said, base, process):
        assert "adm_" not in said
        assert httpx.get(f"{base}/v1/achievements", headers={"X-API-KEY": key}).status_code == 200
        process.send_signal(signal.SIGINT)
        assert process.wait(SECONDS) == 0


def test_a_second_server_on_one_sqlite_file_is_refused(database, plaudit):
    with serving(database):
        assert "Another Plaudit server" in plaudit("serve", "--port", "0", code=2).stderr


def test_a_port_in_use_is_one_sentence(plaudit):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert "choose another --port" in plaudit("serve", "--port", str(port), code=2).stderr


def test_a_worker_that_dies_is_replaced_and_no_worker_outlives_the_parent():
    with serving(fresh_database(shared_cluster(fast=True)), "--workers", "2") as (_, base, process):
        until_ready(base)
        first = _children(process.pid)
        assert len(first) == 2
        os.kill(first[0], signal.SIGKILL)
        _eventually(lambda: len(_children(process.pid)) == 2 and first[0] not in _children(process.pid))
        until_ready(base)
        left = _children(process.pid)
        process.kill()
        process.wait()
        _eventually(lambda: not any(_lives(pid) for pid in left))


def _children(parent):
    found = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return [int(pid) for pid in found]


def _lives(pid):
    status = Path(f"/proc/{pid}/stat")
    return status.exists() and status.read_text().rpartition(")")[2].split()[0] != "Z"


def _eventually(true):
    end = time.monotonic() + SECONDS
    while not true():
        assert time.monotonic() < end, "it did not come true in time"
        time.sleep(0.05)
