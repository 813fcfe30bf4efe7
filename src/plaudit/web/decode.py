"""Bodies of bytes become typed structs; every bad input gets one sentence that names the field.

Refuses what a lenient reader would let through: fields sent twice, NaN, deep nesting, text as numbers.
Unknown fields of a body are ignored, so that newer clients keep working.
"""

import json
import re
from collections import Counter
from decimal import Decimal
from typing import Annotated, Any, TypeVar

from msgspec import DecodeError, Meta, Raw, ValidationError
from msgspec.json import Decoder

from plaudit.model.amounts import LIMIT, MICRO, to_text, to_units
from plaudit.model.errors import Code, PlauditError
from plaudit.web.errors import invalid

T = TypeVar("T")

Number = Annotated[Raw, Meta(extra_json_schema={"type": "number", "format": "double"})]
"""A JSON number kept as it was written, so that it is read exactly (``amount``)."""

DEEPEST = 16
"""Levels of nesting a body may have."""

_SHORT = 10
_NUMBER = re.compile(rb"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_STRING = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)
_BRACKET = re.compile(rb"[\[\]{}]")
_WORDS = {
    "str": "a string",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "object": "an object",
    "array": "a list",
    "null": "null",
}
_EXPECTED = re.compile(r"Expected `([^`]+)`(, got `([^`]+)`)?")
_MISSING = re.compile(r"Object missing required field `([^`]+)`")
_ENUM = re.compile(r"Invalid enum value (.+)")


def read_body(body: bytes, decoder: Decoder[T]) -> T:
    """Decode a body strictly; for doors where a few microseconds do not matter.

    Raises:
        PlauditError: ``MALFORMED_JSON`` or ``INVALID_BODY``.
    """
    draft = decode(body, decoder)
    inspect(body)
    return draft


def decode(body: bytes, decoder: Decoder[T]) -> T:
    """Decode a body by its type alone; ``inspect`` or ``is_plain`` has to follow.

    Raises:
        PlauditError: ``MALFORMED_JSON``, ``INVALID_BODY`` or, for NaN and Infinity, ``VALUE_OUT_OF_RANGE``.
    """
    try:
        return decoder.decode(body)
    except ValidationError as error:
        raise invalid(sentence_of(str(error))) from None
    except RecursionError:
        raise _too_deep() from None
    except (DecodeError, UnicodeDecodeError) as error:
        raise _malformed(body, error) from None


def is_plain(body: bytes, colons: int) -> bool:
    """Tell, cheaply, that a decoded body holds each field once and no unknown ones.

    Args:
        body: what was decoded.
        colons: fields and keys that came out of it, plus the colons inside its texts.
    """
    return body.count(b":") == colons and b"\\" not in body


def inspect(body: bytes) -> None:
    """Look closely at a body that has been decoded: nothing sent twice, nothing nested too deeply.

    Raises:
        PlauditError: ``INVALID_BODY``, or ``MALFORMED_JSON`` where only a field nobody knows is broken.
    """
    if body.count(b"{") + body.count(b"[") > DEEPEST and _depth(body) > DEEPEST:
        raise _too_deep()
    try:
        json.loads(body.decode(), object_pairs_hook=_once, parse_int=str, parse_float=str)
    except RecursionError:
        raise _too_deep() from None
    except ValueError as error:  # inside unknown fields, which the typed decoder only skips
        raise PlauditError(Code.MALFORMED_JSON, why=_why(error)) from None


def amount(raw: Raw, name: str) -> int:
    """Read a JSON number exactly into micro-units, half-even.

    Raises:
        PlauditError: ``INVALID_BODY`` when it is no number, ``VALUE_OUT_OF_RANGE`` beyond the limit.
    """
    text = bytes(raw)
    if text.isdigit() and len(text) < _SHORT:
        return int(text) * MICRO
    if not _NUMBER.fullmatch(text):
        raise invalid(f"{name} must be a number")
    exact = Decimal(text.decode())
    if exact.adjusted() < -_SHORT:
        return 0
    units = to_units(exact) if exact.adjusted() <= _SHORT else None
    if units is None:
        raise out_of_range()
    return units


def out_of_range() -> PlauditError:
    """Give the refusal of a number that is not finite or too large."""
    return PlauditError(Code.VALUE_OUT_OF_RANGE, limit=to_text(LIMIT))


def sentence_of(why: str) -> str:
    """Turn what msgspec says into our words: ``Expected `str`, got `int` - at `$.user.id``` names user.id."""
    what, _, place = why.partition(" - at `$")
    field = place.rstrip("`").lstrip(".").replace("[...]", ".*")
    name = field or "The body"
    if found := _MISSING.match(what):
        return f"{field + '.' if field else ''}{found[1]} is missing"
    if found := _EXPECTED.fullmatch(what):
        got = f", not {_in_words(found[3])}" if found[3] else ""
        return f"{name} must be {_in_words(found[1])}{got}"
    if found := _ENUM.match(what):
        return f"{name} cannot be {found[1]}"
    return f"{name}: {what[:1].lower()}{what[1:]}"


def _in_words(types: str) -> str:
    return " or ".join(_WORDS.get(part, part) for part in types.split(" | "))


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        twice = next(key for key, times in Counter(key for key, _ in pairs).items() if times > 1)
        raise invalid(f"The field '{twice[:64]}' is sent twice")
    return found


def _depth(body: bytes) -> int:
    deepest = now = 0
    for bracket in _BRACKET.findall(_STRING.sub(b"", body)):
        now += 1 if bracket in b"[{" else -1
        deepest = max(deepest, now)
    return deepest


def _too_deep() -> PlauditError:
    return invalid(f"The body is nested deeper than {DEEPEST} levels")


class _NotFinite(Exception):
    """The body is JSON but for a NaN or an Infinity."""


def _malformed(body: bytes, error: Exception) -> PlauditError:
    """Tell JSON that is broken from JSON that holds NaN or Infinity, which many encoders write."""
    try:
        json.loads(body.decode(), parse_constant=_refuse_constant)
    except _NotFinite:
        return out_of_range()
    except (ValueError, RecursionError):
        pass
    return PlauditError(Code.MALFORMED_JSON, why=_why(error))


def _refuse_constant(text: str) -> None:
    raise _NotFinite(text)


def _why(error: Exception) -> str:
    if isinstance(error, UnicodeDecodeError):
        return "it is not UTF-8"
    text = str(error)
    return "it ends too early" if "truncated" in text else text.removeprefix("JSON is malformed: ")
