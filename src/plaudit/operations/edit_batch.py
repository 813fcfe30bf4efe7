"""What every edit of definitions shares: the bench it is planned on, and issues that stay with their item.

Refuses to let one bad item hurt its neighbours: it becomes an issue, the others are done.
"""

import re
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Generic, Literal, TypeVar

from msgspec import UNSET, Struct, UnsetType
from msgspec import field as named

from plaudit.model.actions import CONSOLE, Author
from plaudit.model.catalog import (
    Achievement,
    Attribute,
    Backdate,
    Definition,
    Definitions,
    Measure,
    Metric,
)
from plaudit.model.errors import Sealed
from plaudit.model.ids import uuid_bytes
from plaudit.model.tenants import SHARED
from plaudit.storage.port import CatalogEdit, Store

MOST_ITEMS = 100
"""Items one request may hold."""

LONGEST = 255
"""Characters of a name, a key or an attribute value."""

LONGEST_PROSE = 2000
"""Characters of a description."""

KEY = re.compile(r"[a-zA-Z0-9_-]+")
"""What a key is made of, so that it can stand in a path."""

_FIRST_FIELD = re.compile(r"(?:The field )?([a-z][A-Za-z]*(?:\[\d+\]|\.[A-Za-z*]+)*)(?=[ :])")

Item = TypeVar("Item")
Made = TypeVar("Made")
Document = TypeVar("Document", bound=Definition)


class Issue(Struct, frozen=True):
    """What kept an item from being done (``error``), or what of it was ignored (``warning``).

    ``field`` is the field of the item it is about, as it is sent, where it is about one.
    """

    severity: Literal["error", "warning"]
    message: str
    id: str | UnsetType = UNSET
    index: int | UnsetType = UNSET
    user_id: str | UnsetType = named(name="userId", default=UNSET)
    field: str | UnsetType = UNSET


class Invalid(Exception):
    """One item cannot be done; the text is the message of its issue.

    ``field`` is the field it is about, as it is sent: the one the message begins with, unless it is told.
    """

    def __init__(self, message: str, field: str | None = None) -> None:
        """Keep the message, and the field."""
        super().__init__(message)
        self.field = field_in(message) if field is None else field


class Cycle(Invalid):
    """The prerequisites of an achievement would lead back to itself."""


class Unreadable(Struct, frozen=True):
    """An item that is not of the right shape: the message, and its id where it has one."""

    message: str
    id: str | None = None


class Edited(Struct, Generic[Made], frozen=True):
    """What was done, in the order of the request, and the issues. ``cycle``: one was a cycle."""

    done: list[Made]
    issues: list[Issue]
    cycle: bool = False


class Editor(Struct, frozen=True):
    """Who edits: the store, the environment, the one clock reading (ms), and where ids come from.

    ``actor`` is the prefix of the key that edits, as the audit log names it. ``tenant`` is the seal of
    the tenant whose own definitions are edited.
    """

    store: Store
    environment: int
    now: int
    new_id: Callable[[int], bytes]
    actor: str = CONSOLE
    tenant: str = SHARED

    @property
    def author(self) -> Author:
        """In whose name the audit log keeps the edit."""
        return Author(self.actor, self.now)

    def edit(self) -> AbstractAsyncContextManager[CatalogEdit]:
        """Open a change of the environment's or the tenant's definitions, which the audit log keeps."""
        return self.store.catalog.edit(self.environment, self.author, self.tenant)


class Bench:
    """The definitions an edit is planned on, kept current while its items are done; without archived ones."""

    def __init__(self, definitions: Definitions) -> None:
        """Lay out what stands at the start of the edit."""
        self.environment = definitions.environment
        self.metrics = {m.id: m for m in definitions.metrics if not m.archived}
        self.attributes = {a.id: a for a in definitions.attributes if not a.archived}
        self.achievements = {a.id: a for a in definitions.achievements if not a.archived}
        self.measures = {(m.metric, m.filters): m for m in definitions.measures}
        self.documents = {d.id: d for d in definitions.more if not d.archived}

    @property
    def next_version(self) -> int:
        """The environment's version once this edit is done."""
        return self.environment.version + 1

    def keep_metric(self, metric: Metric) -> None:
        """Take a new or changed metric onto the bench; an archived one leaves it."""
        _keep(self.metrics, metric)

    def keep_attribute(self, attribute: Attribute) -> None:
        """Take a new or changed attribute onto the bench; an archived one leaves it."""
        _keep(self.attributes, attribute)

    def keep_achievement(self, achievement: Achievement) -> None:
        """Take a new or changed achievement onto the bench; an archived one leaves it."""
        _keep(self.achievements, achievement)

    def keep_document(self, document: Definition) -> None:
        """Take a new or changed document onto the bench; an archived one leaves it."""
        _keep(self.documents, document)

    def of(self, kind: type[Document]) -> list[Document]:
        """Give the documents of one kind, the oldest first."""
        return [each for each in self.documents.values() if type(each) is kind]


Noun = TypeVar("Noun", bound=Metric | Attribute | Achievement | Definition)


def _keep(shelf: dict[bytes, Noun], noun: Noun) -> None:
    if noun.archived:
        shelf.pop(noun.id, None)
    else:
        shelf[noun.id] = noun


async def each(items: Sequence[Item | Unreadable], act: Callable[[Item], Awaitable[Made]]) -> Edited[Made]:
    """Do the items one after the other; those that cannot be done become issues.

    An issue is told by the item's ``id`` where it has one, else by its index in the request.
    """
    done: list[Made] = []
    issues: list[Issue] = []
    cycle = False
    for index, item in enumerate(items):
        if isinstance(item, Unreadable):
            issues.append(issue_of(item, index, item.message, field=field_in(item.message)))
            continue
        try:
            done.append(await act(item))
        except (Invalid, Sealed) as reason:
            cycle = cycle or isinstance(reason, Cycle)
            field = reason.field if isinstance(reason, Invalid) else None
            issues.append(issue_of(item, index, str(reason), field=field))
    return Edited(done, issues, cycle)


def field_in(message: str) -> str | None:
    """Give the field a message begins with, if any; nothing else begins one in lower case."""
    found = _FIRST_FIELD.match(message)
    return None if found is None else found[1]


def issue_of(
    item: object,
    index: int,
    message: str,
    severity: Literal["error", "warning"] = "error",
    *,
    field: str | None = None,
) -> Issue:
    """Give the issue of one item."""
    about = UNSET if field is None else field
    known = item if isinstance(item, str) else getattr(item, "id", None)
    if isinstance(known, str):
        return Issue(severity, message, id=known, field=about)
    return Issue(severity, message, index=index, field=about)


def find(shelf: dict[bytes, Noun], id: str, kind: str, field: str = "id") -> Noun:
    """Find a definition by the text of its id, which was sent as ``field``.

    Raises:
        Invalid: it is no UUID, or there is none.
    """
    raw = uuid_bytes(id)
    if raw is None:
        raise Invalid(f"{field} must be a valid UUID")
    if raw not in shelf:
        raise Invalid(f"{kind} not found by ID", field)
    return shelf[raw]


def clean(text: str, field: str, most: int = LONGEST, least: int = 1) -> str:
    """Give a text as it is, if a database can keep it and a person can see it.

    Raises:
        Invalid: blank, too long, or holding the character NUL.
    """
    if len(text.strip()) < least or len(text) > most:
        raise Invalid(f"{field} must be {least} to {most} characters long")
    if "\0" in text:
        raise Invalid(f"{field} must not contain the character NUL")
    return text


def clean_key(text: str, taken: Iterable[str | None], owner: str) -> str:
    """Give a key as it is, if it is well formed and free.

    Raises:
        Invalid: it is neither.
    """
    if not KEY.fullmatch(text) or len(text) > LONGEST:
        raise Invalid(
            f"key must be 1 to {LONGEST} characters long, only letters, digits, hyphens and underscores"
        )
    if text in taken:
        raise Invalid(f"Key already in use by another {owner}", "key")
    return text


def sent(new: Made | UnsetType, old: Made) -> Made:
    """Give a field as sent, or as it was when it was not sent."""
    return old if isinstance(new, UnsetType) else new


async def ensure_measure(
    edit: CatalogEdit, bench: Bench, metric: int, filters: tuple[tuple[str, str], ...], since: int
) -> Measure:
    """Find the measure of a metric and filters, or make it; achievements that ask the same share it."""
    found = bench.measures.get((metric, filters))
    if found is None:
        found = Measure(await edit.next_number("measure"), metric, filters, since)
        await edit.put_measure(found)
        bench.measures[metric, filters] = found
    return found


async def users_of(editor: Editor) -> int:
    """Count the users a backdate will have to look at; the job raises the number as it meets more."""
    return (await editor.store.ledger.counts(editor.environment, "")).get(0, 0)


async def put_backdate(edit: CatalogEdit, bench: Bench, editor: Editor, users: int) -> None:
    """Ask for everybody who already meets what this edit made to be back-dated, in the background."""
    await edit.put_backdate(
        Backdate(
            id=editor.new_id(editor.now),
            environment=editor.environment,
            version=bench.next_version,
            cursor=b"",
            done=0,
            total=users,
            completions=0,
            created=editor.now,
        )
    )
