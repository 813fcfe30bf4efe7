"""Settings: environment variables over a TOML file over defaults, checked once at start.

Refuses to guess: an unknown setting or a value of the wrong kind is an error that names it.
"""

import re
import tomllib
from collections.abc import Mapping
from ipaddress import ip_network
from pathlib import Path
from typing import Any, Literal, get_args, get_origin
from urllib.parse import urlsplit

from msgspec import Struct, ValidationError, convert
from msgspec.structs import fields

PREFIX = "PLAUDIT_"
"""What every setting's environment variable begins with."""

FILE_VARIABLE = "PLAUDIT_CONFIG"
"""The environment variable that names the TOML file."""


NO_ORIGINS = "none"
"""The value of ``cors_origins`` that lets no page in."""

LAST_PORT = 65535
"""Largest TCP port there is."""


class SettingsError(ValueError):
    """A setting that cannot be used; the text is one sentence that says what to do."""


class Settings(Struct, frozen=True, forbid_unknown_fields=True):
    """Everything an operator decides at start.

    ``database`` is ``sqlite:PATH`` or ``postgresql://...``. ``base_url`` is put before badge links;
    without it they begin with the address the caller used. ``unsafe_database`` accepts a database
    that does not flush its commits to disk, which is for tests only.

    Webhooks go to public addresses by https on port 443 only. ``webhook_private_networks`` names
    networks (CIDR) that may be reached although they are not public, ``webhook_ports`` further ports,
    and ``webhook_http`` allows plain http, which lets whoever listens on the way read the messages.
    ``webhook_days`` is for how many days the payload of a delivered message is kept for replays.
    Variables give several values separated by commas.

    ``cors_origins`` names the web pages that may call the Application API with keys of one user:
    origins such as https://app.example.com, or ``*`` for all, which is safe since no cookie is ever
    believed; ``none`` closes it to pages. Admin keys and the Admin API are never open to them.

    ``request_log`` says which requests the dashboard shows; they are kept for ``request_days`` days, and
    no more than ``request_rows`` of them.

    ``decide_beside`` lets a server on SQLite decide events that come in groups in a second process, which
    starts with the first such group; without it, or with one processor, everything is done in one.
    """

    database: str = "sqlite:plaudit-data/plaudit.db"
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 1
    base_url: str | None = None
    log: Literal["errors", "all", "off"] = "errors"
    demo: bool = False
    unsafe_database: bool = False
    webhook_private_networks: tuple[str, ...] = ()
    webhook_http: bool = False
    webhook_ports: tuple[int, ...] = ()
    webhook_days: int = 7
    cors_origins: tuple[str, ...] = ("*",)
    request_log: Literal["all", "errors", "off"] = "all"
    request_days: int = 7
    request_rows: int = 200_000
    decide_beside: bool = True

    def __post_init__(self) -> None:
        """Refuse values that no server could be started with.

        Raises:
            ValueError: with a sentence that names the setting.
        """
        _check_database(self.database, self.workers)
        if not 0 <= self.port <= LAST_PORT:
            raise ValueError(
                f"port is {self.port}. Give a number from 0 to {LAST_PORT} (0 picks a free one)."
            )
        if not self.host:
            raise ValueError("host is empty. Give an address to listen on, such as 127.0.0.1 or 0.0.0.0.")
        if self.base_url is not None:
            _check_base_url(self.base_url)
        _check_webhooks(self)
        for origin in self.cors_origins:
            _check_origin(origin)
        for name, number in (("request_days", self.request_days), ("request_rows", self.request_rows)):
            if number < 1:
                raise ValueError(f"{name} is {number}. Give 1 or more.")

    @property
    def is_sqlite(self) -> bool:
        """Whether the embedded database is used, which has one writing process."""
        return self.database.startswith("sqlite:")

    @property
    def page_origins(self) -> tuple[str, ...]:
        """The origins whose pages may call, without the word for none."""
        return tuple(origin for origin in self.cors_origins if origin != NO_ORIGINS)

    @property
    def sqlite_path(self) -> str:
        """Path of the embedded database's file, with ``~`` resolved (``:memory:`` stays as it is)."""
        path = self.database.removeprefix("sqlite:")
        return path if path == ":memory:" else str(Path(path).expanduser())


LISTS = ("webhook_private_networks", "webhook_ports", "cors_origins")
"""Settings that hold several values."""

NAMES = tuple(field.name for field in fields(Settings))
"""Names of all settings, in the order of their explanation."""


def load_settings(
    environ: Mapping[str, str], file: str | None = None, overrides: Mapping[str, Any] | None = None
) -> Settings:
    """Read the settings from a TOML file, ``PLAUDIT_*`` variables and command-line overrides.

    Args:
        environ: the environment variables.
        file: path of a TOML file; without it ``PLAUDIT_CONFIG`` is asked.
        overrides: values that beat both; those that are None count as not given.

    Raises:
        SettingsError: an unknown setting, a value that cannot be used, or an unreadable file.
    """
    path = file or environ.get(FILE_VARIABLE)
    given = (_from_file(path) if path else {}) | _from_environment(environ)
    given |= {name: value for name, value in (overrides or {}).items() if value is not None}
    try:
        return convert(given, Settings, strict=False)
    except ValidationError as error:
        raise SettingsError(_sentence(str(error), given)) from None


def _from_file(path: str) -> dict[str, Any]:
    try:
        found = tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(
            f"The settings file {path} cannot be read: {error.strerror}. Check its path."
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"The settings file {path} is not valid TOML: {error}. Correct it.") from None
    _refuse_unknown(set(found), f"in {path}")
    return found


def _from_environment(environ: Mapping[str, str]) -> dict[str, Any]:
    found = {
        name.removeprefix(PREFIX).lower(): value
        for name, value in environ.items()
        if name.startswith(PREFIX) and name != FILE_VARIABLE and value != ""
    }
    _refuse_unknown(set(found), f"among the {PREFIX}* environment variables")
    return {name: _several(value) if name in LISTS else value for name, value in found.items()}


def _several(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _refuse_unknown(found: set[str], where: str) -> None:
    unknown = ", ".join(sorted(found - set(NAMES)))
    if unknown:
        known = ", ".join(NAMES)
        raise SettingsError(f"Unknown settings {where}: {unknown}. Remove them, or use one of: {known}.")


def _check_database(database: str, workers: int) -> None:
    sqlite = database.startswith("sqlite:")
    if not sqlite and not database.startswith(("postgresql://", "postgres://")):
        raise ValueError(
            f"database is '{database}'. Give sqlite:PATH or postgresql://USER:PASSWORD@HOST/NAME."
        )
    if database == "sqlite:":
        raise ValueError("database names no file. Give sqlite:PATH, such as sqlite:plaudit-data/plaudit.db.")
    if workers < 1:
        raise ValueError(f"workers is {workers}. Give 1 or more.")
    if sqlite and workers > 1:
        raise ValueError(
            f"workers is {workers}, but the embedded SQLite database has one writing process. "
            "Use workers = 1, or a PostgreSQL database for more."
        )


def _check_webhooks(settings: Settings) -> None:
    for text in settings.webhook_private_networks:
        try:
            ip_network(text)
        except ValueError:
            raise ValueError(
                f"webhook_private_networks holds '{text}'. Give networks such as 10.20.0.0/16 or fd00::/8."
            ) from None
    for port in settings.webhook_ports:
        if not 0 < port <= LAST_PORT:
            raise ValueError(f"webhook_ports holds {port}. Give numbers from 1 to {LAST_PORT}.")
    if settings.webhook_days < 1:
        raise ValueError(f"webhook_days is {settings.webhook_days}. Give 1 or more.")


def _check_base_url(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise ValueError(
            f"base_url is '{url}'. Give an absolute address such as https://plaudit.example.com."
        )


def _check_origin(origin: str) -> None:
    parts = urlsplit(origin)
    whole = parts.scheme in {"http", "https"} and origin == f"{parts.scheme}://{parts.netloc}"
    if origin not in {"*", NO_ORIGINS} and not whole:
        raise ValueError(
            f"cors_origins holds '{origin}'. Give origins such as https://app.example.com, * or none."
        )


_WANTED: dict[Any, str] = {
    int: "a whole number",
    bool: "true or false",
    tuple[int, ...]: "a list of whole numbers (in a variable, separated by commas)",
    tuple[str, ...]: "a list of texts (in a variable, separated by commas)",
}
"""What a setting of each type wants to be given; the others are texts, or one of a few words."""


def _sentence(why: str, given: Mapping[str, Any]) -> str:
    """Say in our words what msgspec says of a value (``Expected `int`, got `str` - at `$.port```)."""
    _, placed, place = why.partition(" - at `$.")
    if not placed:
        return f"The setting {why}"
    name = re.split(r"[`.\[]", place)[0]
    kind = next(field.type for field in fields(Settings) if field.name == name)
    words = ", ".join(get_args(kind)) if get_origin(kind) is Literal else ""
    wanted = f"one of: {words}" if words else _WANTED.get(kind, "a text")
    value = given[name]
    shown = ", ".join(map(str, value)) if isinstance(value, list) else value
    return f"The setting {name} is '{shown}'. Give {wanted}."
