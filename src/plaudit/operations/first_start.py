"""The act of a first start: an environment and an admin key, so that the first call can be made."""

from collections.abc import Callable

from msgspec import Struct

from plaudit.model.actions import CONSOLE, Author
from plaudit.model.catalog import Environment, EnvironmentSettings
from plaudit.operations.admin_keys import make_admin_key
from plaudit.operations.edit_batch import Editor
from plaudit.storage.port import Store

KEY = "production"
"""Key of the environment a first start creates."""


class FirstStart(Struct, frozen=True):
    """What a first start made; ``admin_key`` is shown once and never again."""

    environment: Environment
    admin_key: str


async def first_start(
    store: Store, now: int, new_id: Callable[[int], bytes], random: Callable[[int], bytes]
) -> FirstStart | None:
    """Create the environment ``production`` and an admin key, or None when there is one already.

    Args:
        store: the opened database.
        now: Unix milliseconds.
        new_id: makes an id of a time.
        random: gives that many random bytes.
    """
    if await store.catalog.environments():
        return None
    environment = await store.catalog.create_environment(
        new_id(now), KEY, "Production", EnvironmentSettings(), now, Author(CONSOLE, now)
    )
    text = await create_admin_key(store, environment, now, new_id, random)
    return FirstStart(environment, text)


async def create_admin_key(
    store: Store,
    environment: Environment,
    now: int,
    new_id: Callable[[int], bytes],
    random: Callable[[int], bytes],
    actor: str = CONSOLE,
) -> str:
    """Create an admin key of an environment and give its text, which is stored only as a digest."""
    made = await make_admin_key(Editor(store, environment.number, now, new_id, actor), "", random)
    return made.text
