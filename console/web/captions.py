"""How an extracted value reads on a screen, by its kind; what is copied stays the stored form."""

import re
from decimal import Decimal, InvalidOperation
from typing import Final
from urllib.parse import urlencode

from adverts.values import Price, caption_phone
from console.web.texts import count_of
from indexer.query import Phrase, Query, Term
from indexer.rendering import render_query

_UNITS: Final = {"age": "years", "height": "cm", "weight": "kg"}
_TERMS: Final = frozenset({"movement", "availability", "verified", "reviews", "service", "language"})
"""Kinds whose value is a term of a lexicon, which joins its words by underscores."""
_REASON_KINDS: Final = {
    "same_text": "template",
    "manner": "template",
    "fits_text": "template",
    "own_edits": "template",
    "text_source": "template",
    "shared_flat": "phone",
    "changed_hands": "phone",
    "other_hands": "phone",
}
_SEARCHED: Final = frozenset(
    {
        "phone",
        "email",
        "handle",
        "wallet",
        "image",
        "postcode",
        "place",
        "account",
        "template",
        "indicator",
        "network",
        "persona",
        "language",
    }
)
"""Kinds that are a field of the search; any other value is searched for as a phrase."""

ADVERT_ID: Final = re.compile("(ad-[0-9a-f]{20})")


def caption_of(kind: str, value: str) -> str:
    """Return the value as a person writes it: `07700 900 123`, `£120 for 1 h`, `telegram: name`."""
    if kind == "phone":
        return caption_phone(value) if value.startswith("+") else value
    if kind == "price":
        return _caption_price(value)
    if kind == "handle":
        return value.replace(":", ": ", 1)
    if kind == "reviews" and value.isdecimal():
        return count_of(int(value), "review")
    if kind in _TERMS:
        return value.replace("_", " ")
    return f"{value} {_UNITS[kind]}" if kind in _UNITS else value


def label_of(kind: str, value: str) -> str:
    """Return what a drawing writes beside the value: the caption, with its kind where it would not speak for itself."""
    if kind == "template":
        return f"text {value[:8]}"
    return f"{kind} {value[:8]}" if kind == "image" else caption_of(kind, value)


def caption_reason(reason: str, value: str) -> str:
    """Return the value that a link's reason is about, as a person writes it."""
    return caption_of(_kind_of(reason, value), value)


def kind_of_reason(reason: str) -> str:
    """Return the kind of the value that a reason such as `shared_phone` is about; empty when it is about none."""
    if reason.startswith("shared_") and reason not in _REASON_KINDS:
        return reason.removeprefix("shared_")
    return _REASON_KINDS.get(reason, "")


def split_adverts(text: str) -> list[tuple[str, bool]]:
    """Return a text in pieces, each with whether it is the id of an advert."""
    return [(piece, place % 2 == 1) for place, piece in enumerate(ADVERT_ID.split(text)) if piece]


def reason_url(reason: str, value: str) -> str:
    """Return the search for every advert that shows the value a link's reason is about; empty where there is none."""
    kind = _kind_of(reason, value)
    return search_url(kind, value) if kind and value else ""


def search_url(kind: str, value: str, network: str = "") -> str:
    """Return the search for every advert, or every one of a network, that shows the value; empty where none finds it.

    Terms of a lexicon are our words: the index does not hold them.
    """
    if kind in _TERMS - _SEARCHED:
        return ""
    query: Query = Term(kind, value) if kind in _SEARCHED else Phrase(value)
    if kind == "account":  # an account's name is unique on its site only, so its value begins with the site
        site, _, name = value.partition(":")
        query = Term("site", site) & Term("account", name)
    return "/search?" + urlencode({"q": render_query(query & Term("network", network) if network else query)})


def _kind_of(reason: str, value: str) -> str:
    """Return the kind of a reason's value; some reasons are about a value of any kind, and a number shows itself."""
    return kind_of_reason(reason) or ("phone" if value.startswith("+") else "")


def _caption_price(value: str) -> str:
    amount, _, minutes = value.partition("/")
    currency, _, number = amount.partition(" ")
    try:
        return Price(Decimal(number), currency, int(minutes) if minutes else None).caption
    except (InvalidOperation, ValueError, StopIteration):
        return value  # a currency that we have no sign for reads well enough as stored
