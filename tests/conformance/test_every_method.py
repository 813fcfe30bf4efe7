"""Every method of the published Python client is named by a test of this room.

Refuses to count a method that is only looked up: it has to be called, or handed to ``call``.
"""

import ast
import inspect
from collections.abc import Iterator
from pathlib import Path

from trophy.client import TrophyApi
from trophy.environment import TrophyApiEnvironment

ROOM = Path(__file__).parent
MAKER = "client_for"


def methods_of(client: object, path: str = "") -> Iterator[str]:
    """Give each method of a client by its path, such as ``admin.metrics.create``."""
    for name in sorted(dir(client)):
        if name.startswith(("_", "with_")):
            continue
        found = getattr(client, name)
        if inspect.ismethod(found):
            yield f"{path}{name}"
        elif type(found).__name__.endswith("Client"):
            yield from methods_of(found, f"{path}{name}.")


def named_in(source: str) -> Iterator[str]:
    """Give each path that a test calls or hands on, its clients resolved through local names."""
    for function in ast.walk(ast.parse(source)):
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        names = dict(_clients(function))
        for node in ast.walk(function):
            if isinstance(node, ast.Call):
                for part in (node.func, *node.args):
                    path = _path(part, names)
                    if path:
                        yield path


def _clients(function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[tuple[str, str]]:
    names: dict[str, str] = {}
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            path = _path(node.value, names)
            if path is not None:
                names[node.targets[0].id] = path
                yield node.targets[0].id, path


def _path(node: ast.AST, names: dict[str, str]) -> str | None:
    """Give the path a chain of attributes leads to from a client; None if it does not begin at one."""
    if isinstance(node, ast.Attribute):
        before = _path(node.value, names)
        return None if before is None else f"{before}.{node.attr}".lstrip(".")
    if isinstance(node, ast.Name):
        return names.get(node.id)
    made = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == MAKER
    return "" if made else None


def untested() -> set[str]:
    base = "http://localhost"
    client = TrophyApi(api_key="none", environment=TrophyApiEnvironment(api=base, admin=base))
    known = set(methods_of(client))
    assert len(known) > 80
    tested = {path for file in ROOM.glob("test_python_*.py") for path in named_in(file.read_text())}
    return known - tested


def test_every_method_of_the_client_is_called_by_a_test() -> None:
    missing = untested()
    assert not missing, f"No test calls {sorted(missing)}. Write one in {ROOM.name}/."


def test_the_search_for_names_follows_clients_only() -> None:
    source = """
async def test(kind, world):
    users = client_for(kind, world).users
    await call(users.get, "ada")
    client_for(kind, world).admin.metrics.list()
    other.users.update("ada")
    users.identify
"""
    assert {"users.get", "admin.metrics.list"} <= set(named_in(source))
    assert not {"users.update", "users.identify"} & set(named_in(source))
