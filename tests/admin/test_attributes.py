"""Attributes over the Admin API: declared once per type, renamed, kept while in use."""

from uuid import uuid4

from tests.support.world import refused


def test_a_key_is_unique_among_the_attributes_of_its_type(world):
    answer = world.http.post(
        "/admin/v1/attributes",
        json=[
            {"name": "Plan", "key": "plan", "type": "user"},
            {"name": "Plan of the event", "key": "plan", "type": "event"},
            {"name": "Again", "key": "plan", "type": "user"},
            {"name": "Odd", "key": "odd", "type": "group"},
        ],
    )
    assert answer.status_code == 201
    assert [(a["key"], a["type"]) for a in answer.json()["created"]] == [("plan", "user"), ("plan", "event")]
    assert [(i["index"], i["message"]) for i in answer.json()["issues"]] == [
        (2, "Key already in use by another attribute of this type"),
        (3, "type cannot be 'group'"),
    ]
    assert world.read("/admin/v1/attributes") == answer.json()["created"]


def test_an_attribute_is_renamed_but_keeps_key_and_type(world):
    made = world.attribute("plan")
    answer = world.http.patch(
        "/admin/v1/attributes",
        json=[{"id": made, "name": "Subscription", "key": "other"}, {"id": str(uuid4())}],
    )
    assert answer.json()["updated"] == [{"id": made, "name": "Subscription", "key": "plan", "type": "user"}]
    assert [(i["id"] == made, i["severity"]) for i in answer.json()["issues"]] == [
        (False, "error"),
        (True, "warning"),
    ]
    assert world.read(f"/admin/v1/attributes/{made}")["name"] == "Subscription"


def test_an_undeclared_key_is_refused_until_it_is_declared_and_again_when_deleted(world):
    profile = {"attributes": {"plan": "pro"}}
    refused(world.event(1, profile=profile), 422, "plan")
    made = world.attribute("plan")
    assert world.event(1, profile=profile).status_code == 201
    world.http.delete("/admin/v1/attributes", params={"ids": made})
    refused(world.event(1, profile=profile), 422, "plan")
    refused(world.http.get(f"/admin/v1/attributes/{made}"), 404)


def test_an_attribute_in_use_is_kept(world):
    place = world.attribute("place", "event")
    world.goal(
        world.words, 5, name="Abroad", eventAttributes=[{"attributeId": place, "attributeValue": "abroad"}]
    )
    answer = world.http.delete("/admin/v1/attributes", params={"ids": place})
    assert answer.json()["deleted"] == []
    assert "'Abroad'" in answer.json()["issues"][0]["message"]
