"""Actions of admins, as the audit log keeps them: who, when, what, to what, and what changed by it.

Refuses ids and texts of users: a user is named by its subject, so that the log may outlive the user.
"""

import json
from hashlib import sha256

from msgspec import Struct

CONSOLE = "console"
"""Whoever acts by the command line of the server."""

FIRST = bytes(32)
"""What the first entry of an environment is chained to."""


class Author(Struct, frozen=True):
    """Who acts, by the prefix of the key (or ``console``), and when (Unix ms)."""

    actor: str
    now: int


class Action(Struct, frozen=True):
    """One thing an admin did. ``target`` is ``kind:id``; ``detail`` is JSON text."""

    environment: int
    at: int
    actor: str
    action: str
    target: str
    detail: str = "{}"


class Entry(Struct, frozen=True):
    """An action in the audit log: the ``number``-th of its environment, chained by its hash."""

    number: int
    action: Action
    hash: bytes


def link(before: bytes, number: int, action: Action) -> bytes:
    """Give the SHA-256 an entry carries: of the hash before it and of everything the entry says."""
    said = [number, action.environment, action.at, action.actor, action.action, action.target, action.detail]
    return sha256(before + json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()).digest()


def user_target(subject: bytes) -> str:
    """Name a user in the audit log."""
    return f"user:{subject.hex()}"
