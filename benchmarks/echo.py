"""The baseline of HTTP: a plain Starlette application that answers the same bytes to everything.

Refuses to know what it answers: status, headers and body were captured from the real server.
"""

import os
from pathlib import Path

from msgspec import Struct
from msgspec.json import decode, encode
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

FILE_VARIABLE = "PLAUDIT_BENCHMARK_ECHO"
"""The environment variable that names the captured answer."""


class Captured(Struct, frozen=True):
    """An answer as the real server gave it."""

    status: int
    headers: dict[str, str]
    body: str


def save(captured: Captured, path: Path) -> None:
    """Keep a captured answer for the echo's processes."""
    path.write_bytes(encode(captured))


def application() -> Starlette:
    """Build the echo from the captured answer that the environment names."""
    captured = decode(Path(os.environ[FILE_VARIABLE]).read_bytes(), type=Captured)
    body = captured.body.encode()

    async def answer(request: Request) -> Response:
        await request.body()
        return Response(body, captured.status, captured.headers)

    methods = ["GET", "POST"]
    return Starlette(
        routes=[
            Route("/v1/metrics/{key}/event", answer, methods=methods),
            Route("/v1/users/{id}/achievements", answer, methods=methods),
        ]
    )
