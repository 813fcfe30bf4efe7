"""One open change of an environment's definitions, on SQLite.

Refuses rules: whether a definition makes sense was decided by the act that puts it.
"""

import apsw

from plaudit.model.catalog import (
    Achievement,
    Attribute,
    Backdate,
    Definitions,
    EnvironmentSettings,
    Measure,
    Metric,
)
from plaudit.storage.sqlite import rows
from plaudit.storage.sqlite.statements import SQL


class SqliteEdit:
    """An open change; the database's write lock is held until it is left."""

    def __init__(self, cursor: apsw.Cursor, definitions: Definitions) -> None:
        """Begin from the definitions as they are.

        Args:
            cursor: of the writer, its transaction open.
            definitions: read inside that transaction.
        """
        self.definitions = definitions
        self.changed = False
        self._environment = definitions.environment.number
        self._cursor = cursor
        self._given: dict[str, int] = {}

    async def next_number(self, kind: str) -> int:
        """Give the next free number of ``metric``, ``measure`` or ``achievement``, each time another."""
        highest: int = self._cursor.execute(SQL[f"highest_{kind}"]).get
        self._given[kind] = max(highest, self._given.get(kind, 0)) + 1
        return self._given[kind]

    async def put_metric(self, metric: Metric) -> None:
        """Insert or change a metric."""
        m = metric
        self._put(
            "put_metric",
            (m.number, self._environment, m.id, m.key, m.name, m.unit_type, m.units, m.created, m.archived),
        )

    async def put_attribute(self, attribute: Attribute) -> None:
        """Insert or change a declared attribute."""
        a = attribute
        self._put(
            "put_attribute", (a.id, self._environment, a.key, a.name, a.type.value, a.created, a.archived)
        )

    async def put_measure(self, measure: Measure) -> None:
        """Insert or change a measure."""
        m = measure
        self._put("put_measure", (m.number, self._environment, m.metric, rows.to_json(m.filters), m.since))

    async def put_achievement(self, achievement: Achievement) -> None:
        """Insert or change an achievement."""
        a = achievement
        self._put("put_achievement", (a.number, self._environment, a.id, rows.to_json(a), a.archived))

    async def put_settings(self, settings: EnvironmentSettings) -> None:
        """Change the environment's switches."""
        self._put("put_settings", (self._environment, rows.to_json(settings)))

    async def put_backdate(self, backdate: Backdate) -> None:
        """Ask for a backdate, or change one."""
        b = backdate
        self._put(
            "put_backdate",
            (b.id, b.environment, b.version, b.cursor, b.done, b.total, b.completions, b.created, b.finished),
        )

    def _put(self, name: str, bindings: rows.Row) -> None:
        self.changed = True
        self._cursor.execute(SQL[name], bindings)


def read_definitions(cursor: apsw.Cursor, environment: int) -> Definitions:
    """Read everything of an environment, archived things included.

    Raises:
        LookupError: there is no such environment.
    """
    asked = (environment,)
    found = cursor.execute(SQL["environment"], asked).fetchall()
    if not found:
        raise LookupError(f"There is no environment number {environment}. Create it first.")
    return Definitions(
        rows.environment(found[0]),
        tuple([rows.metric(row) for row in cursor.execute(SQL["metrics"], asked)]),
        tuple([rows.attribute(row) for row in cursor.execute(SQL["attributes"], asked)]),
        tuple([rows.measure(row) for row in cursor.execute(SQL["measures"], asked)]),
        tuple([rows.achievement(row) for row in cursor.execute(SQL["achievements"], asked)]),
    )
