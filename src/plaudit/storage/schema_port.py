"""The part of the port that tells where a database's schema stands.

Refuses to change it: opening a store brings it up to date.
"""

from msgspec import Struct


class Schema(Struct, frozen=True):
    """Where a database's schema stands: its newest step, and the steps that opening it has just applied."""

    newest: str
    applied: tuple[str, ...]
