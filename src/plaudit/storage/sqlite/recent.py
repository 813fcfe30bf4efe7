"""Who was written to a moment ago, so that what was decided beside the writer can be trusted or not.

Refuses to remember for long: what it does not remember counts as written.
"""

from collections import deque
from collections.abc import Collection

from plaudit.storage.aside_port import Mark

KEPT = 256
"""Commits that are remembered; a decision takes the time of a few."""


class Recent:
    """The commits of this process, and the users each of them locked."""

    def __init__(self) -> None:
        """Begin with none."""
        self._landed = 0
        self._foreign: int | None = None
        self._commits: deque[frozenset[bytes]] = deque(maxlen=KEPT)

    def land(self, subjects: Collection[bytes]) -> None:
        """Remember a commit that has just become visible."""
        self._landed += 1
        self._commits.append(frozenset(subjects))

    def mark(self, foreign: int | None) -> Mark | None:
        """Give the moment.

        Args:
            foreign: a number that changes when another process writes, None if it cannot be told now;
                what was told last serves then.
        """
        if foreign is not None:
            self._foreign = foreign
        return None if self._foreign is None else (self._landed, self._foreign)

    def untouched(self, mark: Mark, foreign: int | None, subjects: Collection[bytes]) -> bool:
        """Tell whether none of some users was written to since a moment, by whatever process."""
        landed, known = mark
        since = self._landed - landed
        if foreign != known or since > len(self._commits):
            return False
        newest = (self._commits[-n] for n in range(1, since + 1))
        return all(commit.isdisjoint(subjects) for commit in newest)
