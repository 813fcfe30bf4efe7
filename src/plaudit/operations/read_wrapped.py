"""Reads a user's year in review.

Refuses years that have not begun.
"""

from plaudit.engine.draft import EVERYTHING
from plaudit.engine.periods import local_day, zone_of
from plaudit.engine.rulebook import Rulebook
from plaudit.engine.wrapped import Past, Year, wrap
from plaudit.model.state import Identity, UserState
from plaudit.operations.read_user import read_known
from plaudit.storage.port import Store


async def read_wrapped(store: Store, rulebook: Rulebook, who: Identity, year: int) -> tuple[UserState, Year]:
    """Give a user and what the user did in a year of the user's own calendar.

    Raises:
        PlauditError: ``UNKNOWN_USER``.
    """
    snapshot, user = await read_known(store.ledger, who, EVERYTHING)
    events = [event async for event in store.ledger.history_of(who.subject)]
    points = {} if rulebook.points is None else (await store.points.of_user(who.subject)).days
    ranks = [] if rulebook.boards is None else await store.ledger.boards.all_days(who.subject)
    details = snapshot.details
    done = {} if details is None else details.completions
    zone = zone_of(user.tz)
    past = Past(
        events,
        points,
        [(local_day(each.at, zone), each) for each in done.values()],
        ranks,
        () if details is None else details.periods,
        snapshot.streaks.get(rulebook.streaks.frequency),
    )
    return user, wrap(past, year, rulebook.streaks)
