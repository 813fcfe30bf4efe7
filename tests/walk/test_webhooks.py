"""Webhooks through the whole house: from an event to a receiver that verifies what it hears."""

import pytest
from standardwebhooks import Webhook
from tests.support.server import on
from tests.support.world import World, eventually, refused
from tests.webhooks.receiver import OK, Ear, answer

from plaudit.model.catalog import EnvironmentSettings


@pytest.fixture(scope="module")
def ear():
    with Ear() as made:
        yield made


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def server(request, ear, tmp_path_factory):
    with on(request.param, tmp_path_factory.mktemp("webhooks"), environ=ear.environ) as made:
        yield made


@pytest.fixture
def world(server, ear):
    ear.receiver.heard.clear()
    ear.receiver.behaviour = lambda _: OK
    made = World(server, server.new_environment())
    made.words = made.metric("words")
    yield made
    made.close()


def listen(world, ear, *types):
    answered = world.http.post(
        "/admin/v1/webhooks", json=[{"url": ear.receiver.url, "eventTypes": list(types)}]
    )
    assert answered.status_code == 201, answered.text
    return answered.json()["created"][0]


def test_a_completion_is_told_once_signed_and_shown(world, ear):
    hook = listen(world, ear)
    goal = world.goal(world.words, 10)
    world.event(10, key="a", profile={"email": "ada@example.com", "subscribeToEmails": True})
    world.event(10, key="a")
    refused(world.event("x"), 422)
    assert eventually(lambda: len(ear.heard()) >= 3)
    assert [each["type"] for each in ear.heard()] == [
        "streak.started",
        "achievement.completed",
        "emails.achievement_due",
    ]
    assert ear.heard("achievement.completed")[0]["achievement"]["id"] == goal
    for each in ear.receiver.heard:
        Webhook(hook["secret"]).verify(each.body, each.headers)
        assert each.headers["x-trophy-signature"]
    assert eventually(
        lambda: {d["status"] for d in world.read("/admin/v1/webhooks/deliveries")} == {"delivered"}
    )
    listed = world.read("/admin/v1/webhooks/deliveries?userId=ada&type=achievement.completed")
    detail = world.read(f"/admin/v1/webhooks/deliveries/{listed[0]['id']}")
    assert detail["payload"]["achievement"]["id"] == goal
    assert [(each["status"], each["response"]) for each in detail["history"]] == [(200, "thanks")]
    assert detail["webhookId"] == hook["id"] and "secret" not in world.read("/admin/v1/webhooks")[0]


def test_backdating_stays_silent(world, ear):
    world.event(10)
    listen(world, ear, "achievement.completed")
    goal = world.goal(world.words, 5)
    assert eventually(lambda: goal in world.earned())
    world.goal(world.words, 20)
    world.event(10)
    assert eventually(lambda: len(ear.heard()) > 0)
    assert [each["achievement"]["metricValue"] for each in ear.heard()] == [20]


def test_an_endpoint_hears_only_what_it_wants_and_nothing_once_deleted(world, ear):
    hook = listen(world, ear, "streak.extended")
    world.goal(world.words, 1)
    world.event(1)
    world.http.delete(f"/admin/v1/webhooks?ids={hook['id']}")
    world.event(1, "ben")
    assert world.read("/admin/v1/webhooks/deliveries") == []
    assert world.read("/admin/v1/webhooks") == []


def test_what_failed_is_tried_again_and_can_be_replayed(world, ear):
    listen(world, ear, "streak.started")
    ear.receiver.behaviour = lambda _: answer(500) if len(ear.receiver.heard) == 1 else OK
    world.event(1)
    assert eventually(lambda: len(ear.receiver.heard) == 2, 25)
    path = "/admin/v1/webhooks/deliveries"
    assert eventually(lambda: world.read(path)[0]["status"] == "delivered")
    (delivery,) = world.read(path)
    again = world.http.post(f"{path}/{delivery['id']}/replay")
    assert again.status_code == 202
    assert eventually(lambda: len(ear.receiver.heard) == 3)
    assert len({each.id for each in ear.receiver.heard}) == 1


def test_a_test_message_arrives_and_a_rotated_secret_signs_beside_the_old_one(world, ear):
    hook = listen(world, ear)
    fresh = world.http.post(f"/admin/v1/webhooks/{hook['id']}/rotate").json()
    assert fresh["secret"] != hook["secret"]
    assert world.http.post(f"/admin/v1/webhooks/{hook['id']}/test").status_code == 202
    assert eventually(lambda: ear.heard("webhook.test"))
    (heard,) = ear.receiver.heard
    for secret in (hook["secret"], fresh["secret"]):
        Webhook(secret).verify(heard.body, heard.headers)


def test_an_endpoint_that_is_gone_is_switched_off(world, ear):
    hook = listen(world, ear, "streak.started")
    ear.receiver.behaviour = lambda _: answer(410)
    world.event(1)
    assert eventually(lambda: not world.read(f"/admin/v1/webhooks/{hook['id']}")["active"])
    shown = world.read(f"/admin/v1/webhooks/{hook['id']}")
    assert shown["disabledReason"]
    refused(world.http.post(f"/admin/v1/webhooks/{hook['id']}/test"), 422, "switched off")
    on = world.http.patch("/admin/v1/webhooks", json=[{"id": hook["id"], "active": True}]).json()
    assert on["updated"][0]["active"] and on["updated"][0]["disabledReason"] is None


@pytest.mark.parametrize(
    ("item", "words"),
    [
        ({"url": "http://10.0.0.1:22/"}, "ports"),
        ({"url": "ftp://example.com/"}, "https"),
        ({"url": "https://u@example.com/"}, "user name"),
        ({"url": "https://example.com/", "eventTypes": ["nothing"]}, "nothing"),
        ({}, "url"),
    ],
)
def test_a_bad_endpoint_is_an_issue(world, item, words):
    answered = world.http.post("/admin/v1/webhooks", json=[item])
    assert answered.status_code == 200 and answered.json()["created"] == []
    assert words in answered.json()["issues"][0]["message"]


def test_bad_questions_about_deliveries_are_refused(world, ear):
    path = "/admin/v1/webhooks/deliveries"
    refused(world.http.get(f"{path}?status=lost"), 422, "status")
    refused(world.http.get(f"{path}?type=lost"), 422, "type")
    refused(world.http.get(f"{path}?webhookId=1"), 422, "webhookId")
    unknown = "01890000-0000-7000-8000-000000000000"
    refused(world.http.get(f"{path}?webhookId={unknown}"), 404)
    refused(world.http.get(f"{path}/{unknown}"), 404)
    refused(world.http.post(f"{path}/{unknown}/replay"), 404)
    refused(world.http.get(f"/admin/v1/webhooks/{unknown}"), 404)


def test_who_is_in_the_control_group_or_wants_no_mail_is_due_none(world, ear):
    listen(world, ear, "achievement.completed", "emails.achievement_due")
    world.goal(world.words, 1)
    mail = {"email": "somebody@example.com", "subscribeToEmails": True}
    off = {"notifications": {"achievement_completed": ["push"]}}
    world.event(0.5, "ben", profile=mail)
    assert world.http.patch("/v1/users/ben/preferences", json=off).status_code == 200
    world.event(1, "ben")
    settings = {"experimentation": {"controlRatio": 100}}
    assert world.http.patch("/admin/v1/settings", json=settings).status_code == 200
    world.event(1, "cleo", profile=mail)
    assert world.read("/v1/users/cleo")["control"] is True
    world.event(1, "ada", profile={"email": "ada@example.com", "subscribeToEmails": False})
    assert eventually(lambda: len(ear.heard("achievement.completed")) == 3)
    assert ear.heard("emails.achievement_due") == []


def test_an_endpoint_of_a_tenant_hears_of_its_users_alone_and_is_switched_off_there(server, ear):
    ear.receiver.heard.clear()
    ear.receiver.behaviour = lambda _: OK
    world = World(server, server.new_environment(EnvironmentSettings(multi_tenancy=True)))
    world.metric("words")
    world.tenants("north", "south")
    world.http.headers["Tenant-ID"] = "north"
    hook = listen(world, ear, "streak.started")
    world.event(1, "ben", headers={"Tenant-ID": "south"})
    world.event(1, "ada")
    assert eventually(lambda: len(ear.heard()) == 1)
    assert ear.heard()[0]["user"]["id"] == "ada"
    south = {"Tenant-ID": "south"}
    assert world.http.get("/admin/v1/webhooks/deliveries", headers=south).json() == []
    ear.receiver.behaviour = lambda _: answer(410)
    world.event(1, "cleo")
    assert eventually(lambda: not world.read(f"/admin/v1/webhooks/{hook['id']}")["active"])
    world.close()


def test_deliveries_are_sealed_by_tenant(server, ear):
    ear.receiver.heard.clear()
    ear.receiver.behaviour = lambda _: OK
    north, south = {"Tenant-ID": "north"}, {"Tenant-ID": "south"}
    world = World(server, server.new_environment(EnvironmentSettings(multi_tenancy=True)))
    world.metric("words")
    world.tenants("north", "south")
    hook = listen(world, ear, "streak.started", "webhook.test")
    world.event(1, headers=north)
    world.event(1, "ben", headers=south)
    assert world.http.post(f"/admin/v1/webhooks/{hook['id']}/test").status_code == 202
    path = "/admin/v1/webhooks/deliveries"

    def seen(tenant, more=""):
        return world.http.get(path + more, headers=tenant).json()

    assert eventually(lambda: {d["status"] for d in seen(north) + seen(south)} == {"delivered"})
    assert {(d["tenantId"], d["userId"]) for d in seen(north)} == {("north", "ada"), (None, None)}
    assert {(d["tenantId"], d["userId"]) for d in seen(south)} == {("south", "ben"), (None, None)}
    assert seen(south, "?userId=ada") == []
    (theirs,) = seen(south, "?userId=ben")
    assert world.http.get(f"{path}/{theirs['id']}", headers=south).json()["history"]
    refused(world.http.get(f"{path}/{theirs['id']}", headers=north), 404)
    refused(world.http.post(f"{path}/{theirs['id']}/replay", headers=north), 404)
    for shown in (path, f"{path}/{theirs['id']}"):
        refused(world.http.get(shown), 422, "Tenant-ID")
    world.close()


@pytest.mark.parametrize("url", ["https://10.0.0.1/x", "https://[fd00::1]/x", "https://169.254.169.254/"])
def test_an_address_that_would_never_be_called_is_refused_when_it_is_written_down(world, url):
    made = world.http.post("/admin/v1/webhooks", json=[{"url": url}]).json()
    assert made["created"] == []
    assert "which is not a public address" in made["issues"][0]["message"]
