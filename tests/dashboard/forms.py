"""Every form of the dashboard, each with a mistake that the server refuses.

Refuses to forget one: a test compares these files with those that hold a form.
"""

from typing import Any

from msgspec import Struct
from tests.support.members import PASSWORD

BAD_KEY = "not a key!"


class Form(Struct, frozen=True):
    """A form with one mistake: where its code is, how it is opened, what is typed, and which field is wrong.

    In ``path``, ``{points}`` stands for an id. ``open`` holds the names of what is clicked one after the
    other; ``choose`` what is selected before anything is typed.
    """

    file: str
    path: str
    typed: dict[str, str]
    submit: str
    wrong: str
    open: tuple[str, ...] = ()
    choose: dict[str, str] = {}

    def __str__(self) -> str:
        return f"{self.file} {self.wrong}"


def _user(file_wrong: str, item: str, typed: dict[str, str], submit: str, **more: Any) -> Form:
    return Form(
        "users/dialogs", "/users/ada", typed, submit, file_wrong, ("More that can be done", item), **more
    )


FORMS = (
    Form(
        "metrics/metric-sheet",
        "/metrics",
        {"Name": "Lessons", "Key": BAD_KEY},
        "Create the metric",
        "Key",
        ("New metric",),
    ),
    Form(
        "metrics/metric-sheet",
        "/metrics",
        {"Name": "Again", "Key": "pages"},
        "Create the metric",
        "Key",
        ("New metric",),
    ),
    Form(
        "attributes/attribute-sheet",
        "/attributes",
        {"Name": "Plan", "Key": BAD_KEY},
        "Create the attribute",
        "Key",
        ("New attribute",),
    ),
    Form(
        "points/system-sheet",
        "/points",
        {"Name": "Gems", "Key": BAD_KEY},
        "Create the system",
        "Key",
        ("New points system",),
    ),
    Form(
        "points/system-sheet",
        "/points",
        {"Name": "Gems", "Key": "xp"},
        "Create the system",
        "Key",
        ("New points system",),
    ),
    Form(
        "points/level-sheet",
        "/points/{points}?tab=levels",
        {"Name": "Gold", "Key": "gold"},
        "Create the level",
        "Reached at",
        ("New level",),
    ),
    Form(
        "points/trigger-sheet",
        "/points/{points}",
        {"Points": "0"},
        "Create the trigger",
        "Points",
        ("New trigger",),
        {"Metric": "Pages"},
    ),
    Form(
        "points/trigger-sheet",
        "/points/{points}",
        {"Points": "3"},
        "Create the trigger",
        "Metric",
        ("New trigger",),
    ),
    Form(
        "points/boost-sheet",
        "/points/{points}?tab=boosts",
        {"Name": "Double", "Multiplier": "1"},
        "Create the boost",
        "Multiplier",
        ("New boost",),
    ),
    Form(
        "points/boost-sheet",
        "/points/{points}?tab=boosts",
        {"Name": "Double", "User id": "nobody"},
        "Create the boost",
        "User id",
        ("New boost",),
        {"For": "One user"},
    ),
    Form(
        "points/preview",
        "/points/{points}?tab=preview",
        {"Change": "3", "User id": "ada"},
        "Try it",
        "Metric",
    ),
    Form(
        "leaderboards/board-sheet",
        "/leaderboards",
        {"Name": "Top", "Key": BAD_KEY},
        "Create the leaderboard",
        "Key",
        ("New leaderboard",),
        {"Metric": "Pages"},
    ),
    Form(
        "leaderboards/board-sheet",
        "/leaderboards",
        {"Name": "Top", "Key": "top"},
        "Create the leaderboard",
        "Metric",
        ("New leaderboard",),
    ),
    Form(
        "environments/environment-sheet",
        "/environments",
        {"Name": "Staging", "Key": BAD_KEY},
        "Make the environment",
        "Key",
        ("New environment",),
    ),
    Form(
        "webhooks/webhook-sheet",
        "/webhooks",
        {"Address": "ftp://example.com"},
        "Add the endpoint",
        "Address",
        ("New endpoint",),
    ),
    Form(
        "members/member-sheet",
        "/members",
        {"Name": "Ann", "E-mail": "nobody"},
        "Make the invitation",
        "E-mail",
        ("Invite",),
    ),
    Form("keys/key-sheet", "/keys", {"Name": "x" * 200}, "Make the key", "Name", ("New key",)),
    Form(
        "keys/key-sheet",
        "/keys",
        {"User id": " "},
        "Make the key",
        "User id",
        ("New key",),
        {"For": "application"},
    ),
    Form(
        "tenants/tenant-sheet",
        "/tenants",
        {"Name": "North", "Your id for it": "\u00a0n"},
        "Create the tenant",
        "Your id for it",
        ("New tenant",),
    ),
    Form(
        "achievements/achievement-form",
        "/achievements/new",
        {"Description": "Well done."},
        "Create the achievement",
        "Name",
    ),
    Form(
        "achievements/achievement-form",
        "/achievements/new",
        {"Name": "Reader", "Total to reach": "-3"},
        "Create the achievement",
        "Total to reach",
        (),
        {"Metric": "Pages"},
    ),
    Form(
        "achievements/achievement-form",
        "/achievements/new",
        {"Name": "Reader", "Total to reach": "3"},
        "Create the achievement",
        "Metric",
    ),
    Form(
        "achievements/achievement-form",
        "/achievements/new",
        {"Name": "Reader", "Total to reach": "3", "Badge": "ftp://x"},
        "Create the achievement",
        "Badge",
        (),
        {"Metric": "Pages"},
    ),
    Form("settings/settings", "/settings", {"Name": "Readers", "Colour": "green"}, "Save", "Colour"),
    Form(
        "settings/settings",
        "/settings",
        {"Name": "Readers", "Control group, in percent": "101"},
        "Save",
        "Control group, in percent",
    ),
    Form(
        "streaks/settings",
        "/streaks",
        {"New users start with": "1", "Most a user can hold": "0"},
        "Save",
        "Most a user can hold",
    ),
    Form(
        "users/test-event-sheet",
        "/users",
        {"User": "", "Value": "3"},
        "Send the event",
        "User",
        ("Send a test event",),
    ),
    Form(
        "users/test-event-sheet",
        "/users",
        {"User": "ada", "Value": ""},
        "Send the event",
        "Value",
        ("Send a test event",),
    ),
    _user("How many", "Give streak freezes", {"How many": "1.5"}, "Give"),
    _user("Last day", "Pause the streak", {"First day": "2999-01-02", "Last day": "2999-01-01"}, "Pause"),
    _user("First day", "Pause the streak", {"First day": "2020-01-01", "Last day": "2999-01-01"}, "Pause"),
    _user(
        "Type ada to confirm",
        "Merge into another user",
        {"The user who stays": "ben", "Type ada to confirm": "eve"},
        "Merge",
    ),
    _user(
        "The user who stays",
        "Merge into another user",
        {"The user who stays": "ada", "Type ada to confirm": "ada"},
        "Merge",
    ),
    Form(
        "account/account",
        "/account",
        {"Your password now": "not this one at all", "Your new password": "five new brave wolves"},
        "Change the password",
        "Your password now",
    ),
    Form(
        "account/account",
        "/account",
        {"Your password now": PASSWORD, "Your new password": "short"},
        "Change the password",
        "Your new password",
    ),
)
ELSEWHERE = {
    "session/set-up": "test_story",
    "session/accept": "test_an_invitation_with_a_short_password",
    "session/log-in": "test_session",
}
"""Files with a form that needs a server or a person of its own, and the test that fills it in."""
