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
_LOCAL_SPELT: Final = re.compile(
    r"\b(?:[a-z0-9_%+-]{1,30}(?:\sdot\s|\s?[\[({<]dot[\])}>]\s?|\sunderscore\s)){1,3}[a-z0-9._%+-]{1,30}$",
    re.IGNORECASE,
)
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
_UNDERSCORE: Final = re.compile(r"\sunderscore\s", re.IGNORECASE)


def extract_emails(view: View) -> Iterator[Mention]:
    """Yield each address of title and body; `spelt` in `disguise` when it was not written with @ and dots."""
    for name, clean in view.prose():
        if "@" not in clean.text and " dot " not in clean.lowered and not _BRACKETED.search(clean.lowered):
            continue
        for at in _AT.finditer(clean.text):
            is_plain = at[0] == "@"
            local = _find_local(clean.text, at.start(), is_plain=is_plain)
            if not local:
                continue
            domain = _DOMAIN.match(clean.text, at.end()) if is_plain else None
            spelt = domain or _SPELT.match(clean.text, at.end())
            if not spelt:
                continue
            if at[0].strip().lower() == "at" and not _SPELT_OUT.search(spelt[0]):
                continue
            name_part = _UNDERSCORE.sub("_", _DOT_FORM.sub(".", local[0]))
            value = parse_email(f"{name_part}@{_DOT_FORM.sub('.', spelt[0])}")
            if value is None:
                view.counts["email/invalid"] += 1
                continue
            disguise = [] if domain else ["spelt"]
            place = Place(name, local.start(), spelt.end(), "emails")
            yield view.mention("email", value, place, 0.9 if disguise else 0.99, disguise=disguise)


def _find_local(text: str, end: int, *, is_plain: bool) -> re.Match[str] | None:
    """Return the part before the @, its dots perhaps spelt out (`anna dot b at ...`)."""
    start = max(0, end - 64)
    return (None if is_plain else _LOCAL_SPELT.search(text, start, end)) or _LOCAL.search(text, start, end)
