"""Flattens OpenAPI documents into facts that can be compared: one line per parameter, status and field.

Refuses words: descriptions and examples are no part of a contract.
"""

from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]
Facts = dict[str, str]

KEYLESS = ("Tenant-ID",)
"""Headers that the published documents declare once for all calls."""


def facts_of(document: Json) -> dict[str, Facts]:
    """Give the facts of each call, by ``METHOD /path``."""
    return {
        f"{method.upper()} {path}": _call(document, told)
        for path, methods in document["paths"].items()
        for method, told in methods.items()
        if method in {"get", "post", "put", "patch", "delete"}
    }


def differences(published: Facts, ours: Facts) -> Iterator[str]:
    """Tell what one call has less, more or otherwise than published."""
    for fact in sorted(published.keys() | ours.keys()):
        was, now = published.get(fact), ours.get(fact)
        if was != now:
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
        if content and status.startswith("2"):
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
