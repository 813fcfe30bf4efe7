"""The server with a sender whose leases end soon, so that a test need not wait for those of the dead.

Run as an ASGI factory in place of `plaudit serve`. Refuses any other change.
"""

from typing import Any

import plaudit.compose as house
from plaudit.jobs import deliver_webhooks

LEASE = 3_000
"""Milliseconds for which a sender holds a delivery."""


def application() -> Any:
    """Build the application with short leases."""
    deliver_webhooks.LEASE = LEASE
    return house.application()
