"""Telephone numbers: those that the normaliser found, judged by where they stand, with the way they were disguised."""

import re
from collections.abc import Iterator
from typing import Final

from adverts.model import Json, Mention
from adverts.values import Phone, classify_digits, parse_phone
from enrichment.normalise import Clean
from enrichment.numbers import Found, Fragment, Piece, join_digits
from enrichment.view import Place, View

_PLAIN_GAP: Final = re.compile(r"[ \t()+./\n\r-]{0,4}")
_MESSAGING: Final = re.compile(r"wa\.me/|whatsapp|tel:|sms:|callto:|t\.me/\+|signal\.me/|viber", re.IGNORECASE)
_ADDRESS: Final = re.compile(r"://|www\.|[a-z0-9]\.[a-z]{2,6}/", re.IGNORECASE)
_LABELLED: Final = re.compile(
    r"\b(?:ref|reference|id|order|card|account|acc|sort code|reg|isbn|licence|license|advert)[ .:#]*"
    r"(?:no|num|number|id)?[ .:#]*$",
    re.IGNORECASE,
)
_FILE: Final = re.compile(r"\.(?:jpe?g|png|gif|webp|heic|mp4|pdf|html?)\b", re.IGNORECASE)
_OPENING: Final = re.compile(r"(?:\+|\(\+?|\+\()\s?$")
_REACH: Final = 300  # characters of an address that may stand before its number
_EDGE: Final = 24  # characters between a split number and the field's edge
_NEXT: Final = 6  # characters between the parts of a split number and the end or beginning of their fields
_LEAST_HALF: Final = 4  # digits of a split number's second part that does not begin its field


def extract_phones(view: View) -> Iterator[Mention]:
    """Yield each telephone number of the contact fields, the title, the body and the page's address."""
    for index in range(len(view.advert.phones)):
        yield from _extract_contact(view, f"phones.{index}")
    for name, clean in view.prose():
        for number in clean.numbers:
            reason = _reason_against(clean, number)
            if reason:
                view.counts[f"phone/{reason}"] += 1
            else:
                yield _build_mention(view, name, clean, number)
        for fragment in clean.fragments:
            if fragment.reason:
                view.counts[f"phone/{fragment.reason}"] += 1
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


def _extract_address(view: View) -> Iterator[Mention]:
    """Yield the mobiles in the words of the advert's own address; bare ids are none."""
    if not view.advert.url:
        return
    clean = view.field("url")
    for number in clean.numbers:
        before, after = clean.folded[: number.start][-1:], clean.folded[number.end :][:1]
        digits = join_digits(number.pieces)
        if before in ("-", "_") or after in ("-", "_") or digits.startswith("07"):
            yield _build_mention(view, "url", clean, number)


def _reason_against(clean: Clean, number: Found) -> str:
    """Return why a number is not how to reach someone, from what stands around it."""
    before = clean.folded[max(0, number.start - _REACH) : number.start]
    chunk = before.rsplit(None, 1)[-1] if before and not before[-1].isspace() else ""
    if _ADDRESS.search(chunk) and not _MESSAGING.search(chunk):
        return "in_address"
    if clean.folded[number.end : number.end + 1] == "@" or chunk.endswith("@"):
        return "in_email"
    if _FILE.match(clean.folded, number.end):
        return "in_file_name"
    if len(number.pieces) == 1 and _LABELLED.search(before[-32:]):
        return "labelled_id"
    return ""


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
    """Yield the number whose beginning is in the title and whose rest is in the body, when only one reading exists."""
    if not (view.advert.title and view.advert.body):
        return
    title, body = view.field("title"), view.field("body")
    readings = [
        (head, tail, phone)
        for head in title.fragments
        if _is_head(head, view.region)
        for tail in body.fragments
        if _is_tail(head, tail) and (phone := classify_digits(head.digits + tail.digits, False, view.region))
    ]
    touching = [reading for reading in readings if _is_touching(title, *reading[:2])]
    if len(touching or readings) != 1:
        return
    head, tail, phone = (touching or readings)[0]
    first = title.folded_span(head.pieces[0].start, head.pieces[-1].end)
    second = body.folded_span(tail.pieces[0].start, tail.pieces[-1].end)
    disguises = {"split"} | _find_disguises(head.pieces) | _find_disguises(tail.pieces)
    place = Place("title", *first, "phones")
    mention = view.raw_mention("phone", phone.e164, place, 0.75, _build_attrs(phone, disguises))
    parts = [
        {"field": field, "start": start, "end": end} for field, (start, end) in (("title", first), ("body", second))
    ]
    yield Mention(
        **{name: getattr(mention, name) for name in Mention.__struct_fields__ if name != "parts"}, parts=tuple(parts)
    )


def _is_head(fragment: Fragment, region: str) -> bool:
    return 3 <= len(fragment.digits) <= 10 and (region != "GB" or fragment.digits.startswith(("07", "447", "00447")))


def _is_touching(title: Clean, head: Fragment, tail: Fragment) -> bool:
    """Return whether the title ends with the first part and the body begins with the second."""
    return len(title.folded) - head.pieces[-1].end < _NEXT and tail.pieces[0].start < _NEXT


def _is_tail(head: Fragment, tail: Fragment) -> bool:
    return 10 <= len(head.digits) + len(tail.digits) <= 14 and (
        len(tail.digits) >= _LEAST_HALF or tail.pieces[0].start < _EDGE
    )
