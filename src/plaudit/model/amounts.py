"""Exact amounts: every value and total is a whole number of micro-units (six decimal places).

Refuses binary floating point arithmetic: ten events of 0.1 make exactly 1.
"""

from decimal import ROUND_HALF_EVEN, Context, Decimal

MICRO = 1_000_000
"""Units in one: a value is kept to six decimal places (contract, "Events")."""

LIMIT = 2**53 - 1
"""Largest amount in units, positive or negative, so that JavaScript clients stay exact."""

_CONTEXT = Context(prec=60, rounding=ROUND_HALF_EVEN)
_LARGEST = Decimal(LIMIT)


def to_units(number: float | Decimal) -> int | None:
    """Turn a number into micro-units, half-even, or None when it is not finite or beyond ``LIMIT``.

    Floats are read through their shortest decimal form, which is what the caller wrote.
    """
    if type(number) is int:
        units = number * MICRO
        return units if -LIMIT <= units <= LIMIT else None
    exact = Decimal(repr(number)) if type(number) is float else Decimal(number)
    if not exact.is_finite():
        return None
    scaled = _CONTEXT.multiply(exact, MICRO)
    if not -_LARGEST <= scaled <= _LARGEST:
        return None
    return int(scaled.to_integral_value(ROUND_HALF_EVEN))


def to_text(units: int) -> str:
    """Write units as a JSON number without loss: ``1500000`` is ``"1.5"``, ``2000000`` is ``"2"``."""
    whole, rest = divmod(abs(units), MICRO)
    sign = "-" if units < 0 else ""
    if not rest:
        return f"{sign}{whole}"
    return f"{sign}{whole}.{rest:06d}".rstrip("0")


def to_number(units: int) -> float:
    """Give units as the nearest number of JSON: an int when whole, else a float."""
    return units // MICRO if units % MICRO == 0 else units / MICRO
