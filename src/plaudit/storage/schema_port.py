"""The part of the port that tells where a database's schema stands.

Refuses to change it: opening a store brings it up to date.
"""

from collections.abc import Callable

from msgspec import Struct

Tell = Callable[[str], None]
"""Hears of each step of the schema, by its label, when it begins."""


def quietly(_label: str) -> None:
    """Let steps begin unheard."""


class Schema(Struct, frozen=True):
    """Where a database's schema stands: its newest step, and the steps that opening it has just applied."""

    newest: str
    applied: tuple[str, ...]
