"""What every door is handed: the act's turnstile, the readers, the keys, the clock."""

from collections.abc import Callable
from dataclasses import dataclass, field

from plaudit.config import Settings
from plaudit.ingest.committer import Turnstile
from plaudit.ingest.feeds import Feeds
from plaudit.operations.compare_peers import Comparer
from plaudit.operations.keep_insights import InsightsKeeper
from plaudit.operations.passwords import Passwords
from plaudit.operations.rulebooks import Rulebooks
from plaudit.storage.port import Store
from plaudit.web.auth import Keyring
from plaudit.web.known import KnownStandings
from plaudit.web.request_log import RequestLog


@dataclass(frozen=True, slots=True)
class Context:
    """One process's services.

    ``clock`` gives Unix milliseconds; ``new_id`` makes a UUIDv7 of such a time.
    """

    store: Store
    rulebooks: Rulebooks
    turnstile: Turnstile
    keyring: Keyring
    clock: Callable[[], int]
    new_id: Callable[[int], bytes]
    settings: Settings
    feeds: Feeds
    known: KnownStandings = field(default_factory=KnownStandings)
    comparer: Comparer = field(default_factory=Comparer)
    requests: RequestLog | None = None
    passwords: Passwords = field(default_factory=Passwords)
    insights: InsightsKeeper = field(default_factory=InsightsKeeper)
