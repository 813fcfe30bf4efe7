"""The leaderboards of an environment, compiled: which boards an event can move, and who stands where.

Refuses user state; every status stays known by number and key, so that past runs can be read.
"""

from collections.abc import Callable, Iterable, Mapping
from operator import attrgetter

from msgspec import Struct

from plaudit.model.catalog import Definitions
from plaudit.model.ids import ranking_number
from plaudit.model.leaderboards import Leaderboard, RankBy, Ranking

Pairs = tuple[tuple[str, str], ...]


class BoardRule(Struct, frozen=True):
    """A board with its attribute ids read as keys: who may stand on it, and how it is parted."""

    definition: Leaderboard
    user_filters: Pairs
    breakdown: tuple[str, ...]

    @property
    def number(self) -> int:
        """The number that keys the board's rows."""
        return self.definition.number

    @property
    def by_streak(self) -> bool:
        """Whether the board ranks by streak."""
        return self.definition.rank_by is RankBy.STREAK

    def values(self, attributes: Mapping[str, str]) -> tuple[str, ...] | None:
        """Give the breakdown values of a user; None when the user stands on no ranking of the board."""
        if not self.user_filters and not self.breakdown:
            return ()
        if any(attributes.get(key) != value for key, value in self.user_filters):
            return None
        found = tuple([attributes.get(key, "") for key in self.breakdown])
        return found if all(found) else None

    def ranking_of(self, tenant: str, run: int, values: tuple[str, ...]) -> int:
        """Give the number of a tenant's ranking; another one each time the board is activated."""
        return ranking_number(self.definition.number, self.definition.since, run, tenant, values)

    def described(self, environment: int, tenant: str, run: int, values: tuple[str, ...]) -> Ranking:
        """Give a ranking with everything its number was made from."""
        number = self.ranking_of(tenant, run, values)
        return Ranking(number, environment, tenant, self.number, run, values)


class BoardBook(Struct, frozen=True):
    """Everything about leaderboards that a decision looks up.

    ``boards`` and ``by_key`` hold every board that is not archived; the other tables only those
    that count: by metric, by points system, by streak. ``attributes`` are the user attributes that
    say where somebody stands; ``newest`` is the version from which the youngest board is fed.
    """

    boards: dict[int, BoardRule]
    by_key: dict[str, BoardRule]
    by_metric: dict[int, tuple[BoardRule, ...]]
    by_system: dict[int, tuple[BoardRule, ...]]
    streak: tuple[BoardRule, ...]
    attributes: frozenset[str]
    newest: int
    asked: dict[tuple[str, int], frozenset[tuple[int, int]]] = {}
    """Boards and runs that an event of now can move, by its metric and day; filled when asked for."""

    @property
    def counting(self) -> list[BoardRule]:
        """The boards that count, by number."""
        return [rule for rule in self.boards.values() if counts(rule)]


def counts(rule: BoardRule) -> bool:
    """Tell whether activity counts on a board; on finished ones what happened before their end does."""
    return rule.definition.status != "inactive"


def compile_boards(definitions: Definitions) -> BoardBook | None:
    """Compile the leaderboards of an environment; None when it has none.

    Raises:
        KeyError: a board names an attribute the definitions do not hold; it is never stored.
    """
    kept = [board for board in definitions.of(Leaderboard) if not board.archived]
    if not kept:
        return None
    keys = {attribute.id: attribute.key for attribute in definitions.attributes}
    rules = [_rule(board, keys) for board in kept]
    live = [rule for rule in rules if counts(rule)]
    return BoardBook(
        boards={rule.number: rule for rule in rules},
        by_key={rule.definition.key: rule for rule in rules},
        by_metric=_by(live, RankBy.METRIC, attrgetter("definition.metric")),
        by_system=_by(live, RankBy.POINTS, attrgetter("definition.points_system")),
        streak=tuple([rule for rule in live if rule.definition.rank_by is RankBy.STREAK]),
        attributes=frozenset(key for rule in live for key in (*rule.breakdown, *dict(rule.user_filters))),
        newest=max((rule.definition.since for rule in live), default=0),
    )


def _rule(board: Leaderboard, keys: Mapping[bytes, str]) -> BoardRule:
    filters = tuple((keys[attribute], value) for attribute, value in board.user_attributes)
    return BoardRule(board, filters, tuple(keys[attribute] for attribute in board.breakdown))


def _by(
    rules: Iterable[BoardRule], kind: RankBy, key: Callable[[BoardRule], int]
) -> dict[int, tuple[BoardRule, ...]]:
    groups: dict[int, tuple[BoardRule, ...]] = {}
    for rule in rules:
        if rule.definition.rank_by is kind:
            groups[key(rule)] = (*groups.get(key(rule), ()), rule)
    return groups
