"""E-mail addresses: lower-cased, shape-checked, nothing merged that a provider may tell apart."""

import re
from typing import Final

_SHAPE: Final = re.compile(r"[a-z0-9][a-z0-9._%+-]{0,63}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,8}[a-z]{2,24}")


def parse_email(text: str) -> str | None:
    """Return the address in lower case, or None when the text is none."""
    address = text.strip().lower().removeprefix("mailto:")
    local = address.partition("@")[0]
    if ".." in address or local.endswith("."):
        return None
    return address if _SHAPE.fullmatch(address) else None
