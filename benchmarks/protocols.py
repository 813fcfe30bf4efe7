"""What an answer costs on uvicorn's protocol and on ours: the same doorless application, loaded in turns.

`python -m benchmarks.protocols` prints CPU per request and the ratio pair by pair.
"""

import subprocess
import sys
import time
from statistics import median
from typing import Any

import uvicorn
from starlette.types import Receive, Scope, Send
from tests.support.server import free_port

from benchmarks.load import Plan
from benchmarks.payloads import Payload
from benchmarks.servers import put_load
from plaudit.commands.protocol import LeanProtocol
from plaudit.web.answers import Answer, send_answer

ROUNDS = 7
ANSWER = Answer(201, b"x" * 400)
PROTOCOLS: dict[str, Any] = {"httptools": "httptools", "lean": LeanProtocol}


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer every request alike."""
    if scope["type"] == "http":
        await receive()
        await send_answer(send, ANSWER)


def main() -> None:
    """Measure both in turns."""
    ports = {name: free_port() for name in PROTOCOLS}
    program = [sys.executable, "-m", "benchmarks.protocols"]
    servers = {name: subprocess.Popen([*program, name, str(port)]) for name, port in ports.items()}
    time.sleep(2)
    costs: dict[str, list[float]] = {name: [] for name in PROTOCOLS}
    payload = Payload(kind="event", count=1000, users=1000, api_key="none", seed=1)
    for _ in range(ROUNDS):
        for name, server in servers.items():
            plan = Plan(ports[name], payload, seconds=1.5, watch={"server": [server.pid]})
            costs[name].append(put_load(plan).cpu["server"])
    for server in servers.values():
        server.terminate()
    for name, measured in costs.items():
        print(f"{name:10} {median(measured):5.1f} µs of CPU per request")
    ratio = median(lean / plain for lean, plain in zip(costs["lean"], costs["httptools"], strict=True))
    print(f"lean / httptools {ratio:.2f}")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        _, name, port = sys.argv
        uvicorn.run(
            application,  # type: ignore[arg-type]  # plain ASGI, loosely typed
            port=int(port),
            http=PROTOCOLS[name],
            loop="uvloop",
            lifespan="off",
            log_level="warning",
            access_log=False,
        )
    else:
        main()
