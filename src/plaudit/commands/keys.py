"""``plaudit key``: API keys made, listed and deleted; a key's text is shown once, when it is made."""

import secrets

import click
from msgspec import Struct

from plaudit.commands.shared import ENVIRONMENT, Problem, environment_of, opened, run, seal_of, with_settings
from plaudit.compose import clock, new_id
from plaudit.config import Settings
from plaudit.model.actions import CONSOLE, Author
from plaudit.model.catalog import ApiKey, Environment, KeyKind
from plaudit.model.ids import uuid_bytes, uuid_text
from plaudit.operations.application_keys import ApplicationKeyDraft, create_application_keys
from plaudit.operations.edit_batch import Editor
from plaudit.operations.first_start import create_admin_key
from plaudit.storage.port import Store


class Wanted(Struct, frozen=True):
    """The key to make: an admin key without a user, an application key with one."""

    kind: KeyKind
    user: str | None
    tenant: str


@click.group()
def key() -> None:
    """Make, list and delete API keys."""


@key.command("create")
@ENVIRONMENT
@click.option("--kind", type=click.Choice(["admin", "application"]), default="admin", show_default=True)
@click.option("--user", help="Whom an application key acts for.")
@click.option("--tenant", default="", help="The user's tenant, in a multi-tenant environment.")
@with_settings()
def create_key(
    environment_key: str | None, kind: str, user: str | None, tenant: str, settings: Settings
) -> None:
    """Make a key and print it; it cannot be shown again."""
    if (kind == "application") != (user is not None):
        raise Problem(
            "An application key acts for one user, an admin key for none. "
            "Give --user ID together with --kind application."
        )
    click.echo(run(_create(settings, environment_key, Wanted(KeyKind(kind), user, tenant))))


async def _create(settings: Settings, environment_key: str | None, wanted: Wanted) -> str:
    async with opened(settings) as store:
        environment, now = await environment_of(store, environment_key), clock()
        if wanted.user is None:
            return await create_admin_key(store, environment, now, new_id, secrets.token_bytes)
        tenant = await seal_of(store, environment, wanted.tenant)
        draft = ApplicationKeyDraft(wanted.user)
        editor = Editor(store, environment.number, now, new_id)
        edited = await create_application_keys(editor, tenant, [draft], secrets.token_bytes)
        if edited.issues:
            raise Problem(f"{edited.issues[0].message}. Correct the user id.")
        return edited.done[0].text


@key.command("list")
@ENVIRONMENT
@with_settings()
def list_keys(environment_key: str | None, settings: Settings) -> None:
    """List keys, one a line: id, prefix, kind and user; never a secret."""
    run(_list(settings, environment_key))


async def _list(settings: Settings, environment_key: str | None) -> None:
    async with opened(settings) as store:
        environment = await environment_of(store, environment_key)
        for found in await _keys_of(store, environment):
            tenant = f" of tenant {found.tenant}" if found.tenant else ""
            user = f"  for {found.user_id}{tenant}" if found.user_id else ""
            click.echo(f"{uuid_text(found.id)}  {found.prefix}  {found.kind}{user}")


@key.command("delete")
@click.argument("key_id", metavar="ID_OR_PREFIX")
@ENVIRONMENT
@with_settings()
def delete_key(key_id: str, environment_key: str | None, settings: Settings) -> None:
    """Delete the key with this id or prefix; it stops working within a second."""
    run(_delete(settings, environment_key, key_id))
    click.echo(f"Deleted the key {key_id}.")


async def _delete(settings: Settings, environment_key: str | None, key_id: str) -> None:
    async with opened(settings) as store:
        environment = await environment_of(store, environment_key)
        raw = uuid_bytes(key_id)
        found = [k for k in await _keys_of(store, environment) if raw == k.id or key_id == k.prefix]
        by = Author(CONSOLE, clock())
        for each in found:
            await store.catalog.delete_keys(environment.number, [each.id], by, each.kind)
        if not found:
            raise Problem(f"There is no key '{key_id}' in '{environment.key}'. See: plaudit key list.")


async def _keys_of(store: Store, environment: Environment) -> list[ApiKey]:
    keys = [key for key in await store.catalog.keys() if key.environment == environment.number]
    return sorted(keys, key=lambda key: key.created)
