"""The exam: people who go, completions taken back, and the audit log."""

import re
from pathlib import Path

import pytest
from msgspec.structs import replace
from tests.storage.people import NOON, a_completion, an_event, birth, log_of, read, write

from plaudit.model.actions import FIRST, Action, Author, link
from plaudit.model.outcome import Erasure, RevocationWrite, Scope
from plaudit.storage.people_rows import EVERYTHING

SCHEMA = Path(__file__).parents[2] / "src/plaudit/storage/sqlite/schema.sql"
_TABLE = re.compile(r"CREATE TABLE (?:\")?(\w+)(?:\")? \(\s*subject\b")


def test_every_table_of_a_user_is_erased_with_it():
    tables = set(_TABLE.findall(SCHEMA.read_text(encoding="utf-8")))
    assert {f"erase_{table}" for table in tables} == set(EVERYTHING)


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
