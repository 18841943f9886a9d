"""E-mail addresses, also those spelt out: `name at mail dot com`."""

import re
from collections.abc import Iterator
from typing import Final

from adverts.model import Mention
from adverts.values import parse_email
from enrichment.view import Place, View

_AT: Final = re.compile(r"\s*[\[({<*]\s*(?:at|@)\s*[\])}>*]\s*|\s+at\s+|\s*@\s*", re.IGNORECASE)
_BRACKETED: Final = re.compile(r"[\[({<*]\s*at\s*[\])}>*]")
_LOCAL: Final = re.compile(r"[a-z0-9][a-z0-9._%+-]{0,63}$", re.IGNORECASE)
_DOMAIN: Final = re.compile(r"[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){0,4}\.[a-z]{2,24}(?![a-z0-9])", re.IGNORECASE)
_DOT: Final = r"\s*(?:[\[({<*]\s*(?:dot|\.)\s*[\])}>*]|\sdot\s|\s?\.\s?)\s*"
_SPELT: Final = re.compile(
    rf"[a-z0-9-]{{1,40}}(?:{_DOT}(?:co|org|me|ac|[a-z0-9-]{{3,30}}))?{_DOT}"
    r"(?:com|net|org|uk|eu|me|info|io|ro|pl|es|it|fr|de|hu|pt|ie|ru|biz|live)(?![a-z0-9])",
    re.IGNORECASE,
)
_DOT_FORM: Final = re.compile(_DOT, re.IGNORECASE)
_SPELT_OUT: Final = re.compile(
    r"\bdot\b|^(?:gmail|googlemail|hotmail|yahoo|outlook|icloud|proton|protonmail|live|aol|mail)\.\w", re.IGNORECASE
)


def extract_emails(view: View) -> Iterator[Mention]:
    """Yield each address of title and body; `spelt` in `disguise` when it was not written with @ and dots."""
    for name, clean in view.prose():
        if "@" not in clean.text and " dot " not in clean.lowered and not _BRACKETED.search(clean.lowered):
            continue
        for at in _AT.finditer(clean.text):
            local = _LOCAL.search(clean.text, max(0, at.start() - 64), at.start())
            if not local:
                continue
            is_plain = at[0] == "@"
            domain = _DOMAIN.match(clean.text, at.end()) if is_plain else None
            spelt = domain or _SPELT.match(clean.text, at.end())
            if not spelt:
                continue
            if at[0].strip().lower() == "at" and not _SPELT_OUT.search(spelt[0]):
                continue
            value = parse_email(f"{local[0]}@{_DOT_FORM.sub('.', spelt[0])}")
            if value is None:
                view.counts["email/invalid"] += 1
                continue
            disguise = [] if domain else ["spelt"]
            place = Place(name, local.start(), spelt.end(), "emails")
            yield view.mention("email", value, place, 0.9 if disguise else 0.99, disguise=disguise)
