"""The published Python client, sync and async, behind one way of calling both.

Refuses to look at bodies: only what the client's own typed models give is compared.
"""

import inspect
from collections.abc import Awaitable, Callable
from typing import Any

from tests.support.world import World
from trophy.client import AsyncTrophyApi, TrophyApi
from trophy.environment import TrophyApiEnvironment

Client = TrophyApi | AsyncTrophyApi


def client_for(kind: str, world: World, key: str | None = None) -> Client:
    """Give the ``sync`` or ``async`` client with nothing changed but the base URL."""
    base = world.server.base
    environment = TrophyApiEnvironment(api=f"{base}/v1", admin=f"{base}/admin/v1")
    made = TrophyApi if kind == "sync" else AsyncTrophyApi
    return made(api_key=key or world.key, environment=environment)


async def call(method: Callable[..., Any | Awaitable[Any]], *args: Any, **more: Any) -> Any:
    """Call a method of either client."""
    answer = method(*args, **more)
    return await answer if inspect.isawaitable(answer) else answer
