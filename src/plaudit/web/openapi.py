"""The OpenAPI 3.1 documents, made from the route tables and the types the doors really use.

`python -m plaudit.web.openapi` writes them to `openapi/`. Refuses hand-written schemas.
"""

import inspect
import json
import re
from collections.abc import Iterator, Sequence
from http import HTTPStatus
from pathlib import Path
from typing import Any

from msgspec import UNSET
from msgspec import json as msgjson
from msgspec.json import schema_components

from plaudit import __version__
from plaudit.web.door import Audience, EventStream, Operation, Parameter, Rule
from plaudit.web.shapes import ErrorBody

REF = "#/components/schemas/{name}"
_PARAMETER = re.compile(r"{(\w+)}")
_TENANT = Parameter(
    "Tenant-ID",
    "The tenant the call acts in; needed where the environment is multi-tenant, else ignored.",
    place="header",
)
_WHERE = {"id": "The user's id.", "key": "The key of the metric or achievement.", "name": "The file's name."}


def document(title: str, rules: Sequence[Rule], root: str) -> dict[str, Any]:
    """Describe routes as one OpenAPI document.

    Args:
        title: what the document is called.
        rules: the routes, whose paths begin with ``root``.
        root: the path of the server, such as ``/v1``; paths are told relative to it.
    """
    types = [each for _, _, operation in rules for each in _types(operation)]
    schemas, components = schema_components([*types, ErrorBody], ref_template=REF)
    by_type = dict(zip(map(str, types), schemas, strict=False))
    paths: dict[str, dict[str, Any]] = {}
    for method, path, each in rules:
        told = _operation(path, each, by_type)
        paths.setdefault(path.removeprefix(root) or "/", {})[method.lower()] = told
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": __version__, "license": {"name": "MIT", "identifier": "MIT"}},
        "servers": [{"url": root}],
        "security": [{"ApiKey": []}],
        "paths": paths,
        "components": {
            "schemas": _clean(components),
            "securitySchemes": _schemes(rules),
        },
    }


def _schemes(rules: Sequence[Rule]) -> dict[str, Any]:
    schemes = {"ApiKey": {"type": "apiKey", "in": "header", "name": "X-API-KEY"}}
    if any(each.audience is Audience.MEMBERS for _, _, each in rules):
        schemes["Session"] = {"type": "apiKey", "in": "cookie", "name": "plaudit_session"}
    return schemes


def _types(operation: Operation) -> Iterator[Any]:
    if operation.body is not None and operation.body is not bytes:
        yield operation.body
    yield from (each for each in operation.answers.values() if each not in {None, EventStream})


def _operation(path: str, it: Operation, by_type: dict[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = {
        "summary": it.summary,
        "description": inspect.getdoc(it.act) or it.summary,
        "operationId": f"{it.act.__module__.rpartition('.')[2]}_{it.act.__name__}",
        "parameters": [*_path_parameters(path), *map(_parameter, (*it.parameters, *_place(it)))],
        "responses": {
            **{str(status): _answer(status, each, by_type) for status, each in it.answers.items()},
            **{str(status): _error(status) for status in sorted({*it.errors, *_always(it)})},
        },
    }
    if it.audience is Audience.ANYONE:
        told["security"] = []
    if it.audience is Audience.MEMBERS:
        told["security"] = [{"Session": []}]
    if it.body is not None:
        told["requestBody"] = {"required": True, "content": _content(it.body, by_type)}
    return told


def _place(it: Operation) -> tuple[Parameter, ...]:
    return (_TENANT,) if it.audience in {Audience.ANY_KEY, Audience.ADMIN} else ()


def _always(it: Operation) -> tuple[int, ...]:
    if it.audience is Audience.ANYONE:
        return ()
    return (401,) if it.audience is Audience.ANY_KEY else (401, 403)


def _content(type: object, by_type: dict[str, Any]) -> dict[str, Any]:
    if type is bytes:
        return {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
    if type is EventStream:
        return {"text/event-stream": {"schema": {"type": "string"}}}
    return {"application/json": {"schema": _clean(by_type[str(type)])}}


def _path_parameters(path: str) -> list[dict[str, Any]]:
    return [
        _parameter(Parameter(name, _WHERE.get(name, name), required=True, place="path"))
        for name in _PARAMETER.findall(path)
    ]


def _parameter(it: Parameter) -> dict[str, Any]:
    return {
        "name": it.name,
        "in": it.place,
        "required": it.required,
        "description": it.description,
        "schema": it.schema,
    }


def _answer(status: int, type: object, by_type: dict[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = {"description": HTTPStatus(status).phrase}
    if type is not None:
        told["content"] = _content(type, by_type)
    return told


def _error(status: int) -> dict[str, Any]:
    schema = {"$ref": REF.format(name="ErrorBody")}
    return {
        "description": HTTPStatus(status).phrase,
        "content": {"application/json": {"schema": schema}},
    }


def _clean(schema: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Leave out titles, which repeat the name, and defaults that only say that a field may be left out."""
    if isinstance(schema, dict):
        if "enum" in schema and all(isinstance(each, str) for each in schema["enum"]):
            schema = {"type": "string", **schema}
        return {
            key: _clean(value)
            for key, value in schema.items()
            if not (key == "title" and isinstance(value, str)) and value is not UNSET
        }
    return [_clean(each) for each in schema] if isinstance(schema, list) else schema


def write(folder: Path, documents: dict[str, dict[str, Any]]) -> None:
    """Write documents as sorted, indented JSON files."""
    folder.mkdir(exist_ok=True)
    for name, told in documents.items():
        (folder / f"{name}.json").write_text(text_of(told), encoding="utf-8")


def text_of(told: dict[str, Any]) -> str:
    """Give a document as the text that is kept in the repository."""
    return json.dumps(json.loads(msgjson.encode(told)), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    from plaudit.web.app import documents

    write(Path("openapi"), documents())
