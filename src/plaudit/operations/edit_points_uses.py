"""What points count on: metrics, achievements and attributes that cannot be let go of.

Refuses to change anything.
"""

from plaudit.model.points import PointsBoost, PointsSystem, PointsTrigger
from plaudit.operations.edit_batch import Bench, Invalid


def refuse_points_use(
    bench: Bench, *, metric: int | None = None, achievement: int | None = None, attribute: bytes | None = None
) -> None:
    """Refuse to let go of a metric, achievement or attribute that points count on.

    Raises:
        Invalid: naming the points system.
    """
    names = {system.number: system.name for system in bench.of(PointsSystem)}
    for trigger in (each for each in bench.of(PointsTrigger) if each.system in names):
        pairs = (*trigger.user_attributes, *trigger.event_attributes)
        if (
            (metric is not None and trigger.metric == metric)
            or (achievement is not None and trigger.achievement == achievement)
            or any(filtered == attribute for filtered, _ in pairs)
        ):
            raise Invalid(
                f"A trigger of the points system '{names[trigger.system]}' counts on this. "
                "Delete or change it first."
            )
    for boost in bench.of(PointsBoost):
        if any(filtered == attribute for filtered, _ in boost.user_attributes):
            raise Invalid(f"The boost '{boost.name}' filters by this attribute. Delete or change it first.")
