"""E-mail addresses, also those spelt out: `name at mail dot com`, `name AT gmail`, `gmail: name_1`."""

import re
from collections.abc import Iterator
from functools import cache
from itertools import islice
from typing import Final, NamedTuple

from ahocorasick_rs import AhoCorasick

from adverts.model import Mention
from adverts.values import parse_email
from enrichment.contacts.hosts import (
    OPENINGS,
    is_small_word,
    join_spelt,
    read_domains,
    read_providers,
    read_signs,
    spell,
)
from enrichment.contacts.messengers import is_word, looks_like_name, read_labels
from enrichment.gates import Gate
from enrichment.normaliser.normalise import Clean, lower_text
from enrichment.view import MOST_CANDIDATES, Place, View

_DOMAIN: Final = re.compile(r"[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){0,4}\.(?P<tld>[a-z]{2,24})(?![a-z0-9])")
_BRACKETED: Final = ("at)", "at]", "at}", "at>", "at*", "at_", "at )", "at ]", "(a)", "[a]", "{a}", "<a>")
_OPENING: Final = 3  # characters at most between where a sign begins and what hints at it
_REACH: Final = 64  # characters of a name before its @


class _Reading(NamedTuple):
    """An address as read from `start` to `end` of the folded text."""

    address: str
    start: int
    end: int
    is_plain: bool = False


def extract_emails(view: View) -> Iterator[Mention]:
    """Yield each address of title and body; `spelt` in `disguise` when it was not written with @ and dots."""
    for name, clean in view.prose():
        if not _gate().opens(clean.lowered):
            continue
        done = 0
        for reading in sorted((*_iter_joined(clean), *_iter_provided(clean)), key=lambda reading: reading.start):
            if reading.start < done:
                continue
            value = parse_email(join_spelt(reading.address))
            if value is None:
                view.counts["email/invalid"] += 1
                continue
            done = reading.end
            place = Place(name, reading.start, reading.end, "emails")
            disguise = [] if reading.is_plain else ["spelt"]
            yield view.folded_mention("email", value, place, 0.9 if disguise else 0.99, disguise=disguise)


def _iter_joined(clean: Clean) -> Iterator[_Reading]:
    """Yield the addresses with an @ in some form between name and domain."""
    lowered = lower_text(clean.folded)
    for at in islice(_iter_signs(lowered), MOST_CANDIDATES):
        is_word_at = at["word"] is not None
        domain = _read_domain(lowered, at.end(), is_word_at=is_word_at)
        local = _local().search(lowered, max(0, at.start() - _REACH), at.start()) if domain else None
        if domain is None or local is None:
            continue
        is_plain = at[0] == "@" and domain.is_plain
        if not is_plain and not _is_name(local[0], at[0]):
            continue
        if is_plain and local[0] in read_labels() and not _is_known(domain.address):
            continue  # `ig@name.x` is a handle
        yield _Reading(f"{local[0]}@{domain.address}", local.start(), domain.end, is_plain)


def _iter_signs(lowered: str) -> Iterator[re.Match[str]]:
    """Yield each @ of a text, however it is written; only where a part of one stands is looked at closely."""
    done = 0
    for _, start, end in _hints().find_matches_as_indexes(lowered, overlapping=True):
        if lowered[start].isalpha() and lowered[start - 1].isalnum() != lowered[end : end + 1].isalnum():
            continue  # the end of `that`, the beginning of `attic`
        for begin in range(max(done, start - _OPENING), start + 1):
            if found := _at().match(lowered, begin):
                done = found.end()
                yield found
                break


def _is_name(local: str, at: str) -> bool:
    first = local.split(maxsplit=1)[0]
    return not is_small_word(first) and not (is_word(first) and "@" not in at.strip(" "))


def _is_known(domain: str) -> bool:
    return domain.rpartition(".")[2] in read_domains("bare")


def _read_domain(lowered: str, start: int, *, is_word_at: bool) -> _Reading | None:
    """Return the domain that begins here; after the word "at" only one that no sentence would hold."""
    strict = None if is_word_at else _DOMAIN.match(lowered, start)
    provided = _provider().match(lowered, start)
    if strict and (len(strict["tld"]) == 2 or strict["tld"] in read_domains("bare")) and not _is_hyphened(provided):
        return _Reading(strict[0], start, strict.end(), is_plain=True)
    if provided:
        return _Reading(_complete(provided), start, provided.end())
    if strict:
        return _Reading(strict[0], start, strict.end(), is_plain=True)
    spelt = _spelt(is_word_at=is_word_at).match(lowered, start)
    return _Reading(spelt[0], start, spelt.end()) if spelt else None


def _is_hyphened(provided: re.Match[str] | None) -> bool:
    """Return whether it is `g-mail`, which is no host of its own."""
    return provided is not None and "-" in provided["provider"]


def _complete(provided: re.Match[str]) -> str:
    """Return the domain of a provider that was named with its ending or without."""
    domain = read_providers()[provided["provider"]]
    if not provided["tail"]:
        return domain
    tail = re.sub(r"[^a-z]+|dot(?=co)", " ", provided["tail"]).split()
    ending = ".".join(word for word in tail if word not in read_signs())
    return f"{domain.partition('.')[0]}.{ending}"


def _iter_provided(clean: Clean) -> Iterator[_Reading]:
    """Yield the addresses without any @: a made-up name beside its provider."""
    if not _providers().opens(clean.lowered):
        return
    lowered = lower_text(clean.folded)
    for pattern in _beside():
        for found in islice(pattern.finditer(lowered), MOST_CANDIDATES):
            name = found["name"].rstrip(".-")
            if looks_like_name(name):
                end = found.start("name") + len(name) if found.end() == found.end("name") else found.end()
                yield _Reading(f"{name}@{_complete(found)}", found.start(), end)


@cache
def _gate() -> Gate:
    """Return the gate for what every form of address holds one of; the word "email" is none."""
    dots = (word for word, sign in read_signs().items() if sign == ".")
    providers = (name for name in read_providers() if "mail" in name or " " not in name)
    return Gate(("@", *dots, *providers, *_BRACKETED))


@cache
def _providers() -> Gate:
    return Gate(read_providers())


@cache
def _hints() -> AhoCorasick:
    words = (word for word, sign in read_signs().items() if sign == "@")
    return AhoCorasick(["@", *words, *(f"{opening}{gap}a" for opening in OPENINGS for gap in ("", " ", "\n"))])


@cache
def _at() -> re.Pattern[str]:
    words = "|".join(word for word, sign in read_signs().items() if sign == "@")
    providers = "|".join(map(re.escape, read_providers()))
    return re.compile(
        rf"\s?[{re.escape(OPENINGS)}]\s?(?:{words}|@|a)\s?[\])}}>*|_~-]\s?|\s{{0,2}}@\s{{0,2}}|(?P<word>\s{{1,2}}(?:{words})\s{{1,2}})"
        rf"|(?<=[a-z0-9])at(?=(?:{providers})(?:\.|dot)com)"
    )


@cache
def _local() -> re.Pattern[str]:
    signs = "|".join(spell(sign) for sign in "._-")
    return re.compile(rf"(?<![a-z0-9._%+-])[a-z0-9][a-z0-9._%+-]{{0,63}}(?:(?:{signs})[a-z0-9._%+-]{{1,30}}){{0,3}}$")


def _provider_shape() -> str:
    names = "|".join(map(re.escape, sorted(read_providers(), key=len, reverse=True)))
    dot = rf"(?:{spell('.')}|\s?[.,]\s?|\s{{0,2}}|dot)"
    tail = rf"(?P<tail>{dot}(?:com|co{dot}uk|net|fr|es|it|de|ro|pl|pt|hu|ca|ie)(?![a-z0-9]))?"
    return rf"(?P<provider>{names}){tail}(?![a-z0-9])"


@cache
def _provider() -> re.Pattern[str]:
    return re.compile(_provider_shape())


@cache
def _spelt(*, is_word_at: bool) -> re.Pattern[str]:
    dot = spell(".") if is_word_at else rf"(?:{spell('.')}|\s?\.\s?)"
    endings = "|".join(sorted(read_domains("bare")))
    return re.compile(rf"[a-z0-9-]{{1,40}}(?:{dot}[a-z0-9-]{{2,30}}){{0,3}}{dot}(?:{endings})(?![a-z0-9])")


@cache
def _beside() -> tuple[re.Pattern[str], re.Pattern[str]]:
    name, provider = r"(?P<name>[a-z][a-z0-9._-]{3,40}+)", _provider_shape()
    return (
        re.compile(rf"(?<![\w@.-]){name}\s{{1,2}}[(\[]?\s?(?:on\s|at\s)?{provider}(?![\w@])"),
        re.compile(rf"(?<![\w@.-]){provider}\s?(?:[:=]|\sis\s)\s?{name}(?![\w@])"),
    )
