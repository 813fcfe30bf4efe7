"""Scores: what moves them, in which run and group, and that a rebuilt score is the one kept."""

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.engine.lives import (
    ADA,
    ATTRIBUTE_IDS,
    ATTRIBUTES,
    DAY,
    GONE,
    PAGES,
    PLAIN,
    WHOLE,
    WORDS,
    Life,
    at,
    book,
)
from tests.engine.test_board_runs import board, on

from plaudit.engine.board_rules import BoardBook, BoardRule
from plaudit.engine.leaderboards import earlier_runs, rebuilt, value_of
from plaudit.engine.rulebook import Rulebook, compile_rulebook
from plaudit.model.amounts import MICRO
from plaudit.model.catalog import Definitions
from plaudit.model.commands import IdentifyUser, RecordEvent, UserPatch
from plaudit.model.leaderboards import Leaderboard, RankBy, RunUnit, Score
from plaudit.model.outcome import Outcome
from plaudit.model.state import Depth, Snapshot

NOON = at("2025-04-02T12:00:00")
TODAY = on("2025-04-02")


class Player(Life):
    """A life that keeps its scores."""

    def __init__(self, rules: Rulebook) -> None:
        super().__init__(rules)
        self.scores = {}

    def snapshot(self, depth: Depth | None = None) -> Snapshot:
        return replace(super().snapshot(depth), scores=dict(self.scores))

    def _store(self, outcome: Outcome) -> None:
        super()._store(outcome)
        self.scores = outcome.after.scores


def life(*boards: Leaderboard) -> Player:
    numbered = [replace(it, number=n, key=f"board-{n}") for n, it in enumerate(boards, 1)]
    plain = book()
    definitions = Definitions(
        plain.environment, (WORDS, PAGES, GONE), ATTRIBUTES, tuple(PLAIN.values()), (), tuple(numbered)
    )
    return Player(compile_rulebook(definitions))


def moved(outcome: Outcome) -> dict[int, tuple[int | None, int]]:
    return {
        it.board: (None if it.before is None else it.before.score // MICRO, it.after.score // MICRO)
        for it in outcome.scores
    }


def test_an_event_moves_the_boards_of_its_metric():
    ada = life(board("2025-01-01"), board("2025-01-01", metric=2))
    assert moved(ada.event(10, NOON)) == {1: (None, 10)}
    assert moved(ada.event(-4, NOON + 1)) == {1: (10, 6)}
    assert ada.event(0, NOON + 2).scores == ()


def test_equal_scores_are_told_apart_by_the_time_they_were_reached():
    ada = life(board("2025-01-01"))
    ada.event(10, NOON)
    (change,) = ada.event(5, NOON - DAY).scores
    assert change.after.reached_at == NOON, "a late event does not make the score newer"


def test_a_run_is_by_the_local_day():
    ada = life(board("2025-01-01", RunUnit.DAY, 1))
    (change,) = ada.event(1, NOON, user=UserPatch(tz="Pacific/Kiritimati")).scores
    assert (change.run.start, change.day) == (TODAY + 1, TODAY + 1)


def test_hours_of_the_day_may_pass_midnight():
    ada = life(board("2025-01-01", start_time=22 * 60, end_time=6 * 60))
    assert ada.event(1, at("2025-04-02T21:59:00")).scores == ()
    assert moved(ada.event(1, at("2025-04-02T22:00:00"))) == {1: (None, 1)}
    assert moved(ada.event(1, at("2025-04-03T05:59:00"))) == {1: (1, 2)}
    assert ada.event(1, at("2025-04-03T06:00:00")).scores == ()


def test_nothing_counts_before_the_start_and_after_the_end():
    ada = life(board("2025-04-02", end=TODAY))
    assert ada.event(1, NOON - DAY).scores == ()
    assert moved(ada.event(1, NOON)) == {1: (None, 1)}
    assert ada.event(1, NOON + DAY).scores == ()


def test_a_user_without_the_attribute_stands_nowhere_until_it_is_sent():
    ada = life(board("2025-01-01", breakdown=(ATTRIBUTE_IDS["plan"],)))
    (alone,) = ada.event(3, NOON).scores
    assert (alone.after.ranking, alone.after.score) == (None, 3 * MICRO)
    (joined,) = ada.event(1, NOON + 1, user=UserPatch(attributes={"plan": "pro"})).scores
    assert joined.values == ("pro",)
    assert joined.after.ranking is not None
    (other,) = ada.event(0, NOON + 2, user=UserPatch(attributes={"plan": "free"})).scores
    assert other.after.ranking not in (None, joined.after.ranking)
    assert other.after.score == joined.after.score


def test_filters_let_only_some_on_the_board():
    ada = life(board("2025-01-01", user_attributes=((ATTRIBUTE_IDS["plan"], "pro"),)))
    assert ada.event(3, NOON, user=UserPatch(attributes={"plan": "free"})).scores[0].after.ranking is None
    assert (
        ada.event(3, NOON + 1, user=UserPatch(attributes={"plan": "pro"})).scores[0].after.ranking is not None
    )


def test_a_run_that_is_over_keeps_its_groups():
    ada = life(board("2025-01-01", RunUnit.DAY, 1, breakdown=(ATTRIBUTE_IDS["plan"],)))
    old = ada.event(1, NOON, user=UserPatch(attributes={"plan": "pro"})).scores[0].after
    late = ada.event(1, NOON + 3 * DAY, user=UserPatch(attributes={"plan": "free"}))
    assert all(change.run.start == TODAY + 3 for change in late.scores)
    assert ada.scores[1, TODAY].ranking == old.ranking


def test_a_streak_board_follows_the_streak():
    ada = life(board("2025-01-01", rank_by=RankBy.STREAK, metric=None))
    assert [it.after.score for it in ada.event(1, NOON).scores] == [1]
    assert ada.event(1, NOON + 1).scores == ()
    (longer,) = ada.event(1, NOON + DAY).scores
    assert (longer.after.score, longer.after.reached_at) == (2, NOON + DAY)
    (again,) = ada.event(1, NOON + 9 * DAY).scores
    assert again.after.score == 1


def test_values_are_shown_whole_and_ranked_exactly():
    rule = BoardRule(board("2025-01-01"), (), ())
    assert (value_of(rule, 2_999_999), value_of(rule, -1)) == (2, -1)
    assert value_of(BoardRule(board("2025-01-01", rank_by=RankBy.POINTS), (), ()), 7) == 7


EVENTS = st.lists(
    st.tuples(
        st.integers(-3, 5),
        st.integers(-40, 40),
        st.sampled_from([None, "pro", "free"]),
    ),
    min_size=1,
    max_size=30,
)


@settings(max_examples=60)
@given(events=EVENTS)
def test_scores_kept_are_those_built_from_the_log(events):
    boards = (
        board("2025-01-01"),
        board("2025-03-15", RunUnit.DAY, 3),
        board("2025-01-31", RunUnit.MONTH, 1, end=on("2025-04-20")),
        board("2025-01-01", breakdown=(ATTRIBUTE_IDS["plan"],), start_time=0, end_time=13 * 60),
    )
    ada = life(*boards)
    log = []
    for n, (value, days, plan) in enumerate(events):
        patch = {} if plan is None else {"user": UserPatch(attributes={"plan": plan})}
        log.append(ada.event(value, NOON + days * DAY + n, **patch).event)
    kept = ada.scores
    should = rebuilt(ada.rules, ada.snapshot(WHOLE), log, (), NOON)
    assert {key: (it.score, it.reached_at) for key, it in kept.items()} == {
        key: (it.score, it.reached_at) for key, it in should.items()
    }


def test_every_score_that_moves_was_asked_for():
    ada = life(board("2025-01-01", RunUnit.DAY, 1, breakdown=(ATTRIBUTE_IDS["plan"],)), board("2025-01-01"))
    patch = UserPatch(tz="Pacific/Kiritimati", attributes={"plan": "pro"})
    event = RecordEvent(b"e" * 16, ADA, NOON, "words", MICRO, NOON, patch)
    books: BoardBook = ada.rules.boards
    later = {(1, TODAY + 5): Score(7, 1, NOON), (2, TODAY): Score(7, 1, NOON)}
    known = replace(ada.snapshot(), scores=later)
    asked = earlier_runs(ada.rules, books, known, [event])
    assert {(1, TODAY), (1, TODAY + 1), (2, on("2025-01-01"))} <= set(asked)
    identify = IdentifyUser(b"i" * 16, ADA, NOON, patch)
    assert (1, TODAY + 1) in earlier_runs(ada.rules, books, known, [identify])
    assert earlier_runs(ada.rules, books, known, [IdentifyUser(b"i" * 16, ADA, NOON)]) == []
    newest = {(1, TODAY): Score(7, 1, NOON), (2, on("2025-01-01")): Score(7, 1, NOON)}
    plain = RecordEvent(b"e" * 16, ADA, NOON, "words", MICRO, NOON)
    assert earlier_runs(ada.rules, books, replace(known, scores=newest), [plain]) == []
    assert Score(None, 1, 2).ranking is None
