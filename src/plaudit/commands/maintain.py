"""``plaudit migrate`` and ``plaudit verify``: the schema brought up to date, the numbers audited."""

import click

from plaudit.commands.shared import opened, progress, run, with_settings
from plaudit.compose import clock
from plaudit.config import Settings
from plaudit.model.tenants import SHARED, Tenant, seals_of
from plaudit.operations.verify import Report
from plaudit.operations.verify import verify as audit
from plaudit.storage.port import Schema, Store

MOST_SHOWN = 20
"""Drifts that are printed; the rest is counted."""


@click.command(short_help="Bring the database's schema up to date.")
@with_settings()
def migrate(settings: Settings) -> None:
    """Bring the database's schema up to date; safe to repeat."""
    schema = run(_migrate(settings))
    for step in schema.applied:
        click.echo(f"Applied {step}.")
    click.echo(f"The schema is up to date at {schema.newest}.")


async def _migrate(settings: Settings) -> Schema:
    def tell(label: str) -> None:
        click.echo(f"Applying {label} ...", err=True)

    async with opened(settings, tell=tell) as store:
        return store.schema


@click.command(short_help="Audit every derived number against the event log.")
@with_settings()
def verify(settings: Settings) -> None:
    """Rebuild every derived number from the event log and compare; exit code 1 on any drift."""
    report = run(_verify(settings))
    for sentence in report.drifts[:MOST_SHOWN]:
        click.echo(sentence)
    for note in report.notes[:MOST_SHOWN]:
        click.echo(f"Note: {note}")
    click.echo(
        f"{report.users:,} users, {report.events:,} events and {report.completions:,} completions checked: "
        f"{len(report.drifts) or 'no'} {'drifts' if len(report.drifts) > 1 else 'drift'}."
    )
    if report.drifts:
        raise SystemExit(1)


async def _verify(settings: Settings) -> Report:
    async with opened(settings) as store:
        with progress("Verifying", await count_users(store)) as step:
            return await audit(store, clock(), step)


async def count_users(store: Store) -> int:
    """Count the users of every environment and tenant, for a progress bar."""
    total = 0
    for found in await store.catalog.environments():
        tenants = seals_of((await store.catalog.definitions(found.number)).of(Tenant))
        for seal in (SHARED, *tenants.values()):
            total += (await store.ledger.counts(found.number, seal)).get(0, 0)
    return total
