"""The front: every route leads to its door, and what leads nowhere says so."""

import json
import re
from html import escape
from urllib.parse import quote

import pytest

from plaudit.storage.port import Unavailable
from plaudit.web.answers import GUARDS
from plaudit.web.app import APPLICATION_ROUTES, Front, documents

EVENT = {"user": {"id": "ada"}, "value": 1}
PUBLIC = ["/healthz", "/readyz", "/v1/openapi", "/admin/v1/openapi", "/docs", "/docs/reference.css"]


def path_of(template):
    return template.replace("{id}", "ada").replace("{key}", "words")


@pytest.mark.parametrize(("method", "template"), [(m, t) for m, t, _ in APPLICATION_ROUTES])
async def test_no_door_of_the_application_api_opens_without_a_key(house, method, template):
    answer = await house.http.request(method, path_of(template), headers={"X-API-KEY": ""}, json=EVENT)
    assert answer.status_code == 401
    assert "X-API-KEY" in answer.json()["error"]


@pytest.mark.parametrize(("method", "template"), [(m, t) for m, t, _ in APPLICATION_ROUTES])
async def test_every_answer_carries_the_security_headers(house, method, template):
    answer = await house.http.request(method, path_of(template), json=EVENT)
    for name, value in GUARDS:
        assert answer.headers[name.decode()] == value.decode()
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", PUBLIC)
async def test_public_pages_need_no_key_and_carry_the_headers(house, path):
    answer = await house.http.get(path, headers={"X-API-KEY": ""})
    assert answer.status_code == 200
    assert answer.headers["x-content-type-options"] == "nosniff"
    head = await house.http.head(path)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == str(len(answer.content))


@pytest.mark.parametrize("path", [*PUBLIC[:1], *PUBLIC[2:]])
async def test_public_pages_are_only_read(house, path):
    answer = await house.http.post(path)
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD"


@pytest.mark.parametrize(
    "path", ["/v1", "/v1/", "/v1/users/", "/v1/users/ada/", "/v1/users//achievements", "/v1/users/a/b/c"]
)
async def test_an_unknown_path_is_a_404_with_a_sentence(house, path):
    answer = await house.http.get(path)
    assert answer.status_code == 404
    assert answer.json() == {
        "error": f"There is no GET {path}. See /v1/openapi and /admin/v1/openapi for every route.",
        "code": "unknown_route",
    }


async def test_a_wrong_method_names_the_right_ones(house):
    answer = await house.http.delete("/v1/users/ada")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD, PATCH, PUT"
    answer = await house.http.get("/v1/metrics/words/event")
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


async def test_head_answers_as_get_without_a_body(house):
    await house.event(1)
    get, head = await house.http.get("/v1/users/ada"), await house.http.head("/v1/users/ada")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == str(len(get.content))


@pytest.mark.parametrize("user", ["a/b", "a%2Fb", "a b", "Ünï", "..", "a?b#c", "event", "achievements"])
async def test_an_id_in_a_path_is_decoded_once(house, user):
    assert (await house.event(1, user)).status_code == 201
    segment = quote(user, safe="")
    # httpx would fold dots away, as a browser does; percent-encoded they stay.
    segment = segment.replace("..", "%2E%2E")
    assert (await house.http.get(f"/v1/users/{segment}")).json()["id"] == user
    assert (await house.http.get(f"/v1/users/{segment}/achievements")).json() == []


async def test_a_server_without_raw_path_is_served_too(house):
    await house.event(1, "a/b")
    sent = []
    scope = {
        "type": "http",
        "method": "GET",
        "path": "/v1/users/ada",
        "query_string": b"",
        "headers": [(b"x-api-key", house.key.encode()), (b"host", b"plaudit.test")],
        "scheme": "http",
    }

    async def receive():
        return {"type": "http.request"}

    async def send(message):
        sent.append(message)

    await Front(house.context)(scope, receive, send)
    assert sent[0]["status"] == 404
    assert json.loads(sent[1]["body"])["code"] == "unknown_user"


async def test_a_caller_that_hangs_up_is_not_answered(house):
    sent = []
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/v1/metrics/words/event",
        "raw_path": b"/v1/metrics/words/event",
        "query_string": b"",
        "headers": [(b"x-api-key", house.key.encode())],
        "scheme": "http",
    }
    messages = [{"type": "http.request", "body": b"{", "more_body": True}, {"type": "http.disconnect"}]

    async def receive():
        return messages.pop(0)

    async def send(message):
        sent.append(message)

    await house.app(scope, receive, send)
    assert sent == []


async def test_a_database_that_is_away_is_not_ready(house, monkeypatch):
    async def away():
        raise Unavailable("gone")

    monkeypatch.setattr(house.context.store.catalog, "generation", away)
    answer = await house.http.get("/readyz")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
    assert (await house.http.get("/healthz")).status_code == 200


async def test_the_reference_page_shows_every_call_and_runs_no_script(house):
    page = (await house.http.get("/docs")).text
    for method, template, operation in APPLICATION_ROUTES:
        assert f"<b>{method}</b> {template}" in page
        assert escape(operation.summary) in page
    for forbidden in ("<script", "style=", "http://", "https://", "onclick"):
        assert forbidden not in page


async def test_every_link_of_the_reference_page_leads_to_one_place(house):
    page = (await house.http.get("/docs")).text
    ids = re.findall(r'id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(ids)


def test_a_type_means_the_same_in_both_documents():
    application, admin = (told["components"]["schemas"] for told in documents().values())
    assert [name for name in application.keys() & admin.keys() if application[name] != admin[name]] == []
