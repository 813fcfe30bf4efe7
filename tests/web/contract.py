"""Flattens OpenAPI documents into facts that can be compared: one line per parameter, status and field.

Refuses words: descriptions and examples are no part of a contract. ``python -m tests.web.contract`` writes
down every difference there is between the published documents and ours.
"""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from plaudit.web.app import documents
from plaudit.web.openapi import text_of

Json = dict[str, Any]
Facts = dict[str, str]

ROOT = Path(__file__).parents[2]
DOCUMENTS = ("application", "admin")
KEPT = ROOT / "tests" / "contract" / "differences.json"
"""Every difference that has been looked at: by document, then by what differs, the calls."""

KEYLESS = ("Tenant-ID",)
"""Headers that the published documents declare once for all calls."""


@cache
def published(name: str) -> dict[str, Facts]:
    """Give the facts of a published document."""
    return facts_of(json.loads((ROOT / f"tests/contract/{name}-1.21.1.json").read_text(encoding="utf-8")))


@cache
def ours(name: str) -> dict[str, Facts]:
    """Give the facts of our document of the same calls."""
    return facts_of(json.loads(text_of(documents()[name])))


@cache
def found(name: str) -> list[tuple[str, str]]:
    """Give each difference with its call."""
    known = published(name)
    return [
        (call, each)
        for call, facts in ours(name).items()
        if call in known
        for each in differences(known[call], facts)
    ]


def all_differences() -> dict[str, dict[str, list[str]]]:
    """Give the calls of each difference, by document."""
    told: dict[str, dict[str, list[str]]] = {name: {} for name in DOCUMENTS}
    for name in DOCUMENTS:
        for call, difference in sorted(found(name), key=lambda each: each[::-1]):
            told[name].setdefault(difference, []).append(call)
    return told


def facts_of(document: Json) -> dict[str, Facts]:
    """Give the facts of each call, by ``METHOD /path``."""
    return {
        f"{method.upper()} {path}": _call(document, told)
        for path, methods in document["paths"].items()
        for method, told in methods.items()
        if method in {"get", "post", "put", "patch", "delete"}
    }


def differences(published: Facts, ours: Facts) -> Iterator[str]:
    """Tell what one call has less, more or otherwise than published.

    A refusal that only one of them knows is one difference, whatever its body holds.
    """
    for fact in sorted(published.keys() | ours.keys()):
        was, now = published.get(fact), ours.get(fact)
        status = fact.split(" ")[0]
        alone = status[0] in "45" and (f"status {status}" in published) != (f"status {status}" in ours)
        if was != now and not alone:
            yield f"{fact}: {was or 'nothing'} -> {now or 'nothing'}"


def _call(document: Json, told: Json) -> Facts:
    facts: Facts = {}
    for parameter in told.get("parameters", []):
        it = _resolved(document, parameter)
        if it["name"] not in KEYLESS:
            needed = "required" if it.get("required") else "optional"
            facts[f"{it['in']} {it['name']}"] = f"{needed} {_type(document, it['schema'])}"
    body = told.get("requestBody", {}).get("content", {}).get("application/json")
    if body:
        facts |= dict(_fields(document, body["schema"], "body"))
    for status, answer in told["responses"].items():
        facts[f"status {status}"] = "answers"
        content = answer.get("content", {}).get("application/json")
        if content:
            facts |= dict(_fields(document, content["schema"], f"{status} "))
    return facts


def _fields(document: Json, schema: Json, at: str, depth: int = 0) -> Iterator[tuple[str, str]]:
    """Give each field of a schema as ``path: required|optional types``; lists are ``[]``, maps ``*``."""
    for part in _parts(document, schema):
        if "items" in part and depth < 12:
            yield from _fields(document, part["items"], f"{at}[]", depth + 1)
        inner = part.get("additionalProperties")
        if isinstance(inner, dict) and depth < 12:
            yield f"{at}.*", _type(document, inner)
            yield from _fields(document, inner, f"{at}.*", depth + 1)
        for name, told in part.get("properties", {}).items():
            needed = "required" if name in part.get("required", ()) else "optional"
            yield f"{at}.{name}", f"{needed} {_type(document, told)}"
            yield from _fields(document, told, f"{at}.{name}", depth + 1)


def _parts(document: Json, schema: Json) -> Iterator[Json]:
    it = _resolved(document, schema)
    yield it
    for each in (*it.get("allOf", ()), *it.get("anyOf", ()), *it.get("oneOf", ())):
        yield from _parts(document, each)


def _type(document: Json, schema: Json) -> str:
    types: set[str] = set()
    values: set[str] = set()
    for part in _parts(document, schema):
        kind = part.get("type", [])
        types.update([kind] if isinstance(kind, str) else kind)
        values.update(str(each) for each in part.get("enum", ()) if each is not None)
    text = "|".join(sorted(types)) or "any"
    return f"{text} {{{','.join(sorted(values))}}}" if values else text


def _resolved(document: Json, schema: Json) -> Json:
    while "$ref" in schema:
        found: Any = document
        for step in schema["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        schema = found
    return schema


if __name__ == "__main__":
    KEPT.write_text(json.dumps(all_differences(), indent=1) + "\n", encoding="utf-8")
