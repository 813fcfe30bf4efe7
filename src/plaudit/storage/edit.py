"""One open change of an environment's definitions, the same on both databases.

Refuses rules: whether a definition makes sense was decided by the act that puts it. Refuses, too, to let
one tenant change what another owns or what all share.
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
    TenantSettings,
)
from plaudit.model.errors import Code, Sealed
from plaudit.model.ids import subject_key, uuid_text
from plaudit.model.tenants import SHARED
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

    def __init__(
        self, run: Run, definitions: Definitions, by: Author | None = None, tenant: str = SHARED
    ) -> None:
        """Begin from the definitions as they are.

        Args:
            run: runs statements in a transaction that is open.
            definitions: read inside that transaction.
            by: in whose name the audit log keeps what is put.
            tenant: whom what is new belongs to.
        """
        self.whole = definitions
        self.definitions = definitions.seen_by(tenant)
        self.changed = False
        self._tenant = tenant
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
        m, owner = metric, self._owned(metric, self.whole.metrics)
        self._note("metric", m, self.definitions.metrics)
        told = (m.key, m.name, m.unit_type, m.units, m.created, m.archived, owner)
        await self._put("put_metric", (m.number, self._environment, m.id, *told))

    async def put_attribute(self, attribute: Attribute) -> None:
        """Insert or change a declared attribute."""
        a, owner = attribute, self._owned(attribute, self.whole.attributes)
        self._note("attribute", a, self.definitions.attributes)
        told = (a.key, a.name, a.type.value, a.created, a.archived, owner)
        await self._put("put_attribute", (a.id, self._environment, *told))

    async def put_measure(self, measure: Measure) -> None:
        """Insert or change a measure."""
        m = measure
        await self._put(
            "put_measure", (m.number, self._environment, m.metric, rows.to_json(m.filters), m.since)
        )

    async def put_achievement(self, achievement: Achievement) -> None:
        """Insert or change an achievement."""
        a, owner = achievement, self._owned(achievement, self.whole.achievements)
        self._note("achievement", a, self.definitions.achievements)
        told = (rows.to_json(a), a.archived, owner)
        await self._put("put_achievement", (a.number, self._environment, a.id, *told))

    async def put_document(self, document: Definition) -> None:
        """Insert or change a definition that is kept as one document."""
        d, owner = document, self._owned(document, self.whole.more)
        kind = type(d).__name__
        self._note(kind.lower(), d, self.definitions.more)
        told = (kind, rows.to_json(d), d.archived, owner)
        await self._put("put_document", (d.number, self._environment, d.id, *told))

    async def put_settings(self, settings: EnvironmentSettings) -> None:
        """Change the environment's switches, or a tenant's own settings."""
        environment = self.definitions.environment
        if self._tenant != SHARED:
            await self._put_own_settings(settings)
            return
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

    async def _put_own_settings(self, settings: EnvironmentSettings) -> None:
        own = next((each for each in self.definitions.more if type(each) is TenantSettings), None)
        if own is None:
            name = subject_key(self._environment, self._tenant, "settings")
            own = TenantSettings(await self.next_number("document"), name, settings)
        await self.put_document(replace(own, settings=settings))

    def _owned(self, it: Metric | Attribute | Achievement | Definition, known: Sequence[Noted]) -> str:
        """Tell whose a definition is, and keep it from everybody else.

        Raises:
            Sealed: it is shared or another's, or (shared) would bear a tenant's key.
        """
        owners = self.whole.owners
        if any(each.id == it.id for each in known):
            owner = owners.get(it.id, SHARED)
            if owner != self._tenant:
                raise Sealed(Code.SHARED_BY_ALL if owner == SHARED else Code.NOT_YOURS)
        if self._tenant == SHARED and any(each.id in owners and _alike(each, it) for each in known):
            raise Sealed(Code.KEY_OF_TENANT, key=getattr(it, "key", ""))
        return self._tenant

    def _note(self, kind: str, after: Noted, known: Sequence[Noted]) -> None:
        target = f"{kind}:{uuid_text(after.id)}"
        old = next((each for each in known if each.id == after.id), None)
        self._changes[target] = change_of(old, after)

    async def _put(self, name: str, bindings: rows.Row) -> None:
        self.changed = True
        await self._run(name, bindings)


def _alike(one: Noted, other: Noted) -> bool:
    """Tell whether two definitions could not be told apart by their keys."""
    key = getattr(one, "key", None)
    return (
        type(one) is type(other)
        and key is not None
        and key == getattr(other, "key", None)
        and not getattr(one, "archived", False)
        and getattr(one, "type", None) == getattr(other, "type", None)
        and getattr(one, "system", None) == getattr(other, "system", None)
    )
