"""``plaudit environment``: sealed worlds of users and definitions, made and listed."""

import secrets

import click

from plaudit.commands.shared import Problem, opened, run, with_settings
from plaudit.compose import clock, new_id
from plaudit.config import Settings
from plaudit.model.actions import CONSOLE, Author
from plaudit.model.catalog import EnvironmentSettings
from plaudit.operations.edit_batch import Invalid, clean, clean_key
from plaudit.operations.first_start import create_admin_key


@click.group(short_help="Make and list environments.")
def environment() -> None:
    """Make and list environments: sealed worlds of users and definitions."""


@environment.command("create")
@click.argument("key")
@click.option("--name", help="A name for people to read; the key if not given.")
@click.option("--multi-tenant", is_flag=True, help="Seal users by the Tenant-ID header.")
@click.option("--strict-idempotency", is_flag=True, help="Refuse a used idempotency key with another body.")
@with_settings()
def create_environment(
    key: str, name: str | None, *, multi_tenant: bool, strict_idempotency: bool, settings: Settings
) -> None:
    """Make the environment KEY and an admin key for it, which is shown only once."""
    choices = EnvironmentSettings(strict_idempotency=strict_idempotency, multi_tenancy=multi_tenant)
    text = run(_create(settings, key, name or key, choices))
    click.echo(f"Made the environment '{key}'. Its admin key, shown only this once:\n\n    {text}\n")


async def _create(settings: Settings, key: str, name: str, choices: EnvironmentSettings) -> str:
    async with opened(settings) as store:
        taken = [environment.key for environment in await store.catalog.environments()]
        try:
            key, name = clean_key(key, taken, "environment"), clean(name, "name")
        except Invalid as reason:
            raise Problem(f"{reason}. Choose another one.") from None
        now = clock()
        by = Author(CONSOLE, now)
        made = await store.catalog.create_environment(new_id(now), key, name, choices, now, by)
        return await create_admin_key(store, made, now, new_id, secrets.token_bytes)


@environment.command("list")
@with_settings()
def list_environments(settings: Settings) -> None:
    """List the environments, one a line."""
    run(_list(settings))


async def _list(settings: Settings) -> None:
    async with opened(settings) as store:
        for found in await store.catalog.environments():
            users = (await store.ledger.counts(found.number, "")).get(0, 0)
            switches = [
                word
                for word, on in (
                    ("multi-tenant", found.settings.multi_tenancy),
                    ("strict-idempotency", found.settings.strict_idempotency),
                )
                if on
            ]
            shown = f"{users:>9,} users" if not found.settings.multi_tenancy else " " * 15
            click.echo(
                f"{found.key:<24} {shown}  {found.name}{'  ' + ', '.join(switches) if switches else ''}"
            )
