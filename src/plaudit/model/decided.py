"""What travels between the serving process and the one that decides beside it, on SQLite.

Refuses ranks and commits: they are the serving process's own.
"""

from typing import Any

from msgspec import Struct

from plaudit.model.commands import RecordEvent
from plaudit.model.leaderboards import NewestScore, RankChange, ScoreChange
from plaudit.model.outcome import Refusal
from plaudit.model.state import Identity

Rows = list[tuple[int, list[list[Any]]]]
"""Rows to write, by the place of their statement; only the database knows which that is."""


class Ask(Struct, frozen=True, gc=False, array_like=True):
    """A group of events to decide.

    ``joined``: they are answered as one. ``base_urls`` are what links in each answer begin with; empty
    where nobody is told more than that all were counted.
    """

    commands: list[RecordEvent]
    joined: bool = False
    base_urls: list[str] = []


class Moved(Struct, frozen=True, gc=False, array_like=True):
    """A user whose scores moved: those held before (board, score), and the changes to count ranks for.

    ``places`` are those of the commands that the changes belong to.
    """

    who: Identity
    held: list[tuple[int, NewestScore]]
    changes: list[ScoreChange]
    places: list[int]


class Told(Struct, frozen=True, gc=False, array_like=True):
    """An answer but for its leaderboards, which stand between ``head`` and ``tail`` once ranks are counted.

    ``replayed`` tells that the event was counted before.
    """

    head: bytes
    tail: bytes
    replayed: bool = False
    ranks: tuple[RankChange, ...] = ()


class Decided(Struct, frozen=True, gc=False, array_like=True):
    """What a group caused. ``versions`` are those of the environments it was decided by.

    ``rows`` hold the tally of a user in ``moved`` without scores. ``told`` is None in the place of a command
    that was refused.
    """

    versions: dict[int, int]
    rows: Rows
    moved: list[Moved]
    told: list[Told | None]
    refused: list[tuple[int, Refusal]]
