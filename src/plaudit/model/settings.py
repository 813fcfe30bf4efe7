"""Settings of an environment that concern how it looks to users and how it is measured.

Refuses behaviour; of these only ``control_ratio`` decides anything here, the rest is kept for clients.
"""

from typing import Literal

from msgspec import Struct

Font = Literal[
    "MODERN_SANS",
    "BOOK_SANS",
    "ORGANIC_SANS",
    "GEOMETRIC_SANS",
    "HEAVY_SANS",
    "ROUNDED_SANS",
    "MODERN_SERIF",
    "BOOK_SERIF",
    "MONOSPACE",
]
"""The font families the published client knows."""

AggregationPeriod = Literal["weekly", "monthly"]

PERCENT = 100


class Branding(Struct, frozen=True):
    """How messages to users look; images by their addresses, None where there is none."""

    app_name: str = ""
    app_url: str = ""
    brand_color: str = "#000000"
    font: Font = "MODERN_SANS"
    logo: str | None = None
    app_icon: str | None = None


class Experimentation(Struct, frozen=True):
    """The percentage of new users in the control group, and how many days count as activation."""

    control_ratio: int = 0
    activation_window: int = 7


def is_control(subject: bytes, ratio: int) -> bool:
    """Tell whether a new user belongs to the control group: always the same for one user and ratio.

    Args:
        subject: of the user; it is evenly spread, since it is a hash.
        ratio: percentage of new users in the control group.
    """
    return int.from_bytes(subject[8:]) % PERCENT < ratio
