"""One table from error code to HTTP status, and the body every error has.

Refuses other sentences than those of the closed list in `model/errors.py`.
"""

from msgspec.json import encode

from plaudit.model.errors import Code, PlauditError
from plaudit.web.answers import JSON_HEADERS, Answer, Header

STATUS: dict[Code, int] = {
    Code.MALFORMED_JSON: 400,
    Code.MISSING_KEY: 401,
    Code.WRONG_KEY: 401,
    Code.SESSION_OVER: 401,
    Code.WRONG_LOGIN: 401,
    Code.WRONG_CURRENT: 422,
    Code.THROTTLED: 429,
    Code.WRONG_LINK: 422,
    Code.SETUP_DONE: 409,
    Code.MEMBER_EXISTS: 409,
    Code.LAST_OWNER: 409,
    Code.FORBIDDEN_ROLE: 403,
    Code.FORBIDDEN_ORIGIN: 403,
    Code.FORBIDDEN_CSRF: 403,
    Code.PEOPLE_ONLY: 403,
    Code.UNKNOWN_ENVIRONMENT: 422,
    Code.FORBIDDEN_USER: 403,
    Code.FORBIDDEN_ADMIN: 403,
    Code.UNKNOWN_ROUTE: 404,
    Code.UNKNOWN_METRIC: 404,
    Code.UNKNOWN_ACHIEVEMENT: 404,
    Code.UNKNOWN_USER: 404,
    Code.UNKNOWN_RESOURCE: 404,
    Code.UNKNOWN_POINTS_SYSTEM: 404,
    Code.UNKNOWN_LEADERBOARD: 404,
    Code.WRONG_METHOD: 405,
    Code.BODY_TOO_LARGE: 413,
    Code.ENCODED_BODY: 415,
    Code.NOT_AN_IMAGE: 415,
    Code.INVALID_BODY: 422,
    Code.NOT_COMPLETED: 404,
    Code.MOVED: 409,
    Code.SAME_USER: 422,
    Code.MISSING_TENANT: 422,
    Code.UNKNOWN_TENANT: 422,
    Code.SHARED_BY_ALL: 422,
    Code.NOT_YOURS: 422,
    Code.KEY_OF_TENANT: 422,
    Code.NOT_API_ACHIEVEMENT: 422,
    Code.NOT_GRANTABLE: 422,
    Code.LOCKED_ACHIEVEMENT: 422,
    Code.NOT_ELIGIBLE: 422,
    Code.UNKNOWN_USER_ATTRIBUTES: 422,
    Code.UNKNOWN_EVENT_ATTRIBUTES: 422,
    Code.VALUE_OUT_OF_RANGE: 422,
    Code.TOTAL_OUT_OF_RANGE: 422,
    Code.NO_CUSTOM_STREAKS: 403,
    Code.PAUSE_IN_THE_PAST: 422,
    Code.PAUSE_OVERLAPS: 422,
    Code.UNKNOWN_PAUSE: 404,
    Code.FREEZES_FULL: 422,
    Code.FREEZES_OFF: 422,
    Code.NOTHING_TO_RESTORE: 422,
    Code.NOTHING_TO_RESET: 422,
    Code.KEY_MISMATCH: 422,
    Code.OUT_OF_POINTS: 422,
    Code.NO_RUN: 422,
    Code.WRONG_GROUP: 422,
    Code.BAD_IMAGE: 422,
    Code.WEBHOOK_OFF: 422,
    Code.MESSAGE_GONE: 422,
    Code.STILL_PENDING: 422,
    Code.UNEXPECTED: 500,
    Code.FEEDS_FULL: 429,
    Code.BUSY: 503,
    Code.UNAVAILABLE: 503,
}
"""HTTP status of each code; a test holds it complete."""

_RETRY = frozenset({429, 503})
_CHALLENGE: Header = (b"www-authenticate", b'ApiKey realm="plaudit", header="X-API-KEY"')


def error_answer(error: PlauditError, extra: tuple[Header, ...] = ()) -> Answer:
    """Give an error as its answer: ``{"error": sentence, "code": "snake_case"}`` and what its status needs.

    The error's ``seconds`` become ``Retry-After``, its ``allowed`` methods become ``Allow``.
    """
    status = STATUS[error.code]
    headers = [*JSON_HEADERS, *extra]
    if status in _RETRY or "seconds" in error.words:
        headers.append((b"retry-after", error.words.get("seconds", "1").encode()))
    if status == 401:  # noqa: PLR2004 - the status itself is what is meant
        headers.append(_CHALLENGE)
    if "allowed" in error.words:
        headers.append((b"allow", error.words["allowed"].encode()))
    body = encode({"error": error.sentence, "code": error.code.name.lower()})
    return Answer(status, body, tuple(headers))


def invalid(why: str) -> PlauditError:
    """Give the refusal of one field.

    Args:
        why: names the field and says what is accepted, without a full stop; when it begins with the
            field's own name in lower case, "The field" is put before it.
    """
    sentence = f"The field {why}" if why[:1].islower() or why[:1] == "[" else why
    return PlauditError(Code.INVALID_BODY, why=sentence)
