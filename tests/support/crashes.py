"""What a test expects of a server with trapdoors: it ends at the armed point, and starts again.

Refuses to go on when the server ended elsewhere, or did not end at all.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from tests.support.crashing_server import CODE
from tests.support.server import Server


@contextmanager
def dying_at(point: str, armed: Path, server: Server) -> Iterator[None]:
    """Let the one call inside be cut off at a point, and start the server again."""
    armed.write_text(point)
    with pytest.raises(httpx.TransportError):
        yield
    assert server.wait() == CODE
    server.start()
