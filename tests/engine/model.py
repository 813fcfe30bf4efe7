"""A naive second opinion on the engine: sums in Decimal, sets, and every rule tried after every event.

Refuses every cleverness of the engine: no measures kept, no bisection, no fixed point worked out.
"""

from dataclasses import dataclass, field
from decimal import Decimal

from plaudit.model.catalog import Status, Trigger


@dataclass
class Model:
    """One user: the whole list of events, and what was completed after which."""

    goals: tuple
    attribute_keys: dict
    events: list = field(default_factory=list)
    attributes: dict = field(default_factory=dict)
    keys: set = field(default_factory=set)
    completed: set = field(default_factory=set)
    called: set = field(default_factory=set)
    days: set = field(default_factory=set)

    def event(self, metric, value, day, attributes, key):
        """Count an event unless its key was used; gives the newly completed numbers."""
        if key is not None and (metric, key) in self.keys:
            return set()
        if key is not None:
            self.keys.add((metric, key))
        before = {goal.number: self.total(goal) for goal in self.goals if goal.trigger is Trigger.METRIC}
        self.events.append((metric, Decimal(str(value)), attributes))
        if value > 0:
            self.days.add(day)
        return self._complete(lambda goal: self._crossed(goal, before))

    def change(self, attributes):
        """Change user attributes; gives the newly completed numbers."""
        changed = {key for key, value in attributes.items() if self.attributes.get(key) != value}
        self.attributes.update(attributes)
        return self._complete(lambda goal: bool(changed & set(dict(self._filters(goal)))) and self._met(goal))

    def call(self, number):
        self.called.add(number)
        return self._complete(lambda _: False)

    def total(self, goal):
        """The sum of everything that counts toward a metric achievement."""
        wanted = {self.attribute_keys[one]: value for one, value in goal.event_attributes}
        return sum(
            (
                value
                for metric, value, attributes in self.events
                if metric == goal.metric and wanted.items() <= attributes.items()
            ),
            Decimal(0),
        )

    def longest(self):
        """The longest row of days in a row."""
        best = run = 0
        for day in sorted(self.days):
            run = run + 1 if day - 1 in self.days else 1
            best = max(best, run)
        return best

    def _filters(self, goal):
        return [(self.attribute_keys[one], value) for one, value in goal.user_attributes]

    def _crossed(self, goal, before):
        if goal.trigger is Trigger.METRIC:
            return before[goal.number] < Decimal(goal.metric_value) / 10**6 <= self.total(goal)
        return goal.trigger is Trigger.STREAK and self._met(goal)

    def _met(self, goal):
        if goal.trigger is Trigger.METRIC:
            return self.total(goal) >= Decimal(goal.metric_value) / 10**6
        return goal.trigger is Trigger.STREAK and self.longest() >= goal.streak_length

    def _open(self, goal):
        fits = all(self.attributes.get(key) == value for key, value in self._filters(goal))
        return fits and goal.status is Status.ACTIVE and goal.number not in self.completed

    def _complete(self, reached):
        new = {goal.number for goal in self.goals if self._open(goal) and reached(goal)}
        new |= {goal.number for goal in self.goals if self._open(goal) and goal.number in self.called}
        self.completed |= new
        while more := {goal.number for goal in self.goals if self._open(goal) and self._composed(goal)}:
            self.completed |= more
            new |= more
        return new

    def _composed(self, goal):
        needed = {int.from_bytes(one, "big") for one in goal.achievement_ids}
        return goal.trigger is Trigger.ACHIEVEMENT and needed <= self.completed
