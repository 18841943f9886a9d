"""Web addresses and bare hosts; links that only name a person on a messaging service are handles instead."""

import re
from collections.abc import Iterator
from typing import Final

from adverts.model import Mention
from enrichment.extractors.handles import LINKS
from enrichment.view import Place, View

_URL: Final = re.compile(
    r"\b(?:https?://|www\.)[^\s<>\"'\x00]{4,300}"
    r"|(?<![@\w.-])[a-z0-9-]{2,63}(?:\.[a-z0-9-]{1,63}){0,3}\.(?:com|co\.uk|org\.uk|uk|net|org|info|xyz|ee|io|biz)"
    r"(?![a-z0-9-]|\.[a-z]|@)(?:/[^\s<>\"'\x00]{0,300})?",
    re.IGNORECASE,
)
_TRAILING: Final = ".,;:!?)]}*"


def extract_urls(view: View) -> Iterator[Mention]:
    """Yield each address of title and body, lower-cased."""
    for name, clean in view.prose():
        if "." not in clean.text:
            continue
        for found in _URL.finditer(clean.text):
            address = found[0].rstrip(_TRAILING)
            if any(link.search(address) for link in LINKS.values()):
                continue
            place = Place(name, found.start(), found.start() + len(address), "urls")
            yield view.mention("url", address.lower(), place, 0.98 if "/" in address else 0.9)
