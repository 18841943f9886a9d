"""Web addresses and bare hosts, also spelt out; what is an e-mail address or names a person on a service is none."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import cache
from itertools import islice
from typing import Final

from adverts.model import Mention
from enrichment.contacts.hosts import OPENINGS, is_small_word, join_spelt, read_domains, read_signs, spell
from enrichment.gates import Gate
from enrichment.normaliser.normalise import Clean, lower_text
from enrichment.view import MOST_CANDIDATES, Place, View

_DOTTED: Final = re.compile(r"\.[A-Za-z0-9]")
_BLANK: Final = re.compile(r"\s")
_FULL: Final = re.compile(
    r"(?:\bh(?:tt|xx)ps?:/{1,2}|\bwww\d?\.)(?P<host>(?:[\w-]{1,63}\.){1,8}[^\W\d_]{2,24})(?![\w-])(?::\d{1,5})?"
    r"(?:[/?#][^\s<>\"'\x00]{0,300})?",
    re.IGNORECASE,
)
_BARE: Final = re.compile(
    r"(?<![\w@.-])(?P<host>[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9-]{1,63}){0,3}\.(?P<tld>[a-z]{2,24}))"
    r"(?![\w@-]|\.[a-z0-9])(?P<path>[/?#][^\s<>\"'\x00]{0,300})?",
    re.IGNORECASE,
)
_TRAILING: Final = ".,;:!?)]}*"
_SECOND: Final = re.compile(r"\.(?:co|org|me|ltd)$", re.IGNORECASE)  # `.Co.Uk` is no sentence
_MESSAGING: Final = re.compile(r"(?:wa\.me|t\.me|whatsapp\.com|signal\.me)/", re.IGNORECASE)
_REACH: Final = 80  # characters of an address before its first dot


def extract_urls(view: View) -> Iterator[Mention]:
    """Yield each address of title and body, lower-cased."""
    for name, clean in view.prose():
        found = (*_iter_written(view, clean), *_iter_spelt(clean))
        taken = _find_taken(view, name) if found else {}
        for start, end, value, confidence in found:
            disguise = {"disguise": ["spelt"]} if confidence < 0.9 else {}
            mention = view.folded_mention("url", value, Place(name, start, end, "urls"), confidence, **disguise)
            if not _overlaps(mention, taken[_MESSAGING.search(value) is not None]):
                yield mention


def _iter_written(view: View, clean: Clean) -> Iterator[tuple[int, int, str, float]]:
    for found in islice(_iter_addresses(clean.folded), MOST_CANDIDATES):
        address = found[0].rstrip(_TRAILING)
        if found.re is _BARE and not _is_bare_host(found):
            view.counts["url/not_a_host"] += 1
            continue
        yield found.start(), found.start() + len(address), address.lower(), 0.98 if "/" in address else 0.9


def _is_bare_host(found: re.Match[str]) -> bool:
    """Return whether a host without scheme is one, and not two sentences or a number that a dot joins."""
    host, tld = found["host"], found["tld"]
    name, _, _ = host.rpartition(".")
    ending = tld.lower()
    if not any(map(str.isalpha, name)) or (is_small_word(name.lower()) and name.lower() != "t"):
        return False
    if tld[0].isupper() and not host.isupper() and ending != "com" and not _SECOND.search(name):
        return False  # "in Leeds.Net price"
    if ending in read_domains("bare"):
        return True
    return ending in read_domains("path") and len(found["path"] or "") > 2


def _iter_addresses(text: str) -> Iterator[re.Match[str]]:
    """Yield the addresses of a text; only words with a dot inside are looked at closely."""
    done = 0
    for dot in _DOTTED.finditer(text):
        if dot.start() < done:
            continue
        opening = _BLANK.search(text[max(done, dot.start() - _REACH) : dot.start()][::-1])
        start = dot.start() - opening.start() if opening else max(done, dot.start() - _REACH)
        closing = _BLANK.search(text, dot.end(), dot.end() + 400)
        done = closing.start() if closing else min(len(text), dot.end() + 400)
        full = list(_FULL.finditer(text, start, done))
        yield from full or _BARE.finditer(text, start, done)


def _iter_spelt(clean: Clean) -> Iterator[tuple[int, int, str, float]]:
    if not _dots().opens(clean.lowered):
        return
    for found in islice(_spelt().finditer(lower_text(clean.folded)), MOST_CANDIDATES):
        value = join_spelt(found[0])
        if value != found[0] and not is_small_word(value.partition(".")[0]):
            yield found.start(), found.end(), value, 0.8


@cache
def _dots() -> Gate:
    words = (word for word, sign in read_signs().items() if sign == ".")
    bracketed = (f"{sign} ." for sign in OPENINGS)
    return Gate((*words, "(.", "[.", "{.", *bracketed, "www.", "www .", " .co", " . co"))


@cache
def _spelt() -> re.Pattern[str]:
    """Hosts whose dots are words or in brackets, or stand apart after `www.` or before `com`."""
    dot, endings = spell("."), "|".join(sorted(read_domains("bare")))
    apart = r"\s?\.\s?"
    return re.compile(
        rf"(?<![\w@.-])(?:(?:www(?:{dot}|{apart}))?[a-z0-9-]{{2,40}}(?:(?:{dot}|\.)[a-z0-9-]{{2,30}}){{0,3}}{dot}(?:{endings})"
        rf"|www{apart}[a-z0-9-]{{2,40}}{apart}(?:com|co{apart}uk|net|org|uk)"
        rf"|[a-z0-9-]{{4,40}}\s\.\s?(?:com|co{apart}uk)|[a-z0-9-]{{4,40}}dotcom)(?![\w@-])"
    )


def _find_taken(view: View, field: str) -> dict[bool, list[tuple[int, int]]]:
    """Return the spans of e-mail addresses and handles, and those with telephone numbers too, each in order."""
    spans = [
        (mention.start, mention.end, mention.kind)
        for mention in view.found
        if mention.field == field and mention.kind in ("email", "handle", "phone")
    ]
    spans.sort()
    return {
        False: [(start, end) for start, end, kind in spans if kind != "phone"],
        True: [(start, end) for start, end, _ in spans],
    }


def _overlaps(mention: Mention, spans: list[tuple[int, int]]) -> bool:
    """Return whether one of the spans, which hardly overlap each other, touches the mention."""
    index = bisect_left(spans, (mention.end, 0))
    return any(end > mention.start for _, end in spans[max(0, index - 2) : index])
