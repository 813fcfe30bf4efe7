"""What to do about an error, for whoever reads the log of requests: one sentence per code that needs more.

Refuses to repeat the sentence that the caller got.
"""

from plaudit.model.errors import Code

HINTS: dict[Code, str] = {
    Code.MISSING_KEY: "Send the header X-API-KEY with each call. An owner makes keys under Keys.",
    Code.WRONG_KEY: "The key was deleted, belongs to another server, or was not copied whole. Make a new one under Keys.",
    Code.FORBIDDEN_USER: "An application key acts for the one user it was made for. Servers use an admin key.",
    Code.FORBIDDEN_ADMIN: "Calls under /admin/v1 need an admin key, which belongs on a server and never into an app.",
    Code.MISSING_TENANT: "Send the tenant's id as Tenant-ID with each call. The tenants are listed under Tenants.",
    Code.UNKNOWN_TENANT: "Compare the id with those under Tenants, letter by letter.",
    Code.UNKNOWN_ROUTE: "Compare the path with the reference at /docs, letter by letter.",
    Code.WRONG_METHOD: "Compare the method with the reference at /docs.",
    Code.MALFORMED_JSON: "The client built the body by hand, or cut it. Let a JSON library write it.",
    Code.INVALID_BODY: "Compare the field with the reference at /docs, then copy this call as curl and try it.",
    Code.BODY_TOO_LARGE: "Send fewer items in each call.",
    Code.ENCODED_BODY: "Turn off the compression of requests in the client or the proxy.",
    Code.UNKNOWN_METRIC: "Compare the key with those under Metrics. It may exist in another environment.",
    Code.UNKNOWN_ACHIEVEMENT: "Look whether the achievement is active under Achievements, and in which environment.",
    Code.NOT_API_ACHIEVEMENT: "Send events instead, or change the trigger of the achievement to api.",
    Code.NOT_GRANTABLE: "Open the achievement and activate it first.",
    Code.LOCKED_ACHIEVEMENT: "Open the achievement and activate it, if it is to be completed again.",
    Code.NOT_ELIGIBLE: "Look at the user's attributes on the user's page, and at the achievement's filters.",
    Code.UNKNOWN_USER: "Users are made by their first event. In a multi-tenant environment check the Tenant-ID header too.",
    Code.UNKNOWN_USER_ATTRIBUTES: "Declare the attributes under Attributes, type user.",
    Code.UNKNOWN_EVENT_ATTRIBUTES: "Declare the attributes under Attributes, type event.",
    Code.KEY_MISMATCH: "Two different events were sent with one Idempotency-Key. Make the key from what makes the event one.",
    Code.OUT_OF_POINTS: "Nothing is wrong: the user cannot afford this yet. Let the app say so.",
    Code.THROTTLED: "Nothing is to be done but wait. An owner can make a new link under Members.",
    Code.BUSY: "Let the client try again after the time in Retry-After. When it lasts, look at the server's load.",
    Code.UNAVAILABLE: "Look whether the database runs and has room. Clients may send events again with the same key.",
    Code.UNEXPECTED: "Find the reference in the server's log, and report it with the lines around it.",
}
"""What to do, by code; for other codes the sentence says all there is to say."""

_BY_NAME = {code.name.lower(): hint for code, hint in HINTS.items()}


def hint_of(code: str | None) -> str | None:
    """Give what to do about an error by its code as it was answered; None when its sentence says it all."""
    return None if code is None else _BY_NAME.get(code)
