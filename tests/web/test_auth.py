"""Who calls: keys known to the process, keys made a moment ago, tenants, and other users."""

import asyncio
import secrets

import pytest

from plaudit.compose import clock, new_id
from plaudit.model.catalog import ApiKey, EnvironmentSettings, KeyKind
from plaudit.model.errors import Code, PlauditError
from plaudit.model.keys import RANDOM_BYTES, mint
from plaudit.web.auth import Keyring

SHARED = EnvironmentSettings(multi_tenancy=True)


def headers(key, **more):
    return {b"x-api-key": key.encode(), **{name.encode(): value for name, value in more.items()}}


async def test_a_key_tells_its_environment_and_kind(house):
    caller = house.context.keyring.authenticate(headers(house.key))
    assert (caller.environment, caller.kind, caller.user_id) == (house.environment, KeyKind.ADMIN, None)
    assert house.key.startswith(caller.prefix)


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ({}, Code.MISSING_KEY),
        ({b"x-api-key": b""}, Code.MISSING_KEY),
        ({b"x-api-key": b"\xff"}, Code.WRONG_KEY),
    ],
)
async def test_no_key_and_a_wrong_key_are_told_apart(house, sent, code):
    with pytest.raises(PlauditError) as refused:
        await house.context.keyring.admit(sent)
    assert refused.value.code is code


async def test_a_text_that_is_no_key_never_reaches_the_database(house, monkeypatch):
    async def asked():
        raise AssertionError("the database was asked")

    keyring = Keyring(house.context.store.catalog)
    monkeypatch.setattr(keyring, "refresh", asked)
    typo = house.key[:-1] + ("a" if house.key[-1] != "a" else "b")
    for text in ("x", typo, "adm_" + "A" * 58):
        with pytest.raises(PlauditError, match="The API key is not valid"):
            await keyring.admit(headers(text))


async def test_a_key_another_process_made_a_moment_ago_is_admitted(house):
    key = mint(KeyKind.ADMIN, secrets.token_bytes(RANDOM_BYTES))
    now = clock()
    stored = ApiKey(new_id(now), house.environment, KeyKind.ADMIN, key.prefix, key.digest, "", None, now)
    await house.context.store.catalog.put_keys([stored])
    answer = await house.client(key.text).get("/v1/achievements")
    assert answer.status_code == 200


async def test_the_keyring_reads_again_only_when_something_has_changed(house):
    keyring = Keyring(house.context.store.catalog)
    assert await keyring.refresh() is True
    assert await keyring.refresh() is False
    await house.key_for("ada")
    assert await keyring.refresh() is True


async def test_two_who_read_new_environments_at_once_do_not_disturb_each_other(another, context, monkeypatch):
    houses = [await another(SHARED) for _ in range(2)]
    keyring, catalog = Keyring(context.store.catalog), context.store.catalog
    read, held, go_on = catalog.definitions, asyncio.Event(), asyncio.Event()

    async def slow_at_first(environment):
        found = await read(environment)
        if not held.is_set():
            held.set()
            await go_on.wait()
        return found

    monkeypatch.setattr(catalog, "definitions", slow_at_first)
    slow = asyncio.create_task(keyring.refresh())
    await held.wait()
    await keyring.refresh()
    go_on.set()
    await slow
    assert [keyring.authenticate(headers(each.key)).environment for each in houses] == [
        each.environment for each in houses
    ]


async def test_the_keyring_knows_no_secret(house):
    secret = house.key.partition(".")[2]
    assert secret not in repr(vars(house.context.keyring))


async def test_an_application_key_acts_for_its_user_only(house):
    ada = house.client(await house.key_for("ada"))
    await house.event(1, "ben")
    body = {"user": {"id": "ada"}, "value": 2}
    assert (await ada.post("/v1/metrics/words/event", json=body)).status_code == 201
    assert (await ada.get("/v1/users/ada")).status_code == 200
    assert (await ada.get("/v1/streaks?userIds=ada")).status_code == 200
    assert (await ada.get("/v1/achievements")).status_code == 200
    for path in ("", "/achievements", "/metrics", "/metrics/words", "/streak"):
        answer = await ada.get(f"/v1/users/ben{path}")
        assert (answer.status_code, answer.json()["code"]) == (403, "forbidden_user")
    assert (await ada.get("/v1/streaks?userIds=ada,ben")).status_code == 403
    assert (await ada.get("/admin/v1/metrics")).json()["code"] == "forbidden_admin"


async def test_an_unknown_user_of_somebody_else_is_a_403_too_so_that_nothing_is_learnt(house):
    ada = house.client(await house.key_for("ada"))
    assert (await ada.get("/v1/users/nobody")).status_code == 403


async def test_a_tenant_is_named_by_the_header_where_there_are_tenants(another):
    house = await another(SHARED)
    await house.http.post("/admin/v1/metrics", json=[{"name": "Words", "key": "words"}])
    made = [{"customerId": each, "name": each} for each in ("north", "south")]
    assert (await house.http.post("/admin/v1/tenants", json=made)).status_code == 201
    assert (await house.event(1)).json()["code"] == "missing_tenant"
    assert (await house.http.get("/v1/achievements")).status_code == 422
    north = house.client(house.key, **{"Tenant-ID": "north"})
    body = {"user": {"id": "ada"}, "value": 2}
    assert (await north.post("/v1/metrics/words/event", json=body)).status_code == 201
    south = house.client(house.key, **{"Tenant-ID": "south"})
    assert (await south.get("/v1/users/ada")).status_code == 404


async def test_an_application_key_carries_its_tenant(another):
    house = await another(SHARED)
    made = [{"customerId": "north", "name": "North"}]
    assert (await house.http.post("/admin/v1/tenants", json=made)).status_code == 201
    ada = house.client(await house.key_for("ada", tenant="north"), **{"Tenant-ID": "south"})
    caller = await house.context.keyring.admit({k.lower(): v for k, v in ada.headers.raw})
    assert caller.sealed_tenant == "north"


@pytest.mark.parametrize("tenant", [b"", b" a", b"\xff", b"a" * 256, "e\u0301".encode()])
async def test_a_tenant_that_is_no_id_is_refused(another, tenant):
    house = await another(SHARED)
    with pytest.raises(PlauditError, match="The Tenant-ID header must"):
        house.context.keyring.authenticate(headers(house.key, **{"tenant-id": tenant}))
