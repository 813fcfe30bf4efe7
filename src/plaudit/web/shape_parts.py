"""Types that the answers of several rooms are made of.

Refuses behaviour.
"""

from typing import Annotated

from msgspec import Meta, Struct

DateText = Annotated[str, Meta(extra_json_schema={"format": "date"})]
TimeText = Annotated[str, Meta(extra_json_schema={"format": "date-time"})]


class AttributePair(Struct, rename="camel"):
    """An attribute and the value it must have."""

    key: Annotated[str, Meta(description="The key of the attribute.")]
    value: Annotated[str, Meta(description="The value of the attribute.")]
