"""What is told to whom: the messages that the outcomes of one user's commands put into the outbox.

Refuses to tell anything that nobody listens for, was rolled back, replayed or settled silently.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from hashlib import blake2b

from msgspec.json import encode
from msgspec.structs import replace

from plaudit.engine.points import by_system
from plaudit.engine.rulebook import Rulebook
from plaudit.engine.streaks import current
from plaudit.model.ids import subject_key, uuid7
from plaudit.model.leaderboards import RankChange
from plaudit.model.outcome import Outcome
from plaudit.model.preferences import Channel, Notification
from plaudit.model.state import Completion, Identity, UserState
from plaudit.model.webhooks import ORDERED, EventType, Message, Posting
from plaudit.webhooks import payloads
from plaudit.webhooks.nouns import Json, Writer

Told = tuple[EventType, Json, int]
"""A type, its payload and its lane."""

_BY_JOBS = frozenset(
    {
        EventType.LEADERBOARD_STARTED,
        EventType.LEADERBOARD_CHANGED,
        EventType.LEADERBOARD_FINISHED,
        EventType.POINTS_BOOST_STARTED,
        EventType.POINTS_BOOST_FINISHED,
        EventType.STREAK_REMINDER_DUE,
        EventType.RECAP_DUE,
        EventType.REACTIVATION_DUE,
    }
)
"""Types that no outcome tells: whoever listens for these alone costs an event nothing."""


def announce(
    book: Rulebook, who: Identity, outcomes: Sequence[Outcome], now: int, base_url: str | None
) -> list[Posting]:
    """Give the messages of one user's outcomes, in the order in which things happened.

    Args:
        book: the rulebook they were decided with; nothing is built for types nobody wants.
        who: the user.
        outcomes: what the user's commands caused, replays left out.
        now: the clock reading of the commands.
        base_url: what links of ours begin with, if it is known.
    """
    if book.listeners.keys() <= _BY_JOBS or not outcomes or outcomes[-1].after.user is None:
        return []
    teller = Teller(book, who, now, base_url)
    for outcome in outcomes:
        teller.tell(outcome)
    teller.tell_lanes(outcomes, outcomes[-1].after.user)
    return teller.postings


class Teller:
    """Builds the messages about one user, each only when an endpoint wants its type."""

    def __init__(self, book: Rulebook, who: Identity, now: int, base_url: str | None) -> None:
        """Begin with nothing told."""
        self._book = book
        self._who = who
        self._now = now
        self._writer = Writer(book, base_url)
        self._said: Counter[bytes] = Counter()
        self.postings: list[Posting] = []

    def put(self, type: EventType, write: Callable[..., Json], *facts: object, lane: int = ORDERED) -> None:
        """Put a message into the outbox, if anybody wants it; only then is it written at all."""
        wanted = self._book.listeners.get(type)
        if wanted:
            payload = write(*facts)
            told = post(self._who, type, payload, self._now, wanted, lane)
            again = self._said[told.message.id]
            self._said[told.message.id] += 1
            if again:
                told = post(self._who, type, payload, self._now, wanted, lane, again=again)
            self.postings.append(told)

    def tell(self, outcome: Outcome) -> None:
        """Tell what one outcome caused, but for what is told at most once in fifteen minutes."""
        user = outcome.after.user
        if user is None:
            return
        self._tell_streak(outcome, user)
        for completion in outcome.completed:
            self.completed(user, completion)
        for completion in outcome.revoked:
            rule = self._book.achievements.get(completion.achievement)
            if rule is not None:
                facts = (self._writer, user, rule, completion, self._now)
                self.put(EventType.ACHIEVEMENT_REVOKED, payloads.achievement_revoked, *facts)
        self._tell_levels(outcome, user)

    def completed(self, user: UserState, completion: Completion) -> None:
        """Tell that an achievement was completed, and that a message about it is due.

        Who gets one is decided by ``may_write_to``.
        """
        rule = self._book.achievements.get(completion.achievement)
        if rule is None:
            return
        facts = (self._writer, user, rule, completion)
        self.put(EventType.ACHIEVEMENT_COMPLETED, payloads.achievement_completed, *facts)
        if may_write_to(user, Notification.ACHIEVEMENT_COMPLETED):
            self.put(EventType.ACHIEVEMENT_DUE, payloads.achievement_due, *facts, self._now)

    def tell_lanes(self, outcomes: Sequence[Outcome], user: UserState) -> None:
        """Tell how points and ranks stand after all outcomes: one message each."""
        points, boards = self._book.points, self._book.boards
        awards = by_system(tuple(award for outcome in outcomes for award in outcome.awards))
        for number, given in awards.items():
            system = None if points is None else points.systems.get(number)
            if system is not None:
                facts = (self._writer, user, system, given)
                self.put(EventType.POINTS_CHANGED, payloads.points_changed, *facts, lane=number)
        for moved in _ranks(outcomes):
            board = None if boards is None else boards.boards.get(moved.change.board)
            if board is not None:
                told = (self._writer, user, board, moved, self._now)
                self.put(EventType.LEADERBOARD_RANK_CHANGED, payloads.rank_changed, *told, lane=board.number)

    def _tell_streak(self, outcome: Outcome, user: UserState) -> None:
        moves = outcome.moves
        if moves.consumed:
            left = moves.left
            self.put(EventType.STREAK_FREEZE_CONSUMED, payloads.freeze_consumed, user, moves.consumed, left)
        if moves.lost:
            self.put(EventType.STREAK_LOST, payloads.streak_lost, user, moves.lost)
        if moves.started or moves.extended:
            view = current(self._book.streaks, outcome.after, self._now)
            if moves.started:
                self.put(EventType.STREAK_STARTED, payloads.streak_started, user, view)
            else:
                self.put(EventType.STREAK_EXTENDED, payloads.streak_extended, user, view)
        if moves.earned:
            self.put(EventType.STREAK_FREEZE_EARNED, payloads.freeze_earned, user, moves.earned, moves.held)

    def _tell_levels(self, outcome: Outcome, user: UserState) -> None:
        points = self._book.points
        if points is None:
            return
        for number, given in by_system(outcome.awards).items():
            system = points.systems.get(number)
            if system is None:
                continue
            total = given[-1].total
            levels = system.level_of(given[0].total - given[0].awarded), system.level_of(total)
            if levels[0] != levels[1]:
                facts = (self._writer, user, system, total, levels)
                self.put(EventType.POINTS_LEVEL_CHANGED, payloads.level_changed, *facts)


def may_write_to(user: UserState, about: Notification) -> bool:
    """Tell whether an e-mail about something may be due to a user (types ``emails.*``).

    The user has an address, wants e-mails, has not switched this one off, and is not in the control
    group of an experiment.
    """
    if user.email is None or not user.subscribe_to_emails or user.control:
        return False
    chosen = None if user.preferences is None else user.preferences.notifications.get(about)
    return chosen is None or Channel.EMAIL in chosen


def _ranks(outcomes: Sequence[Outcome]) -> Iterable[RankChange]:
    """Give one change of each board: that of the newest run in which the rank is another one now.

    It goes from the rank before the first outcome to the newest. A message does not name its run, so
    of two runs that one batch moves alike, two messages could not be told from each other.
    """
    first: dict[tuple[int, int], RankChange] = {}
    last: dict[tuple[int, int], RankChange] = {}
    for outcome in outcomes:
        for moved in outcome.ranks:
            key = (moved.change.board, moved.change.run.start)
            first.setdefault(key, moved)
            last[key] = moved
    told: dict[int, RankChange] = {}
    for key in sorted(last):
        began, moved = first[key], last[key]
        if moved.rank != began.previous_rank:
            change = replace(moved.change, before=began.change.before)
            told[moved.change.board] = replace(moved, change=change, previous_rank=began.previous_rank)
    return told.values()


def environment_identity(environment: int, tenant: str = "") -> Identity:
    """Give who stands for a whole environment in the outbox; no user can have an empty id."""
    return Identity(subject_key(environment, tenant, ""), environment, tenant, "")


def post(
    who: Identity,
    type: EventType,
    payload: Json,
    now: int,
    endpoints: Sequence[int],
    lane: int = ORDERED,
    name: tuple[int, str] | None = None,
    again: int = 0,
) -> Posting:
    """Give a message for the outbox. Its id follows from what it says, so nothing random is needed.

    Args:
        who: whom it is about.
        type: its type.
        payload: its body.
        now: when it is written, Unix milliseconds.
        endpoints: numbers of those it goes to.
        lane: see ``Posting``.
        name: an instant and a text that its id follows from instead, so that two processes that
            notice the same thing write the same message, which the database takes once.
        again: how often the same is said before it at the same time: a batch from the past can bring
            a user two streaks of one length, both of which are lost.
    """
    body = encode(payload)
    at, seed = (now, body + bytes(again)) if name is None else (name[0], name[1].encode())
    made = uuid7(at, blake2b(who.subject + seed, digest_size=10).digest())
    message = Message(made, who.environment, who.tenant, type.value, now, body)
    deliveries = tuple((endpoint, _delivery_id(message, endpoint)) for endpoint in endpoints)
    return Posting(who.subject, who.user_id or None, message, deliveries, lane)


def _delivery_id(message: Message, endpoint: int) -> bytes:
    name = message.id
    last = int.from_bytes(name[12:], "big") ^ endpoint
    return message.created.to_bytes(6, "big") + name[6:12] + last.to_bytes(4, "big")
