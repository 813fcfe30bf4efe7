"""How amounts are written in JSON, beside the days, instants and ratios of ``model/texts.py``.

Refuses rounding: amounts are written exactly.
"""

from functools import lru_cache

from msgspec import Raw

from plaudit.model.amounts import to_text
from plaudit.model.texts import day_text, number_text, time_text

amount_text = lru_cache(maxsize=65536)(to_text)
"""Writes micro-units as a JSON number, remembering them: thresholds and small totals come again and again."""


def exact(units: int) -> Raw:
    """Give micro-units as an exact JSON number for a field of a struct."""
    return Raw(to_text(units).encode())


__all__ = ["amount_text", "day_text", "exact", "number_text", "time_text"]
