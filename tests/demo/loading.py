"""What the demo's tests share: opening a database, and loading the demo into it without a word."""

import asyncio
import secrets
from contextlib import nullcontext

from plaudit.compose import clock, new_id, open_store
from plaudit.config import Settings
from plaudit.demo import load


def run(path, work):
    """Give what ``work`` makes of the opened store."""

    async def opened():
        store = await open_store(Settings(database=f"sqlite:{path}"))
        try:
            return await work(store)
        finally:
            await store.close()

    return asyncio.run(opened())


def quiet(label, total):
    return nullcontext(lambda _: None)


async def load_demo(store, bar=quiet):
    """Load the demo, or go on with a load that was interrupted."""
    demo = await load.find_demo(store)
    if demo is None:
        demo, _ = await load.make_demo(store, clock(), new_id, secrets.token_bytes)
    return await load.Loader(store, demo, clock, new_id).load(bar)
