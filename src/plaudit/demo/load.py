"""Loads the demo: definitions first, then every commit in the order it was made, then the late goals.

Repeatable: definitions are known by their keys, events by the hashes of their commits.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from itertools import islice

from msgspec import Struct

from plaudit.demo.competition import make_competition
from plaudit.demo.contributions import Contribution, contributions
from plaudit.demo.definitions import make_goals, make_nouns
from plaudit.demo.goals import FIRST_PROJECT, FOUNDING, GOALS, PROJECT
from plaudit.demo.people import Person, people_of
from plaudit.jobs.expire_streaks import expire_streaks
from plaudit.jobs.keep_anniversaries import keep_anniversaries
from plaudit.jobs.run_backdates import BackdateRunner
from plaudit.model.actions import CONSOLE, Author
from plaudit.model.amounts import MICRO
from plaudit.model.catalog import Environment, EnvironmentSettings
from plaudit.model.commands import NOTHING, Command, CompleteAchievement, RecordEvent, UserPatch
from plaudit.model.errors import PlauditError
from plaudit.model.ids import subject_key
from plaudit.model.outcome import Refusal
from plaudit.model.state import Identity
from plaudit.operations.edit_batch import Editor
from plaudit.operations.first_start import create_admin_key
from plaudit.operations.record_events import Answer, Note, record
from plaudit.operations.rulebooks import Rulebooks
from plaudit.storage.port import Store

KEY = "demo"
"""Key of the demo's environment."""

BATCH = 500
"""Commits that are carried out in one transaction; each is up to three events."""

Bar = Callable[[str, int], AbstractContextManager[Callable[[int], None]]]
"""Opens a progress bar of a label and a total, and gives what moves it."""


class Loaded(Struct, frozen=True):
    """What the demo holds after a load: people, events, and completions of achievements."""

    people: int
    events: int
    completions: int


async def find_demo(store: Store) -> Environment | None:
    """Find the demo's environment."""
    return next((found for found in await store.catalog.environments() if found.key == KEY), None)


async def is_loaded(store: Store, demo: Environment) -> bool:
    """Tell whether a load came to its end: the late goals are made last."""
    made = {achievement.key for achievement in (await store.catalog.definitions(demo.number)).achievements}
    return all(goal.key in made for goal in GOALS)


async def make_demo(
    store: Store, now: int, new_id: Callable[[int], bytes], random: Callable[[int], bytes]
) -> tuple[Environment, str]:
    """Make the demo's environment, and an admin key whose text is given this once."""
    demo = await store.catalog.create_environment(
        new_id(now), KEY, "Demo", EnvironmentSettings(), now, Author(CONSOLE, now)
    )
    return demo, await create_admin_key(store, demo, now, new_id, random)


class Loader:
    """One load of the demo into its environment."""

    def __init__(
        self, store: Store, demo: Environment, clock: Callable[[], int], new_id: Callable[[int], bytes]
    ) -> None:
        """Take what the load needs; nothing is written yet."""
        self._store = store
        self._demo = demo
        self._clock = clock
        self._new_id = new_id
        self._rulebooks = Rulebooks(store.catalog)
        self._met: set[str] = set()
        self._founded: set[str] = set()
        self._events = 0

    async def load(self, bar: Bar) -> Loaded:
        """Load everything, telling the progress.

        Raises:
            PlauditError: a definition or an event was refused.
            Unavailable: the database cannot be written; a repeated load goes on from there.
        """
        rows = list(contributions())
        people = people_of(rows)
        await make_nouns(self._editor())
        await make_goals(self._editor(), [goal for goal in GOALS if not goal.late])
        await make_competition(self._editor())
        with bar("Loading the demo", len(rows)) as step:
            await self._record_all(rows, people, step)
        await make_goals(self._editor(), [goal for goal in GOALS if goal.late])
        await self._settle(bar, len(people))
        counts = await self._store.ledger.counts(self._demo.number, "")
        return Loaded(counts.pop(0, 0), self._events, sum(counts.values()))

    def _editor(self) -> Editor:
        return Editor(self._store, self._demo.number, self._clock(), self._new_id)

    async def _record_all(
        self, rows: Sequence[Contribution], people: dict[str, Person], step: Callable[[int], None]
    ) -> None:
        left = iter(rows)
        while batch := list(islice(left, BATCH)):
            commands = [command for row in batch for command in self._commands(row, people[row.author])]
            _refuse_any(await record(self._store.ledger, self._rulebooks, commands))
            step(len(batch))

    def _commands(self, row: Contribution, person: Person) -> Iterator[Command]:
        """Give the events of a commit, and what the first commit of a project completes."""
        patch = NOTHING if person.id in self._met else _profile(person)
        self._met.add(person.id)
        for metric, value in _amounts(row):
            self._events += 1
            yield self._event(row, metric, value, patch)
            patch = NOTHING
        if row.project not in self._founded:
            self._founded.add(row.project)
            yield self._completion(row)

    def _event(self, row: Contribution, metric: str, value: int, patch: UserPatch) -> RecordEvent:
        now = self._clock()
        return RecordEvent(
            id=self._new_id(now),
            who=self._identity(row.author),
            now=now,
            metric=metric,
            value=value * MICRO,
            at=row.milliseconds,
            user=patch,
            attributes={PROJECT: row.project},
            key=row.commit,
        )

    def _completion(self, row: Contribution) -> CompleteAchievement:
        """Complete the founding achievement; this call knows no event time, so its clock is the commit's."""
        return CompleteAchievement(
            id=self._new_id(self._clock()),
            who=self._identity(row.author),
            now=row.milliseconds,
            achievement=FOUNDING,
        )

    def _identity(self, author: str) -> Identity:
        return Identity(subject_key(self._demo.number, "", author), self._demo.number, "", author)

    async def _settle(self, bar: Bar, people: int) -> None:
        """Do at once, for so many people, what the jobs of a server would do in the background."""
        waiting = await self._store.catalog.backdates(self._demo.number, unfinished=True)
        backdates = BackdateRunner(self._store, self._rulebooks, self._clock, self._new_id)
        with bar("Completing what was met before", len(waiting)) as step:
            while await backdates.run_once():
                step(1)
        tools = (self._store, self._rulebooks, self._clock, self._new_id)
        with bar("Keeping anniversaries", people) as step:
            await keep_anniversaries(*tools, _newcomers(step))
        with bar("Letting streaks expire", people) as step:
            await expire_streaks(*tools, _newcomers(step))


def _newcomers(step: Callable[[int], None]) -> Note:
    """Tell the progress of a job that comes to some people more than once: each counts the first time."""
    met: set[bytes] = set()

    def note(commands: Sequence[Command], _answers: Sequence[Answer]) -> None:
        before = len(met)
        met.update(command.who.subject for command in commands)
        step(len(met) - before)

    return note


def _amounts(row: Contribution) -> Iterator[tuple[str, int]]:
    yield "commits", 1
    if row.lines_added:
        yield "lines-added", row.lines_added
    if row.files:
        yield "files-touched", row.files


def _profile(person: Person) -> UserPatch:
    return UserPatch(
        name=person.name,
        tz=person.zone,
        sign_up_date=person.first_day,
        attributes={FIRST_PROJECT: person.first_project},
    )


def _refuse_any(answers: Sequence[Answer]) -> None:
    for answer in answers:
        if isinstance(answer, Refusal):
            raise PlauditError(answer.code, **answer.words)
