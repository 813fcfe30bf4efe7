"""Every route of the Admin API, asked by every role: what opens is written down here, not read from the code.

Refuses real changes: ids name nothing, and bodies are no JSON.
"""

import pytest
from tests.support.world import refused

from plaudit.model.members import Role
from plaudit.web.admin.routes import ADMIN_ROUTES

ANYBODY = {
    "GET /session",
    "POST /session",
    "DELETE /session",
    "POST /session/setup",
    "POST /session/accept",
}
EACH_MEMBER = {"DELETE /sessions", "PUT /session/password"}
OWNERS = {
    "GET /members",
    "POST /members",
    "PATCH /members/{id}",
    "DELETE /members/{id}",
    "POST /members/{id}/invite",
    "POST /environments",
    "PATCH /environments/{id}",
    "GET /api-keys",
    "POST /api-keys",
    "DELETE /api-keys/{id}",
    "POST /application-api-keys",
    "DELETE /application-api-keys",
}
ENDS_SESSIONS = {"DELETE /session", "DELETE /sessions"}
"""Asked by tests of their own."""

ROUTES = [f"{method} {path.removeprefix('/admin/v1')}" for method, path, _ in ADMIN_ROUTES]


def may(role: Role, route: str) -> bool:
    if route in ANYBODY | EACH_MEMBER or role is Role.OWNER:
        return True
    if route in OWNERS:
        return False
    return role is Role.EDITOR or route.startswith("GET ")


def ask(person, route, **more):
    method, path = route.split()
    filled = path.replace("{", "no-").replace("}", "")
    with person.http.stream(
        method,
        f"/admin/v1{filled}",
        headers={"X-CSRF-Token": person.csrf or ""} | more.pop("headers", {}),
        **({} if method == "GET" else {"content": b"{"}),
        **more,
    ) as answer:
        if answer.headers["content-type"] == "application/json" or answer.status_code >= 400:
            answer.read()
        return answer


@pytest.mark.parametrize("role", Role)
def test_each_route_opens_to_the_roles_it_is_for(team, role):
    wrong = []
    for route in ROUTES:
        if route in ENDS_SESSIONS:
            continue
        answer = ask(team[role], route)
        if may(role, route) == (answer.status_code in {401, 403} and answer.json()["code"] != "wrong_login"):
            wrong.append(f"{role} {route}: {answer.status_code} {answer.text}")
    assert wrong == []


def test_a_refusal_names_the_role_that_is_needed(team):
    refused(ask(team[Role.VIEWER], "POST /metrics"), 403, "editor", "viewer")
    refused(ask(team[Role.EDITOR], "POST /members"), 403, "owner", "editor")


def test_without_a_session_every_route_but_those_for_anybody_is_closed(nobody):
    open_ones = {route for route in ROUTES if ask(nobody, route).status_code != 401}
    assert open_ones == ANYBODY


def test_a_session_does_not_open_the_application_api(owner):
    refused(owner.http.get("/v1/achievements"), 401, "API key")


def test_a_key_does_not_open_what_is_for_people(server, owner):
    key = server.new_environment()
    for route in sorted({*EACH_MEMBER, *(each for each in OWNERS if "/members" in each)}):
        refused(ask(owner, route, headers={"X-API-KEY": key}), 403, "people")


def test_beside_a_key_the_session_counts_for_nothing(server, team):
    key = server.new_environment()
    answer = team[Role.VIEWER].http.post(
        "/admin/v1/metrics", json=[{"name": "Words", "key": "words"}], headers={"X-API-KEY": key}
    )
    assert answer.status_code == 201
    refused(team[Role.OWNER].http.get("/admin/v1/metrics", headers={"X-API-KEY": "adm_wrong.key"}), 401)
