"""What a command tells while it works: every long one ends at 100 %, and says so on standard error only."""

import asyncio

import pytest

from plaudit.commands.maintain import count_users
from plaudit.commands.shared import progress
from plaudit.compose import clock, new_id, open_store
from plaudit.config import Settings
from plaudit.operations.edit_batch import Editor
from plaudit.operations.edit_metrics import MetricDraft, create_metrics
from plaudit.operations.edit_tenants import TenantDraft, create_tenants
from plaudit.storage.sqlite.schema import MIGRATIONS


async def opened(database, work):
    store = await open_store(Settings(database=database))
    try:
        return await work(store, Editor(store, 1, clock(), new_id))
    finally:
        await store.close()


@pytest.fixture
def words(home, database):
    asyncio.run(opened(database, lambda _, editor: create_metrics(editor, [MetricDraft("Words", "words")])))


def told(result, label):
    """Give the percentages of one label, in their order."""
    lines = [line for line in result.stderr.splitlines() if line.startswith(f"{label}: ")]
    assert label not in result.stdout
    return [int(line.removeprefix(f"{label}: ").removesuffix(" %")) for line in lines]


@pytest.mark.parametrize("lines", [["userId,value", "ada,1"], ["userId,value", "", "ada,1", "", ""]])
def test_the_import_of_one_line_ends_at_100_percent(plaudit, words, tmp_path, lines):
    file = tmp_path / "one.csv"
    file.write_text("\n".join(lines))
    assert told(plaudit("import", str(file), "--metric", "words"), "Importing") == [100]


@pytest.mark.parametrize("kind", ["csv", "jsonl"])
def test_an_import_tells_how_much_of_the_file_is_read(plaudit, words, tmp_path, kind):
    """Quotes, an empty column and spaces are a part of the file, though not of an event."""
    head, line = {
        "csv": ("userId,value,tz,timestamp\n", '"ada",' + " " * 60 + '1,"",\n'),
        "jsonl": ("\n", '{"user": {"id": "ada"}, "value": 1}' + " " * 40 + "\n"),
    }[kind]
    file = tmp_path / f"many.{kind}"
    file.write_text(head + line * 2000)
    seen = told(plaudit("import", str(file), "--metric", "words"), "Importing")
    assert (seen[-1], seen) == (100, sorted(set(seen)))
    assert any(20 <= percent <= 30 for percent in seen)
    assert any(70 <= percent <= 80 for percent in seen)


def test_verify_counts_the_users_of_every_tenant(plaudit, database, tmp_path):
    plaudit("environment", "create", "home", "--multi-tenant")

    async def make(_, editor):
        await create_metrics(editor, [MetricDraft("Words", "words")])
        await create_tenants(editor, [TenantDraft(each, each) for each in ("acme", "globex")])

    asyncio.run(opened(database, make))
    file = tmp_path / "events.csv"
    file.write_text("userId,value\nada,1\nben,1\n")
    for tenant in ("acme", "globex"):
        plaudit("import", str(file), "--metric", "words", "--tenant", tenant)
    assert asyncio.run(opened(database, lambda store, _: count_users(store))) == 4
    assert told(plaudit("verify"), "Verifying") == [100]


def test_verify_of_nobody_ends_at_100_percent_too(plaudit, home):
    assert told(plaudit("verify"), "Verifying") == [100]


def test_migrate_tells_each_step_when_it_begins(plaudit):
    steps = [f"Applying {step.label} ..." for step in MIGRATIONS]
    assert plaudit("migrate").stderr.splitlines() == steps
    assert plaudit("migrate").stderr == ""


@pytest.mark.parametrize(("total", "steps"), [(10, [3, 3]), (10, [10]), (10, [9, 9]), (0, []), (0, [1])])
def test_work_that_came_to_its_end_is_whole_and_whole_once(capsys, total, steps):
    with progress("Working", total) as step:
        for count in steps:
            step(count)
    lines = capsys.readouterr().err.splitlines()
    assert lines[-1] == "Working: 100 %"
    assert len(lines) == len(set(lines))


def test_work_that_broke_off_is_not_told_as_whole(capsys):
    def breaks_off():
        with progress("Working", 10) as step:
            step(5)
            raise KeyError

    with pytest.raises(KeyError):
        breaks_off()
    assert capsys.readouterr().err == "Working: 50 %\n"
