"""The act everything else stands on: a group of commands becomes one transaction and its answers.

Read (locked snapshots), decide (the engine, per user, over the evolving snapshot), write (once).
Refuses to read anything again for the answer: the outcome is the answer.
"""

import asyncio
from collections.abc import Callable, Sequence

from msgspec.structs import replace

from plaudit.engine.evaluate import evaluate
from plaudit.engine.leaderboards import move_together
from plaudit.engine.rulebook import Rulebook
from plaudit.model.commands import NOTHING, Command, RecordEvent
from plaudit.model.outcome import NeedsDepth, Outcome, Refusal
from plaudit.model.state import Depth, Identity, Snapshot
from plaudit.operations.announce_outcomes import announce_outcomes
from plaudit.operations.rank_boards import with_ranks, with_scores
from plaudit.operations.rulebooks import Rulebooks
from plaudit.operations.warm_rankings import warmed
from plaudit.operations.writes import gather
from plaudit.storage.port import Ledger, Transaction

Answer = Outcome | Refusal
Books = dict[int, Rulebook]
Fold = tuple[Snapshot, list[Answer]]
Note = Callable[[Sequence[Command], Sequence[Answer]], None]
"""Hears of a group of commands and their answers, after the commit."""

BREATH = 64
"""Users folded before a big group lets the event loop serve readers."""


class Refused(Exception):
    """A command of an all-or-nothing group was refused; nothing of the group was stored."""

    def __init__(self, index: int, refusal: Refusal) -> None:
        """Keep which command was refused, by its place in the group, and why."""
        super().__init__(index, refusal)
        self.index = index
        self.refusal = refusal


@warmed
async def record(
    ledger: Ledger, rulebooks: Rulebooks, commands: Sequence[Command], *, atomic: bool = False
) -> list[Answer]:
    """Carry out a group of commands in one transaction and give an answer for each, in order.

    Commands of one user are decided one after the other, each over what the one before left. A
    refused command leaves its neighbours untouched, unless ``atomic`` asks for all or nothing; then the
    group is answered as one, and of each user the ranks are told to which all of the events led.

    Raises:
        Refused: ``atomic``, and a command was refused.
        Unavailable: the database cannot be written; nothing of the group was stored.
    """
    answers: list[Answer | None] = [None] * len(commands)
    groups = by_user(commands)
    async with ledger.transaction() as tx:
        parted = [[commands[i] for i in places] for _, places in groups]
        folds = await decide(tx, rulebooks, parted, joined=atomic)
        for (_, places), (_, given) in zip(groups, folds, strict=True):
            for place, answer in zip(places, given, strict=True):
                answers[place] = answer
        if atomic:
            _refuse_any(answers)
        lasting = [(before, lasting_of(given)) for before, given in folds]
        writes = gather(lasting)
        told = zip(groups, lasting, strict=True)
        announce_outcomes(rulebooks, ((who, o, commands[p[0]].now) for (who, p), (_, o) in told), writes)
        await tx.apply(writes)
    return [answer for answer in answers if answer is not None]


def by_user(commands: Sequence[Command]) -> list[tuple[Identity, list[int]]]:
    """Group the places of commands by user, in the order in which users are locked."""
    places: dict[bytes, tuple[Identity, list[int]]] = {}
    for place, command in enumerate(commands):
        places.setdefault(command.who.subject, (command.who, []))[1].append(place)
    return [places[subject] for subject in sorted(places)]


async def decide(
    tx: Transaction, rulebooks: Rulebooks, groups: list[list[Command]], *, joined: bool = False
) -> list[Fold]:
    """Lock and read the users of some commands, grouped by user and sorted by subject, and decide them.

    Ranks are counted for every command, or ``joined``: once for all commands of a user.
    """
    people = [group[0].who for group in groups]
    books = {n: await rulebooks.get(n) for n in {who.environment for who in people}}
    snapshots = await _read(tx, books, people, groups)
    if await _renew(tx, rulebooks, books):
        # A metric made a moment ago has a number only now, so its keys are looked up only now.
        snapshots = await _read(tx, books, people, groups)
    if not any(book.any_boards for book in books.values()):
        return await fold_all(tx, books, snapshots, groups)
    snapshots = await with_scores(tx, books, snapshots, groups)
    folds = await fold_all(tx, books, snapshots, groups, joined=joined)
    return await with_ranks(tx, books, folds, joined=joined)


async def _read(
    tx: Transaction, books: Books, people: list[Identity], groups: list[list[Command]]
) -> list[Snapshot]:
    return await tx.snapshots_for(people, asked_keys(books, groups))


def asked_keys(books: Books, groups: list[list[Command]]) -> list[tuple[bytes, int, str]]:
    """Give the idempotency keys that commands name, as subject, metric number and key."""
    keys = []
    for group in groups:
        for command in group:
            if type(command) is RecordEvent and command.key is not None:
                book = books[command.who.environment].seen_by(command.who.tenant)
                rule = book.metrics.get(command.metric)
                if rule is not None:
                    keys.append((command.who.subject, rule.metric.number, command.key))
    return keys


async def _renew(tx: Transaction, rulebooks: Rulebooks, books: Books) -> bool:
    """Bring the rulebooks to the versions seen after the locks; tell whether any had moved."""
    renewed = False
    for environment, version in (await tx.versions(list(books))).items():
        if books[environment].version != version:
            books[environment] = await rulebooks.at(environment, version)
            renewed = True
    return renewed


async def fold_all(
    tx: Transaction,
    books: Books,
    snapshots: list[Snapshot],
    groups: list[list[Command]],
    *,
    joined: bool = False,
) -> list[Fold]:
    """Fold each user over the shallow snapshot; read deeper, together, only where a decision asks for it."""
    folds: dict[int, list[Answer]] = {place: [] for place in range(len(groups))}
    pending = list(folds)
    while pending:
        deeper: list[tuple[int, Depth]] = []
        for turn, place in enumerate(pending):
            if turn % BREATH == BREATH - 1:
                await asyncio.sleep(0)
            snapshot = snapshots[place]
            book = books[snapshot.who.environment].seen_by(snapshot.who.tenant)
            asked = fold(book, snapshot, groups[place], folds[place], joined=joined)
            if asked is not None:
                deeper.append((place, asked.join(snapshot.depth) if snapshot.depth else asked))
        pending = [place for place, _ in deeper]
        read = await tx.deepen([(snapshots[place], depth) for place, depth in deeper]) if deeper else []
        for place, snapshot in zip(pending, read, strict=True):
            snapshots[place] = snapshot
    return [(snapshots[place], answers) for place, answers in folds.items()]


def fold(
    book: Rulebook,
    snapshot: Snapshot,
    commands: Sequence[Command],
    answers: list[Answer],
    *,
    joined: bool = False,
) -> Depth | None:
    """Decide one user's commands one after the other, from the first that has no answer yet; pure.

    Args:
        book: the rules.
        snapshot: the user before all of the commands.
        commands: of the user.
        answers: to the first commands; gets the others. Begun anew where they cannot be built upon.
        joined: the commands are answered as one, so scores may move for all of them together.

    Returns:
        How deep the user has to be read before the next answer, None when all are given.
    """
    before, together = snapshot, joined and book.boards is not None and _only_counts(commands)
    rules = replace(book, boards=None) if together else book
    if answers and not _builds_upon(snapshot, commands):
        answers.clear()
    if answers:
        snapshot = _moved_on(snapshot, answers)
    for command in commands[len(answers) :]:
        answer = evaluate(rules, snapshot, command)
        if type(answer) is NeedsDepth:
            return answer.depth
        if type(answer) is Outcome:
            snapshot = answer.after
        answers.append(answer)  # type: ignore[arg-type]  # mypy does not narrow by `type() is`
    if together:
        _move_together(book, before, commands[-1].now, answers)
    return None


def _only_counts(commands: Sequence[Command]) -> bool:
    """Tell whether commands are several events that change nothing of who the user is."""
    plain = all(type(command) is RecordEvent and command.user is NOTHING for command in commands)
    return plain and len(commands) > 1


def _move_together(book: Rulebook, before: Snapshot, now: int, answers: list[Answer]) -> None:
    """Let the last of several outcomes tell what all of them did to the user's scores."""
    places = [n for n, each in enumerate(answers) if type(each) is Outcome and each.replay is None]
    if places:
        answers[places[-1]] = move_together(book, before, lasting_of(answers), now)


def _builds_upon(snapshot: Snapshot, commands: Sequence[Command]) -> bool:
    """Tell whether a deeper reading can be moved on by answers: days and periods are not in them, as read."""
    depth = snapshot.depth
    plain = depth is None or (depth.days_since is None and not depth.periods)
    return plain and all(type(command) is RecordEvent for command in commands)


def _moved_on(snapshot: Snapshot, answers: list[Answer]) -> Snapshot:
    """Give a user, read deeper only now, as some events have left it."""
    outcomes = lasting_of(answers)
    details = snapshot.details
    if not outcomes or details is None:
        return snapshot
    completions = {each.achievement: each for outcome in outcomes for each in outcome.completed}
    awards = [award for outcome in outcomes for award in outcome.awards]
    moved = replace(
        details,
        completions={**details.completions, **completions},
        awards=(*details.awards, *awards),
    )
    return replace(outcomes[-1].after, details=moved, depth=snapshot.depth)


def lasting_of(answers: Sequence[Answer]) -> list[Outcome]:
    """Give the outcomes that change anything: no refusals, no replays."""
    return [answer for answer in answers if type(answer) is Outcome and answer.replay is None]


def _refuse_any(answers: Sequence[Answer | None]) -> None:
    for index, answer in enumerate(answers):
        if type(answer) is Refusal:
            raise Refused(index, answer)


__all__ = [
    "Answer",
    "Note",
    "Refused",
    "asked_keys",
    "by_user",
    "decide",
    "fold",
    "fold_all",
    "lasting_of",
    "record",
]
