"""The commands of an operator: what they print, and the sentence and exit code when they cannot."""

import asyncio

import pytest
from click import Group

from plaudit.cli import main
from plaudit.compose import clock, new_id
from plaudit.model.keys import well_formed
from plaudit.operations.edit_batch import Editor
from plaudit.operations.edit_tenants import TenantDraft, create_tenants
from plaudit.storage.sqlite.schema import MIGRATIONS
from plaudit.storage.sqlite.store import open_sqlite


def _commands(group, path=()):
    for name, command in group.commands.items():
        yield (*path, name)
        if isinstance(command, Group):
            yield from _commands(command, (*path, name))


@pytest.mark.parametrize("words", [(), *_commands(main)], ids=" ".join)
def test_every_command_explains_itself(plaudit, words):
    assert "Usage: " in plaudit(*words, "--help").stdout


def test_migrate_makes_the_database_and_may_be_repeated(plaudit, tmp_path):
    here = f"The schema is up to date at {MIGRATIONS[-1].number:04d}.\n"
    made = plaudit("migrate").stdout
    assert made.startswith("Applied 0001 core.\nApplied 0002 whole contract.\n") and made.endswith(here)
    assert plaudit("migrate").stdout == here
    assert (tmp_path / "data" / "plaudit.db").exists()


def test_an_environment_comes_with_an_admin_key_that_is_shown_once(plaudit):
    made = plaudit("environment", "create", "staging", "--name", "Staging", "--multi-tenant").stdout
    key = next(word for word in made.split() if word.startswith("adm_"))
    assert well_formed(key)
    listed = plaudit("environment", "list").stdout + plaudit("key", "list").stdout
    assert "Staging" in listed
    assert "multi-tenant" in listed
    assert key.partition(".")[0] in listed
    assert key not in listed


def test_an_environment_key_is_used_once(plaudit, home):
    assert "in use" in plaudit("environment", "create", home, code=2).stderr
    assert "letters" in plaudit("environment", "create", "not a key", code=2).stderr


def test_keys_are_made_listed_and_deleted(plaudit, home):
    admin = plaudit("key", "create").stdout.strip()
    app = plaudit("key", "create", "--kind", "application", "--user", "ada").stdout.strip()
    assert well_formed(admin)
    assert well_formed(app)
    prefix = app.partition(".")[0]
    assert f"{prefix}  application  for ada" in plaudit("key", "list").stdout
    plaudit("key", "delete", prefix)
    assert prefix not in plaudit("key", "list").stdout
    assert "There is no key" in plaudit("key", "delete", prefix, code=2).stderr


@pytest.mark.parametrize("words", [("--kind", "application"), ("--user", "ada")])
def test_an_application_key_needs_a_user_and_an_admin_key_none(plaudit, home, words):
    assert "--user" in plaudit("key", "create", *words, code=2).stderr


async def _make_tenant(path):
    store = await open_sqlite(str(path))
    (environment,) = await store.catalog.environments()
    editor = Editor(store, environment.number, clock(), new_id)
    assert (await create_tenants(editor, [TenantDraft("acme", "Acme")])).done
    await store.close()


def test_a_key_in_a_multi_tenant_environment_names_the_tenant(plaudit, tmp_path):
    plaudit("environment", "create", "many", "--multi-tenant")
    words = ("key", "create", "--kind", "application", "--user", "ada")
    assert "--tenant" in plaudit(*words, code=2).stderr
    assert "There is no tenant 'acme'" in plaudit(*words, "--tenant", "acme", code=2).stderr
    asyncio.run(_make_tenant(tmp_path / "data" / "plaudit.db"))
    plaudit(*words, "--tenant", "acme")
    assert "for ada of tenant acme" in plaudit("key", "list").stdout


def test_the_environment_has_to_be_named_when_there_are_several(plaudit, home):
    plaudit("environment", "create", "second")
    assert "home, second" in plaudit("key", "list", code=2).stderr
    plaudit("key", "list", "--environment", "second")
    assert (
        "There is no environment 'third'" in plaudit("key", "list", "--environment", "third", code=2).stderr
    )


def test_without_an_environment_the_next_step_is_told(plaudit):
    assert "plaudit environment create" in plaudit("key", "list", code=2).stderr


def test_verify_finds_nothing_wrong_with_an_untouched_database(plaudit, home):
    assert "no drift" in plaudit("verify").stdout


def test_a_bad_setting_is_one_sentence(plaudit):
    assert plaudit("migrate", "--database", "mysql://x", code=2).stderr.startswith(
        "Error: The setting database is 'mysql://x'"
    )


def test_sqlite_is_served_by_one_process(plaudit):
    assert "one writing process" in plaudit("serve", "--workers", "2", code=2).stderr


def test_a_database_that_cannot_be_opened_is_one_sentence(plaudit, tmp_path):
    (tmp_path / "file").write_text("not a database, and quite long enough to be taken for one" * 20)
    plaudit("migrate", "--database", f"sqlite:{tmp_path / 'file'}", code=2)
    plaudit("migrate", "--database", f"sqlite:{tmp_path / 'file' / 'below'}", code=2)


def test_a_server_that_cannot_be_reached_is_one_sentence(plaudit):
    result = plaudit("migrate", "--database", "postgresql://nobody@127.0.0.1:1/nothing", code=2)
    assert result.stderr.startswith("Error: ")


def test_the_audit_log_begins_with_who_made_the_environment(plaudit, tmp_path):
    plaudit("environment", "create", "home", "--multi-tenant")
    made, key, *_ = asyncio.run(_entries(tmp_path / "data" / "plaudit.db"))
    assert (made.number, made.action.actor, made.action.action) == (1, "console", "create")
    assert made.action.target.startswith("environment:")
    assert '"multi_tenancy":true' in made.action.detail
    assert key.action.target.startswith("key:")
    assert "no drift" in plaudit("verify").stdout


async def _entries(path):
    store = await open_sqlite(str(path))
    (environment,) = await store.catalog.environments()
    found = await store.catalog.actions_after(environment.number, 0, 10)
    await store.close()
    return found
