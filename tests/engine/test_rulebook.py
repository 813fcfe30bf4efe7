"""The rulebook: definitions compiled into tables."""

import pytest
from msgspec.structs import replace
from tests.engine.lives import (
    ATTRIBUTES,
    GONE,
    PAGES,
    PLAIN,
    WORDS,
    anniversary,
    book,
    call,
    composite,
    streak,
    total,
)

from plaudit.engine.rulebook import compile_rulebook, visible
from plaudit.model.amounts import MICRO
from plaudit.model.catalog import (
    AttributeType,
    Definitions,
    Environment,
    Measure,
    Status,
    StreakMetric,
    StreakSettings,
)

NOVELS = Measure(10, 1, (("project", "novel"),), 6)


def test_thresholds_are_sorted_and_shared():
    rule = book(total(1, 20), total(2, 10), total(3, 20), total(4, 5, status=Status.LOCKED)).metrics["words"]
    assert rule.plain.thresholds == (10 * MICRO, 20 * MICRO)
    assert [[goal.number for goal in goals] for goals in rule.plain.achievements] == [[2], [1, 3]]


def test_archived_metrics_are_kept_by_number_only():
    rules = book()
    assert set(rules.metrics) == {"words", "pages"}
    assert set(rules.metrics_by_number) == {1, 2, 3}


def test_archived_achievements_vanish_but_still_count_as_prerequisites():
    gone = replace(call(1), archived=True)
    rules = book(gone, composite(2, 1))
    assert set(rules.achievements) == {2}
    assert rules.achievements[2].prerequisites == (1,)
    assert set(rules.by_key) == {"goal-2"}
    assert set(rules.by_id) == {rules.achievements[2].definition.id}
    assert set(rules.dependents) == {1}


def test_achievements_are_found_by_what_completes_them():
    rules = book(
        streak(1, 7),
        streak(2, 3),
        anniversary(3, 2),
        anniversary(4, 1),
        composite(5, 1, 2),
        streak(6, 9, status=Status.INACTIVE),
    )
    assert [(step, rule.number) for step, rule in rules.streak_steps] == [(3, 2), (7, 1)]
    assert [(step, rule.number) for step, rule in rules.anniversaries] == [(1, 4), (2, 3)]
    assert {n: [rule.number for rule in d] for n, d in rules.dependents.items()} == {1: [5], 2: [5]}
    assert set(rules.achievements) == {1, 2, 3, 4, 5, 6}


def test_filters_are_read_as_attribute_keys():
    rules = book(
        total(1, 5, measure=10, users=[("plan", "pro")], events=[("project", "novel")]), measures=(NOVELS,)
    )
    rule = rules.achievements[1]
    assert (rule.user_filters, rule.event_filters) == ((("plan", "pro"),), (("project", "novel"),))
    assert rule.metric is WORDS
    assert rules.metrics["words"].filtered[("project", "novel")][0].achievements == ((rule,),)
    assert rules.newest_measure == 6
    assert [each.number for each in rules.restricted["plan"]] == [1]


def test_an_achievement_is_visible_to_users_with_all_its_attributes():
    rule = book(call(1, users=[("plan", "pro"), ("team", "red")])).achievements[1]
    assert visible(rule, {"plan": "pro", "team": "red", "more": "x"})
    assert not visible(rule, {"plan": "pro"})
    assert visible(book(call(1)).achievements[1], {})


def test_attributes_are_declared_by_kind_unless_archived():
    environment = Environment(1, b"e" * 16, "live", "Live", 1, 5, 0)
    attributes = (*ATTRIBUTES[1:], replace(ATTRIBUTES[0], archived=True))
    rules = compile_rulebook(Definitions(environment, (), attributes, (), ()))
    assert rules.user_attributes == {"team"}
    assert rules.event_attributes == {a.key for a in ATTRIBUTES if a.type is AttributeType.EVENT}


def test_streak_metrics_are_read_as_plain_measures():
    settings = StreakSettings(metrics=(StreakMetric(2, 5), StreakMetric(1, 0)))
    rules = book(streaks=settings)
    assert rules.streak_rules.measures == ((2, 5), (1, 0))
    assert rules.streak_rules.metrics == {1, 2}


def test_a_metric_without_its_plain_measure_does_not_compile():
    environment = Environment(1, b"e" * 16, "live", "Live", 1, 5, 0)
    with pytest.raises(KeyError):
        compile_rulebook(Definitions(environment, (WORDS, PAGES, GONE), (), tuple(PLAIN.values())[1:], ()))


def definitions(goals, owners):
    made = Environment(1, b"e" * 16, "home", "Home", 1, 8, 0)
    return Definitions(made, (WORDS, PAGES, GONE), (), tuple(PLAIN.values()), tuple(goals), owners=owners)


def test_without_definitions_of_tenants_every_tenant_is_judged_by_the_one_rulebook():
    rules = compile_rulebook(definitions([total(1, 10)], {}))
    assert rules.seen_by("north") is rules
    assert rules.with_tenants() == [rules]


def test_a_tenants_own_definitions_are_in_its_rulebook_alone():
    goals = [total(1, 10), total(2, 10), total(3, 30)]
    rules = compile_rulebook(definitions(goals, {goals[1].id: "north", PAGES.id: "south"}))
    north, south = rules.seen_by("north"), rules.seen_by("south")
    assert (set(rules.achievements), set(north.achievements)) == ({1, 3}, {1, 2, 3})
    assert (set(rules.metrics), set(south.metrics)) == ({"words"}, {"words", "pages"})
    assert rules.seen_by("east") is rules
    assert rules.seen_by("north") is north
    assert rules.with_tenants() == [rules, north, south]
