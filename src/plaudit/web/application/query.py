"""Parameters of the query string, read strictly.

Refuses dates that are none, ranges that are too long and attributes nobody declared.
"""

import json
from datetime import date

from plaudit.engine.rulebook import Rulebook
from plaudit.model.catalog import Frequency
from plaudit.model.dates import read_day
from plaudit.model.errors import Code, PlauditError
from plaudit.web.errors import invalid

Query = dict[str, list[str]]

LONGEST_RANGE = 400
"""Most days between the start and the end of a summary."""

MOST_USERS = 100
"""Most users of one ranking of streaks."""


def one(query: Query, name: str) -> str | None:
    """Give a parameter that is sent at most once.

    Raises:
        PlauditError: it is sent more often.
    """
    values = query.get(name)
    if values is None:
        return None
    if len(values) > 1:
        raise invalid(f"The parameter {name} must be sent once")
    return values[0]


def whole_number(query: Query, name: str, default: int, most: int, least: int = 0) -> int:
    """Give a parameter that is a whole number from ``least`` to ``most``.

    Raises:
        PlauditError: it is something else.
    """
    text = one(query, name)
    if text is None:
        return default
    plain = text.isascii() and text.isdigit() and len(text) <= len(str(most))
    if not (plain and least <= int(text) <= most):
        raise invalid(f"The parameter {name} must be a whole number from {least} to {most}")
    return int(text)


def attributes_in(query: Query, rulebook: Rulebook) -> dict[str, str] | None:
    """Read ``userAttributes=key:value,key:value``; None when it is not sent.

    Raises:
        PlauditError: it has another form, or names attributes nobody declared.
    """
    text = one(query, "userAttributes")
    if not text:
        return None
    found = {}
    for pair in text.split(","):
        key, colon, value = pair.partition(":")
        if not (key and colon):
            raise invalid("The parameter userAttributes must be given as key:value,key:value")
        if key in found:
            raise invalid("The parameter userAttributes must name each attribute once")
        found[key] = value
    unknown = sorted(set(found) - rulebook.user_attributes)
    if unknown:
        raise PlauditError(Code.UNKNOWN_USER_ATTRIBUTES, keys=", ".join(unknown)[:200])
    return found


def summary_span(query: Query) -> tuple[Frequency, int, int]:
    """Read the kind of period and the range of a summary, as ordinal days.

    Raises:
        PlauditError: something is missing, no date, turned round, or longer than 400 days.
    """
    kind = one(query, "aggregation")
    if kind not in set(Frequency):
        raise invalid("The parameter aggregation must be daily, weekly or monthly")
    first, last = _day(query, "startDate"), _day(query, "endDate")
    if first >= last:
        raise invalid("The parameter startDate must be before endDate")
    if last - first > LONGEST_RANGE:
        raise invalid(f"The parameter endDate must be at most {LONGEST_RANGE} days after startDate")
    return Frequency(kind), first, last


def day_in(query: Query, name: str) -> int | None:
    """Read a date as an ordinal day; None when it is not sent.

    Raises:
        PlauditError: it is no date.
    """
    return None if one(query, name) is None else _day(query, name)


def _day(query: Query, name: str) -> int:
    text = one(query, name) or ""
    found = read_day(text)
    if found is None or not _EARLIEST <= found <= _LATEST:
        raise invalid(f"The parameter {name} must be a date as YYYY-MM-DD")
    return found.toordinal()


_EARLIEST, _LATEST = date(1900, 1, 1), date(9990, 1, 1)


def user_ids(query: Query) -> list[str]:
    """Read ``userIds``: repeated, comma-separated, or a JSON list; each user once, in order.

    Raises:
        PlauditError: there are none, or more than 100.
    """
    given = query.get("userIds", []) + query.get("userIds[]", [])
    ids = list(dict.fromkeys(each for text in given for each in _split(text) if each))
    if not ids:
        raise invalid("The parameter userIds must name at least one user")
    if len(ids) > MOST_USERS:
        raise invalid(f"The parameter userIds must name at most {MOST_USERS} users")
    return ids


def _split(text: str) -> list[str]:
    if text.startswith("["):
        try:
            found = json.loads(text)
        except (ValueError, RecursionError):
            found = None
        if isinstance(found, list) and all(isinstance(each, str) for each in found):
            return found
    return text.split(",")
