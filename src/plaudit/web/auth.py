"""The keyring: which API key may do what, kept in memory by SHA-256 and renewed with the catalog.

Refuses secrets in memory, in logs and in errors: only digests and prefixes are known here.
"""

from collections.abc import Iterable, Mapping

from msgspec import Struct
from msgspec.structs import replace

from plaudit.model.catalog import ApiKey, Environment, KeyKind
from plaudit.model.errors import Code, PlauditError
from plaudit.model.ids import subject_key
from plaudit.model.keys import digest_of, well_formed
from plaudit.model.members import Member, Session
from plaudit.model.state import Identity
from plaudit.model.tenants import SHARED, Seals, Tenant, seals_of
from plaudit.storage.port import Catalog
from plaudit.web.ids import check_id

API_KEY = b"x-api-key"
TENANT = b"tenant-id"
ENVIRONMENT = b"environment"


class Visit(Struct, frozen=True):
    """A session that holds, its id as the cookie carries it, and whose it is."""

    id: str
    session: Session
    member: Member


class Caller(Struct, frozen=True):
    """Who calls. ``user_id`` is set for application keys, which act for that user only.

    ``tenant`` is the seal of its users, None when the environment is multi-tenant and the call names
    no tenant; ``unknown`` is what it names instead of one that is let in. ``prefix`` names whoever
    calls in the audit log: a key by its prefix, a member by its e-mail address. ``visit`` is set for members.
    """

    environment: int
    kind: KeyKind
    tenant: str | None
    user_id: str | None
    prefix: str
    unknown: str | None = None
    visit: Visit | None = None

    @property
    def sealed_tenant(self) -> str:
        """The tenant the call acts in; ``""`` where there are none.

        Raises:
            PlauditError: ``MISSING_TENANT`` or ``UNKNOWN_TENANT``.
        """
        if self.unknown is not None:
            raise PlauditError(Code.UNKNOWN_TENANT, id=self.unknown)
        if self.tenant is None:
            raise PlauditError(Code.MISSING_TENANT)
        return self.tenant

    @property
    def owner(self) -> str:
        """Whose definitions the call reads and changes: the tenant's, or without one the shared ones.

        Raises:
            PlauditError: ``UNKNOWN_TENANT``.
        """
        return SHARED if self.tenant is None and self.unknown is None else self.sealed_tenant

    def identity(self, user_id: str) -> Identity:
        """Give the user meant by a checked id.

        Raises:
            PlauditError: the key acts for another user, or the tenant is missing.
        """
        if self.user_id is not None and self.user_id != user_id:
            raise PlauditError(Code.FORBIDDEN_USER)
        tenant = self.sealed_tenant
        return Identity(subject_key(self.environment, tenant, user_id), self.environment, tenant, user_id)

    def require_admin(self) -> None:
        """Refuse application keys on the Admin API.

        Raises:
            PlauditError: ``FORBIDDEN_ADMIN``.
        """
        if self.kind is not KeyKind.ADMIN:
            raise PlauditError(Code.FORBIDDEN_ADMIN)


class Keyring:
    """Every valid key of the database, as known to this process."""

    def __init__(self, catalog: Catalog) -> None:
        """Start empty; ``refresh`` fills it."""
        self._catalog = catalog
        self._callers: dict[bytes, Caller] = {}
        self._seals: dict[int, Seals] = {}
        self._environments: tuple[Environment, ...] = ()
        self._generation = 0  # the catalog counts from 1

    async def refresh(self) -> bool:
        """Read the keys again when anything in the catalog has changed; tell whether it had.

        Raises:
            Unavailable: the database cannot be read; the keys known so far stay valid.
        """
        generation = await self._catalog.generation()
        if generation == self._generation:
            return False
        environments = await self._catalog.environments()
        known = {each.number: (each.version, self._seals.get(each.number)) for each in self._environments}
        seals: dict[int, Seals] = {}
        for each in environments:
            if each.settings.multi_tenancy:
                version, own = known.get(each.number, (0, None))
                if own is None or version != each.version:
                    own = seals_of((await self._catalog.definitions(each.number)).of(Tenant))
                seals[each.number] = own
        keys = await self._catalog.keys()
        if generation > self._generation:  # else a later refresh was quicker than this one
            self._callers = {key.digest: _caller(key, seals) for key in keys}
            self._seals = seals
            self._environments = tuple(sorted(environments, key=lambda e: (e.priority, e.number)))
            self._generation = generation
        return True

    def authenticate(self, headers: Mapping[bytes, bytes]) -> Caller:
        """Find out who calls.

        Args:
            headers: the request's headers, names in lower case.

        Raises:
            PlauditError: no key, a wrong key, or a tenant id that cannot be one.
        """
        text = headers.get(API_KEY)
        if not text:
            raise PlauditError(Code.MISSING_KEY)
        caller = self._callers.get(digest_of(text))
        if caller is None:
            raise PlauditError(Code.WRONG_KEY)
        if caller.tenant is not None or TENANT not in headers:
            return caller
        return self._sealed(caller, headers)

    def _sealed(self, caller: Caller, headers: Mapping[bytes, bytes]) -> Caller:
        """Give a caller the tenant its headers name."""
        name = check_id(headers[TENANT].decode("utf-8", "surrogateescape"), "The Tenant-ID header")
        tenant = self._seals.get(caller.environment, {}).get(name)
        unknown = name if tenant is None else None
        return replace(caller, tenant=tenant, unknown=unknown)

    async def environments(self) -> tuple[Environment, ...]:
        """Give every environment, the most important first, as the catalog has them now."""
        await self.refresh()
        return self._environments

    async def visitor(self, headers: Mapping[bytes, bytes], visit: Visit) -> Caller:
        """Give a member as the caller of the environment and tenant its headers name.

        Raises:
            PlauditError: there is no such environment, or a tenant id that cannot be one.
        """
        key = headers.get(ENVIRONMENT, b"").decode("latin-1")
        found = next((each for each in await self.environments() if key in {"", each.key}), None)
        if found is None:
            raise PlauditError(Code.UNKNOWN_ENVIRONMENT, key=key[:80])
        tenant = None if found.number in self._seals else ""
        caller = Caller(found.number, KeyKind.ADMIN, tenant, None, visit.member.email, visit=visit)
        return self._sealed(caller, headers) if tenant is None and TENANT in headers else caller

    def known(self, headers: Iterable[tuple[bytes, bytes]]) -> Caller | None:
        """Give whose key a request carries, if it is a valid one, whatever else is wrong with it."""
        sent = next((value for name, value in headers if name == API_KEY), None)
        return None if sent is None else self._callers.get(digest_of(sent))

    async def admit(self, headers: Mapping[bytes, bytes]) -> Caller:
        """Like ``authenticate``, but ask the catalog once more about a key or tenant made a moment ago.

        A text whose checksum is wrong is refused without the database.

        Raises:
            PlauditError: as ``authenticate``.
        """
        try:
            caller = self.authenticate(headers)
            if caller.unknown is None:
                return caller
            await self.refresh()
        except PlauditError as refusal:
            text = headers.get(API_KEY, b"").decode("ascii", "replace")
            if refusal.code is not Code.WRONG_KEY or not well_formed(text):
                raise
            await self.refresh()  # or somebody else just did: looked up again in either case
        return self.authenticate(headers)


def _caller(key: ApiKey, seals: Mapping[int, Seals]) -> Caller:
    """An application key carries its tenant; an admin key takes it from the header, where there are any."""
    own = key.kind is KeyKind.APPLICATION
    tenant = key.tenant if own or key.environment not in seals else None
    known = seals.get(key.environment)
    gone = own and known is not None and key.tenant not in known.values()
    return Caller(key.environment, key.kind, tenant, key.user_id, key.prefix, key.tenant if gone else None)
