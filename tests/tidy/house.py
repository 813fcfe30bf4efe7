"""What the tidy tests look at: the house's files, and the functions in them."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "plaudit"
MADE = {"node_modules", "build", "dist", "__pycache__", "plaudit-data"}
"""Folders that tools make, beside those that begin with a dot."""

MOST_LISTED = 30


class Function(NamedTuple):
    """A function: where it stands, and how many lines it has without its docstring."""

    place: str
    lines: int


def is_made(file: Path) -> bool:
    """Tell whether a file was made by a tool, such as a cache or the virtual environment."""
    folders = file.relative_to(ROOT).parts[:-1]
    return any(part in MADE or (part.startswith(".") and part != ".ci") for part in folders)


def python_files(*rooms: Path) -> list[Path]:
    """Give the Python files below some folders, in order."""
    return sorted(file for room in rooms for file in room.rglob("*.py") if not is_made(file))


def shown(file: Path) -> str:
    """Give a path as a reader knows it."""
    return str(file.relative_to(ROOT))


def tree_of(file: Path) -> ast.Module:
    """Parse a file."""
    return ast.parse(file.read_text(encoding="utf-8"), filename=str(file))


def functions(files: list[Path]) -> Iterator[Function]:
    """Give every function and method of some files."""
    for file in files:
        for node in ast.walk(tree_of(file)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield Function(f"{shown(file)}:{node.lineno} {node.name}", _length(node))


def _length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    first = node.body[0]
    docstring = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    told = first.end_lineno - first.lineno + 1 if docstring and first.end_lineno else 0
    return (node.end_lineno or node.lineno) - node.lineno + 1 - told


def listed(found: list[str]) -> str:
    """Write what was found one a line, for a sentence that ends in a colon."""
    more = [f"and {len(found) - MOST_LISTED} more"] if len(found) > MOST_LISTED else []
    return "\n  " + "\n  ".join([*found[:MOST_LISTED], *more])
