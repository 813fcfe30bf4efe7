"""The act of recording events in two halves: decided in one process, counted and written in another.

Refuses what was decided of users that were written meanwhile: it is decided anew where it is written.
"""

from collections.abc import Callable, Iterable, Sequence

from plaudit.engine.rulebook import Rulebook
from plaudit.model.commands import Command, RecordEvent
from plaudit.model.decided import Ask, Decided, Moved, Told
from plaudit.model.leaderboards import RankChange, in_run
from plaudit.model.outcome import Outcome, Refusal, Writes
from plaudit.model.tally import newest_of
from plaudit.operations.board_writes import put_ranks
from plaudit.operations.rank_boards import Move, count_ranks, limit_of, told_changes, with_scores
from plaudit.operations.record_events import Books, Fold, asked_keys, by_user, fold_all, lasting_of
from plaudit.operations.rulebooks import Rulebooks
from plaudit.operations.warm_rankings import warmed
from plaudit.operations.writes import gather
from plaudit.storage.aside_port import AsideLedger, GlanceLedger, Mark
from plaudit.storage.rows import to_json

Write = Callable[[Rulebook, Outcome, RecordEvent, str], Told]
"""Writes the answer to an event, but for its leaderboards, with links that begin with a base URL."""


class Stale(Exception):
    """Somebody was written to, or a definition changed, after it was decided; nothing was stored."""


async def decide_aside(ledger: GlanceLedger, rulebooks: Rulebooks, ask: Ask, write: Write) -> Decided:
    """Read the users of a group of events as of the last commit, and decide what the events cause.

    Raises:
        LookupError: there is no such environment.
        Unavailable: the database cannot be read.
    """
    groups = by_user(ask.commands)
    parted: list[list[Command]] = [[ask.commands[place] for place in places] for _, places in groups]
    versions, books, folds = await _fold(ledger, rulebooks, parted, joined=ask.joined)
    told: list[Told | None] = [None] * (len(ask.commands) if ask.base_urls else 0)
    refused: list[tuple[int, Refusal]] = []
    moved: list[Moved] = []
    for (who, places), (before, given) in zip(groups, folds, strict=True):
        for place, answer in zip(places, given, strict=True):
            if type(answer) is Refusal:
                refused.append((place, answer))
            elif told:
                book = books[who.environment].seen_by(who.tenant)
                told[place] = write(book, answer, ask.commands[place], ask.base_urls[place])  # type: ignore[arg-type]  # mypy does not narrow by `type() is`
        changed = told_changes(given, joined=ask.joined)
        if changed:
            moved.append(
                Moved(
                    who,
                    [(board, in_run(it, run)) for (board, run), it in before.scores.items()],
                    [change for changes in changed.values() for change in changes],
                    [places[n] for n, changes in changed.items() for _ in changes],
                )
            )
    writes = gather([(before, lasting_of(given)) for before, given in folds], ranked=False)
    return Decided(versions, ledger.pack(writes), moved, told, refused)


async def _fold(
    ledger: GlanceLedger, rulebooks: Rulebooks, groups: list[list[Command]], *, joined: bool
) -> tuple[dict[int, int], Books, list[Fold]]:
    """Read and fold at one moment, by the rulebooks of that moment."""
    people = [group[0].who for group in groups]
    while True:
        books = {number: await rulebooks.get(number) for number in {who.environment for who in people}}
        with ledger.glance() as tx:
            versions = await tx.versions(list(books))
            if all(books[number].version == version for number, version in versions.items()):
                snapshots = await tx.snapshots_for(people, asked_keys(books, groups))
                snapshots = await with_scores(tx, books, snapshots, groups)
                return versions, books, await fold_all(tx, books, snapshots, groups, joined=joined)
        for number, version in versions.items():
            await rulebooks.at(number, version)


@warmed
async def carry_out(
    ledger: AsideLedger, rulebooks: Rulebooks, ask: Ask, decided: Decided, mark: Mark
) -> list[Told | Refusal]:
    """Count the ranks and write what was decided since a moment; gives the answers, in order.

    Raises:
        Stale: it has to be decided anew.
        Unavailable: the database cannot be written; nothing of the group was stored.
        Conflict: a unique constraint refused a row; nothing of the group was stored.
    """
    async with ledger.transaction() as tx:
        if not tx.untouched(mark, {command.who.subject for command in ask.commands}):
            raise Stale
        versions = await tx.versions(list(decided.versions))
        books = {number: await rulebooks.at(number, version) for number, version in versions.items()}
        # An endpoint may have come since the question: its messages are made where it is decided anew.
        if versions != decided.versions or not unheard(rulebooks, ask.commands):
            raise Stale
        ranks = await count_ranks(tx, _moves(books, decided.moved)) if decided.moved else []
        writes, scores, by_place = _with_ranks(decided.moved, ranks)
        await tx.apply_decided(decided.rows, scores, writes)
    return _answers(decided, by_place)


def unheard(rulebooks: Rulebooks, commands: Iterable[Command]) -> bool:
    """Tell whether the environments of some commands are known, and no endpoint in them wants a message."""
    for environment, tenant in {(command.who.environment, command.who.tenant) for command in commands}:
        book = rulebooks.known(environment)
        if book is None or book.seen_by(tenant).listeners:
            return False
    return True


def _moves(books: Books, moved: Sequence[Moved]) -> list[Move]:
    return [
        Move(each.who.subject, limit_of(book, change), change)
        for each in moved
        for book in (books[each.who.environment].seen_by(each.who.tenant),)
        for change in each.changes
    ]


def _with_ranks(
    moved: Sequence[Moved], ranks: Sequence[RankChange]
) -> tuple[Writes, dict[bytes, str], dict[int, list[RankChange]]]:
    """Give what ranks cause: rows, the scores that tallies lack, and the ranks of each command."""
    writes, scores, begin = Writes(), {}, 0
    by_place: dict[int, list[RankChange]] = {}
    for each in moved:
        own = ranks[begin : begin + len(each.changes)]
        begin += len(each.changes)
        held = {(board, it.run): it for board, it in each.held}
        after = put_ranks(each.who, held, own, writes)
        scores[each.who.subject] = to_json(newest_of(after))
        for place, rank in zip(each.places, own, strict=True):
            by_place.setdefault(place, []).append(rank)
    return writes, scores, by_place


def _answers(decided: Decided, ranks: dict[int, list[RankChange]]) -> list[Told | Refusal]:
    refused = dict(decided.refused)
    answers: list[Told | Refusal] = []
    for place, told in enumerate(decided.told):
        if told is None:
            answers.append(refused[place])
        else:
            own = ranks.get(place)
            answers.append(told if own is None else Told(told.head, told.tail, told.replayed, tuple(own)))
    return answers
