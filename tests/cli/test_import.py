"""``plaudit import``: events from files, checked as the API does, counted once."""

import asyncio

import apsw
import pytest

from plaudit.compose import clock, new_id, open_store
from plaudit.config import Settings
from plaudit.model.catalog import AttributeType
from plaudit.operations.edit_attributes import AttributeDraft, create_attributes
from plaudit.operations.edit_batch import Editor
from plaudit.operations.edit_metrics import MetricDraft, create_metrics


async def _define(database):
    store = await open_store(Settings(database=database))
    editor = Editor(store, 1, clock(), new_id)
    await create_metrics(editor, [MetricDraft("Words", "words"), MetricDraft("Pages", "pages")])
    await create_attributes(editor, [AttributeDraft("Source", "source", AttributeType.EVENT)])
    await store.close()


@pytest.fixture
def defined(home, database):
    asyncio.run(_define(database))


@pytest.fixture
def file(tmp_path):
    def write(name, *lines):
        path = tmp_path / name
        path.write_text("\n".join(lines) + "\n")
        return str(path)

    return write


def test_a_csv_file_is_imported_once_however_often(plaudit, defined, file):
    path = file(
        "events.csv",
        "userId,value,timestamp,tz,attr.source,idempotencyKey",
        "ada,1.5,2024-01-01T10:00:00Z,Europe/London,web,lesson-1",
        "ada,2,2024-01-02T10:00:00Z,,,lesson-2",
        "ben,-3,,,,",
    )
    first = plaudit("import", path, "--metric", "words").stdout
    assert first.startswith("3 events recorded, 0 known from before, 0 refused")
    again = plaudit("import", path, "--metric", "words").stdout
    assert again.startswith("0 events recorded, 3 known from before, 0 refused")
    assert "2 users" in plaudit("environment", "list").stdout
    assert "no drift" in plaudit("verify").stdout


def test_a_json_lines_file_may_name_a_metric_in_each_line(plaudit, defined, file):
    path = file(
        "events.jsonl",
        '{"key": "words", "user": {"id": "ada", "name": "Ada"}, "value": 100}',
        "",
        '{"key": "pages", "user": {"id": "ada"}, "value": 1, "attributes": {"source": "app"}}',
    )
    assert plaudit("import", path).stdout.startswith("2 events recorded")


def test_a_refused_line_is_told_by_its_number_and_hurts_no_other(plaudit, defined, file):
    path = file(
        "events.csv",
        "key,userId,value,timestamp,tz,attr.place",
        "words,ada,1,,,",
        "words,ada,many,,,",
        "nothing,ada,1,,,",
        "words,,1,,,",
        "words,ada,1,tomorrow,,",
        "words,ada,1,,Mars/Olympus,",
        "words,ada,1,,,here",
        ",ada,1,,,",
        "words,ada,1,,,,too,many",
        "words,ben,1,,,",
    )
    result = plaudit("import", path, code=1)
    assert result.stdout.startswith("2 events recorded, 0 known from before, 8 refused")
    told = {line.split(":")[0] for line in result.stderr.splitlines() if line.startswith("Line ")}
    assert told == {f"Line {number}" for number in range(3, 11)}


@pytest.mark.parametrize(
    ("name", "line", "word"),
    [
        ("events.csv", "userId,amount", "amount"),
        ("events.csv", "userId", "value"),
        ("events.txt", "ada 1", ".jsonl"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_as_a_whole(plaudit, defined, file, name, line, word):
    assert word in plaudit("import", file(name, line), code=2).stderr


def test_lines_of_json_that_are_not_json_are_told(plaudit, defined, file):
    result = plaudit("import", file("events.jsonl", "{", "[]", "nonsense"), "--metric", "words", code=1)
    assert "3 refused" in result.stdout


def test_more_lines_than_one_batch_holds_are_all_recorded(plaudit, defined, file):
    path = file("events.csv", "userId,value", *(f"user-{n % 7},1" for n in range(1234)))
    assert plaudit("import", path, "--metric", "words").stdout.startswith("1,234 events recorded")
    assert "no drift" in plaudit("verify").stdout


def test_verify_tells_a_number_that_does_not_follow_from_the_log(plaudit, defined, file, tmp_path):
    plaudit("import", file("events.csv", "userId,value", "ada,1"), "--metric", "words")
    with apsw.Connection(str(tmp_path / "data" / "plaudit.db")) as db:
        db.execute("UPDATE tallies SET tally = json_set(tally, '$.totals.1[0]', 999) WHERE kind = 1")
    told = plaudit("verify", code=1).stdout
    assert "ada" in told
    assert "1 drift." in told


def test_a_tenant_is_named_where_there_are_tenants_and_only_there(plaudit, defined, file):
    path = file("events.csv", "userId,value", "ada,1")
    assert (
        "Leave --tenant out"
        in plaudit("import", path, "--metric", "words", "--tenant", "acme", code=2).stderr
    )


def test_a_line_at_no_time_of_rfc_3339_is_refused(plaudit, defined, file):
    path = file("events.csv", "userId,value,timestamp", "ada,1,2026-W01-1", "ada,1,2026-01-02")
    told = plaudit("import", path, "--metric", "words", code=1)
    assert "1 events recorded, 0 known from before, 1 refused" in told.stdout
    assert "RFC 3339" in told.stdout + told.stderr
