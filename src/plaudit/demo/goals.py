"""The demo's achievements: what people who write software together would be proud of.

Each key is also the name of its badge. Refuses words that scold or push.
"""

from msgspec import Struct

from plaudit.model.catalog import Trigger

PROJECT = "project"
"""Key of the event attribute that names the project."""

FIRST_PROJECT = "first-project"
"""Key of the user attribute that names where somebody began."""

METRICS = (
    ("commits", "Commits", "commits"),
    ("lines-added", "Lines added", "lines"),
    ("files-touched", "Files touched", "files"),
)
"""Metrics as ``(key, name, units)``."""

FOUNDING = "founding"
"""Key of the achievement that the first contributor of each project is given."""


class Goal(Struct, frozen=True, kw_only=True):
    """One achievement, in the demo's own words.

    ``late`` goals are made after the events, so that the backdate job completes them.
    """

    key: str
    name: str
    description: str
    trigger: Trigger
    metric: str | None = None
    value: int | None = None
    project: str | None = None
    streak: int | None = None
    years: int | None = None
    needs: tuple[str, ...] = ()
    late: bool = False


def _reach(prefix: str, metric: str, value: int, name: str, description: str) -> Goal:
    key = f"{prefix}-{value}"
    return Goal(
        key=key, name=name, description=description, trigger=Trigger.METRIC, metric=metric, value=value
    )


def _in_project(project: str, value: int, name: str, description: str, *, late: bool = False) -> Goal:
    return Goal(
        key=f"{project}-{value}",
        name=name,
        description=description,
        trigger=Trigger.METRIC,
        metric="commits",
        value=value,
        project=project,
        late=late,
    )


def _streak(days: int, name: str, description: str, *, late: bool = False) -> Goal:
    return Goal(
        key=f"streak-{days}",
        name=name,
        description=description,
        trigger=Trigger.STREAK,
        streak=days,
        late=late,
    )


def _years(years: int, name: str, description: str, *, late: bool = False) -> Goal:
    return Goal(
        key=f"years-{years}",
        name=name,
        description=description,
        trigger=Trigger.ANNIVERSARY,
        years=years,
        late=late,
    )


def _all_of(key: str, name: str, description: str, needs: tuple[str, ...], *, late: bool = False) -> Goal:
    return Goal(
        key=key, name=name, description=description, trigger=Trigger.ACHIEVEMENT, needs=needs, late=late
    )


GOALS = (
    _reach("commits", "commits", 1, "First commit", "Your first commit is in."),
    _reach("commits", "commits", 10, "Ten commits", "Ten commits: you know your way around."),
    _reach("commits", "commits", 100, "A hundred commits", "A hundred commits: people ask you now."),
    _reach("commits", "commits", 1_000, "A thousand commits", "A thousand commits: what a journey."),
    _reach("lines", "lines-added", 1_000, "A thousand lines", "A thousand lines added."),
    _reach("lines", "lines-added", 10_000, "Ten thousand lines", "Ten thousand lines added."),
    _reach("lines", "lines-added", 100_000, "A hundred thousand lines", "A hundred thousand lines added."),
    _reach("files", "files-touched", 100, "A hundred files", "A hundred files touched."),
    _reach("files", "files-touched", 1_000, "A thousand files", "A thousand files touched."),
    _in_project("numpy", 1, "Into NumPy", "Your first commit to NumPy."),
    _in_project("numpy", 10, "NumPy regular", "Ten commits to NumPy."),
    _in_project("numpy", 100, "NumPy core", "A hundred commits to NumPy."),
    _in_project("flask", 1, "Into Flask", "Your first commit to Flask."),
    _in_project("flask", 10, "Flask regular", "Ten commits to Flask.", late=True),
    _streak(3, "Three in a row", "A commit on each of three days in a row."),
    _streak(7, "A week in a row", "A commit on each of seven days in a row."),
    _streak(14, "Two weeks in a row", "A commit on each of fourteen days in a row.", late=True),
    Goal(
        key=FOUNDING,
        name="Founding contributor",
        description="You made the first commit of a project.",
        trigger=Trigger.API,
    ),
    _all_of(
        "both-projects", "Bridge builder", "You have contributed to both projects.", ("numpy-1", "flask-1")
    ),
    _all_of(
        "all-rounder",
        "All-rounder",
        "A hundred commits, ten thousand lines and a hundred files.",
        ("commits-100", "lines-10000", "files-100"),
        late=True,
    ),
    _years(1, "One year", "One year since your first commit."),
    _years(5, "Five years", "Five years since your first commit."),
    _years(10, "Ten years", "Ten years since your first commit."),
    _all_of(
        "pillar",
        "Pillar of the community",
        "All-rounder, a week in a row, and ten years.",
        ("all-rounder", "streak-7", "years-10"),
        late=True,
    ),
)
