"""The exam: people who go, completions taken back, and the audit log."""

import re
from pathlib import Path

import pytest
from msgspec.structs import replace
from tests.storage.people import NOON, a_completion, an_event, birth, log_of, person, read, write

from plaudit.model.actions import FIRST, Action, Author, link
from plaudit.model.catalog import EnvironmentSettings
from plaudit.model.outcome import Erasure, RevocationWrite, Scope
from plaudit.storage import search
from plaudit.storage.people_rows import EVERYTHING

SCHEMA = Path(__file__).parents[2] / "src/plaudit/storage/sqlite/schema.sql"
_TABLE = re.compile(r"CREATE (?:TABLE|VIEW) (?:\")?(\w+)(?:\")? \(\s*subject\b")
VIEWED = {"tallies", "sequences", "newest_days", "newest_points_days"}
"""What other names stand for: a table that is erased view by view, and what goes with the user's tally."""


def test_every_table_of_a_user_is_erased_with_it():
    tables = set(_TABLE.findall(SCHEMA.read_text(encoding="utf-8")))
    assert {f"erase_{table}" for table in tables - VIEWED} == set(EVERYTHING)


@pytest.mark.parametrize("scope", list(Scope))
async def test_an_erased_user_leaves_nothing_and_is_counted_no_more(store, ada, ben, scope):
    await write(
        store,
        users=[birth(ada), birth(ben)],
        events=[an_event(ada, key="k")],
        completions=[a_completion(ada), a_completion(ben)],
    )
    await write(store, erased=[Erasure(ada, (1,), scope)])
    snapshot = await read(store, ada)
    assert (snapshot.user, snapshot.details.completions) == (None, {})
    assert await log_of(store, ada) == []
    assert await store.ledger.counts(ada.environment, "") == {0: 1, 1: 1}
    await write(store, users=[birth(ada)], events=[an_event(ada, key="k")], completions=[a_completion(ada)])
    assert await store.ledger.counts(ada.environment, "") == {0: 2, 1: 2}


async def test_a_revoked_completion_is_remembered_and_may_come_again(store, ada):
    done = a_completion(ada).completion
    await write(store, users=[birth(ada)], completions=[a_completion(ada)])
    await write(store, revoked=[RevocationWrite(ada, done, NOON)])
    details = (await read(store, ada)).details
    assert (details.completions, details.revoked) == ({}, frozenset({1}))
    assert (await store.ledger.counts(ada.environment, "")).get(1, 0) == 0
    await write(store, completions=[a_completion(ada)])
    assert (await read(store, ada)).details.completions == {1: done}


async def test_an_environment_is_the_first_entry_of_its_audit_log_and_a_badge_one_too(store):
    made = await store.catalog.create_environment(
        b"e" * 16, "new", "New", EnvironmentSettings(), NOON, Author("console", NOON)
    )
    upload = Action(made.number, NOON, "key", "upload", "badge:abc.png")
    await store.catalog.put_badge("abc.png", "image/png", b"data", NOON, upload)
    first, second = await store.catalog.actions_after(made.number, 0, 10)
    assert (first.action.actor, first.action.action) == ("console", "create")
    assert '"key":"new"' in first.action.detail
    assert (second.action, second.hash) == (upload, link(first.hash, 2, upload))


async def test_actions_are_numbered_and_chained_per_environment(store, here, elsewhere):
    first = Action(here.number, NOON, "key", "create", "metric:x")
    other = replace(first, environment=elsewhere.number)
    second = replace(first, action="archive", detail='{"after":{"name":"é"}}')
    await write(store, actions=[first, other])
    await write(store, actions=[second])
    one, two = await store.catalog.actions_after(here.number, 0, 10)
    assert (one.number, one.action, one.hash) == (1, first, link(FIRST, 1, first))
    assert (two.number, two.action, two.hash) == (2, second, link(one.hash, 2, second))
    assert await store.catalog.actions_before(here.number, 2, None, 10) == [one]
    assert await store.catalog.actions_before(here.number, 9, "metric:y", 10) == []
    assert await store.catalog.actions_before(here.number, 2, None, 10, one.action.actor) == [one]
    assert await store.catalog.actions_before(here.number, 9, None, 10, "nobody") == []


async def test_an_edit_tells_what_changed(store, here):
    async with store.catalog.edit(here.number, Author("key", NOON)) as edit:
        await edit.put_settings(replace(here.settings, strict_idempotency=True))
    (entry,) = await store.catalog.actions_after(here.number, 0, 10)
    assert (entry.action.actor, entry.action.action) == ("key", "update")
    assert '"strict_idempotency":true' in entry.action.detail


async def test_a_search_goes_on_from_stretch_to_stretch_in_one_tenant(store, here, monkeypatch):
    monkeypatch.setattr(search, "STRETCH", 3)
    people = [person(here.number, f"user {n}", tenant) for n in range(8) for tenant in ("", "north")]
    names = {"user 1": "Ada", "user 5": "ADA", "user 7": "ada"}
    await write(store, users=[birth(who, name=names.get(who.user_id)) for who in people])

    async def found(after="", limit=9, tenant=""):
        return [who.user_id for who in await store.ledger.users(here.number, tenant, "aDa", after, limit)]

    assert await found() == ["user 1", "user 5", "user 7"]
    assert await found(limit=2) == ["user 1", "user 5"]
    assert await found("user 1", 1) == ["user 5"]
    assert await found("user 7") == []
    assert await found(tenant="south") == []
    assert {who.tenant for who in await store.ledger.users(here.number, "north", "ada", "", 9)} == {"north"}
