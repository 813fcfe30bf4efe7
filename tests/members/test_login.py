"""Logging in: the cookie, guesses, what is told to whom, and how sessions end."""

import re
import secrets

import pytest
from tests.support.members import PASSWORD, Person, member_of, some_address
from tests.support.world import refused

from plaudit.model.members import Role


@pytest.fixture
def ben(server):
    person = member_of(server, Role.VIEWER)
    yield person
    person.close()


def browsers(server, count):
    return [Person(server) for _ in range(count)]


def test_the_cookie_is_for_this_server_only_and_no_script_reads_it(nobody, ben):
    (cookie,) = nobody.log_in(ben.email).headers.get_list("set-cookie")
    value, *rest = cookie.split("; ")
    assert re.fullmatch(r"plaudit_session=[0-9a-f]{64}", value)
    assert {"Path=/", "HttpOnly", "SameSite=Lax"} <= set(rest)
    assert "Secure" not in rest  # this server is reached by plain http


def test_the_session_tells_who_is_logged_in(nobody, ben):
    before = nobody.get("/session").json()
    assert before == {
        "setupNeeded": False,
        "member": None,
        "csrfToken": None,
        "environments": [],
        "multiTenancy": False,
    }
    nobody.log_in(f"  {ben.email.upper()} ")
    after = nobody.get("/session").json()
    assert after["member"] | {"id": ""} == {
        "id": "",
        "email": ben.email,
        "name": ben.email[:4],
        "role": "viewer",
    }
    assert after["csrfToken"] == nobody.csrf
    assert set(after["environments"][0]) == {"id", "key", "name"}


def test_wrong_passwords_and_unknown_addresses_are_told_alike(nobody, ben):
    wrong = nobody.log_in(ben.email, "not the password")
    unknown = nobody.log_in("nobody@example.com", "not the password")
    refused(wrong, 401, "e-mail address or the password")
    assert (wrong.text, wrong.status_code) == (unknown.text, unknown.status_code)
    assert "set-cookie" not in wrong.headers
    assert nobody.get("/session").json()["member"] is None


def test_somebody_who_was_only_invited_cannot_log_in(nobody, owner):
    made = owner.post("/members", {"email": "only@example.com", "name": "Only", "role": "owner"})
    assert made.status_code == 201
    refused(nobody.log_in("only@example.com", ""), 401)
    assert owner.ask("DELETE", f"/members/{made.json()['member']['id']}").status_code == 204


def test_guesses_are_slowed_down_by_address_of_the_member_wherever_they_come_from(server, ben):
    answers = [one.log_in(ben.email, "guess") for one in browsers(server, 13)]
    statuses = [answer.status_code for answer in answers]
    assert statuses[:10] == [401] * 10
    assert 429 in statuses[10:]
    late = next(answer for answer in answers if answer.status_code == 429)
    assert 1 <= int(late.headers["retry-after"]) <= 30
    refused(Person(server).log_in(ben.email), 429, "Wait")  # the right password waits as well
    assert ben.get("/session").json()["member"] is not None  # whoever is in stays in


def test_guesses_are_slowed_down_by_where_they_come_from(nobody):
    answers = [nobody.log_in(f"{n}@example.com", "guess") for n in range(53)]
    statuses = [answer.status_code for answer in answers]
    assert statuses[:50] == [401] * 50
    assert 429 in statuses[50:]


def test_logging_in_takes_a_new_id_and_ends_the_old_session(server, ben):
    mine = ben.http.cookies["plaudit_session"]
    thief = Person(server)
    thief.http.cookies.set("plaudit_session", mine)
    assert thief.get("/session").json()["member"]["email"] == ben.email
    assert ben.log_in(ben.email).status_code == 201
    assert ben.http.cookies["plaudit_session"] != mine
    refused(thief.get("/metrics"), 401, "Log in again")


def test_an_id_that_was_planted_is_not_taken(nobody, ben):
    planted = secrets.token_hex(32)
    nobody.http.cookies.set("plaudit_session", planted)
    refused(nobody.get("/metrics"), 401, "session is over")
    answer = nobody.log_in(ben.email)
    assert planted not in answer.headers["set-cookie"]


def test_logging_out_ends_the_session_on_the_server(server, ben):
    copy = Person(server)
    copy.http.cookies.set("plaudit_session", ben.http.cookies["plaudit_session"])
    gone = ben.ask("DELETE", "/session")
    assert (gone.status_code, gone.content) == (204, b"")
    assert "Max-Age=0" in gone.headers["set-cookie"]
    refused(copy.get("/metrics"), 401)
    assert ben.ask("DELETE", "/session").status_code == 204


def test_all_sessions_end_at_once(server, ben):
    other = Person(server)
    other.log_in(ben.email)
    assert ben.ask("DELETE", "/sessions").status_code == 204
    for person in (ben, other):
        refused(person.get("/metrics"), 401)


def test_a_new_password_ends_the_other_sessions(server, ben):
    other, new = Person(server), "seven quiet foxes dance"
    other.log_in(ben.email)
    refused(
        ben.ask("PUT", "/session/password", json={"current": "wrong", "password": new}),
        422,
        "current password",
    )
    changed = ben.ask("PUT", "/session/password", json={"current": PASSWORD, "password": new})
    assert changed.status_code == 204
    assert ben.get("/metrics").status_code == 200
    refused(other.get("/metrics"), 401)
    refused(other.log_in(ben.email, PASSWORD), 401)
    assert other.log_in(ben.email, new).status_code == 201


@pytest.mark.parametrize(
    "password",
    [
        "short",
        "x" * 257,
        "aaaaaaaaaaaaaaaa",
        "1234567890123",
        "qwertyuiop123",
        "Password123456",
        "abcabcabcabcabc",
    ],
)
def test_passwords_that_are_guessed_first_are_refused(ben, password):
    draft = {"current": PASSWORD, "password": password}
    refused(ben.ask("PUT", "/session/password", json=draft), 422, "password")


def test_an_address_told_by_a_near_proxy_is_the_last_one(server, ben):
    person = Person(server)
    person.http.headers["X-Forwarded-For"] = f"{some_address()}, {some_address()}"
    assert person.log_in(ben.email).status_code == 201


def test_the_environment_header_says_where_a_member_works(server, owner):
    steps = f"steps-{secrets.token_hex(4)}"
    made = {"X-API-KEY": server.new_environment()}
    owner.http.post("/admin/v1/metrics", json=[{"name": "Steps", "key": steps}], headers=made)
    names = [each["key"] for each in owner.get("/session").json()["environments"]]
    holding = [
        name
        for name in names
        if any(m["key"] == steps for m in owner.get("/metrics", headers={"Environment": name}).json())
    ]
    assert len(holding) == 1
    assert holding[0] not in {None, names[0]}
    refused(owner.get("/metrics", headers={"Environment": "nowhere"}), 422, "nowhere")
