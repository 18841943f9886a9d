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
_HINT: Final = re.compile(
    r"[.:][cuonixebCUONIXEB/](?:om|k|rg|et|nfo|yz|e|o|iz|o\.uk|rg\.uk|/)|[wW][wW][wW]\.", re.IGNORECASE
)
_BLANK: Final = re.compile(r"\s")
_TRAILING: Final = ".,;:!?)]}*"


def extract_urls(view: View) -> Iterator[Mention]:
    """Yield each address of title and body, lower-cased."""
    for name, clean in view.prose():
        for found in _iter_addresses(clean.text):
            address = found[0].rstrip(_TRAILING)
            if any(link.search(address) for link in LINKS.values()):
                continue
            place = Place(name, found.start(), found.start() + len(address), "urls")
            mention = view.mention("url", address.lower(), place, 0.98 if "/" in address else 0.9)
            if not _is_in_email(view, mention):
                yield mention


def _iter_addresses(text: str) -> Iterator[re.Match[str]]:
    """Yield the addresses of a text; only words that hold a sign of one are looked at closely."""
    done = 0
    for hint in _HINT.finditer(text):
        if hint.start() < done:
            continue
        opening = _BLANK.search(text[max(done, hint.start() - 80) : hint.start()][::-1])
        start = hint.start() - opening.start() if opening else max(done, hint.start() - 80)
        closing = _BLANK.search(text, hint.end(), hint.end() + 400)
        done = closing.start() if closing else hint.end() + 400
        yield from _URL.finditer(text, start, done)


def _is_in_email(view: View, mention: Mention) -> bool:
    """Return whether a host is only the domain of an e-mail address."""
    return any(
        other.kind == "email" and other.field == mention.field and other.start <= mention.start < other.end
        for other in view.found
    )
