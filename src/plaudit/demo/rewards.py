"""The demo's points, levels, boosts and leaderboards in words and numbers; ``competition`` makes them.

Refuses costs and blame: points are only ever won, and a level is never lost.
"""

from msgspec import Struct

from plaudit.demo.goals import FIRST_PROJECT
from plaudit.model.leaderboards import RankBy, RunUnit

XP = "xp"
"""Key of the points system."""

XP_PER_COMMIT = 10

LINES_STEP, XP_PER_LINES = 1_000, 20
"""So many lines added win so many points."""

STREAK_STEP, XP_PER_STREAK = 3, 15
"""So many days in a row win so many points."""

XP_PER_ACHIEVEMENT = (
    ("commits-10", 50),
    ("commits-100", 200),
    ("commits-1000", 1_000),
    ("both-projects", 250),
    ("founding", 500),
)
"""Points for achievements; only for those that are made before the events."""

LEVELS = (
    ("newcomer", "Newcomer", 0, "Welcome: everybody began here."),
    ("contributor", "Contributor", 50, "Your work is part of it now."),
    ("regular", "Regular", 250, "People know your name."),
    ("core", "Core", 1_000, "Whole parts of it are yours."),
    ("maintainer", "Maintainer", 5_000, "You keep it alive."),
    ("legend", "Legend", 20_000, "Nobody can think of it without you."),
)
"""Levels as ``(key, name, points, description)``, ascending; the badge is named ``level-`` and the key."""

FREEZES_HELD, FREEZE_INTERVAL = 2, 30
"""Freezes everybody starts with and may hold, and the days after which one more is earned."""


class Boost(Struct, frozen=True):
    """A multiplier of points from one day to another, for those who began in a project or for all."""

    name: str
    start: str
    end: str
    multiplier: float
    first_project: str | None = None


BOOSTS = (
    Boost("December sprint 2020", "2020-12-01", "2020-12-31", 2.0),
    Boost("Flask's first summer", "2010-04-01", "2010-08-31", 1.5, "flask"),
)


class Board(Struct, frozen=True, kw_only=True):
    """One leaderboard; ``metric`` ranks by a metric, without it the board ranks by points."""

    key: str
    name: str
    description: str
    metric: str | None = None
    run_unit: RunUnit | None = None
    most: int | None = None
    breakdown: str | None = None

    @property
    def rank_by(self) -> RankBy:
        """What the board ranks by."""
        return RankBy.POINTS if self.metric is None else RankBy.METRIC


BOARDS = (
    Board(key="commits-ever", name="Commits of all time", description="Everybody, ever.", metric="commits"),
    Board(
        key="lines-of-the-year",
        name="Lines of the year",
        description="The hundred who added most lines, every year anew.",
        metric="lines-added",
        run_unit=RunUnit.YEAR,
        most=100,
    ),
    Board(
        key="xp-by-origin",
        name="XP by origin",
        description="Most points, among those who began in the same project.",
        breakdown=FIRST_PROJECT,
    ),
)

BOARDS_START = "2006-01-01"
"""The first day that counts: the year of the oldest commit."""
