"""Migration files: numbered without gaps, and never run by an older release."""

import pytest

from plaudit.storage.migrate import Migration, list_migrations, pending
from plaudit.storage.port import StoreError

FIRST, SECOND = Migration(1, "core", "SELECT 1"), Migration(2, "more", "SELECT 2")


def test_files_are_read_in_the_order_of_their_numbers(tmp_path):
    (tmp_path / "0002_more.sql").write_text("SELECT 2")
    (tmp_path / "0001_core.sql").write_text("SELECT 1")
    assert list_migrations(tmp_path) == (FIRST, SECOND)


@pytest.mark.parametrize(
    "names", [["0002_more.sql"], ["0001_a.sql", "0001_b.sql"], ["0001_a.sql", "0003_b.sql"]]
)
def test_gaps_and_doubles_are_refused(tmp_path, names):
    for name in names:
        (tmp_path / name).write_text("SELECT 1")
    with pytest.raises(ValueError, match="Renumber them"):
        list_migrations(tmp_path)


def test_a_name_without_a_number_is_refused(tmp_path):
    (tmp_path / "core.sql").write_text("SELECT 1")
    with pytest.raises(ValueError, match=r"must be called NNNN_name\.sql"):
        list_migrations(tmp_path)


def test_only_what_is_missing_is_pending():
    assert pending((FIRST, SECOND), []) == [FIRST, SECOND]
    assert pending((FIRST, SECOND), [1]) == [SECOND]
    assert pending((FIRST, SECOND), [1, 2]) == []


def test_the_database_of_a_newer_release_is_refused():
    with pytest.raises(StoreError, match="migrated to step 2 by a newer Plaudit"):
        pending((FIRST,), [1, 2])
