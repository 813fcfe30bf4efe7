"""The closed list of errors a caller can meet. Each docstring-like sentence is what the caller reads.

Refuses HTTP: which status a code answers with stands in ``web/errors.py``.
"""

from enum import Enum


class Code(Enum):
    """Error codes; the value is the sentence, with ``{words}`` filled in by the refusal."""

    MALFORMED_JSON = "The body is not valid JSON: {why}. Send one JSON document encoded as UTF-8."
    INVALID_BODY = "{why}. Correct this field and send the call again."
    BODY_TOO_LARGE = "The body is larger than {limit} bytes. Send a smaller body."
    ENCODED_BODY = "Content-Encoding {encoding} is not accepted. Send the body uncompressed."
    MISSING_KEY = "The API key is missing. Send it in the X-API-KEY header."
    WRONG_KEY = "The API key is not valid. Check the X-API-KEY header, or create a new key."
    SESSION_OVER = "Your session is over. Log in again."
    WRONG_LOGIN = "The e-mail address or the password is wrong. Check both, and try again."
    WRONG_CURRENT = "The current password is wrong. Type it again."
    THROTTLED = "There were too many attempts. Wait {seconds} s, then try again."
    WRONG_LINK = "This link has been used, is too old, or was not copied whole. Ask an owner for a new one."
    SETUP_DONE = "This server is set up already. Log in, or ask an owner for an invitation."
    MEMBER_EXISTS = "There is a member with the e-mail address '{email}' already. Change that member instead."
    LAST_OWNER = "This is the last owner who can log in. Make somebody else an owner first."
    FORBIDDEN_ROLE = "This needs the role {needed}, and yours is {role}. Ask an owner of this server."
    FORBIDDEN_ORIGIN = "This call came from another site. Make it from the dashboard of this server."
    FORBIDDEN_CSRF = (
        "The X-CSRF-Token header does not belong to this session. Load the page again, and repeat the call."
    )
    PEOPLE_ONLY = "This call is for people. Log in at the dashboard, and send no X-API-KEY header."
    UNKNOWN_ENVIRONMENT = (
        "There is no environment with the key '{key}'. Check the Environment header, or leave it out."
    )
    FORBIDDEN_USER = "This application API key acts for another user. Use that user's key or an admin key."
    FORBIDDEN_ADMIN = "Application API keys cannot reach the Admin API. Use an admin key."
    MISSING_TENANT = "This environment is multi-tenant. Send the tenant's id in the Tenant-ID header."
    UNKNOWN_TENANT = (
        "There is no tenant with the customer id '{id}'. Create it with POST /admin/v1/tenants, or check the "
        "Tenant-ID header."
    )
    UNKNOWN_ROUTE = "There is no {method} {path}. See /v1/openapi and /admin/v1/openapi for every route."
    WRONG_METHOD = "{path} does not answer to {method}. Use one of: {allowed}."
    UNKNOWN_METRIC = "There is no metric with the key '{key}'. Create it first, or check the key."
    UNKNOWN_ACHIEVEMENT = (
        "There is no active achievement with the key '{key}'. Create or activate it, or check the key."
    )
    NOT_API_ACHIEVEMENT = (
        "The achievement '{key}' has the trigger '{trigger}' and completes by itself. Only achievements with the "
        "trigger 'api' can be completed by this call."
    )
    NOT_GRANTABLE = "The achievement '{name}' is inactive, so nobody can be given it. Activate it first."
    LOCKED_ACHIEVEMENT = (
        "The achievement '{key}' is locked, so nobody new can complete it. Activate it first."
    )
    NOT_ELIGIBLE = "The achievement '{key}' is limited to users with {needed}. Send these user attributes, or complete another one."
    UNKNOWN_USER = "There is no user with the id '{id}'. Send an event for it or create it first."
    UNKNOWN_USER_ATTRIBUTES = "User attributes not declared: {keys}. Declare them first, or leave them out."
    UNKNOWN_EVENT_ATTRIBUTES = "Event attributes not declared: {keys}. Declare them first, or leave them out."
    VALUE_OUT_OF_RANGE = "value must be a finite number between -{limit} and {limit}. Send a smaller number."
    TOTAL_OUT_OF_RANGE = "This value would move the total of '{key}' beyond {limit}. Send a smaller number."
    UNKNOWN_POINTS_SYSTEM = (
        "There is no points system with the key '{key}'. Create it first, or check the key."
    )
    OUT_OF_POINTS = (
        "This costs {cost} points of '{system}', but the user has {total}. Let the user earn more first; "
        "nothing was stored."
    )
    NO_CUSTOM_STREAKS = (
        "Users of this environment cannot customize their streaks. Turn customizationEnabled on in the streak "
        "settings, or send only streak.enabled."
    )
    PAUSE_IN_THE_PAST = (
        "Must not start before today in the user's time zone, which is {today}. Send a later start."
    )
    PAUSE_OVERLAPS = (
        "Overlaps the user's pause from {start} to {end}. Send other dates, or delete that pause."
    )
    UNKNOWN_PAUSE = "Streak pause not found by ID."
    FREEZES_FULL = "Would exceed maximum freeze limit."
    FREEZES_OFF = "Streak freezes are not enabled. Set freezes in the streak settings first."
    NOTHING_TO_RESTORE = "No streak to restore."
    NOTHING_TO_RESET = "No streak to reset."
    UNKNOWN_LEADERBOARD = (
        "There is no leaderboard with the key '{key}'. Create or activate it, or check the key."
    )
    NO_RUN = "The leaderboard '{key}' has no run on that day. Send a day between its start and its end."
    WRONG_GROUP = (
        "The parameter userAttributes must name the group that is meant. Send key:value pairs for: {needed}."
    )
    KEY_MISMATCH = (
        "This Idempotency-Key was used before with another body. Send the first body again, or use a new key."
    )
    NOT_AN_IMAGE = "{why}. Send the bytes of a PNG, JPEG, WebP or GIF image as the body."
    BAD_IMAGE = "{why} Export it again or make it smaller, then upload it once more."
    UNKNOWN_RESOURCE = "There is no {kind} with the id '{id}'. Check the id."
    SHARED_BY_ALL = "This is shared by all tenants. Change it without the Tenant-ID header."
    NOT_YOURS = "There is nothing with this id here. Check the id and the Tenant-ID header."
    KEY_OF_TENANT = "Key '{key}' is already in use by a tenant. Choose another key."
    WEBHOOK_OFF = "The webhook '{id}' is switched off, so nothing is sent to it. Make it active first."
    MESSAGE_GONE = "The message of the delivery '{id}' is no longer kept, so it cannot be sent again."
    STILL_PENDING = "The delivery '{id}' is still on its way. Wait until it is delivered or has failed."
    NOT_COMPLETED = "The user '{id}' has not completed this achievement, so there is nothing to take back. Check both ids."
    MOVED = "The user '{id}' changed while this was decided. Try the call again in {seconds} s; nothing was stored."
    SAME_USER = "A user cannot become part of itself. Name two users, as from and to."
    FEEDS_FULL = (
        "This process lets {limit} feeds be followed at a time. Close one, or try again in {seconds} s."
    )
    BUSY = "The server is at its limit. Try the call again in {seconds} s; nothing was stored."
    UNAVAILABLE = (
        "The database cannot be reached right now, and whether this call was stored is not known. Send it again in "
        "{seconds} s, an event with the same Idempotency-Key, so that it counts once."
    )
    UNEXPECTED = "Something broke on the server (reference {reference}). Nothing was stored; try again, and tell its operator the reference."


class PlauditError(Exception):
    """An error with a code from the closed list and the words of its sentence."""

    def __init__(self, code: Code, **words: str) -> None:
        """Keep the code and its words.

        Args:
            code: one of the closed list.
            words: the values of the sentence's ``{words}``.
        """
        super().__init__(code, words)
        self.code = code
        self.words = words

    @property
    def sentence(self) -> str:
        """The sentence the caller reads."""
        return self.code.value.format(**self.words)

    def __str__(self) -> str:
        """Give the sentence, so that logs and the command line read as the caller does."""
        return self.sentence


class Sealed(PlauditError):
    """A change would reach what is not the caller's to change."""
