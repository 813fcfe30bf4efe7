"""Events, completions by call and user changes, each as one fact about Ada."""

import pytest
from tests.engine.lives import (
    ADA,
    DAY,
    HOUR,
    Life,
    anniversary,
    at,
    book,
    call,
    composite,
    day,
    numbers,
    streak,
    total,
)

from plaudit.engine.evaluate import evaluate
from plaudit.model.amounts import LIMIT, MICRO
from plaudit.model.catalog import Measure, Status
from plaudit.model.commands import IdentifyUser, RecordEvent, UserPatch
from plaudit.model.errors import Code, PlauditError
from plaudit.model.outcome import Outcome, Refusal
from plaudit.model.state import Depth, Snapshot

NOON = at("2025-04-02T12:00:00")
NOVELS = Measure(10, 1, (("project", "novel"),), 1)
DRAFTS = Measure(11, 1, (("kind", "draft"), ("project", "novel")), 1)


def test_a_first_event_brings_the_user_the_total_and_the_achievement():
    ada = Life(book(total(1, 10)))
    outcome = ada.event(10, NOON)
    assert outcome.created
    assert outcome.profile_changed
    assert (outcome.metric, outcome.total) == (1, 10 * MICRO)
    assert numbers(outcome) == [1]
    assert outcome.completed[0].at == outcome.completed[0].recorded == NOON
    assert outcome.completed[0].seq == outcome.event.seq == 1
    assert (ada.user.created, ada.user.settled) == (NOON, 5)
    assert ada.asked == []


def test_an_ordinary_event_reads_nothing_deeper():
    ada = Life(book(total(1, 10), streak(2, 3), composite(3, 1, 2), anniversary(4, 1)))
    ada.event(1, NOON)
    for later in (HOUR, 2 * HOUR, DAY):
        outcome = ada.event(1, NOON + later)
        assert (numbers(outcome), ada.asked) == ([], [])
    ada.event(1, NOON + 2 * DAY)
    assert ada.asked == [Depth(some=(1, 2, 3))]


def test_crossing_a_threshold_reads_that_one_completion_and_what_rests_on_it():
    ada = Life(
        book(total(1, 10), total(2, 20), composite(3, 1, 5), composite(4, 3), total(5, 7), total(6, 15))
    )
    ada.event(1, NOON)
    ada.event(14, NOON + 1)
    assert ada.asked[0] == Depth(some=(1, 3, 4, 5))
    ada.event(5, NOON + 2)
    assert ada.asked == [Depth(some=(2,))]


def test_whoever_asks_for_another_completion_is_given_all():
    ada = Life(book(total(1, 10), total(2, 20), total(3, 30)))
    ada.event(1, NOON)
    assert numbers(ada.event(30, NOON + 1)) == [1, 2, 3]
    assert ada.asked == [Depth(some=(1,)), Depth()]


def test_one_event_may_cross_several_thresholds():
    ada = Life(book(total(1, 10), total(2, 20), total(3, 30), total(4, 20)))
    ada.event(5, NOON)
    assert numbers(ada.event(15, NOON)) == [1, 2, 4]


def test_a_negative_event_takes_nothing_back_and_nothing_is_earned_twice():
    ada = Life(book(total(1, 10)))
    ada.event(10, NOON)
    assert ada.event(-8, NOON + 1).total == 2 * MICRO
    assert numbers(ada.event(20, NOON + 2)) == []
    assert list(ada.completions) == [1]


def test_ten_times_a_tenth_is_one():
    ada = Life(book(total(1, 1)))
    for tenth in range(9):
        assert numbers(ada.event(0.1, NOON + tenth)) == []
    assert numbers(ada.event(0.1, NOON + 10)) == [1]


def test_an_unknown_or_archived_metric_is_refused():
    for metric in ("nothing", "gone"):
        assert Life(book()).event(1, NOON, metric=metric) == Refusal(Code.UNKNOWN_METRIC, {"key": metric})


def test_undeclared_attributes_are_named_sorted():
    ada = Life(book())
    refused = ada.event(1, NOON, zebra="1", project="x", ape="2")
    assert refused == Refusal(Code.UNKNOWN_EVENT_ATTRIBUTES, {"keys": "ape, zebra"})
    refused = ada.event(1, NOON, user=UserPatch(attributes={"plan": "pro", "shoe": "42", "age": "9"}))
    assert refused == Refusal(Code.UNKNOWN_USER_ATTRIBUTES, {"keys": "age, shoe"})
    assert ada.identify(NOON, attributes={"shoe": "42"}).code is Code.UNKNOWN_USER_ATTRIBUTES
    assert ada.user is None


@pytest.mark.parametrize("sign", [1, -1])
def test_a_total_may_reach_the_limit_but_not_pass_it(sign):
    ada = Life(book())
    event = RecordEvent(b"i" * 16, ADA, NOON, "words", sign * LIMIT, NOON)
    assert ada.do(event).total == sign * LIMIT
    refused = evaluate(ada.rules, ada.snapshot(), RecordEvent(b"j" * 16, ADA, NOON, "words", sign, NOON))
    assert refused == Refusal(Code.TOTAL_OUT_OF_RANGE, {"key": "words", "limit": "9007199254.740991"})
    assert "9007199254.740991" in PlauditError(refused.code, **refused.words).sentence


def test_filtered_measures_count_only_matching_events():
    rules = book(
        total(1, 5, measure=10, events=[("project", "novel")]),
        total(2, 2, measure=11),
        measures=(NOVELS, DRAFTS),
    )
    ada = Life(rules)
    assert numbers(ada.event(9, NOON, project="essay", kind="draft")) == []
    assert numbers(ada.event(4, NOON, project="novel")) == []
    assert numbers(ada.event(2, NOON, project="novel", kind="draft")) == [1, 2]
    assert ada.totals[10].total == 6 * MICRO
    assert ada.totals[1].total == 15 * MICRO


def test_a_filtered_total_out_of_range_is_refused_too():
    ada = Life(book(measures=(NOVELS,)))
    for value, project in ((LIMIT, "novel"), (-LIMIT, "essay")):
        ada.do(RecordEvent(ada._id(), ADA, NOON, "words", value, NOON, attributes={"project": project}))
    event = RecordEvent(ada._id(), ADA, NOON, "words", 1, NOON, attributes={"project": "novel"})
    assert ada.do(event).code is Code.TOTAL_OUT_OF_RANGE


def test_a_measure_younger_than_the_users_settling_is_left_to_the_job():
    ada = Life(book(version=5))
    ada.event(1, NOON)
    ada.rules = book(measures=(Measure(10, 1, NOVELS.filters, 6),), version=6)
    ada.event(1, NOON + 1, project="novel")
    assert 10 not in ada.totals
    assert ada.user.settled == 5


def test_a_limited_achievement_waits_for_the_attribute():
    ada = Life(book(total(1, 10, users=[("plan", "pro")]), composite(2, 1)))
    assert numbers(ada.event(10, NOON)) == []
    assert ada.asked == []
    assert numbers(ada.identify(NOON + 1, attributes={"team": "red"})) == []
    assert ada.asked == []
    outcome = ada.identify(NOON + 2, attributes={"plan": "pro"})
    assert numbers(outcome) == [1, 2]
    assert {done.at for done in outcome.completed} == {NOON + 2}
    assert outcome.completed[0].seq is None
    assert numbers(ada.identify(NOON + 3, attributes={"plan": "free"})) == []
    assert numbers(ada.identify(NOON + 4, attributes={"plan": "pro"})) == []


def test_every_kind_of_limited_achievement_is_checked_when_the_attribute_comes():
    limits = {"users": [("plan", "pro")]}
    ada = Life(
        book(
            total(1, 10, **limits),
            streak(2, 1, **limits),
            anniversary(3, 1, **limits),
            composite(4, 6, **limits),
            call(5, **limits),
            call(6),
            total(7, 99, **limits),
        )
    )
    ada.identify(NOON, sign_up_date=day("2020-01-01"))
    ada.event(10, NOON)
    ada.complete("goal-6", NOON)
    assert numbers(ada.identify(NOON + 1, attributes={"plan": "pro"})) == [1, 2, 3, 4]


def test_composites_of_composites_fall_in_the_same_act():
    ada = Life(
        book(total(1, 10), composite(4, 3, 1), composite(3, 2), composite(2, 1), composite(5, 4, 6), call(6))
    )
    outcome = ada.event(10, NOON)
    assert numbers(outcome) == [1, 2, 3, 4]
    assert {done.seq for done in outcome.completed} == {1}
    assert numbers(ada.complete("goal-6", NOON + DAY)) == [6, 5]


def test_inactive_and_locked_composites_and_thresholds_stay_closed():
    shut = (Status.INACTIVE, Status.LOCKED)
    ada = Life(
        book(
            *(total(1 + n, 10, status=s) for n, s in enumerate(shut)),
            composite(3, 4, status=shut[1]),
            total(4, 10),
        )
    )
    assert numbers(ada.event(10, NOON)) == [4]


def test_an_event_may_carry_the_attribute_that_opens_its_achievement():
    ada = Life(book(total(1, 10, users=[("plan", "pro")])))
    ada.event(5, NOON)
    assert numbers(ada.event(5, NOON + 1, user=UserPatch(attributes={"plan": "pro"}))) == [1]


def test_a_completion_by_call_is_given_once_and_then_repeated():
    ada = Life(book(call(1), composite(2, 1)))
    first = ada.complete("goal-1", NOON, name="Ada")
    assert first.created
    assert numbers(first) == [1, 2]
    again = ada.complete("goal-1", NOON + DAY)
    assert numbers(again) == []
    assert again.already == first.completed[0]
    assert not again.profile_changed


def test_a_completion_by_call_is_refused_with_its_reason():
    rules = book(
        call(1, status=Status.INACTIVE),
        total(2, 5),
        call(3, status=Status.LOCKED),
        call(4, users=[("plan", "pro"), ("team", "red")]),
    )
    ada = Life(rules)
    assert ada.complete("nothing", NOON) == Refusal(Code.UNKNOWN_ACHIEVEMENT, {"key": "nothing"})
    assert ada.complete("goal-1", NOON).code is Code.UNKNOWN_ACHIEVEMENT
    assert ada.complete("goal-2", NOON) == Refusal(
        Code.NOT_API_ACHIEVEMENT, {"key": "goal-2", "trigger": "metric"}
    )
    assert ada.complete("goal-3", NOON) == Refusal(Code.LOCKED_ACHIEVEMENT, {"key": "goal-3"})
    assert ada.complete("goal-4", NOON) == Refusal(
        Code.NOT_ELIGIBLE, {"key": "goal-4", "needed": "plan=pro, team=red"}
    )
    assert ada.complete("goal-4", NOON, attributes={"cat": "yes"}).code is Code.UNKNOWN_USER_ATTRIBUTES
    assert ada.user is None
    assert numbers(ada.complete("goal-4", NOON, attributes={"plan": "pro", "team": "red"})) == [4]


def test_a_locked_achievement_completed_before_still_answers():
    ada = Life(book(call(1)))
    first = ada.complete("goal-1", NOON)
    ada.rules = book(call(1, status=Status.LOCKED))
    assert ada.complete("goal-1", NOON + 1).already == first.completed[0]


def test_identify_creates_changes_or_refuses():
    ada = Life(book())
    assert ada.identify(NOON, must_exist=True) == Refusal(Code.UNKNOWN_USER, {"id": "ada"})
    assert ada.identify(NOON, name="Ada").created
    outcome = ada.identify(NOON + 1, must_exist=True, name="Ada L.")
    assert (outcome.created, outcome.profile_changed, outcome.event) == (False, True, None)
    assert not ada.identify(NOON + 2, name="Ada L.").profile_changed
    assert ada.user.updated == NOON + 1


def test_an_anniversary_is_noticed_by_the_next_command_and_planned_anew():
    ada = Life(book(anniversary(1, 1), anniversary(2, 2), anniversary(3, 3)))
    ada.event(1, at("2020-05-10T12:00:00"))
    assert ada.user.anniversary_at == at("2021-05-10T00:00:00")
    assert numbers(ada.event(1, at("2021-05-09T23:59:59"))) == []
    outcome = ada.event(1, at("2022-05-10T07:00:00"))
    assert numbers(outcome) == [1, 2]
    assert [done.at for done in outcome.completed] == [at("2021-05-10T00:00:00"), at("2022-05-10T00:00:00")]
    assert outcome.profile_changed
    assert ada.user.anniversary_at == at("2023-05-10T00:00:00")
    assert ada.user.updated == at("2020-05-10T12:00:00")


def test_an_anniversary_nobody_rewards_needs_no_deeper_reading():
    ada = Life(book())
    ada.event(1, at("2020-05-10T12:00:00"))
    outcome = ada.identify(at("2021-05-11T00:00:00"), must_exist=True)
    assert outcome.profile_changed
    assert ada.asked == []


def test_a_sign_up_date_in_the_past_brings_its_anniversaries_at_once():
    ada = Life(book(anniversary(1, 1), anniversary(2, 5)))
    ada.event(1, NOON)
    outcome = ada.identify(NOON + 1, sign_up_date=day("2021-04-02"))
    assert numbers(outcome) == [1]
    assert outcome.completed[0].at == at("2022-04-02T00:00:00")


def test_commands_of_a_group_evolve_one_snapshot():
    rules = book(total(1, 10), composite(2, 1))
    snapshot = Snapshot(ADA, None, {}, {}, {})
    seen = []
    for n in range(1, 4):
        event = RecordEvent(bytes([n]) * 16, ADA, NOON + n, "words", 5 * MICRO, NOON + n, key=f"k{n % 2}")
        outcome = evaluate(rules, snapshot, event)
        assert isinstance(outcome, Outcome)
        seen.append((outcome.replay is not None, outcome.total // MICRO, numbers(outcome)))
        snapshot = outcome.after
    assert seen == [(False, 5, []), (False, 10, [1, 2]), (True, 10, [])]
    outcome = evaluate(rules, snapshot, IdentifyUser(b"x" * 16, ADA, NOON + 9))
    assert outcome.after == snapshot
