"""What a test expects of a server with trapdoors: it ends at the armed point, and starts again.

Refuses to go on when the server ended elsewhere, or did not end at all.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from tests.support.crashing_server import ARMED, CODE
from tests.support.server import Server, on

ENTRY = "tests.support.crashing_server:application"


@contextmanager
def dying_at(point: str, armed: Path, server: Server) -> Iterator[None]:
    """Let the one call inside be cut off at a point, and start the server again."""
    armed.write_text(point)
    with pytest.raises(httpx.TransportError):
        yield
    assert server.wait() == CODE
    server.start()


@contextmanager
def mortal(
    kind: str, folder: Path, armed: Path, environ: Mapping[str, str] | None = None
) -> Iterator[Server]:
    """Run a server that dies at every armed point and starts again; audit its database in the end.

    Args:
        kind: ``sqlite`` or ``postgres``.
        folder: where a database file is made.
        armed: the file that names the point at which it is to end.
        environ: more variables of its environment.
    """
    whole = {ARMED: str(armed)} | dict(environ or {})
    server = on(kind, folder, workers=1, entry=ENTRY, environ=whole)
    with server:
        yield server
    audited = server.run("verify")
    assert audited.returncode == 0, audited.stdout + audited.stderr
