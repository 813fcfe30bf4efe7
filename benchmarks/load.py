"""The load generator: a process of its own that speaks HTTP/1.1 over kept-alive connections.

`python -m benchmarks.load` reads a plan from its standard input and writes what it measured to its
standard output. Refuses to be clever: ready bytes out, status and length in, one request at a time
on each connection. Bare sockets under epoll, since an event loop would double its own cost.
"""

import select
import socket
import sys
import time
from collections import deque
from random import Random

from msgspec import Struct
from msgspec.json import decode, encode

from benchmarks.payloads import Payload, requests_of
from benchmarks.processes import cpu_seconds, machine_seconds

_LENGTH = b"content-length: "
_TWO = ord("2")
_CHUNK = 262_144
_TICK = 0.001
_GATHER = 0.0005
"""Seconds in which answers gather before they are read. A wake-up per answer would double the load's own
cost, on a machine it shares with the server. Latencies are known to this much."""
_GRACE = 10.0


class Plan(Struct, frozen=True):
    """One run of load.

    With ``rate`` (requests a second) requests leave at random moments of that mean, whether or not
    answers have come, and latency counts from the moment a request was due. Without it every
    connection sends its next request when it has its answer. ``watch`` names processes whose CPU
    time is taken over the measured seconds, by label.
    """

    port: int
    payload: Payload
    connections: int = 64
    warmup: float = 0.5
    seconds: float = 3.0
    rate: float | None = None
    watch: dict[str, list[int]] = {}


class Measured(Struct, frozen=True):
    """What one run measured; latencies in milliseconds, CPU in microseconds per event.

    ``stored`` counts every success, those outside the measured seconds included. ``own_cpu`` is per
    request. ``others`` is how many cores were busy with anything but this load and what it watched.
    """

    per_second: float
    p50: float
    p99: float
    worst: float
    errors: int
    first_error: str
    stored: int
    own_cpu: float
    cpu: dict[str, float]
    others: float


class Connection:
    """One kept-alive connection: its socket, the part of an answer it has, and when its request was due."""

    __slots__ = ("due", "part", "recv", "send", "socket")

    def __init__(self, port: int) -> None:
        """Connect to 127.0.0.1."""
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.recv = self.socket.recv
        self.send = self.socket.sendall
        self.part = b""
        self.due = 0.0


class Driver:
    """Hands out the requests, and notes every answer."""

    def __init__(self, plan: Plan, requests: list[bytes]) -> None:
        """Connect; nothing is sent yet."""
        self._requests = requests
        self._next = 0
        self._rate = plan.rate
        self._random = Random(plan.payload.seed)
        self._sending = True
        self._due = 0.0
        self._waiting: deque[float] = deque()
        connections = [Connection(plan.port) for _ in range(plan.connections)]
        self._idle = list(connections)
        self._by_file = {each.socket.fileno(): each for each in connections}
        self._poll = select.epoll()
        for file in self._by_file:
            self._poll.register(file, select.EPOLLIN)
        self.latencies: list[float] = []
        self.errors = 0
        self.first_error = ""
        self.stored = 0

    def begin(self) -> None:
        """Start sending: at once on every connection, or paced from now on."""
        self._due = time.perf_counter()
        while self._rate is None and self._idle:
            self._send(self._idle.pop(), time.perf_counter())

    def run_until(self, end: float) -> None:
        """Serve the connections until a moment of ``perf_counter``."""
        clock, poll, by_file, answered = time.perf_counter, self._poll.poll, self._by_file, self._answered
        while clock() < end:
            if self._rate is not None and self._sending:
                self._send_what_is_due(self._rate)
            time.sleep(_GATHER)
            for file, _ in poll(_TICK):
                connection = by_file[file]
                data = connection.recv(_CHUNK)
                if not data:
                    raise ConnectionError("The server hung up.")
                if connection.part:
                    data = connection.part + data
                if _whole(data):
                    connection.part = b""
                    answered(connection, data)
                else:
                    connection.part = data

    def finish(self) -> None:
        """Send nothing more, wait for the answers under way, and hang up."""
        self._sending = False
        until = time.perf_counter() + _GRACE
        while len(self._idle) < len(self._by_file) and time.perf_counter() < until:
            self.run_until(time.perf_counter() + _TICK)
        for connection in self._by_file.values():
            connection.socket.close()

    def _send_what_is_due(self, rate: float) -> None:
        now = time.perf_counter()
        while self._due <= now:
            if self._idle:
                self._send(self._idle.pop(), self._due)
            else:
                self._waiting.append(self._due)
            self._due += self._random.expovariate(rate)

    def _send(self, connection: Connection, due: float) -> None:
        number = self._next
        self._next = number + 1 if number + 1 < len(self._requests) else 0
        connection.due = due
        connection.send(self._requests[number])

    def _answered(self, connection: Connection, data: bytes) -> None:
        now = time.perf_counter()
        self.latencies.append(now - connection.due)
        if data[9] == _TWO:
            self.stored += 1
        else:
            self.errors += 1
            self.first_error = self.first_error or data.decode("utf-8", "replace")[:600]
        if self._sending and self._rate is None:
            self._send(connection, now)
        elif self._sending and self._waiting:
            self._send(connection, self._waiting.popleft())
        else:
            self._idle.append(connection)


def _whole(data: bytes) -> bool:
    """Tell whether an answer has arrived to its last byte."""
    head = data.find(b"\r\n\r\n")
    if head < 0:
        return False
    at = data.find(_LENGTH, 0, head) + len(_LENGTH)
    return len(data) >= head + 4 + int(data[at : data.find(b"\r", at)])


def run(plan: Plan, requests: list[bytes]) -> Measured:
    """Run a plan and give what it measured."""
    driver = Driver(plan, requests)
    driver.begin()
    driver.run_until(time.perf_counter() + plan.warmup)
    driver.latencies.clear()
    before = _clocks(plan)
    driver.run_until(before["wall"] + plan.seconds)
    after = _clocks(plan)
    latencies = sorted(driver.latencies)
    driver.finish()
    return _summary(plan, driver, latencies, {name: after[name] - before[name] for name in after})


def _clocks(plan: Plan) -> dict[str, float]:
    own = {"wall": time.perf_counter(), "own": time.process_time(), "machine": machine_seconds()}
    return own | {f"watch {label}": cpu_seconds(pids) for label, pids in plan.watch.items()}


def _summary(plan: Plan, driver: Driver, latencies: list[float], spent: dict[str, float]) -> Measured:
    answers = len(latencies) or 1
    events = answers * plan.payload.items
    watched = {label: spent[f"watch {label}"] for label in plan.watch}
    others = spent["machine"] - spent["own"] - sum(watched.values())
    return Measured(
        per_second=len(latencies) * plan.payload.items / spent["wall"],
        p50=latencies[answers // 2] * 1e3 if latencies else 0.0,
        p99=latencies[answers * 99 // 100] * 1e3 if latencies else 0.0,
        worst=latencies[-1] * 1e3 if latencies else 0.0,
        errors=driver.errors,
        first_error=driver.first_error,
        stored=driver.stored * plan.payload.items,
        own_cpu=spent["own"] / answers * 1e6,
        cpu={label: seconds / events * 1e6 for label, seconds in watched.items()},
        others=max(0.0, others / spent["wall"]),
    )


def main() -> None:
    """Read a plan, run it, and write what it measured."""
    plan = decode(sys.stdin.buffer.read(), type=Plan)
    sys.stdout.buffer.write(encode(run(plan, requests_of(plan.payload))))


if __name__ == "__main__":
    main()
