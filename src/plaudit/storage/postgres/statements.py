"""The named statements of this database, read once at import."""

from pathlib import Path

from plaudit.storage.named import load_named

SQL = load_named(Path(__file__).with_name("queries"))
"""SQL text by the name it carries in ``queries/``; parameters are mostly arrays, one element per row."""
