"""``plaudit member``: people of the dashboard made, listed, and let in again from the shell.

Refuses passwords: whoever is made or reset chooses one by a link, which is printed once.
"""

import secrets

import click

from plaudit.commands.processes import address_of
from plaudit.commands.shared import Problem, opened, run, with_settings
from plaudit.compose import clock, new_id
from plaudit.config import Settings
from plaudit.model.actions import CONSOLE, Author
from plaudit.model.ids import uuid_text
from plaudit.model.members import Role
from plaudit.operations.manage_members import Invited, invite, invite_again
from plaudit.operations.sessions import normal_email

EMAIL = click.option("--email", required=True, help="The member's e-mail address.")


@click.group(short_help="Make, list and reset members.")
def member() -> None:
    """Make, list and reset members: the people who use the dashboard."""


@member.command("add")
@EMAIL
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@click.option("--name", help="A name for people to read; the part before the @ if not given.")
@with_settings("host", "port", "base_url")
def add_member(email: str, role: str, name: str | None, settings: Settings) -> None:
    """Make a member and print the link by which it chooses a password within 72 hours."""
    _show(settings, run(_add(settings, email, name or email.partition("@")[0], Role(role))))


async def _add(settings: Settings, email: str, name: str, role: Role) -> Invited:
    async with opened(settings) as store:
        by = Author(CONSOLE, clock())
        return await invite(store.members, by, email, name, role, new_id, secrets.token_bytes)


@member.command("reset")
@EMAIL
@with_settings("host", "port", "base_url")
def reset_member(email: str, settings: Settings) -> None:
    """Print a new link by which a member chooses a password within 72 hours."""
    _show(settings, run(_reset(settings, normal_email(email))))


async def _reset(settings: Settings, email: str) -> Invited:
    async with opened(settings) as store:
        found = await store.members.find(email)
        if found is None:
            raise Problem(f"There is no member with the e-mail address '{email}'. See: plaudit member list.")
        by = Author(CONSOLE, clock())
        return await invite_again(store.members, by, uuid_text(found.id), secrets.token_bytes)


@member.command("list")
@with_settings()
def list_members(settings: Settings) -> None:
    """List the members, one a line."""
    run(_list(settings))


async def _list(settings: Settings) -> None:
    async with opened(settings) as store:
        for each in await store.members.all():
            state = "  (invited)" if each.password is None else ""
            click.echo(f"{each.role.value:<8} {each.email}  {each.name}{state}")


def _show(settings: Settings, it: Invited) -> None:
    link = f"{address_of(settings)}/invite#{it.token}"
    click.echo(f"{it.member.email} chooses a password, within 72 hours, at:\n\n    {link}\n")
