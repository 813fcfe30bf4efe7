"""Boosts: which of them apply to an award, and what the award becomes.

Refuses binary floating point: multipliers are exact fractions, and the product is rounded once.
"""

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from math import ceil, floor
from typing import Literal

from plaudit.engine.points_rules import BoostRule, SystemRule
from plaudit.model.points import Rounding
from plaudit.model.state import Identity


def applying(
    system: SystemRule, who: Identity, attributes: Mapping[str, str], day: int
) -> tuple[BoostRule, ...]:
    """Give the boosts of a system that apply to a user on a local day, in the order of their creation."""
    return tuple(boost for boost in system.boosts if _applies(boost, who, attributes, day))


def _applies(boost: BoostRule, who: Identity, attributes: Mapping[str, str], day: int) -> bool:
    it = boost.definition
    if not it.start <= day <= boost.last:
        return False
    if it.user_id is not None:
        return it.user_id == who.user_id and it.tenant == who.tenant
    return all(attributes.get(key) == value for key, value in boost.user_filters)


def boosted(points: int, boosts: Sequence[BoostRule]) -> int:
    """Multiply points by every boost and round once, as the newest of the boosts says (decision 6)."""
    if not boosts:
        return points
    product = Fraction(points)
    for boost in boosts:
        product *= boost.factor
    return _ROUND[boosts[-1].definition.rounding](product)


def status_on(boost: BoostRule, day: int) -> Literal["scheduled", "active", "finished"]:
    """Tell whether a boost is scheduled, active or finished on a day."""
    if day < boost.definition.start:
        return "scheduled"
    return "active" if day <= boost.last else "finished"


_ROUND: dict[Rounding, Callable[[Fraction], int]] = {
    Rounding.DOWN: floor,
    Rounding.UP: ceil,
    Rounding.NEAREST: lambda product: floor(product + Fraction(1, 2)),
}
