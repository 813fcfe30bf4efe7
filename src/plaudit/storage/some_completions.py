"""Users of whom only some achievements are wanted, which most events ask for that ask for more at all.

Refuses SQL; how the rows are read is each database's own.
"""

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from plaudit.model.state import Completion, Depth, Details, Snapshot
from plaudit.storage.rows import Row

Asked = Sequence[tuple[Snapshot, Depth]]


def wants_few(depth: Depth) -> bool:
    """Tell whether a depth asks for nothing but the completions of some achievements."""
    return depth.some is not None and depth == Depth(some=depth.some)


def pairs_of(asked: Asked) -> list[tuple[bytes, int]]:
    """Give what has to be read, as subjects and achievements."""
    return [(snapshot.who.subject, number) for snapshot, depth in asked for number in depth.some or ()]


def with_some(asked: Asked, found: Iterable[Row]) -> list[Snapshot]:
    """Give the snapshots with rows of ``read_some_completions``; those without an id were taken back."""
    earned: dict[bytes, dict[int, Completion]] = {}
    revoked: dict[bytes, set[int]] = {}
    for subject, *row in found:
        if row[1] is None:
            revoked.setdefault(subject, set()).add(row[0])
        else:
            earned.setdefault(subject, {})[row[0]] = Completion(*row)
    return [
        replace(
            snapshot,
            details=Details(earned.get(s) or {}, {}, (), revoked=frozenset(revoked.get(s) or ())),
            depth=depth,
        )
        for snapshot, depth in asked
        for s in (snapshot.who.subject,)
    ]
