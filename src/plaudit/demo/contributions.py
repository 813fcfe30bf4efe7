"""The demo's data: real commits in the order they were made. Where it is from stands in DATA.md.

Refuses names: an author is a hash, and stays one.
"""

import csv
import gzip
import io
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from msgspec import Struct

FILE = Path(__file__).parent / "contributions.csv.gz"


class Contribution(Struct, frozen=True):
    """One commit: when (with the author's UTC offset), where, by whom, and how much of what."""

    at: datetime
    project: str
    author: str
    commit: str
    files: int
    lines_added: int

    @property
    def milliseconds(self) -> int:
        """Event time in Unix milliseconds."""
        return round(self.at.timestamp() * 1000)


def contributions() -> Iterator[Contribution]:
    """Give every commit, oldest first."""
    text = gzip.decompress(FILE.read_bytes()).decode()
    for row in csv.DictReader(io.StringIO(text)):
        yield Contribution(
            datetime.fromisoformat(row["authored_at"]),
            row["project"],
            row["author"],
            row["commit"],
            int(row["files"]),
            int(row["lines_added"]),
        )
