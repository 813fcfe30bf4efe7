"""Application keys over the Admin API: for one user, shown once, stored as a digest."""

import asyncio
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

import asyncpg
import httpx
from tests.support.world import eventually, refused

from plaudit.model.catalog import EnvironmentSettings

PATH = "/admin/v1/application-api-keys"


def as_user(world, key):
    return httpx.Client(base_url=world.server.base, headers={"X-API-KEY": key})


def test_a_key_acts_for_its_user_only_and_only_on_the_application_api(world):
    answer = world.http.post(PATH, json=[{"userId": "ada"}])
    assert answer.status_code == 201
    (made,) = answer.json()["created"]
    assert made["userId"] == "ada"
    assert made["key"].startswith(made["prefix"] + ".")
    assert made["prefix"].startswith("app_")
    with as_user(world, made["key"]) as ada:
        body = {"user": {"id": "ada"}, "value": 1}
        assert ada.post("/v1/metrics/words/event", json=body).status_code == 201
        refused(ada.post("/v1/metrics/words/event", json=body | {"user": {"id": "ben"}}), 403)
        refused(ada.get("/admin/v1/metrics"), 403)
        refused(ada.post(PATH, json=[{"userId": "ben"}]), 403)


def test_bad_users_are_issues(world):
    answer = world.http.post(
        PATH, json=[{"userId": ""}, {"userId": "x" * 256}, {"userId": 7}, {}, {"userId": "ada"}]
    )
    assert answer.status_code == 201
    assert [i["index"] for i in answer.json()["issues"]] == [0, 1, 2, 3]
    assert [k["userId"] for k in answer.json()["created"]] == ["ada"]
    assert world.http.post(PATH, json=[{}]).status_code == 200


def test_the_secrets_are_nowhere_in_the_database(worlds):
    """Neither as they are shown nor in hexadecimal digits; and what is stored is found by the same search."""
    world = worlds.make()
    world.metric("words")
    admin = world.http.post("/admin/v1/api-keys", json={"name": "ci"}).json()["key"]
    app = world.app_key("ada")
    for key in (admin, app):
        with as_user(world, key) as http:
            body = {"user": {"id": "ada"}, "value": 1}
            assert http.post("/v1/metrics/words/event", json=body).status_code == 201
            refused(http.post("/v1/metrics/words/event", json=body | {"value": "x"}), 422)
    stored = everything_in(world.server.database)
    for key in (admin, app, world.key):
        secret = key.partition(".")[2].encode()
        assert holds(stored, key.partition(".")[0].encode())
        assert holds(stored, sha256(key.encode()).digest())
        assert not holds(stored, secret)
        assert not holds(stored, sha256(secret).digest())


def holds(stored: bytes, what: bytes) -> bool:
    return what in stored or what.hex().encode() in stored


def everything_in(database: str) -> bytes:
    """Give an embedded database's files, or the rows of all tables as PostgreSQL writes them out."""
    if database.startswith("sqlite:"):
        file = Path(database.removeprefix("sqlite:"))
        return b"".join(each.read_bytes() for each in file.parent.glob(f"{file.name}*"))

    async def read() -> bytes:
        connection = await asyncpg.connect(database)
        try:
            named = (
                "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
            )
            tables = [row["relname"] for row in await connection.fetch(named)]
            rows = [row for each in tables for row in await connection.fetch(f"SELECT t::text FROM {each} t")]
            return "\n".join(row["t"] for row in rows).encode()
        finally:
            await connection.close()

    return asyncio.run(read())


def test_a_deleted_key_opens_nothing(world):
    (made,) = world.http.post(PATH, json=[{"userId": "ada"}]).json()["created"]
    missing = str(uuid4())
    answer = world.http.delete(PATH, params={"ids": [made["id"], missing, "x"]})
    assert answer.json()["deleted"] == [{"id": made["id"]}]
    assert [(i["id"], i["message"]) for i in answer.json()["issues"]] == [
        (missing, "Application API key not found by ID"),
        ("x", "id must be a valid UUID"),
    ]
    with as_user(world, made["key"]) as ada:
        assert eventually(lambda: ada.get("/v1/users/ada").status_code == 401, 3)


def test_another_environment_cannot_delete_it(world, elsewhere):
    (made,) = world.http.post(PATH, json=[{"userId": "ada"}]).json()["created"]
    answer = elsewhere.http.delete(PATH, params={"ids": made["id"]})
    assert answer.json()["deleted"] == []
    with as_user(world, made["key"]) as ada:
        assert ada.get("/v1/users/ada").status_code in {200, 404}


def test_a_key_of_a_tenant_stays_in_that_tenant(worlds):
    world = worlds.make(EnvironmentSettings(multi_tenancy=True))
    world.metric("words")
    world.tenants("acme", "globex")
    refused(world.http.post(PATH, json=[{"userId": "ada"}]), 422, "Tenant-ID")
    key = world.app_key("ada", **{"Tenant-ID": "acme"})
    with as_user(world, key) as ada:
        body = {"user": {"id": "ada"}, "value": 5}
        assert (
            ada.post("/v1/metrics/words/event", json=body, headers={"Tenant-ID": "globex"}).status_code == 201
        )
    for tenant, status in (("acme", 200), ("globex", 404)):
        answer = world.http.get("/v1/users/ada", headers={"Tenant-ID": tenant})
        assert answer.status_code == status
