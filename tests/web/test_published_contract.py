"""Our OpenAPI documents beside the published ones: every difference is listed here, with its reason."""

import json
import re

import pytest
from tests.web.contract import DOCUMENTS, KEPT, ROOT, all_differences, found, ours, published

from plaudit.web.app import documents
from plaudit.web.openapi import text_of

CLIENT = "the newest published clients know it; the 1.21.1 description does not"
ANY = ".*"
PEOPLE = "our addition: people log in to the dashboard"
KEYS = "our addition: an environment's keys are made and deleted by calls"
STATS = "our addition: statistics for the dashboard"
WEBHOOKS = "our addition: webhooks are configured by calls"

REASONS: list[tuple[str, str, str]] = [
    # (calls, difference, reason), as regular expressions
    (ANY, r"status 403: nothing -> answers", "application keys are refused other users and the Admin API"),
    (ANY, r"status 413: nothing -> answers", "bodies have a largest size"),
    (ANY, r"status 415: nothing -> answers", "compressed bodies are refused"),
    (ANY, r"status 503: nothing -> answers", "what could not be stored says so and may be tried again"),
    (ANY, r"4\d\d \.code: nothing -> required string", "our addition: an error has a code for programs"),
    (ANY, r"status 400: nothing -> answers", "a body that is no JSON is told from one that is wrong (422)"),
    (r"GET /users/\{id\}", r"status 400: answers -> nothing", "an id that cannot be is a 422 like any field"),
    (r"GET /users/\{id\}", r"status 404: nothing -> answers", "an unknown user is said to be unknown"),
    (r"POST /metrics/\{key\}/event", r"status 404: nothing -> answers", "an unknown metric is a 404"),
    (
        r"POST /metrics/\{key\}/event",
        r"(status )?202.*: nothing -> .*",
        "a replay answers 202, as documented",
    ),
    (
        r"POST /achievements/\{key\}/complete",
        r"(status )?200.*: nothing -> .*",
        "completing twice answers 200 with the first completion",
    ),
    (ANY, r".*\.idempotencyMismatch: nothing -> optional boolean", "our addition: the key had another body"),
    (ANY, r".*\.progress.*: nothing -> required .*", "our addition: how far the user is"),
    (ANY, r"body.*\.timestamp: nothing -> optional null\|string", "our addition: events in the past"),
    (
        r"GET /users/\{id\}/metrics.*",
        r"200 .*\.status: nothing -> required .*",
        "the Node client asks for it",
    ),
    (ANY, r".*\.anniversaryYears: nothing -> optional integer", CLIENT),
    (ANY, r".*\.trigger: required string \{achievement,api,metric,streak\} -> .*", f"anniversary: {CLIENT}"),
    (ANY, r".*\.signUpDate: nothing -> (optional|required) null\|string", CLIENT),
    (
        ANY,
        r"body.*: optional (\w+) -> optional (null\|\1|\1\|null)",
        "null is accepted where a client sends it for a field it leaves out",
    ),
    (
        ANY,
        r"body.*\.(unitType|status|timeUnit): optional string (.*) -> optional null\|string .*",
        "null is accepted where a client sends it for a field it leaves out",
    ),
    (ANY, r".*\.awards\[\]\.\w+: optional (\w+) -> required \1", "an award is always told whole"),
    (r"GET /points/\{key\}", r"200 \.key: nothing -> required string", "our addition: as everywhere else"),
    (
        r"GET /points/\{key\}(/boosts|/levels)?",
        r"status 422: nothing -> answers",
        "a bad tenant or parameter is a 422",
    ),
    (ANY, r".*\.deviceTokens: optional array\|null -> required array", "always answered, empty if none"),
    (
        ANY,
        r".*(leaderboards\.\*|200|\[\]|body\[\]) ?\.userAttributes(\[\]\.\w+)?: nothing -> .*",
        CLIENT,
    ),
    (ANY, r".*\.leaderboards\.\*\.value: nothing -> .*", "our addition: the value beside the rank"),
    (ANY, r"200 \.run(\.\w+)?: nothing -> .*", "our addition: which run is told"),
    (
        r"POST /leaderboards",
        r"body\[\]\.runUnit: optional string (.*) -> optional null\|string .*",
        "null is accepted where a client sends it for a field it leaves out",
    ),
    (
        r"GET /users/\{id\}/wrapped",
        r".*\.(name|units|description|\w+Total|\w+ThisPeriod|\w+Change): optional (.*) -> required \2",
        "always answered",
    ),
    (
        r"GET /users/\{id\}/wrapped",
        r".*\.points\.\*\.\w+: required number -> required integer",
        "points are whole",
    ),
    (ANY, r".*\.streak\.daysOff: nothing -> .*", CLIENT),
    (ANY, r"200 \.streak\.enabled: optional boolean -> required boolean", "always answered"),
    (ANY, r"body\.streak\.evaluationMode: .*", "ANY, ALL and null are accepted too"),
    (ANY, r".*\.streakHistory\[\]\.resetAt: nothing -> optional string", CLIENT),
    (ANY, r".*\.issues\[\]\.(boostId|userId): optional string -> nothing", "issues of points and streaks"),
    (ANY, r".*\.issues\[\]\.field: nothing -> optional string", "our addition: the field an issue is about"),
]

OURS = {
    "GET /environments": CLIENT,
    "GET /achievements": CLIENT,
    "POST /achievements": CLIENT,
    "PATCH /achievements": CLIENT,
    "DELETE /achievements": CLIENT,
    "GET /achievements/{id}": CLIENT,
    "GET /streaks/settings": CLIENT,
    "PATCH /streaks/settings": CLIENT,
    "POST /streaks/reset": CLIENT,
    "GET /settings": CLIENT,
    "PATCH /settings": CLIENT,
    "GET /users": "our addition: users by id, in pages",
    "GET /users/{id}": "our addition: everything of a user's page at once",
    "POST /users/{id}/events": "our addition: a test event",
    "POST /users/{id}/achievements": "our addition: an achievement is given to a user",
    "DELETE /users/{id}": "our addition: a user is deleted with everything about it",
    "POST /users/{id}/anonymise": "our addition: a user loses its name, aggregates stay exact",
    "POST /users/merge": "our addition: a user becomes part of another one",
    "GET /users/{id}/events": "our addition: what was counted, and what it caused",
    "GET /users/{id}/export": "our addition: everything about one user",
    "DELETE /users/{id}/achievements/{achievementId}": "our addition: a completion is taken back",
    "GET /users/{id}/achievements/{achievementId}/explain": "our addition: why, or why not",
    "POST /achievements/preview": "our addition: a dry run of an achievement",
    "GET /achievements/{id}/insights": "our addition: statistics of an achievement",
    "GET /achievements/{id}/users": "our addition: who has an achievement",
    "GET /stats/overview": STATS,
    "GET /stats/highlights": STATS,
    "GET /stats/achievements": STATS,
    "GET /audit": "our addition: what admins did",
    "GET /backdates": "our addition: progress of back-dating",
    "POST /badges": "our addition: badge files are uploaded once",
    "GET /leaderboards/{id}/ranks": "our addition: who stands where",
    "POST /points/{systemId}/preview": "our addition: a dry run of an event's points",
    "GET /points/{systemId}/level-summary": "our addition: how many users each level has",
    "GET /feed": "our addition: what happens, as it happens",
    "GET /requests": "our addition: requests and what came of them",
    "POST /environments": "our addition: environments are made by calls",
    "PATCH /environments/{id}": "our addition: environments are renamed and ordered",
    "GET /api-keys": KEYS,
    "POST /api-keys": KEYS,
    "DELETE /api-keys/{id}": KEYS,
    "GET /session": PEOPLE,
    "POST /session": PEOPLE,
    "DELETE /session": PEOPLE,
    "DELETE /sessions": PEOPLE,
    "POST /session/setup": PEOPLE,
    "POST /session/accept": PEOPLE,
    "PUT /session/password": PEOPLE,
    "GET /members": PEOPLE,
    "POST /members": PEOPLE,
    "PATCH /members/{id}": PEOPLE,
    "DELETE /members/{id}": PEOPLE,
    "POST /members/{id}/invite": PEOPLE,
    "GET /webhooks": WEBHOOKS,
    "POST /webhooks": WEBHOOKS,
    "PATCH /webhooks": WEBHOOKS,
    "DELETE /webhooks": WEBHOOKS,
    "GET /webhooks/{id}": WEBHOOKS,
    "POST /webhooks/{id}/rotate": WEBHOOKS,
    "POST /webhooks/{id}/test": WEBHOOKS,
    "GET /webhooks/deliveries": WEBHOOKS,
    "GET /webhooks/deliveries/{id}": WEBHOOKS,
    "POST /webhooks/deliveries/{id}/replay": WEBHOOKS,
}
"""Calls of the Admin API that the published description lacks."""


def explains(reason, call, difference):
    return re.fullmatch(reason[0], call) and re.fullmatch(reason[1], difference)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_difference_from_the_published_contract_has_its_reason(name):
    unexplained = [
        f"{call}: {difference}"
        for call, difference in found(name)
        if not any(explains(reason, call, difference) for reason in REASONS)
    ]
    assert unexplained == []


def test_every_reason_still_explains_a_difference():
    seen = [*found("application"), *found("admin")]
    idle = [reason for reason in REASONS if not any(explains(reason, *each) for each in seen)]
    assert idle == []


def test_every_difference_has_been_looked_at():
    """A reason speaks of many calls; what it would explain tomorrow is not accepted today."""
    assert all_differences() == json.loads(KEPT.read_text(encoding="utf-8")), (
        "Look at each new difference, then run `python -m tests.web.contract` and read what changed."
    )


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_published_call_is_there(name):
    assert set(published(name)) - set(ours(name)) == set()


def test_calls_beyond_the_published_ones_are_known_by_name():
    assert set(ours("application")) <= set(published("application"))
    assert set(ours("admin")) - set(published("admin")) == set(OURS)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_documents_in_the_repository_are_those_of_the_code(name):
    kept = (ROOT / "openapi" / f"{name}.json").read_text(encoding="utf-8")
    assert kept == text_of(documents()[name]), (
        f"openapi/{name}.json is stale. Run `python -m plaudit.web.openapi`."
    )


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_reference_inside_the_documents_leads_somewhere(name):
    told = documents()[name]
    text = text_of(told)
    names = set(re.findall(r'"\$ref": "#/components/schemas/(\w+)"', text))
    assert names <= set(told["components"]["schemas"])
    operations = re.findall(r'"operationId": "(\w+)"', text)
    assert len(operations) == len(set(operations)) > 0
