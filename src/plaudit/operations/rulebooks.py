"""The compiled rulebooks of a process, one per environment, renewed when the version has moved.

Refuses to guess: inside a transaction the version read after the locks decides.
"""

from plaudit.engine.rulebook import Rulebook, compile_rulebook
from plaudit.model.catalog import Environment
from plaudit.storage.port import Catalog


class Rulebooks:
    """Keeps the newest known rulebook of each environment."""

    def __init__(self, catalog: Catalog, base_url: str | None = None) -> None:
        """Start empty; rulebooks are compiled on first use.

        Args:
            catalog: where the definitions are read.
            base_url: what links of ours in webhook payloads begin with, if it is known.
        """
        self.base_url = base_url
        self._catalog = catalog
        self._books: dict[int, Rulebook] = {}
        self._generation = 0

    async def get(self, environment: int) -> Rulebook:
        """Give the newest known rulebook, compiling it on first use.

        Raises:
            LookupError: there is no such environment.
        """
        return self._books.get(environment) or await self.reload(environment)

    def known(self, environment: int) -> Rulebook | None:
        """Give the newest known rulebook without reading anything."""
        return self._books.get(environment)

    async def reload(self, environment: int) -> Rulebook:
        """Read the definitions again and compile them when their version has moved."""
        definitions = await self._catalog.definitions(environment)
        known = self._books.get(environment)
        if known is None or known.version != definitions.environment.version:
            known = self._books[environment] = compile_rulebook(definitions)
        return known

    async def at(self, environment: int, version: int) -> Rulebook:
        """Give the rulebook of at least this version, as read inside a transaction."""
        known = self._books.get(environment)
        return known if known and known.version == version else await self.reload(environment)

    async def refresh(self) -> bool:
        """Notice changes made by other processes; tells whether anything had changed."""
        generation = await self._catalog.generation()
        if generation == self._generation:
            return False
        versions = {each.number: each.version for each in await self._catalog.environments()}
        for environment, book in list(self._books.items()):
            if book.version != versions.get(environment):
                await self.reload(environment)
        # Only now: whoever asks meanwhile must not hear that nothing has changed.
        self._generation = generation
        return True

    async def environments(self) -> list[Environment]:
        """Read every environment there is."""
        return await self._catalog.environments()
