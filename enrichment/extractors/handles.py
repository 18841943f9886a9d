"""Names on messaging and social services: from links, from labels (`Telegram: @name`), from labelled numbers."""

import re
from collections.abc import Iterator
from functools import cache
from itertools import islice
from typing import Final, NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation

from adverts.model import Mention
from adverts.values import Handle, parse_handle, parse_phone
from enrichment.contacts.messenger_links import NUMBERED, iter_links
from enrichment.contacts.messengers import Label, is_word, looks_like_name, read_labels
from enrichment.normaliser.normalise import Clean
from enrichment.view import MOST_CANDIDATES, Place, View

_NAME: Final = r"(?P<name>[a-z0-9_][a-z0-9._-]{1,60}+)"
_MARKS: Final = (":", " :", "=", " =", "@", " @", " - ", "-", "//", " //", " is ", " id")  # after a short label
_LEADS: Final = ("(", "[", "on ", "my ")  # before one
_BEFORE: Final = re.compile(
    rf"(?<![\w@./-])(?P<at>@)?{_NAME}[)\"']?(?P<link>\s{{1,2}}(?:is\s)?(?:on|via)\s(?:my\s)?|\s{{0,2}}[-(\[|]\s?)?\s?$",
    re.IGNORECASE,
)
_SAME: Final = re.compile(r"\bsame\s(?:\w+\s){0,2}(?:on|for|at)\s(?:my\s)?(?:[a-z]+\s?[/&,]\s?){0,2}$", re.IGNORECASE)
_OWN: Final = re.compile(r"\b(?:my|our|add|me on)\s{1,2}$", re.IGNORECASE)
_OPENING: Final = re.compile(r"(?:^|[\n.!?|•*;(\[]|\bmy|/)[^\w\n]{0,4}$", re.IGNORECASE)
_JOIN: Final = re.compile(r"(?<=[a-z0-9])\.(?=[A-Z][a-z])|\.\.")  # where a sentence begins without a space
_ALONE: Final = re.compile(r"\s*(?:$|[\n,;|/)!•])")
_GLUE: Final = ("_", ".", "@", "-")  # before a short label they make it a part of something else
_WINDOW: Final = 56
_MOST_TEXT: Final = 200_000  # characters of a field in which labels are looked for

_NUMBER_HINT: Final = re.compile(r"w(?:hat|at|a[sſ]|ap|a\b)|gnal")  # what every label of a number holds
_NUMBER_LABEL: Final = re.compile(
    r"(?<!\bno\s)(?<!\bnot on\s)(?<!\bor\s)\b(?P<service>whats\s?app?|watt?sapp?|wassap|wapp|wa|signal)\b"
    r"(?:[\s/&,+]{1,3}(?:me|us|only|number|no|on|or|text|texts|call|calls|sms|at|is|my|and|message|msg|telegram|viber)\b)"
    r"{0,4}[\s:.=+()@-]{0,6}$",
    re.IGNORECASE,
)
_NUMBER_LABELLED: Final = re.compile(
    r"\s{0,2}[-(\[/|,+&]{0,2}\s?(?:(?:also\s)?on\s|via\s|and\s)?(?P<service>whats\s?app?|watt?sapp?|signal)\b(?!\W{0,4}[\d+])",
    re.IGNORECASE,
)


class _Candidate(NamedTuple):
    name: str
    start: int
    confidence: float


def extract_handles(view: View) -> Iterator[Mention]:
    """Yield each handle of title and body once a place."""
    for name, clean in view.prose():
        taken: set[tuple[int, str]] = set()
        for mention in (
            *_extract_links(view, name, clean), *_extract_labelled(view, name, clean), *_extract_numbers(view, name),
        ):  # fmt: skip
            place = mention.start, mention.value
            if place not in taken:
                taken.add(place)
                yield mention


def _extract_links(view: View, field: str, clean: Clean) -> Iterator[Mention]:
    for service, name, start, end in iter_links(clean.folded, MOST_CANDIDATES):
        phone = parse_phone(f"+{name.lstrip('+')}", view.region) if service in NUMBERED else None
        handle = parse_handle(service, phone.e164 if phone else name)
        if handle:
            yield view.folded_mention("handle", handle.value, Place(field, start, end, "handles"), 0.98)
        else:
            view.counts["handle/invalid"] += 1


def _extract_labelled(view: View, field: str, clean: Clean) -> Iterator[Mention]:
    latest = ""
    taken: set[int] = set()
    for label, start, end in islice(_iter_labels(clean.lowered[:_MOST_TEXT]), MOST_CANDIDATES):
        before = clean.masked[max(0, start - _WINDOW) : start]
        if latest and _SAME.search(before):
            found: _Candidate | None = _Candidate(latest, start, 0.8)
        else:
            found = _find_name(clean.masked, label, start, end, before)
        if found is None or (found.start in taken and found.start < start):
            continue
        handle = parse_handle(label.service, found.name)
        if handle is None:
            view.counts["handle/invalid"] += 1
            continue
        latest = found.name
        taken.add(found.start)
        length = end - start if found.start == start else len(found.name)
        place = Place(field, found.start, found.start + length, "handles")
        yield view.mention("handle", handle.value, place, found.confidence)


def _find_name(text: str, label: Label, start: int, end: int, before: str) -> _Candidate | None:
    """Return the name after a label when a mark says so, else the one before it, else one that can only be a name."""
    after = _after().match(text, end)
    marked = _read_after(text, label, after, before) if after else None
    if marked and marked.confidence > 0.8:
        return marked
    return _read_before(before, start) or marked


def _read_after(text: str, label: Label, after: re.Match[str], before: str) -> _Candidate | None:
    name = _trim(after["name"])
    lowered = name.lower()
    if is_word(lowered) or (after.end() < len(text) and text[after.end()] in "@/" and len(name) == len(after["name"])):
        return None
    candidate = _Candidate(name, after.start("name"), 0.9)
    is_shaped = looks_like_name(lowered)
    has_id = "id" in after["filler"].lower().split() or "name" in after["filler"].lower()
    if label.strength == "line":
        is_opening = _OPENING.search(before) is not None
        return candidate if is_opening and (after["mark"] in (":", "=") or has_id or after["at"]) else None
    if after["at"] or after["mark"] in (":", "=", "👉", "➡", "→"):
        return candidate
    if after["mark"]:
        return candidate if is_shaped or _ALONE.match(text, after.end()) else None
    is_own = _OWN.search(before) is not None
    if len(name) > 3 and (has_id or (is_own and after["filler"].lower().endswith("is"))):
        return candidate
    is_sign = label.strength == "name" or is_own or not label.text[0].isalnum()
    return candidate._replace(confidence=0.8) if is_shaped and is_sign and not name[0].isdigit() else None


def _read_before(before: str, start: int) -> _Candidate | None:
    found = _BEFORE.search(before)
    if not found:
        return None
    name = found["name"].rstrip(".-")
    lowered = name.lower()
    if is_word(lowered) or not (found["at"] or (found["link"] and looks_like_name(lowered) and not name[0].isdigit())):
        return None
    return _Candidate(name, start - len(before) + found.start("name"), 0.9 if found["at"] else 0.8)


def _trim(name: str) -> str:
    """Return a name without the sentence that follows it without a space."""
    join = _JOIN.search(name)
    return (name[: join.start()] if join else name).rstrip(".-")


def _extract_numbers(view: View, field: str) -> Iterator[Mention]:
    """Yield a WhatsApp or Signal handle for each telephone number that is labelled as one."""
    raw = view.field(field).raw
    phones = [mention for mention in view.found if mention.kind == "phone" and mention.field == field]
    for phone in phones[:MOST_CANDIDATES]:
        if not _NUMBER_HINT.search(raw[max(0, phone.start - _WINDOW) : phone.end + _WINDOW].lower()):
            continue
        label = _NUMBER_LABEL.search(raw, max(0, phone.start - _WINDOW), phone.start)
        label = label or _NUMBER_LABELLED.match(raw, phone.end, phone.end + _WINDOW)
        if label:
            service = "signal" if label["service"].lower() == "signal" else "whatsapp"
            place = Place(field, phone.start, phone.end, "handles")
            yield view.raw_mention("handle", Handle(service, phone.value).value, place, 0.9, {})


def _iter_labels(lowered: str) -> Iterator[tuple[Label, int, int]]:
    """Yield the labels that stand alone as words, in the order of the text."""
    shapes, triggers = _triggers()
    done = -1
    hits = triggers.find_matches_as_indexes(lowered, overlapping=True)
    for start, label in sorted((begin + shapes[index][1], shapes[index][0]) for index, begin, _ in hits):
        end = start + len(label.text)
        before, after = lowered[start - 1 : start], lowered[end : end + 1]
        is_part = before.isalnum() or after.isalnum() or (before in _GLUE and label.strength != "name")
        if start > done and not (is_part and label.text[0].isalnum()):
            done = start
            yield label, start, end


@cache
def _triggers() -> tuple[list[tuple[Label, int]], AhoCorasick]:
    """Return what to look for, with the label and where in it that begins: a short label only beside a mark."""
    shapes: dict[str, tuple[Label, int]] = {}
    for text, label in read_labels().items():
        if label.strength == "name" or not text[0].isalnum():
            shapes[text] = label, 0
        else:
            shapes |= {text + mark: (label, 0) for mark in _MARKS}
            shapes |= {lead + text: (label, len(lead)) for lead in _LEADS}
    return list(shapes.values()), AhoCorasick(list(shapes), implementation=Implementation.DFA)


@cache
def _after() -> re.Pattern[str]:
    """What may follow a label up to the name: further labels, a few small words, a mark, an @."""
    labels = "|".join(map(re.escape, sorted(read_labels(), key=len, reverse=True)))
    return re.compile(
        rf"(?:\s?(?:[/&+,|]|and|or)\s?(?:{labels})(?!\w)){{0,3}}"
        r"(?P<filler>(?:\s{1,2}(?:me|my|name|id|handle|user(?:\s?name)?|account|acc|add|on|at|is)\b){0,3})"
        rf"\s{{0,3}}(?P<mark>[:=~|]|//|-{{1,2}}>?|👉|➡|→)?\s{{0,3}}(?P<at>@\s?)?[\"'(]?{_NAME}",
        re.IGNORECASE,
    )
