"""Calls that another site makes a browser send: none of them may change anything."""

import pytest
from tests.support.world import refused

OWN = "own"
HEADERS = [
    # origin, sec-fetch-site, token, allowed
    (OWN, "same-origin", "right", True),
    (OWN, None, "right", True),
    (None, "same-origin", "right", True),
    (None, None, "right", True),
    (OWN, "same-origin", None, False),
    (OWN, "same-origin", "wrong", False),
    (OWN, "same-origin", "", False),
    (None, None, None, False),
    (OWN, "cross-site", "right", False),
    (OWN, "same-site", "right", False),
    ("https://evil.example", "cross-site", "right", False),
    ("https://evil.example", "same-origin", "right", False),
    ("https://evil.example", None, "right", False),
    ("null", None, "right", False),
    ("null", "same-origin", "right", False),
    ("", None, "right", False),
]


@pytest.mark.parametrize(("origin", "site", "token", "allowed"), HEADERS)
@pytest.mark.parametrize(("method", "path"), [("POST", "/admin/v1/metrics"), ("PATCH", "/admin/v1/settings")])
def test_only_our_own_page_with_the_sessions_token_changes_anything(
    owner, method, path, origin, site, token, allowed
):
    headers = {"Origin": owner.server.base if origin == OWN else origin, "Sec-Fetch-Site": site}
    headers["X-CSRF-Token"] = {"right": owner.csrf, "wrong": "0" * 64}.get(token, token)
    request = owner.http.build_request(method, path, json=[] if method == "POST" else {})
    for name, value in headers.items():
        request.headers.pop(name, None)
        if value is not None:
            request.headers[name] = value
    answer = owner.http.send(request)
    assert (answer.status_code != 403) == allowed, answer.text


@pytest.mark.parametrize("path", ["/admin/v1/session", "/admin/v1/session/setup", "/admin/v1/session/accept"])
def test_another_site_cannot_log_a_browser_in(nobody, path):
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        refused(nobody.http.post(path, json={}, headers=headers), 403, "another site")


def test_another_site_cannot_log_a_browser_out(owner):
    refused(owner.http.delete("/admin/v1/session", headers={"Origin": "https://evil.example"}), 403)
    assert owner.get("/session").json()["member"]["email"] == owner.email


def test_the_token_of_one_session_is_none_of_another(team, owner):
    others = next(person for person in team.values() if person is not owner)
    answer = owner.http.post("/admin/v1/metrics", json=[], headers={"X-CSRF-Token": others.csrf})
    refused(answer, 403, "X-CSRF-Token")


def test_reading_needs_no_token(owner):
    assert owner.http.get("/admin/v1/metrics").status_code == 200
