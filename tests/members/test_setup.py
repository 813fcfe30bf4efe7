"""The first owner: made once, with what the server printed; and members made from the shell."""

import re

import pytest
from tests.support.members import Person
from tests.support.server import on
from tests.support.world import eventually, refused

LINK = re.compile(r"(http://\S+)/setup#([0-9a-f]{64})")


@pytest.fixture(params=["sqlite", "postgres"])
def server(request, tmp_path):
    """A server on an empty database."""
    made = on(request.param, tmp_path, empty=True)
    with made as started:
        yield started


def link_of(server):
    assert eventually(lambda: LINK.search(server.log()) is not None)
    return LINK.findall(server.log())[-1]


def test_the_first_owner_is_made_once_by_the_link_that_the_server_prints(server):
    base, token = link_of(server)
    assert base == server.base
    ada, ben = Person(server), Person(server)
    assert ada.get("/session").json()["setupNeeded"]
    refused(ada.set_up("0" * 64), 422, "link")
    refused(ada.set_up(token, password="too short"), 422, "password")
    refused(ada.set_up(token, email="nobody"), 422, "email")
    refused(ada.set_up(token, name=" "), 422, "name")
    begun = ada.set_up(token)
    assert begun.status_code == 201, begun.text
    state = begun.json()
    assert (state["member"]["role"], state["member"]["email"]) == ("owner", "ada@example.com")
    assert [each["key"] for each in state["environments"]] == ["production"]
    assert ada.get("/metrics").status_code == 200
    refused(ben.set_up(token, email="ben@example.com"), 409, "set up already")
    assert not ben.get("/session").json()["setupNeeded"]
    refused(ada.ask("DELETE", f"/members/{state['member']['id']}"), 409, "last owner")
    refused(ada.ask("PATCH", f"/members/{state['member']['id']}", json={"role": "editor"}), 409, "last owner")
    verified = server.run("verify")
    assert verified.returncode == 0, verified.stdout + verified.stderr


def test_an_owner_who_has_not_come_yet_does_not_count_as_one(server):
    ada = Person(server)
    ada.set_up(link_of(server)[1])
    me = ada.get("/session").json()["member"]["id"]
    invited = ada.post("/members", {"email": "ben@example.com", "name": "Ben", "role": "owner"}).json()
    refused(ada.ask("DELETE", f"/members/{me}"), 409, "last owner")
    assert Person(server).accept(invited["inviteUrl"].partition("#")[2]).status_code == 201
    assert ada.ask("DELETE", f"/members/{me}").status_code == 204
    refused(ada.get("/metrics"), 401)


def test_each_start_without_members_makes_a_new_link_and_ends_the_old_one(server):
    old = link_of(server)[1]
    server.stop()
    server.start()
    new = link_of(server)[1]
    assert new != old
    refused(Person(server).set_up(old), 422)
    assert Person(server).set_up(new).status_code == 201
    server.stop()
    server.start()
    assert link_of(server)[1] == new  # nothing was printed


def test_members_are_made_listed_and_reset_from_the_shell(server):
    made = server.run("member", "add", "--email", "Eve@Example.com", "--role", "owner")
    assert made.returncode == 0, made.stderr
    token = re.search(r"/invite#([0-9a-f]{64})", made.stdout)[1]
    eve = Person(server)
    assert eve.accept(token).status_code == 201
    assert eve.email == "eve@example.com"
    reset = server.run("member", "reset", "--email", "EVE@example.com")
    again = re.search(r"/invite#([0-9a-f]{64})", reset.stdout)[1]
    assert Person(server).accept(again, "three new green lamps").status_code == 201
    refused(eve.get("/metrics"), 401)
    assert "owner    eve@example.com  Eve" in server.run("member", "list").stdout
    for words, sentence in (
        (("add", "--email", "eve@example.com", "--role", "viewer"), "already"),
        (("add", "--email", "no address", "--role", "viewer"), "email"),
        (("reset", "--email", "nobody@example.com"), "no member"),
    ):
        wrong = server.run("member", *words)
        assert (wrong.returncode, sentence in wrong.stderr) == (2, True), wrong.stderr
