"""Named SQL: every statement has a name and a caption, and is read without its comments."""

from pathlib import Path

import pytest

from plaudit.storage.named import load_named


def folder_of(tmp_path, **files: str) -> Path:
    for name, text in files.items():
        (tmp_path / f"{name}.sql").write_text(text, encoding="utf-8")
    return tmp_path


def test_statements_are_read_without_comments_and_spare_spaces(tmp_path):
    one = "-- A file.\n\n-- name: one\n-- First.\nSELECT 1, -- a reason\n       2;\n"
    text = f"{one}\n-- name: two\n-- Second.\nSELECT 3;\n"
    assert load_named(folder_of(tmp_path, a=text)) == {"one": "SELECT 1, 2", "two": "SELECT 3"}


def test_a_name_is_used_once(tmp_path):
    text = "-- name: one\n-- First.\nSELECT 1;\n"
    with pytest.raises(ValueError, match="The query name one is used twice"):
        load_named(folder_of(tmp_path, a=text, b=text))


def test_a_caption_is_asked_for(tmp_path):
    with pytest.raises(ValueError, match=r"A query in a\.sql has no caption"):
        load_named(folder_of(tmp_path, a="-- name: one\nSELECT 1;\n"))
