"""``plaudit serve`` and ``plaudit demo``: the database made ready, the demo loaded, the server started."""

import secrets
import socket

import click

from plaudit.commands.processes import address_of, listen, serve
from plaudit.commands.shared import opened, progress, run, with_settings
from plaudit.compose import clock, new_id
from plaudit.config import Settings
from plaudit.demo.load import Loader, find_demo, is_loaded, make_demo
from plaudit.operations.first_start import first_start
from plaudit.operations.manage_members import offer_setup
from plaudit.storage.port import Store


@click.command("serve", short_help="Serve the API until told to stop.")
@with_settings("host", "port", "workers", "base_url", "log", "demo")
def serve_command(settings: Settings) -> None:
    """Serve the API until told to stop.

    The first start on an empty database makes the environment 'production' and an admin key, which is
    printed once. With --demo it makes the environment 'demo' instead, and loads twenty years of real
    contributions into it.
    """
    listener = listen(settings)
    run(_prepare(settings, listener))
    serve(settings, listener)


async def _prepare(settings: Settings, listener: socket.socket) -> None:
    async with opened(settings, serve=True) as store:
        if settings.demo and await wants_demo(store):
            await _load(store)
        started = await first_start(store, clock(), new_id, secrets.token_bytes)
        if started is not None:
            _show_key(started.environment.key, started.admin_key)
        token = await offer_setup(store.members, clock(), secrets.token_bytes)
        if token is not None:
            click.echo(
                f"Set up the dashboard, once, at:\n\n    {address_of(settings, listener)}/setup#{token}\n"
            )


async def wants_demo(store: Store) -> bool:
    """Tell whether the database is empty, or an earlier load of the demo was interrupted."""
    if not await store.catalog.environments():
        return True
    demo = await find_demo(store)
    return demo is not None and not await is_loaded(store, demo)


@click.command("demo", short_help="Load twenty years of real contributions.")
@with_settings()
def demo_command(settings: Settings) -> None:
    """Load the demo into the environment 'demo': real commits, people with zones, badges, streaks.

    Safe to repeat: what was loaded before is known by its idempotency key.
    """
    run(_demo(settings))


async def _demo(settings: Settings) -> None:
    async with opened(settings) as store:
        await _load(store)


async def _load(store: Store) -> None:
    demo = await find_demo(store)
    if demo is None:
        demo, text = await make_demo(store, clock(), new_id, secrets.token_bytes)
        _show_key(demo.key, text)
    loaded = await Loader(store, demo, clock, new_id).load(progress)
    click.echo(
        f"The demo holds {loaded.events:,} events of {loaded.people:,} people, "
        f"who have completed {loaded.completions:,} achievements."
    )


def _show_key(environment: str, text: str) -> None:
    click.echo(f"Made the environment '{environment}'. Its admin key, shown only this once:\n\n    {text}\n")
