"""Links that name a person on a messaging or social service."""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final, NamedTuple

NUMBERED: Final = frozenset({"whatsapp", "signal"})
"""Services whose links name a telephone number."""

_LINKS: Final = {
    "telegram": (
        r"\b(?:t|telegram)\.(?:me|dog)/(?!joinchat|share|addstickers|proxy)(?:s/)?(?P<name>[a-z]\w{3,31})\b",
        r"\btg://resolve\?domain=(?P<name>\w{4,32})",
    ),
    "whatsapp": (r"\b(?:wa\.me/\+?|whatsapp(?:\.com/|://)send/?\?phone=(?:\+|%2b)?)(?P<name>\d{8,15})\b",),
    "snapchat": (r"\bsnapchat\.com/(?:add/|@)(?P<name>[a-z][\w.-]{2,29})",),
    "instagram": (
        r"\b(?:instagram\.com|instagr\.am|ig\.me/m)/(?!p/|reels?/|explore\b|accounts?/)(?:stories/)?@?"
        r"(?P<name>[\w.]{2,30})",
    ),
    "x": (
        r"(?<![\w.-])(?:(?:www|mobile|m)\.)?(?:twitter|x)\.com/(?!home\b|i/|search\b|hashtag/|intent/|share\b)@?"
        r"(?P<name>\w{1,15})\b",
    ),
    "onlyfans": (r"\bonlyfans\.com/(?!\d+/|my/)(?P<name>[\w.-]{3,30})",),
    "kik": (r"\bkik\.(?:me|com/u)/(?P<name>[\w.]{2,30})",),
    "line": (r"\bline\.me/(?:r/)?ti/p/~(?P<name>[\w.-]{4,20})",),
    "signal": (r"\bsignal\.me/\#p/(?P<name>\+\d{8,15})\b",),
    "wechat": (r"\bweixin://dl/chat\?(?P<name>[a-z][\w-]{5,19})",),
}
_PATTERNS: Final = [
    (service, re.compile(shape, re.IGNORECASE)) for service, shapes in _LINKS.items() for shape in shapes
]
_LINK: Final = re.compile(r"/(?:(?<=:/)/|(?<=\.(?:me|am)/)|(?<=\.(?:com|dog)/))", re.IGNORECASE)
"""What every one of them holds, and `in/outcalls` does not."""


class Link(NamedTuple):
    """The name in a link, at its place; of a `NUMBERED` service its digits, perhaps after a plus."""

    service: str
    name: str
    start: int
    end: int


def iter_links(text: str, most: int) -> Iterator[Link]:
    """Yield the links of a text, service by service, at most so many of each."""
    if not _LINK.search(text):
        return
    for service, pattern in _PATTERNS:
        for found in islice(pattern.finditer(text), most):
            name = found["name"].rstrip(".-")
            yield Link(service, name, found.start("name"), found.start("name") + len(name))
