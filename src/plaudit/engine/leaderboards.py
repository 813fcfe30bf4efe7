"""Leaderboards: how a command moves a user's scores, and where they stand then.

Refuses ranks: who is before whom is counted in rankings held in memory (see ``operations/rank_boards``).
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, tzinfo
from itertools import groupby

from msgspec.structs import replace

from plaudit.engine.board_rules import BoardBook, BoardRule
from plaudit.engine.board_runs import is_open, open_runs, run_at
from plaudit.engine.draft import Draft
from plaudit.engine.periods import local_day, zone_of
from plaudit.engine.preferences import has_streaks
from plaudit.engine.rulebook import Rulebook
from plaudit.engine.streaks import length_at
from plaudit.model.amounts import MICRO
from plaudit.model.catalog import StreakSettings
from plaudit.model.commands import NOTHING, Command, PassTime, RecordEvent
from plaudit.model.leaderboards import RankBy, Run, Score, ScoreChange, same_place
from plaudit.model.outcome import Outcome
from plaudit.model.points import PointsAward
from plaudit.model.state import Event, Identity, Snapshot, StreakState, UserState
from plaudit.model.tally import newest_runs

HOUR_MINUTES = 60

MOST_ASKED = 1024
"""Metrics and days whose runs are remembered; most events are of today."""

Key = tuple[int, int]
"""A board's number and a run's first day."""


def earlier_runs(
    rulebook: Rulebook, book: BoardBook, snapshot: Snapshot, commands: Sequence[Command]
) -> list[Key]:
    """Give the runs before the newest known that deciding these commands of one user may look at."""
    held = snapshot.scores
    if not held:
        return []
    asked = _asked_runs(rulebook, book, snapshot, commands)
    if asked <= held.keys():
        return []
    newest = newest_runs(held)
    return [key for key in asked if key not in held and newest.get(key[0], key[1]) > key[1]]


def _asked_runs(
    rulebook: Rulebook, book: BoardBook, snapshot: Snapshot, commands: Sequence[Command]
) -> set[Key] | frozenset[Key]:
    """Give every run whose score deciding these commands of one user may look at."""
    first = commands[0]
    if len(commands) == 1 and type(first) is RecordEvent and first.at == first.now and first.user is NOTHING:
        day = local_day(first.now, zone_of(None if snapshot.user is None else snapshot.user.tz))
        known = book.asked.get((first.metric, day))
        if known is None:
            if len(book.asked) >= MOST_ASKED:
                book.asked.clear()
            known = book.asked[first.metric, day] = frozenset(_runs_of(rulebook, book, snapshot, commands))
        return known
    return _runs_of(rulebook, book, snapshot, commands)


def _runs_of(
    rulebook: Rulebook, book: BoardBook, snapshot: Snapshot, commands: Sequence[Command]
) -> set[Key]:
    found = {(rule.number, rule.definition.start) for rule in book.streak}
    rules = [rule for group in book.by_system.values() for rule in group]
    for key in {command.metric for command in commands if type(command) is RecordEvent}:
        metric = rulebook.metrics.get(key)
        if metric is not None:
            rules += book.by_metric.get(metric.metric.number, ())
    if rules:
        for day in _days(snapshot, commands):
            for rule in rules:
                run = run_at(rule.definition, day)
                if run is not None:
                    found.add((rule.definition.number, run.start))
    if book.attributes and any(isinstance(command.user.attributes, dict) for command in commands):
        now = commands[-1].now
        found |= {
            (rule.number, run.start) for rule in book.counting for run in open_runs(rule.definition, now)
        }
    return found


def _days(snapshot: Snapshot, commands: Sequence[Command]) -> set[int]:
    """Give every local day on which one of the commands may count something."""
    zones = {zone_of(None if snapshot.user is None else snapshot.user.tz)}
    moments = set()
    for command in commands:
        moments.add(command.now)
        if type(command) is RecordEvent:
            moments.add(command.at)
        if isinstance(command.user.tz, str):
            zones.add(zone_of(command.user.tz))
    found = {local_day(moment, zone) for zone in zones for moment in moments}
    for command in commands:
        if type(command) is PassTime and command.dues:
            first = min(due for _, due in command.dues)
            for zone in zones:
                found.update(range(local_day(first, zone), local_day(command.now, zone)))
    return found


def move_scores(draft: Draft, book: BoardBook, event: Event | None) -> None:
    """Move the scores that a command changes, once everything else it causes is known."""
    moves = Moves(book, draft.before, draft.user, draft.zone, draft.now)
    moves.count(event, draft.awards)
    moves.streak(draft.streaks.get(draft.rulebook.streaks.frequency))
    if draft.profile.attributes and not book.attributes.isdisjoint(draft.profile.attributes):
        moves.regroup()
    if moves.runs:
        draft.scores = moves.scores
        draft.score_changes = moves.changes()


def move_together(rulebook: Rulebook, before: Snapshot, outcomes: Sequence[Outcome], now: int) -> Outcome:
    """Move the scores that several events of one user change, where ranks in between are told to nobody.

    Args:
        rulebook: the rules, with leaderboards.
        before: the user before the events.
        outcomes: what they caused, with a ``rulebook`` without leaderboards; none patched the user.
        now: Unix milliseconds.

    Returns:
        The last outcome, with every change: one for each run and day.
    """
    book, last = rulebook.boards, outcomes[-1]
    user = last.after.user
    changes: list[ScoreChange] = []
    if book is None or user is None:
        return last
    for _, part in groupby(outcomes, key=_day_of):
        moves = Moves(book, before, user, zone_of(user.tz), now)
        after = last.after
        for outcome in part:
            moves.count(outcome.event, outcome.awards)
            after = outcome.after
        moves.streak(after.streaks.get(rulebook.streaks.frequency))
        if moves.runs:
            changes += moves.changes()
            before = replace(before, scores=moves.scores)
    return replace(last, after=replace(last.after, scores=before.scores), scores=tuple(changes))


def _day_of(outcome: Outcome) -> int:
    return 0 if outcome.event is None else outcome.event.day


class Moves:
    """The scores of one user while they move; ``scores`` are those of before until the first does."""

    __slots__ = ("_before", "_book", "_now", "_user", "_zone", "runs", "scores")

    def __init__(self, book: BoardBook, before: Snapshot, user: UserState, zone: tzinfo, now: int) -> None:
        """Begin with the scores as they were; ``runs`` are those in which one has moved.

        Args:
            book: the leaderboards.
            before: holds the scores as they were.
            user: as the user is now, in ``zone``.
            zone: in which days and hours are the user's.
            now: Unix milliseconds.
        """
        self.scores: dict[Key, Score] = before.scores
        self.runs: dict[Key, Run] = {}
        self._book = book
        self._before = before
        self._user = user
        self._zone = zone
        self._now = now

    def count(self, event: Event | None, awards: Sequence[PointsAward]) -> None:
        """Add what an event did, and the points that were awarded."""
        if event is not None and event.value:
            for rule in self._book.by_metric.get(event.metric, ()):
                self.add(rule, event.value, event.at, event.day)
        if awards and self._book.by_system:
            for award in awards:
                for rule in self._book.by_system.get(award.system, ()):
                    self.add(rule, award.awarded, award.at, award.day)

    def add(self, rule: BoardRule, change: int, at: int, day: int) -> None:
        """Add what was done at an instant (Unix ms) on a local day, if it counts on the board."""
        run = counted(rule, self._user, at, day)
        if run is None or not change:
            return
        key = (rule.definition.number, run.start)
        old = self.scores.get(key)
        if old is None:
            self._move(key, rule, run, None, change, at)
        else:
            self._move(key, rule, run, old, old.score + change, max(old.reached_at, at))

    def streak(self, state: StreakState | None) -> None:
        """Let the streak boards follow the user's streak."""
        if state is None or not self._book.streak:
            return
        now, user = self._now, self._user
        alive = now < state.expires_at and not state.lost and has_streaks(user)
        length = state.length if alive else 0
        today = local_day(now, self._zone)
        for rule in self._book.streak:
            run = counted(rule, user, now, today)
            if run is None:
                continue
            key = (rule.definition.number, run.start)
            old = self.scores.get(key)
            if length != (0 if old is None else old.score):
                self._move(key, rule, run, old, length, state.extended_at)

    def regroup(self) -> None:
        """Let the user stand where the changed attributes lead, in every run that is still open."""
        for key, score in list(self.scores.items()):
            rule = self._book.boards.get(key[0])
            run = None if rule is None else run_at(rule.definition, key[1])
            if rule is not None and run is not None and is_open(rule.definition, run, self._now):
                ranking = stand(rule, self._before.who, self._user, run, score.score)
                self._put(key, run, score, Score(ranking, score.score, score.reached_at))

    def changes(self) -> tuple[ScoreChange, ...]:
        """Give what moved, by board and run."""
        before, attributes = self._before.scores, self._user.attributes
        return tuple(
            [
                ScoreChange(
                    key[0],
                    self.runs[key],
                    before.get(key),
                    (score := self.scores[key]),
                    self._book.boards[key[0]].values(attributes) or (),
                    local_day(score.reached_at, self._zone),
                )
                for key in sorted(self.runs)
            ]
        )

    def _move(self, key: Key, rule: BoardRule, run: Run, old: Score | None, total: int, reached: int) -> None:
        """Move a score in the ranking it stands in: new attributes are followed apart, by ``regroup``."""
        if old is not None and old.ranking is not None and (total > 0 or not rule.by_streak):
            ranking: int | None = old.ranking
        elif old is not None and not is_open(rule.definition, run, self._now):
            ranking = old.ranking  # a run that is over keeps everybody in the group they were in
        else:
            ranking = stand(rule, self._before.who, self._user, run, total)
        self._put(key, run, old, Score(ranking, total, reached))

    def _put(self, key: Key, run: Run, old: Score | None, new: Score) -> None:
        if same_place(new, old):
            return
        if not self.runs:
            self.scores = self.scores.copy()
        self.scores[key] = new
        self.runs[key] = run


def stand(rule: BoardRule, who: Identity, user: UserState, run: Run, total: int) -> int | None:
    """Give the ranking a user with a score belongs to; a streak that is lost stands nowhere."""
    if total <= 0 and rule.by_streak:
        return None
    values = rule.values(user.attributes)
    return None if values is None else rule.ranking_of(who.tenant, run.start, values)


def counted(rule: BoardRule, user: UserState, at: int, day: int) -> Run | None:
    """Give the run in which something counts that happened at ``at`` on a local day, if any."""
    board = rule.definition
    if board.since > user.settled or (board.finished is not None and at >= board.finished):
        return None
    if (board.start_time is not None or board.end_time is not None) and not _inside(rule, user, at):
        return None
    return run_at(board, day)


def _inside(rule: BoardRule, user: UserState, at: int) -> bool:
    """Tell whether an instant lies in the board's hours of the user's day; they may pass midnight."""
    local = datetime.fromtimestamp(at // 1000, zone_of(user.tz))
    minute = local.hour * HOUR_MINUTES + local.minute
    first, end = rule.definition.start_time or 0, rule.definition.end_time
    if end is None:
        return minute >= first
    return first <= minute < end if first < end else minute >= first or minute < end


def rebuilt(
    rulebook: Rulebook,
    snapshot: Snapshot,
    events: Iterable[Event],
    awards: Iterable[PointsAward],
    now: int,
) -> dict[Key, Score]:
    """Build every score of a user anew, from the event log, the awards and the streak.

    Args:
        rulebook: the definitions; every board counts that is fed by the user's ``settled`` version.
        snapshot: the user.
        events: the whole log.
        awards: every award of points.
        now: Unix milliseconds.
    """
    book, user = rulebook.boards, snapshot.user
    if book is None or user is None:
        return {}
    found: dict[Key, tuple[BoardRule, Run, int, int]] = {}
    for event in events:
        for rule in book.by_metric.get(event.metric, ()):
            _count(found, rule, user, event.value, event.at, event.day)
    for award in awards:
        for rule in book.by_system.get(award.system, ()):
            _count(found, rule, user, award.awarded, award.at, award.day)
    _count_streak(found, book, rulebook.streaks, snapshot, now)
    return {
        key: Score(stand(rule, snapshot.who, user, run, total), total, reached)
        for key, (rule, run, total, reached) in found.items()
    }


def _count(
    found: dict[Key, tuple[BoardRule, Run, int, int]],
    rule: BoardRule,
    user: UserState,
    change: int,
    at: int,
    day: int,
) -> None:
    run = counted(rule, user, at, day)
    if run is None or not change:
        return
    key = (rule.number, run.start)
    _, _, total, reached = found.get(key, (rule, run, 0, at))
    found[key] = (rule, run, total + change, max(reached, at))


def _count_streak(
    found: dict[Key, tuple[BoardRule, Run, int, int]],
    book: BoardBook,
    settings: StreakSettings,
    snapshot: Snapshot,
    now: int,
) -> None:
    state, user = snapshot.streaks.get(settings.frequency), snapshot.user
    length = length_at(settings, snapshot, now)
    if state is None or user is None or not length:
        return
    for rule in book.streak:
        run = counted(rule, user, now, local_day(now, zone_of(user.tz)))
        if run is not None:
            found[rule.number, run.start] = (rule, run, length, state.extended_at)


def value_of(rule: BoardRule, score: int) -> int:
    """Give a score as callers see it: whole, since the published type is; ranks follow the exact one."""
    return score // MICRO if rule.definition.rank_by is RankBy.METRIC else score
