"""How the Admin API's doors read a request: pages, lists of ids, and lists of items of which some may be bad.

Refuses a request only when it is no list or too long; a bad item becomes an issue of its own.
"""

from collections.abc import Iterable, Sequence
from typing import Generic, TypeVar

from msgspec import Raw, Struct, ValidationError
from msgspec.json import Decoder
from msgspec.structs import fields, replace

from plaudit.engine.rulebook import AchievementRule, Rulebook
from plaudit.model.catalog import Achievement, Attribute, Definition, Definitions, Metric
from plaudit.model.errors import Code, PlauditError
from plaudit.model.ids import uuid_bytes, uuid_text
from plaudit.operations.edit_batch import MOST_ITEMS, Editor, Issue, Unreadable, issue_of
from plaudit.web.admin.shapes import Deleted, Removed
from plaudit.web.answers import Answer, as_json
from plaudit.web.application.query import whole_number
from plaudit.web.decode import read_body, sentence_of
from plaudit.web.door import Call, Parameter
from plaudit.web.errors import invalid

DEFAULT_PAGE = 10
LARGEST_PAGE = 100
LAST_SKIP = 1_000_000_000

PAGE = (
    Parameter(
        "limit",
        "Number of records to return.",
        {"type": "integer", "minimum": 1, "maximum": LARGEST_PAGE, "default": DEFAULT_PAGE},
    ),
    Parameter(
        "skip", "Number of records to leave out first.", {"type": "integer", "minimum": 0, "default": 0}
    ),
)
IDS = (
    Parameter(
        "ids",
        "Ids to delete: the parameter repeated, or a comma-separated list.",
        {"type": "array", "items": {"type": "string", "format": "uuid"}, "maxItems": MOST_ITEMS},
        required=True,
    ),
)

T = TypeVar("T", bound=Struct)
V = TypeVar("V")
Noun = TypeVar("Noun", bound=Metric | Attribute | Achievement | Definition)

_list_decoder = Decoder(list[Raw])
_fields_decoder = Decoder(dict[str, Raw])


class _Named(Struct):
    id: str | None = None


_named_decoder = Decoder(_Named)


class Items(Struct, Generic[T], frozen=True):
    """The items of a request, readable or not, and warnings about fields that were ignored."""

    items: list[T | Unreadable]
    warnings: list[Issue]


class ItemReader(Generic[T]):
    """Reads lists of items of one type."""

    def __init__(self, type: type[T]) -> None:
        """Prepare to read items of this struct."""
        self._decoder = Decoder(type)
        self._known = {field.encode_name for field in fields(type)}

    def read(self, body: bytes) -> Items[T]:
        """Read a request's items.

        Raises:
            PlauditError: the body is no list of 1 to 100 items.
        """
        raws = read_body(_checked_text(body), _list_decoder)
        if not 1 <= len(raws) <= MOST_ITEMS:
            raise invalid(f"The body must be a list of 1 to {MOST_ITEMS} items, this one has {len(raws)}")
        items = [self._read_one(raw) for raw in raws]
        warnings = [
            issue_of(item, index, f"'{name[:64]}' is no field of this call and was ignored", "warning")
            for index, (item, raw) in enumerate(zip(items, raws, strict=True))
            if not isinstance(item, Unreadable)
            for name in sorted(_fields_decoder.decode(raw).keys() - self._known)
        ]
        return Items(items, warnings)

    def _read_one(self, raw: Raw) -> T | Unreadable:
        try:
            return self._decoder.decode(raw)
        except ValidationError as error:
            message = sentence_of(str(error)).replace("The body", "The item", 1)
            return Unreadable(message, _id_of(raw))


def _checked_text(body: bytes) -> bytes:
    """Refuse what is not UTF-8 at once: the decoder leaves the text of raw items unread."""
    try:
        body.decode()
    except UnicodeDecodeError:
        raise PlauditError(Code.MALFORMED_JSON, why="it is not UTF-8") from None
    return body


def _id_of(raw: Raw) -> str | None:
    try:
        return _named_decoder.decode(raw).id
    except ValidationError:
        return None


def page_of(call: Call, all: Sequence[V]) -> Sequence[V]:
    """Cut the page that ``limit`` and ``skip`` ask for.

    Raises:
        PlauditError: they are out of range.
    """
    query = call.query()
    limit = whole_number(query, "limit", DEFAULT_PAGE, LARGEST_PAGE, least=1)
    skip = whole_number(query, "skip", 0, LAST_SKIP)
    return all[skip : skip + limit]


def ids_of(call: Call) -> list[str]:
    """Read ``ids``: repeated, comma-separated, or both; each once, in order.

    Raises:
        PlauditError: there are none, or more than 100.
    """
    query = call.query()
    given = [*query.get("ids", ()), *query.get("ids[]", ())]
    ids = list(dict.fromkeys(part.strip() for text in given for part in text.split(",") if part.strip()))
    if not 1 <= len(ids) <= MOST_ITEMS:
        raise invalid(f"ids must name 1 to {MOST_ITEMS} ids in the query string, these are {len(ids)}")
    return ids


def find_one(call: Call, all: Sequence[Noun], kind: str) -> Noun:
    """Find what the path's id names.

    Raises:
        PlauditError: the id is no UUID, or there is none.
    """
    text = call.path["id"]
    raw = uuid_bytes(text)
    if raw is None:
        raise invalid("The id in the path must be a valid UUID")
    for each in all:
        if each.id == raw:
            return each
    raise PlauditError(Code.UNKNOWN_RESOURCE, kind=kind, id=text)


async def definitions_of(call: Call) -> Definitions:
    """Read the definitions that count for the call: the shared ones, and those of the tenant it names.

    Raises:
        PlauditError: ``UNKNOWN_TENANT``.
    """
    owner = call.caller.owner
    return (await call.context.store.catalog.definitions(call.caller.environment)).seen_by(owner)


def editor_of(call: Call) -> Editor:
    """Give who edits what, and when: the definitions of the tenant the call names, or the shared ones.

    Raises:
        PlauditError: ``UNKNOWN_TENANT``.
    """
    return replace(whole_editor_of(call), tenant=call.caller.owner)


def whole_editor_of(call: Call) -> Editor:
    """Give who edits what is above tenants, and when."""
    context = call.context
    return Editor(context.store, call.caller.environment, call.now, context.new_id, call.caller.prefix)


async def achievement_by_id(call: Call, text: str, name: str) -> tuple[Rulebook, AchievementRule]:
    """Find an achievement by its id, which another process may have made just now, and its rulebook.

    Args:
        call: whose environment and tenant count.
        text: the id as it was sent.
        name: what to call it in the sentence of a refusal.

    Raises:
        PlauditError: it is no UUID, or there is no such achievement.
    """
    id_ = uuid_bytes(text)
    if id_ is None:
        raise invalid(f"{name} must be a valid UUID")
    rulebook = await call.rulebook()
    if id_ not in rulebook.by_id:
        await renew(call)
        rulebook = await call.rulebook()
    found = rulebook.by_id.get(id_)
    if found is None:
        raise PlauditError(Code.UNKNOWN_RESOURCE, kind="achievement", id=text)
    return rulebook, found


async def renew(call: Call) -> None:
    """Let this process answer by the new definitions at once; others notice within half a second."""
    await call.context.rulebooks.reload(call.caller.environment)


def deleted_answer(gone: Iterable[bytes], issues: list[Issue]) -> Answer:
    """Give what was deleted, by id."""
    return as_json(Deleted([Removed(uuid_text(each)) for each in gone], issues))
