"""The exam of what follows a commit: when it breaks, what is stored is stored once, and its caller served."""

import asyncio

from tests.storage.people import NOON, a_metric, person, read

from plaudit.compose import new_id, turnstile_for
from plaudit.ingest.feeds import Feeds
from plaudit.model.amounts import MICRO
from plaudit.model.catalog import Measure
from plaudit.model.commands import RecordEvent
from plaudit.model.outcome import Outcome
from plaudit.operations.rulebooks import Rulebooks


class BrokenFeeds(Feeds):
    """Live feeds that break while they note an event."""

    def _note_one(self, *_: object) -> None:
        raise ValueError("the feeds broke")


async def test_feeds_that_break_double_nothing(store, here):
    async with store.catalog.edit(here.number) as edit:
        await edit.put_metric(a_metric(1))
        await edit.put_measure(Measure(1, 1, (), 0))
    rulebooks = Rulebooks(store.catalog)
    feeds = BrokenFeeds(rulebooks)
    assert feeds.listen(here.number, "") is not None
    turnstile = turnstile_for(store, rulebooks, feeds)
    ada = person(here.number, "ada")
    events = [RecordEvent(new_id(NOON), ada, NOON, a_metric(1).key, MICRO, NOON) for _ in range(10)]
    answers = await asyncio.gather(*map(turnstile.submit, events))
    assert all(isinstance(each, Outcome) for each in answers)
    known = await read(store, ada)
    assert (known.user.seq, known.totals[1].total) == (10, 10 * MICRO)
