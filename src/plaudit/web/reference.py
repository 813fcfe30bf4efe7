"""The reference page: our OpenAPI documents as one readable HTML page, rendered on the server.

Refuses scripts, inline styles and anything from another host.
"""

from collections.abc import Iterator, Sequence
from html import escape
from importlib.resources import files
from typing import Any

from plaudit.web.answers import PAGE_HEADERS, Answer

Json = dict[str, Any]

_PLAIN = str.maketrans({"/": "-", "{": None, "}": None})


def style_text() -> bytes:
    """Give the page's style sheet."""
    return files("plaudit.web").joinpath("reference.css").read_bytes()


def reference_answer(documents: Sequence[Json]) -> Answer:
    """Render the documents as one page."""
    parts = "".join(_document(each) for each in documents) + _types(documents)
    menu = "".join(_menu(each) for each in documents)
    page = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark"><title>Plaudit reference</title>'
        '<link rel="stylesheet" href="/docs/reference.css"></head><body>'
        f'<a class="skip" href="#main">Skip to the calls</a><nav aria-label="Calls">{menu}</nav>'
        f'<main id="main"><h1>Plaudit reference</h1>{_preface()}{parts}</main></body></html>'
    )
    return Answer(200, page.encode(), PAGE_HEADERS)


def _preface() -> str:
    return (
        "<p>Every call carries an API key in the header <code>X-API-KEY</code>. Bodies and answers are JSON. "
        "Every error answers with one sentence that says what to do. Unknown fields of a body are ignored. "
        'The same as data: <a href="/v1/openapi">/v1/openapi</a> and '
        '<a href="/admin/v1/openapi">/admin/v1/openapi</a>.</p>'
    )


def _calls(document: Json) -> Iterator[tuple[str, str, str, Json]]:
    """Give each call's anchor, method, whole path and description."""
    root = document["servers"][0]["url"]
    for path, methods in document["paths"].items():
        for method, told in methods.items():
            yield f"{root}{path}-{method}".translate(_PLAIN), method.upper(), root + path, told


def _menu(document: Json) -> str:
    items = "".join(
        f'<li><a href="#{escape(anchor)}"><b>{method}</b> {escape(path)}</a></li>'
        for anchor, method, path, _ in _calls(document)
    )
    return f"<h2>{escape(document['info']['title'])}</h2><ul>{items}</ul>"


def _document(document: Json) -> str:
    calls = "".join(_call(anchor, method, path, told) for anchor, method, path, told in _calls(document))
    return f"<section><h2>{escape(document['info']['title'])}</h2>{calls}</section>"


def _types(documents: Sequence[Json]) -> str:
    """Describe the types of all documents once each; a name means the same in every document."""
    schemas = {name: told for each in documents for name, told in each["components"]["schemas"].items()}
    types = "".join(_schema(name, schemas[name]) for name in sorted(schemas))
    return f"<section><h2>Types</h2>{types}</section>"


def _call(anchor: str, method: str, path: str, told: Json) -> str:
    rows = "".join(_parameter(each) for each in told["parameters"])
    body = _body(told.get("requestBody"))
    answers = "".join(_answer(status, each) for status, each in told["responses"].items())
    return (
        f'<article id="{escape(anchor)}"><h3><span class="method">{method}</span> '
        f"<code>{escape(path)}</code></h3><p><strong>{escape(told['summary'])}.</strong> "
        f"{escape(told['description'])}</p>"
        f"{_table(('Parameter', 'In', 'What it is'), rows)}{body}"
        f"{_table(('Status', 'Answer'), answers)}</article>"
    )


def _table(heads: tuple[str, ...], rows: str) -> str:
    cells = "".join(f'<th scope="col">{head}</th>' for head in heads)
    return f'<div class="wide"><table><thead><tr>{cells}</tr></thead><tbody>{rows}</tbody></table></div>'


def _parameter(it: Json) -> str:
    needed = " <em>required</em>" if it["required"] else ""
    name = f"<code>{escape(it['name'])}</code>{needed}"
    return f"<tr><td>{name}</td><td>{escape(it['in'])}</td><td>{escape(it['description'])}</td></tr>"


def _body(body: Json | None) -> str:
    if body is None:
        return ""
    kind, content = next(iter(body["content"].items()))
    return f"<p>Body (<code>{escape(kind)}</code>): {_type(content['schema'])}</p>"


def _answer(status: str, it: Json) -> str:
    content = it.get("content", {}).get("application/json")
    told = _type(content["schema"]) if content else escape(it["description"])
    return f"<tr><td>{escape(status)}</td><td>{told}</td></tr>"


def _schema(name: str, schema: Json) -> str:
    anchor = f"type-{name}"
    about = escape(schema.get("description", ""))
    needed = set(schema.get("required", ()))
    rows = "".join(
        f"<tr><td><code>{escape(field)}</code>{'' if field in needed else ' <em>optional</em>'}</td>"
        f"<td>{_type(told)}</td><td>{escape(told.get('description', ''))}</td></tr>"
        for field, told in schema.get("properties", {}).items()
    )
    table = _table(("Field", "Type", "What it is"), rows) if rows else f"<p>{_type(schema)}</p>"
    return (
        f'<article id="{escape(anchor)}"><h3><code>{escape(name)}</code></h3><p>{about}</p>{table}</article>'
    )


def _type(schema: Json) -> str:
    """Say a schema in a few words, linking to the types it names."""
    if "$ref" in schema:
        name = escape(schema["$ref"].rpartition("/")[2])
        return f'<a href="#type-{name}">{name}</a>'
    if "anyOf" in schema:
        return " or ".join(_type(each) for each in schema["anyOf"])
    if "enum" in schema:
        return " or ".join(f"<code>{escape(str(each))}</code>" for each in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {}))}"
    if isinstance(schema.get("additionalProperties"), dict):
        return f"map of {_type(schema['additionalProperties'])}"
    return escape(str(schema.get("format") or schema.get("type") or "any"))
