"""What every command shares: settings as options, an opened store, sentences for errors, progress.

Refuses to print anything but results on standard output; progress and errors go to standard error.
"""

import asyncio
import contextlib
import functools
import os
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any, TypeVar

import click

from plaudit.compose import open_store
from plaudit.config import Settings, SettingsError, load_settings
from plaudit.model.catalog import Environment
from plaudit.model.errors import PlauditError
from plaudit.model.tenants import SHARED, Tenant, seals_of
from plaudit.storage.port import Store, StoreError, Unavailable
from plaudit.storage.schema_port import Tell, quietly

Result = TypeVar("Result")
Command = Callable[..., None]
Step = Callable[[int], None]
"""Tells a progress bar how many more are done."""

PERCENT_STEP = 10
"""Percent between two lines of progress where standard error is no terminal."""

OPTIONS = {
    "config": click.option("--config", metavar="FILE", help="A TOML file of settings."),
    "database": click.option(
        "--database", metavar="URL", help="sqlite:PATH or postgresql://USER:PASSWORD@HOST/NAME."
    ),
    "host": click.option("--host", metavar="ADDRESS", help="Address to listen on; 0.0.0.0 means all."),
    "port": click.option("--port", type=int, help="Port to listen on; 0 picks a free one."),
    "workers": click.option("--workers", type=int, help="Serving processes; more than 1 needs PostgreSQL."),
    "base_url": click.option("--base-url", metavar="URL", help="What the links to badges begin with."),
    "log": click.option("--log", type=click.Choice(["errors", "all", "off"]), help="Which requests to log."),
    "demo": click.option("--demo/--no-demo", default=None, help="Load the demo into an empty database."),
}
"""The options that stand for settings; what is not given comes from the environment or the file."""


class Problem(click.ClickException):
    """Something an operator can put right: one sentence, exit code 2."""

    exit_code = 2


def with_settings(*names: str) -> Callable[[Command], Command]:
    """Give a command ``--config``, ``--database`` and further options, and hand it ``settings``.

    Args:
        names: further settings that may be given on the command line.
    """
    known = ("database", *names)

    def decorate(command: Command) -> Command:
        @functools.wraps(command)
        def wrapped(config: str | None, **given: Any) -> None:  # noqa: ANN401 - click hands over options of every type
            overrides = {name: given.pop(name) for name in known}
            with sentences():
                settings = load_settings(os.environ, config, overrides)
            command(settings=settings, **given)

        for name in reversed(("config", *known)):
            wrapped = OPTIONS[name](wrapped)
        return wrapped

    return decorate


@contextlib.contextmanager
def sentences() -> Iterator[None]:
    """Turn the errors an operator can put right into problems."""
    try:
        yield
    except (SettingsError, StoreError, PlauditError) as error:
        raise Problem(str(error)) from None
    except Unavailable as error:
        raise Problem(f"The database cannot be used right now: {error}. Try again when it can.") from None


def run(work: Coroutine[Any, Any, Result]) -> Result:
    """Run a command's work to its end."""
    with sentences():
        return asyncio.run(work)


@contextlib.asynccontextmanager
async def opened(settings: Settings, *, serve: bool = False, tell: Tell = quietly) -> AsyncIterator[Store]:
    """Open the store of the settings, and close it when left; a missing folder is made.

    With ``serve`` an embedded database that another server holds is refused. ``tell`` hears of each step
    of the schema when it begins.
    """
    make_folder(settings)
    store = await open_store(settings, serve=serve, tell=tell)
    try:
        yield store
    finally:
        await store.close()


def make_folder(settings: Settings) -> None:
    """Make the folder of an embedded database.

    Raises:
        Problem: it cannot be made.
    """
    if not settings.is_sqlite or settings.sqlite_path == ":memory:":
        return
    folder = Path(settings.sqlite_path).parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Problem(
            f"The folder {folder} cannot be made: {error.strerror}. Choose another database path."
        ) from None


async def environment_of(store: Store, key: str | None) -> Environment:
    """Find an environment by its key, or the only one there is.

    Raises:
        Problem: there is none, or several and no key was given.
    """
    found = await store.catalog.environments()
    names = ", ".join(environment.key for environment in found)
    if key is not None:
        chosen = next((environment for environment in found if environment.key == key), None)
        if chosen is None:
            raise Problem(f"There is no environment '{key}'. Use one of: {names or 'none exists yet'}.")
        return chosen
    if not found:
        raise Problem("There is no environment yet. Create one: plaudit environment create KEY.")
    if len(found) > 1:
        raise Problem(f"There are several environments. Name one with --environment: {names}.")
    return found[0]


async def seal_of(store: Store, environment: Environment, tenant: str) -> str:
    """Give what the users of a tenant are kept under; ``""`` where there are no tenants.

    Args:
        store: the opened database.
        environment: where the tenant is.
        tenant: its customer id, or ``""``.

    Raises:
        Problem: no tenant was named where one is needed, or there is none with this id.
    """
    if not environment.settings.multi_tenancy:
        if tenant:
            raise Problem(f"The environment '{environment.key}' has no tenants. Leave --tenant out.")
        return SHARED
    if not tenant:
        raise Problem(f"The environment '{environment.key}' is multi-tenant. Name the tenant: --tenant ID.")
    seals = seals_of((await store.catalog.definitions(environment.number)).of(Tenant))
    if tenant not in seals:
        raise Problem(
            f"There is no tenant '{tenant}' in '{environment.key}'. Create it with POST /admin/v1/tenants."
        )
    return seals[tenant]


ENVIRONMENT = click.option(
    "--environment", "environment_key", metavar="KEY", help="The environment; needed if there are several."
)


@contextlib.contextmanager
def progress(label: str, total: int) -> Iterator[Step]:
    """Show progress on standard error: a bar on a terminal, else a line every ten percent.

    Work that came to its end is shown as whole, even if the total was an estimate. The total may be 0.
    """
    total = max(total, 1)
    show = _percentages(label, total)
    with contextlib.ExitStack() as left:
        if sys.stderr.isatty():
            bar = click.progressbar(length=total, label=label, file=sys.stderr)
            show = left.enter_context(bar).update
        done = 0

        def step(count: int) -> None:
            nonlocal done
            done += count
            show(count)

        yield step
        step(max(total - done, 0))


def _percentages(label: str, total: int) -> Step:
    done = shown = 0

    def step(count: int) -> None:
        nonlocal done, shown
        done += count
        percent = min(100, 100 * done // total)
        if percent >= shown + PERCENT_STEP:
            shown = percent - percent % PERCENT_STEP
            click.echo(f"{label}: {shown} %", err=True)

    return step
