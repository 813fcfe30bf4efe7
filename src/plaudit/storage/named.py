"""Named SQL: reads the statements of a folder of ``*.sql`` files, by the name each one carries.

Refuses a statement without a name or caption, and two statements of one name.
"""

import re
from pathlib import Path

_HEAD = re.compile(r"^-- name: ([a-z_]+)\n-- (\S.*)\n", re.MULTILINE)


def load_named(folder: Path) -> dict[str, str]:
    """Read every statement of a folder, once, at import.

    A statement begins with ``-- name: <name>`` and one caption line; it ends where the next begins.

    Returns:
        SQL by name, without comments and with single spaces, so that statement caches hash little.

    Raises:
        ValueError: a name is used twice, or a caption is missing.
    """
    found: dict[str, str] = {}
    for file in sorted(folder.glob("*.sql")):
        for name, sql in _statements(file.read_text(encoding="utf-8"), file.name):
            if name in found:
                raise ValueError(f"The query name {name} is used twice in {folder}. Rename one.")
            found[name] = sql
    return found


def _statements(text: str, file: str) -> list[tuple[str, str]]:
    heads = list(_HEAD.finditer(text))
    if len(heads) != text.count("-- name:"):
        raise ValueError(f"A query in {file} has no caption. Write one comment line under its name.")
    ends = [head.start() for head in heads[1:]] + [len(text)]
    return [(head[1], _plain(text[head.end() : end])) for head, end in zip(heads, ends, strict=True)]


def _plain(sql: str) -> str:
    lines = (line.split("--", 1)[0] for line in sql.splitlines())
    return " ".join(" ".join(lines).split()).rstrip(";")
