"""One open change of an environment's definitions, the same on both databases.

Refuses rules: whether a definition makes sense was decided by the act that puts it.
"""

from collections.abc import Awaitable, Callable, Sequence

from msgspec.structs import replace

from plaudit.model.actions import Action, Author
from plaudit.model.catalog import (
    Achievement,
    Attribute,
    Backdate,
    Definition,
    Definitions,
    EnvironmentSettings,
    Measure,
    Metric,
)
from plaudit.model.ids import uuid_text
from plaudit.storage import rows
from plaudit.storage.changes import Change, Noted, change_of

Run = Callable[[str, rows.Row], Awaitable[int | None]]
"""Runs a named statement with its bindings; gives the first value of its first row, if it has one."""


_HIGHEST = {
    "metric": "highest_metric",
    "measure": "highest_measure",
    "achievement": "highest_achievement",
    "document": "highest_document",
}


class Edit:
    """An open change; nobody else changes definitions until it is left."""

    def __init__(self, run: Run, definitions: Definitions, by: Author | None = None) -> None:
        """Begin from the definitions as they are.

        Args:
            run: runs statements in a transaction that is open.
            definitions: read inside that transaction.
            by: in whose name the audit log keeps what is put.
        """
        self.definitions = definitions
        self.changed = False
        self._environment = definitions.environment.number
        self._run = run
        self._given: dict[str, int] = {}
        self._by = by
        self._changes: dict[str, Change] = {}

    async def next_number(self, kind: str) -> int:
        """Give the next free number of ``metric``, ``measure``, ``achievement`` or ``document``.

        Each call gives another one. Documents of all kinds share one row of numbers.
        """
        highest = await self._run(_HIGHEST[kind], ()) or 0
        self._given[kind] = max(highest, self._given.get(kind, 0)) + 1
        return self._given[kind]

    async def put_metric(self, metric: Metric) -> None:
        """Insert or change a metric."""
        m = metric
        self._note("metric", m, self.definitions.metrics)
        await self._put(
            "put_metric",
            (m.number, self._environment, m.id, m.key, m.name, m.unit_type, m.units, m.created, m.archived),
        )

    async def put_attribute(self, attribute: Attribute) -> None:
        """Insert or change a declared attribute."""
        a = attribute
        self._note("attribute", a, self.definitions.attributes)
        await self._put(
            "put_attribute", (a.id, self._environment, a.key, a.name, a.type.value, a.created, a.archived)
        )

    async def put_measure(self, measure: Measure) -> None:
        """Insert or change a measure."""
        m = measure
        await self._put(
            "put_measure", (m.number, self._environment, m.metric, rows.to_json(m.filters), m.since)
        )

    async def put_achievement(self, achievement: Achievement) -> None:
        """Insert or change an achievement."""
        a = achievement
        self._note("achievement", a, self.definitions.achievements)
        await self._put("put_achievement", (a.number, self._environment, a.id, rows.to_json(a), a.archived))

    async def put_document(self, document: Definition) -> None:
        """Insert or change a definition that is kept as one document."""
        d = document
        kind = type(d).__name__
        self._note(kind.lower(), d, self.definitions.more)
        await self._put(
            "put_document", (d.number, self._environment, d.id, kind, rows.to_json(d), d.archived)
        )

    async def put_settings(self, settings: EnvironmentSettings) -> None:
        """Change the environment's switches."""
        environment = self.definitions.environment
        known = replace(environment, settings=settings)
        self._note("settings", known, (environment,))
        await self._put("put_settings", (self._environment, rows.to_json(settings)))

    async def put_backdate(self, backdate: Backdate) -> None:
        """Ask for a backdate, or change one."""
        b = backdate
        await self._put(
            "put_backdate",
            (b.id, b.environment, b.version, b.cursor, b.done, b.total, b.completions, b.created, b.finished),
        )

    def actions(self) -> list[Action]:
        """Give what the audit log keeps of this change: one action per definition that is not as it was."""
        if self._by is None:
            return []
        by, number = self._by, self._environment
        return [
            Action(number, by.now, by.actor, change.verb, target, change.detail)
            for target, change in self._changes.items()
            if change.verb
        ]

    def _note(self, kind: str, after: Noted, known: Sequence[Noted]) -> None:
        target = f"{kind}:{uuid_text(after.id)}"
        old = next((each for each in known if each.id == after.id), None)
        self._changes[target] = change_of(old, after)

    async def _put(self, name: str, bindings: rows.Row) -> None:
        self.changed = True
        await self._run(name, bindings)
