"""Handles: a name on a messaging or social service, as `service:name`."""

import re
from typing import Final, NamedTuple

SERVICES: Final = {
    "telegram": r"[a-z][a-z0-9_]{4,31}",
    "whatsapp": r"\+[1-9][0-9]{6,14}",
    "snapchat": r"[a-z][a-z0-9._-]{2,29}",
    "instagram": r"[a-z0-9_](?:[a-z0-9._]{0,28}[a-z0-9_])?",
    "x": r"[a-z0-9_]{1,15}",
    "onlyfans": r"[a-z0-9._-]{3,30}",
    "signal": r"[a-z][a-z0-9_]{2,31}\.[0-9]{2,3}|\+[1-9][0-9]{6,14}",
    "kik": r"[a-z0-9][a-z0-9._]{1,29}",
    "line": r"[a-z0-9._-]{4,20}",
    "wechat": r"[a-z][a-z0-9_-]{5,19}",
}
"""Service -> what its names look like, in lower case; none of them tells upper from lower case."""

_SHAPES: Final = {service: re.compile(shape) for service, shape in SERVICES.items()}


class Handle(NamedTuple):
    """A name on a service."""

    service: str
    name: str

    @property
    def value(self) -> str:
        """Return the form that is stored and compared."""
        return f"{self.service}:{self.name}"


def parse_handle(service: str, name: str) -> Handle | None:
    """Return the handle in lower case without `@`, or None when the service knows no such name."""
    shape = _SHAPES.get(service)
    cleaned = name.strip().lower().removeprefix("@")
    return Handle(service, cleaned) if shape and shape.fullmatch(cleaned) else None
