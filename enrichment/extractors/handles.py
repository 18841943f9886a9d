"""Names on messaging and social services, from links and from labels such as `Telegram: @name`."""

import re
from collections.abc import Iterator
from typing import Final

from adverts.model import Mention
from adverts.values import parse_handle, parse_phone
from enrichment.normalise import Clean
from enrichment.view import Place, View

_LABELS: Final = {
    "telegram": "telegram|tele?gram|tg", "whatsapp": "whats ?app|wapp", "snapchat": "snap ?chat|snap|sc",
    "instagram": "instagram|insta|ig", "x": "twitter|x", "onlyfans": "only ?fans|of", "signal": "signal", "kik": "kik",
    "line": "line", "wechat": "we ?chat|wx",
}  # fmt: skip
_SERVICE: Final = {re.compile(shape, re.IGNORECASE): service for service, shape in _LABELS.items()}
_ANY: Final = "|".join(sorted(("|".join(_LABELS.values())).split("|"), key=len, reverse=True))
_LONG: Final = (
    "telegr",
    "insta",
    "whats",
    "snap",
    "twitter",
    "fans",
    "signal",
    "kik",
    "wechat",
    "we chat",
    "wapp",
    "tg ",
)
_SHORT: Final = re.compile(r"[cfgex][ a-z]{0,10}[:=@]")  # the end of `tg`, `sc`, `ig`, `of`, `x`, `line`, then a mark
_WORDLIKE: Final = frozenset(["x", "of", "sc", "ig", "wx"])  # too short to name a service without a mark
_NAME: Final = r"[a-z0-9_](?:[a-z0-9._-]{0,28}[a-z0-9_])?"
_LABELLED: Final = re.compile(
    rf"\b(?P<service>{_ANY})\b(?:\s+(?:me|name|id|handle|user(?:name)?|account|on|is|at)){{0,2}}\s*"
    rf"(?:(?P<mark>[:=@]|-\s|is\s)\s*@?|\s)(?P<name>{_NAME})(?![\w@])",
    re.IGNORECASE,
)
_NAMED_FIRST: Final = re.compile(
    rf"(?<![\w.])(?P<mark>@)(?P<name>{_NAME})\s*(?:on\s+|[-(|]\s*)(?:my\s+)?(?P<service>{_ANY})\b", re.IGNORECASE
)
LINKS: Final = {
    "telegram": re.compile(r"\b(?:t|telegram)\.me/(?P<name>[a-z]\w{3,31})\b", re.IGNORECASE),
    "whatsapp": re.compile(
        r"\b(?:wa\.me/\+?|(?:api\.)?whatsapp\.com/send/?\?phone=\+?)(?P<name>\d{8,15})\b", re.IGNORECASE
    ),
    "snapchat": re.compile(rf"\bsnapchat\.com/add/(?P<name>{_NAME})", re.IGNORECASE),
    "instagram": re.compile(rf"\binstagram\.com/(?P<name>{_NAME})", re.IGNORECASE),
    "x": re.compile(r"\b(?:twitter|x)\.com/(?P<name>\w{1,15})\b", re.IGNORECASE),
    "onlyfans": re.compile(rf"\bonlyfans\.com/(?P<name>{_NAME})", re.IGNORECASE),
    "kik": re.compile(rf"\bkik\.me/(?P<name>{_NAME})", re.IGNORECASE),
}
"""Links that name a person on a service."""


def extract_handles(view: View) -> Iterator[Mention]:
    """Yield each handle of title and body once a place."""
    for name, clean in view.prose():
        taken: set[int] = set()
        for mention in (*_extract_links(view, name, clean), *_extract_labelled(view, name, clean)):
            if mention.start not in taken:
                taken.add(mention.start)
                yield mention


def _extract_links(view: View, field: str, clean: Clean) -> Iterator[Mention]:
    if "/" not in clean.text:
        return
    for service, link in LINKS.items():
        for found in link.finditer(clean.text):
            name = found["name"]
            if service == "whatsapp":
                phone = parse_phone(f"+{name}", view.region)
                name = phone.e164 if phone else ""
            handle = parse_handle(service, name)
            if handle:
                yield view.mention("handle", handle.value, Place(field, *found.span("name"), "handles"), 0.98)
            else:
                view.counts["handle/invalid"] += 1


def _extract_labelled(view: View, field: str, clean: Clean) -> Iterator[Mention]:
    if not any(label in clean.lowered for label in _LONG) and not _SHORT.search(clean.lowered):
        return
    for pattern in (_LABELLED, _NAMED_FIRST):
        for found in pattern.finditer(clean.masked):
            if pattern is _LABELLED and not found["mark"] and not re.search(r"[\d_.]", found["name"]):
                continue
            service = _find_service(found["service"])
            if found["service"].lower() in _WORDLIKE and found["mark"] not in (":", "@"):
                continue
            handle = parse_handle(service, found["name"])
            if handle and not _find_service(handle.name):
                yield view.mention("handle", handle.value, Place(field, *found.span("name"), "handles"), 0.9)


def _find_service(label: str) -> str:
    return next((service for shape, service in _SERVICE.items() if shape.fullmatch(label)), "")
