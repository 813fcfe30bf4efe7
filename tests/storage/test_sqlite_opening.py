"""Opening an SQLite file: what is refused, with which sentence, and who may share it."""

import subprocess
import sys

import apsw
import pytest
from tests.storage.people import found

from plaudit.storage.port import StoreError
from plaudit.storage.sqlite.claim import claim_writer
from plaudit.storage.sqlite.connection import check_release
from plaudit.storage.sqlite.store import open_sqlite

CARRAY = ("ENABLE_CARRAY",)
HOLD = """
import sys
from plaudit.storage.sqlite.claim import claim_writer
held = claim_writer(sys.argv[1])
print("held", flush=True)
input()
"""


@pytest.mark.parametrize("version", ["3.40.1", "3.51.2", "3.9.0"])
def test_libraries_that_can_corrupt_databases_are_refused(version):
    with pytest.raises(StoreError, match=f"SQLite {version} can corrupt databases; 3.51.3 is the oldest"):
        check_release(version, CARRAY)


@pytest.mark.parametrize("version", ["3.51.3", "3.54.1", "3.100.0", "4.0.0"])
def test_newer_libraries_are_accepted(version):
    check_release(version, CARRAY)


def test_a_library_without_array_binding_is_refused():
    with pytest.raises(StoreError, match="Install apsw from PyPI"):
        check_release("3.54.1", ())


async def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path):
    path = tmp_path / "letter.txt"
    path.write_text("Dear Ada, " * 200)
    with pytest.raises(StoreError, match="is not a SQLite database"):
        await open_sqlite(path)
    assert path.read_text().startswith("Dear Ada")


async def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(StoreError, match="Check that its folder exists"):
        await open_sqlite(tmp_path / "nowhere" / "plaudit.db")
    with pytest.raises(StoreError, match=r"lock file .* cannot be written"):
        await open_sqlite(tmp_path / "nowhere" / "plaudit.db", serve=True)


async def test_a_second_server_is_refused_until_the_first_is_gone(tmp_path):
    path = tmp_path / "plaudit.db"
    first = await open_sqlite(path, serve=True)
    with pytest.raises(StoreError, match="Another Plaudit server already serves"):
        await open_sqlite(path, serve=True)
    await first.close()
    second = await open_sqlite(path, serve=True)
    await second.close()


async def test_a_server_that_did_not_open_keeps_no_claim(tmp_path):
    path = tmp_path / "letter.txt"
    path.write_text("Dear Ada, " * 200)
    with pytest.raises(StoreError, match="is not a SQLite database"):
        await open_sqlite(path, serve=True)
    claim_writer(path).release()


def test_a_killed_server_keeps_no_claim(tmp_path):
    path = tmp_path / "plaudit.db"
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None and other.stdout.readline() == b"held\n"
        with pytest.raises(StoreError, match="Another Plaudit server"):
            claim_writer(path)
        other.kill()
    claim = claim_writer(path)
    claim.release()
    claim.release()


async def test_a_command_may_work_beside_the_server(tmp_path):
    path = tmp_path / "plaudit.db"
    server = await open_sqlite(path, serve=True)
    command = await open_sqlite(path)
    made = await found(command, "here")
    await command.close()
    assert await server.catalog.environments() == [made]
    await server.close()


async def test_commits_are_durable_and_references_are_kept(tmp_path):
    store = await open_sqlite(tmp_path / "plaudit.db")
    connection = store._writer._connection
    settings = {name: connection.pragma(name) for name in ("journal_mode", "synchronous", "foreign_keys")}
    assert settings == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
    sizes = [connection.pragma(name) for name in ("wal_autocheckpoint", "cache_size", "cache_spill")]
    assert sizes == [0, -8_192, 0]
    with pytest.raises(apsw.ReadOnlyError):
        store._reader._connection.execute("DELETE FROM users")
    await store.close()
