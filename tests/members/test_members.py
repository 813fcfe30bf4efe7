"""Members: invited, changed, removed; the last owner; and what the audit log keeps of it."""

import pytest
from tests.support.members import PASSWORD, Person, member_of, new_email
from tests.support.world import refused

from plaudit.model.members import Role


@pytest.fixture
def guest(server, owner):
    """Somebody whom the owner has invited: the answer, and a browser."""
    answer = owner.post("/members", {"email": new_email(), "name": " Guest ", "role": "editor"})
    assert answer.status_code == 201, answer.text
    person = Person(server)
    yield answer.json(), person
    person.close()


def token_of(answer):
    return answer["inviteUrl"].partition("#")[2]


def test_an_invitation_works_once(guest, owner, server):
    invitation, person = guest
    assert invitation["inviteUrl"].startswith(f"{server.base}/invite#")
    assert invitation["member"]["invited"]
    assert invitation["member"]["name"] == "Guest"
    refused(person.accept(token_of(invitation), "too short"), 422, "password")
    assert person.accept(token_of(invitation)).status_code == 201
    assert person.get("/metrics").status_code == 200
    refused(Person(server).accept(token_of(invitation)), 422, "link")
    refused(Person(server).accept("nonsense"), 422, "link")
    (listed,) = [m for m in owner.get("/members").json()["data"] if m["id"] == invitation["member"]["id"]]
    assert not listed["invited"]
    assert listed["lastSeen"] is not None


def test_a_second_invitation_ends_the_first_and_lets_a_member_choose_anew(guest, owner, server):
    invitation, person = guest
    again = owner.ask("POST", f"/members/{invitation['member']['id']}/invite").json()
    refused(person.accept(token_of(invitation)), 422)
    assert person.accept(token_of(again)).status_code == 201
    reset = owner.ask("POST", f"/members/{invitation['member']['id']}/invite").json()
    assert person.get("/metrics").status_code == 200
    other = Person(server)
    assert other.accept(token_of(reset), "nine brave herons wade").status_code == 201
    refused(person.get("/metrics"), 401)
    refused(person.log_in(invitation["member"]["email"], PASSWORD), 401)


def test_a_role_changes_at_once_for_sessions_that_go_on(server, owner):
    person = member_of(server, Role.VIEWER)
    whom = person.get("/session").json()["member"]["id"]
    metric = [{"name": "Words", "key": "role-change"}]
    refused(person.post("/metrics", metric), 403)
    changed = owner.ask("PATCH", f"/members/{whom}", json={"role": "editor", "name": "Edith"})
    assert (changed.json()["role"], changed.json()["name"]) == ("editor", "Edith")
    assert person.post("/metrics", metric).status_code in {200, 201}
    refused(owner.ask("PATCH", f"/members/{whom}", json={"role": "king"}), 422, "king")
    refused(owner.ask("PATCH", f"/members/{whom}", json={"name": "  "}), 422, "name")


def test_whoever_is_removed_is_out_at_once(server, owner):
    person = member_of(server, Role.EDITOR)
    whom = person.get("/session").json()["member"]["id"]
    assert owner.ask("DELETE", f"/members/{whom}").status_code == 204
    refused(person.get("/metrics"), 401)
    refused(person.log_in(person.email), 401)
    refused(owner.ask("DELETE", f"/members/{whom}"), 404, "member")


@pytest.mark.parametrize(
    ("draft", "word"),
    [
        ({"email": "no address", "name": "X", "role": "viewer"}, "email"),
        ({"email": "a@b\nc", "name": "X", "role": "viewer"}, "email"),
        ({"email": "a@b.example", "name": "", "role": "viewer"}, "name"),
        ({"email": "a@b.example", "name": "X", "role": "admin"}, "role"),
        ({"email": "a@b.example", "name": "X"}, "role"),
    ],
)
def test_bad_invitations_name_the_field(owner, draft, word):
    refused(owner.post("/members", draft), 422, word)


def test_an_e_mail_address_is_used_once(owner):
    draft = {"email": owner.email.upper(), "name": "X", "role": "viewer"}
    refused(owner.post("/members", draft), 409, owner.email)


def test_the_audit_log_names_the_member_and_tells_owners_of_members(server, team, owner):
    editor = team[Role.EDITOR]
    editor.post("/metrics", [{"name": "Audited", "key": f"audited-{new_email()[:6]}"}])
    assert editor.get("/audit?limit=1").json()["entries"][0]["actor"] == editor.email
    guest = Person(server)
    guest.log_in(owner.email, "wrong guess")
    owner.post("/members", {"email": new_email(), "name": "X", "role": "viewer"})
    entries = owner.get("/audit?scope=server&limit=100").json()["entries"]
    newest = entries[0]
    assert (newest["action"], newest["actor"]) == ("create", owner.email)
    assert {"accept-invitation", "refuse-login", "create"} <= {entry["action"] for entry in entries}
    assert PASSWORD not in str(entries)
    refused(editor.get("/audit?scope=server"), 403, "owner")
    refused(owner.get("/audit?scope=everything"), 422, "scope")
    key = server.new_environment()
    refused(owner.get("/audit?scope=server", headers={"X-API-KEY": key}), 403)
