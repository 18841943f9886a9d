"""Telephone numbers: those that the normaliser found, judged by where they stand, with the way they were disguised."""

import re
from collections.abc import Iterator
from typing import Final

import msgspec

from adverts.model import Json, Mention
from adverts.values import Phone, parse_phone
from enrichment.contacts.addresses import reason_in_address
from enrichment.contacts.fragments import find_split
from enrichment.normaliser.normalise import Clean
from enrichment.numbers.reader import Found
from enrichment.numbers.runs import Piece
from enrichment.view import Place, View

_PLAIN_GAP: Final = re.compile(r"[ \t()+./\n\r-]{0,4}")
_LABELLED: Final = re.compile(
    r"\b(?:ref|reference|id|order|card|account|acc|sort code|reg|isbn|licence|license|advert)[ .:#]*"
    r"(?:no|num|number|id)?[ .:#]*$",
    re.IGNORECASE,
)
_FILE: Final = re.compile(r"\.(?:jpe?g|png|gif|webp|heic|mp4|pdf|html?)\b", re.IGNORECASE)
_OPENING: Final = re.compile(r"(?:\+|\(\+?|\+\()\s?$")
_DIGIT: Final = re.compile(r"\d|[^\W_]{3}")


def extract_phones(view: View) -> Iterator[Mention]:
    """Yield each telephone number of the contact fields, the title, the body and the page's address."""
    for index in range(len(view.advert.phones)):
        yield from _extract_contact(view, f"phones.{index}")
    for name, clean in view.prose():
        yield from _extract_prose(view, name, clean)
    yield from _extract_split(view)
    yield from _extract_address(view)


def _extract_contact(view: View, name: str) -> Iterator[Mention]:
    clean = view.field(name)
    for number in clean.numbers:
        yield _build_mention(view, name, clean, number, in_contact=True)
    if not clean.numbers and clean.raw.strip():
        phone = parse_phone(clean.text, view.region)
        if phone:
            yield view.whole("phone", phone.e164, name, "phones", **_build_attrs(phone, set()))
        else:
            view.counts["phone/contact_field_without_number"] += 1


def _extract_prose(view: View, name: str, clean: Clean) -> Iterator[Mention]:
    for number in clean.numbers:
        reason = _reason_against(clean, number)
        if reason:
            view.counts[f"phone/{reason}"] += 1
        else:
            yield _build_mention(view, name, clean, number)
    for reason in clean.refused:
        view.counts[f"phone/{reason}"] += 1


def _extract_address(view: View) -> Iterator[Mention]:
    """Yield the numbers in the words of the advert's own address; bare ids are none."""
    if not view.advert.url:
        return
    clean = view.field("url")
    for number in clean.numbers:
        reason = reason_in_address(clean, number, is_address=True)
        if reason:
            view.counts[f"phone/{reason}"] += 1
        else:
            yield _build_mention(view, "url", clean, number)


def _reason_against(clean: Clean, number: Found) -> str:
    """Return why a number is not how to reach someone, from what stands around it."""
    before = clean.folded[max(0, number.start - 32) : number.start]
    if clean.folded[number.end : number.end + 1] == "@" or before.endswith("@"):
        return "in_email"
    if _FILE.match(clean.folded, number.end):
        return "in_file_name"
    if len(number.pieces) == 1 and _LABELLED.search(before):
        return "labelled_id"
    return reason_in_address(clean, number)


def _build_mention(view: View, field: str, clean: Clean, number: Found, *, in_contact: bool = False) -> Mention:
    opening = _OPENING.search(clean.folded[max(0, number.start - 3) : number.start])
    first = number.start - (len(opening[0]) if opening else 0)
    if opening and opening[0].strip() == "(" and ")" not in clean.folded[number.start : number.end]:
        first = number.start
    start, end = clean.folded_span(first, number.end)
    disguises = _find_disguises(number.pieces) | clean.disguises_in(start, end)
    if number.interrupted:
        disguises.add("interrupted")
    confidence = 0.99 if in_contact else 0.85 if number.interrupted else 0.95 if disguises else 0.98
    place = Place(field, start, end, "phones")
    return view.raw_mention("phone", number.phone.e164, place, confidence, _build_attrs(number.phone, disguises))


def _build_attrs(phone: Phone, disguises: set[str]) -> Json:
    return {"country": phone.country, "class": phone.kind, "disguise": sorted(disguises)}


def _find_disguises(pieces: tuple[Piece, ...]) -> set[str]:
    kinds = {piece.token.kind for piece in pieces} - {"plain"}
    if not all(_PLAIN_GAP.fullmatch(piece.gap) for piece in pieces[1:]):
        kinds.add("separators")
    if not kinds and sum(len(piece.token.digits) == 1 for piece in pieces) >= len(pieces) - 1 > 5:
        kinds.add("spaced")
    return kinds


def _extract_split(view: View) -> Iterator[Mention]:
    """Yield the number whose beginning is in the title and whose rest is in the body."""
    if not (view.advert.body and _DIGIT.search(view.advert.title)):
        return
    title, body = view.field("title"), view.field("body")
    split = find_split(title, body, view.region)
    if split is None:
        return
    first = title.folded_span(split.head.start, split.head.end)
    second = body.folded_span(split.tail.start, split.tail.end)
    disguises = {"split"} | _find_disguises(split.head.pieces) | _find_disguises(split.tail.pieces)
    place = Place("title", *first, "phones")
    mention = view.raw_mention("phone", split.phone.e164, place, 0.75, _build_attrs(split.phone, disguises))
    parts = tuple(
        {"field": field, "start": start, "end": end} for field, (start, end) in (("title", first), ("body", second))
    )
    yield msgspec.structs.replace(mention, parts=parts)
