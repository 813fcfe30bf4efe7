"""The named statements of this database, read once at import, and joined where a round trip would be lost.

Refuses to write SQL of its own beyond what holds named statements together.
"""

import re
from functools import cache
from pathlib import Path

from plaudit.storage.named import load_named

SQL = load_named(Path(__file__).with_name("queries"))
"""SQL text by the name it carries in ``queries/``; parameters are mostly arrays, one element per row."""

_PARAMETER = re.compile(r"\$(\d+)")


@cache
def joined_writes(names: tuple[str, ...]) -> str:
    """Join statements that write to different rows into one; the parameters of each follow the last one's."""
    parts: list[str] = []
    used = 0
    for name in names:
        parts.append(_numbered_from(used, SQL[name]))
        used += len(set(_PARAMETER.findall(SQL[name])))
    together = ", ".join(f"{name} AS ({part})" for name, part in zip(names[:-1], parts, strict=False))
    return f"WITH {together} {parts[-1]}" if together else parts[-1]


@cache
def joined_reads(names: tuple[str, ...]) -> str:
    """Join statements that read into one, which gives one row: for each an array of its rows.

    All of them see one moment, and share their parameters.
    """
    parts = [f"ARRAY(SELECT ROW(part.*) FROM ({SQL[name]}) AS part)" for name in names]  # noqa: S608 - ours
    return f"SELECT {', '.join(parts)}"


def _numbered_from(used: int, sql: str) -> str:
    return _PARAMETER.sub(lambda found: f"${int(found[1]) + used}", sql)
