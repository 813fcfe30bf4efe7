"""What an edit changed, in words for the audit log: the fields that are not as they were.

Refuses secrets: of a field that holds one, only a digest is told.
"""

import json
from hashlib import sha256
from typing import Any

from msgspec import Struct, to_builtins

from plaudit.model.catalog import Achievement, Attribute, Definition, Environment, Metric

Noted = Metric | Attribute | Achievement | Environment | Definition
"""What the audit log tells changes of."""

_SILENT = {"number", "kind", "version", "updated"}
_DIGEST = 16


class Change(Struct, frozen=True):
    """What was done (``""`` for nothing), and the fields before and after as JSON text."""

    verb: str
    detail: str


def change_of(before: Noted | None, after: Noted) -> Change:
    """Tell how a definition changed."""
    old = {} if before is None else _told(before)
    new = _told(after)
    changed = [name for name in new if before is None or old.get(name) != new[name]]
    if not changed:
        return Change("", "{}")
    detail = {"after": {name: new[name] for name in changed}}
    if before is None:
        return Change("create", _text(detail))
    verb = "archive" if new.get("archived") and not old.get("archived") else "update"
    return Change(verb, _text({"before": {name: old[name] for name in changed}} | detail))


def _told(it: Noted) -> dict[str, Any]:
    told: dict[str, Any] = _discreet(to_builtins(it))
    return {name: value for name, value in told.items() if name not in _SILENT}


def _discreet(value: object) -> Any:  # noqa: ANN401 - whatever JSON holds
    if isinstance(value, dict):
        return {
            name: _digest(inner) if "secret" in str(name).lower() else _discreet(inner)
            for name, inner in value.items()
        }
    return [_discreet(inner) for inner in value] if isinstance(value, (list, tuple)) else value


def _digest(value: object) -> str:
    return "sha256:" + sha256(_text(value).encode()).hexdigest()[:_DIGEST]


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
