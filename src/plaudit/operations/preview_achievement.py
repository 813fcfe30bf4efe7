"""The dry run of an achievement: who already meets it, found with the settling that back-dating does.

Refuses to write: the definitions it would make are compiled in memory, and users are read without locks.
"""

import asyncio
import time
from bisect import insort
from operator import attrgetter

from msgspec import Struct
from msgspec.structs import replace

from plaudit.engine.history import needs_log, settle
from plaudit.engine.rulebook import Rulebook, compile_rulebook
from plaudit.model.catalog import Achievement, Definitions, Measure, Trigger
from plaudit.model.state import Identity, Snapshot
from plaudit.model.tenants import SHARED
from plaudit.operations.edit_achievement_drafts import AchievementDraft, AchievementPatch
from plaudit.operations.edit_achievement_rules import (
    Blank,
    measure_filters,
    newly_meetable,
    plan_achievement,
)
from plaudit.operations.edit_achievements import uploaded_badges
from plaudit.operations.edit_batch import Bench, Editor, Issue, Unreadable, each, find
from plaudit.operations.settle_users import WHOLE
from plaudit.storage.port import Ledger

PAGE = 25
"""Users read at once: a few milliseconds of SQLite's thread, which is the event loop's."""

MOST_USERS = 500
MOST_SECONDS = 0.2
"""One call looks at so many users, or for so long; the caller goes on with the cursor."""

MOST_NAMED = 10
"""Users a call names."""

Draft = AchievementDraft | AchievementPatch


class Place(Struct, frozen=True):
    """How far a dry run is: the last subject, and the users looked at and found up to it."""

    subject: bytes = b""
    done: int = 0
    users: int = 0


class Earner(Struct, frozen=True):
    """A user who would get it, and when (Unix ms) it was met."""

    at: int
    user_id: str
    name: str | None


class Preview(Struct, frozen=True):
    """What a call found.

    ``sample`` names some it found, the newest first; ``following`` is None after the last user.
    """

    issues: list[Issue]
    total: int
    place: Place = Place()
    sample: tuple[Earner, ...] = ()
    following: Place | None = None


class _Hypothesis(Struct, frozen=True):
    """The definitions as they would be, and whether the edit would back-date the achievement."""

    definitions: Definitions
    achievement: Achievement
    backdated: bool


async def preview_achievement(editor: Editor, tenant: str, item: Draft | Unreadable, place: Place) -> Preview:
    """Look at the next users of a tenant, and tell who would get an achievement if it were saved.

    Raises:
        Unavailable: the database cannot be read.
    """
    store = editor.store
    definitions = await store.catalog.definitions(editor.environment)
    uploaded = await uploaded_badges(store.catalog, [item])

    async def suppose(item: Draft) -> _Hypothesis:
        return _suppose(editor, definitions, item, uploaded)

    items: list[Draft | Unreadable] = [item]
    tried = await each(items, suppose)  # type: ignore[arg-type]  # mypy joins the members of a union
    total = (await store.ledger.counts(editor.environment, tenant)).get(0, 0)
    if not tried.done:
        return Preview(tried.issues, total)
    (it,) = tried.done
    if not it.backdated:
        return Preview([], total, Place(done=total))
    book = compile_rulebook(it.definitions).seen_by(tenant)
    run = _Run(store.ledger, book, it.achievement.number, editor)
    following = await run.look(tenant, place)
    return Preview([], max(total, run.place.done), run.place, tuple(reversed(run.sample)), following)


def _suppose(
    editor: Editor,
    definitions: Definitions,
    item: Draft,
    uploaded: set[str],
) -> _Hypothesis:
    bench = Bench(definitions.seen_by(editor.tenant))
    if isinstance(item, AchievementPatch):
        before = find(bench.achievements, item.id, "Achievement")
        known: Achievement | None = before
    else:
        before, known = _blank(editor, definitions, item), None
    planned = plan_achievement(bench, before, item, editor.now, uploaded)
    after, measures = _measured(bench, planned, definitions)
    own = {} if known or editor.tenant == SHARED else {after.id: editor.tenant}
    others = tuple(one for one in definitions.achievements if one.number != after.number)
    supposed = replace(
        definitions,
        environment=replace(definitions.environment, version=bench.next_version),
        measures=measures,
        achievements=(*others, after),
        owners=definitions.owners | own,
    )
    return _Hypothesis(supposed, after, newly_meetable(known, after))


def _blank(editor: Editor, definitions: Definitions, draft: AchievementDraft) -> Achievement:
    """Give where a new achievement starts from, under a number that nothing has."""
    blank = Blank(editor.new_id(editor.now), draft.name, draft.trigger, editor.now).achievement()
    return replace(blank, number=1 + max((one.number for one in definitions.achievements), default=0))


def _measured(
    bench: Bench, planned: Achievement, definitions: Definitions
) -> tuple[Achievement, tuple[Measure, ...]]:
    """Give the achievement with its measure, and all measures: a new one is as young as the edit."""
    measures = definitions.measures
    if planned.trigger is not Trigger.METRIC or planned.metric is None:
        return replace(planned, measure=None), measures
    filters = measure_filters(bench, planned.event_attributes)
    found = bench.measures.get((planned.metric, filters))
    if found is None:
        number = 1 + max(one.number for one in measures)
        found = Measure(number, planned.metric, filters, bench.next_version)
        measures = (*measures, found)
    return replace(planned, measure=found.number), measures


class _Run:
    """One call's look at users."""

    def __init__(self, ledger: Ledger, book: Rulebook, number: int, editor: Editor) -> None:
        self.place = Place()
        self.sample: list[Earner] = []
        self._ledger = ledger
        self._book = book
        self._number = number
        self._editor = editor

    async def look(self, tenant: str, place: Place) -> Place | None:
        """Look at users after a place, page by page; gives where to go on, or None after the last one."""
        self.place, began, first = place, time.monotonic(), place.done
        while people := await self._ledger.subjects_after(self._editor.environment, self.place.subject, PAGE):
            mine = [who for who in people if who.tenant == tenant]
            found = await self._found(mine)
            now = self.place
            self.place = Place(people[-1].subject, now.done + len(mine), now.users + found)
            if len(people) < PAGE:
                return None
            if self.place.done - first >= MOST_USERS or time.monotonic() - began > MOST_SECONDS:
                return self.place
            await asyncio.sleep(0)
        return None

    async def _found(self, people: list[Identity]) -> int:
        found = 0
        for snapshot in await self._ledger.view(people, WHOLE) if people else ():
            earner = await self._settled(snapshot)
            if earner is not None:
                found += 1
                insort(self.sample, earner, key=attrgetter("at"))
                del self.sample[:-MOST_NAMED]
        return found

    async def _settled(self, snapshot: Snapshot) -> Earner | None:
        user, now = snapshot.user, self._editor.now
        if user is None:
            return None
        events = None
        if needs_log(self._book, user):
            events = [event async for event in self._ledger.history_of(snapshot.who.subject)]
        settled = settle(self._book, snapshot, events, now, self._editor.new_id(now))
        for done in settled.completions:
            if done.achievement == self._number:
                return Earner(done.at, user.id, user.name)
        return None
