"""Lexicons: files of terms that analysts edit, one a subject, and the one scan that finds the terms of all of them.

A lexicon is `lexicons/<subject>.yaml`, or `lexicons/<subject>.csv` (`name,group`) where each name is its only form.
"""

import codecs
import csv
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

import msgspec
import yaml
from ahocorasick_rs import BytesAhoCorasick

from adverts.errors import StopRun
from enrichment.patterns import expand_pattern

LEXICONS: Final = Path(__file__).parent / "lexicons"
_SPECIAL: Final = {"ł": "l", "đ": "d", "ø": "o", "ß": "s", "æ": "a", "œ": "o", "ı": "i"}
_LONGEST_JOINT: Final = 24  # characters between two members of a run
_MANY: Final = 20_000  # forms found in one text, from which it repeats itself and ...
_MOST_OF_ONE: Final = 1_000  # ... each form counts so often and no more
_LATIN: Final = (*range(0xDF, 0x180), 0x219, 0x21B)


class Term(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One term: `name` is the value that adverts get, `forms` are the patterns that mean it.

    `unless` are longer phrases in which a form means something else; `group` is what the subject's extractor knows
    the term by.
    """

    name: str
    forms: tuple[str, ...]
    group: str = ""
    unless: tuple[str, ...] = ()


class Hit(NamedTuple):
    """A term of a subject's lexicon at a place of a text."""

    subject: str
    term: Term
    start: int
    end: int


Terms = Mapping[str, list[Hit]]
"""Subject -> its hits in the order of the text, the longest where they overlap."""


_Found = tuple[int, int, int, Term | None]
"""Start, end below zero so that the longest sorts first, the form's number, and its term if it counts."""


class _Machine(NamedTuple):
    scan: BytesAhoCorasick
    meanings: list[list[tuple[str, Term | None]]]  # by form: subject and term; None where a term does not count


class _Tables(NamedTuple):
    """To plain letters: from Latin-1, and from the bytes of `to_byte`, whose upper half are accented Latin letters."""

    latin: bytes
    to_byte: Any
    plain: bytes


def find_terms(lowered: str) -> Terms:
    """Return the terms of every lexicon that a lower-case text holds as whole words; accents don't matter."""
    machine = _build_machine()
    hits: dict[str, list[_Found]] = defaultdict(list)
    for index, start, end in _find_forms(machine.scan, lowered):
        for subject, term in machine.meanings[index]:
            hits[subject].append((start, 2 - end, index, term))  # the form's two blanks are not in the text
    return {subject: _keep_longest(subject, found) for subject, found in hits.items()}


def _find_forms(scan: BytesAhoCorasick, lowered: str) -> Iterable[tuple[int, int, int]]:
    """Return each form's number, start and end, overlaps too."""
    found: list[tuple[int, int, int]] = scan.find_matches_as_indexes(_pad(lowered), overlapping=True)
    if len(found) < _MANY:
        return found
    by_form: defaultdict[int, list[tuple[int, int, int]]] = defaultdict(list)
    for match in found:
        by_form[match[0]].append(match)
    return [match for matches in by_form.values() for match in matches[:_MOST_OF_ONE]]


def iter_runs(hits: Iterable[Hit], text: str, joint: re.Pattern[str]) -> Iterator[list[Hit]]:
    """Yield the hits in runs: neighbours with nothing but what `joint` matches between them."""
    run: list[Hit] = []
    for hit in hits:
        if run and not (hit.start - run[-1].end <= _LONGEST_JOINT and joint.fullmatch(text, run[-1].end, hit.start)):
            yield run
            run = []
        run.append(hit)
    if run:
        yield run


def load_lexicons(folder: Path = LEXICONS) -> dict[str, tuple[Term, ...]]:
    """Return subject -> terms of every file in the folder; StopRun (2) names the file and what is wrong in it."""
    paths = sorted((*folder.glob("*.yaml"), *folder.glob("*.csv")))
    return {path.stem: load_lexicon(path) for path in paths}


def load_lexicon(path: Path) -> tuple[Term, ...]:
    """Return the terms in one file, checked."""
    try:
        rows = (
            _read_names(path)
            if path.suffix == ".csv"
            else yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
        )
        terms = msgspec.convert(rows, tuple[Term, ...])
        _check(terms)
    except (msgspec.ValidationError, yaml.YAMLError, ValueError, KeyError) as error:
        raise StopRun(f"The lexicon {path} cannot be used: {error}. See docs/lexicons.md.", 2) from error
    return terms


def _read_names(path: Path) -> list[dict[str, object]]:
    with path.open(encoding="utf-8", newline="") as file:
        return [
            {"name": row["name"], "forms": [row["name"]], "group": row["group"] or ""} for row in csv.DictReader(file)
        ]


def _check(terms: Sequence[Term]) -> None:
    owners: dict[bytes, str] = {}
    for term in terms:
        for form in _expand_forms(term.forms):
            if not form.strip():
                raise ValueError(f"{term.name!r} has a form without a letter or digit")
            if form in owners:
                raise ValueError(f"the form {form.decode().strip()!r} of {term.name!r} is {owners[form]!r} already")
            owners[form] = term.name
    for term in terms:
        for form in _expand_forms(term.unless):
            if form in owners:
                raise ValueError(
                    f"{form.decode().strip()!r} under unless of {term.name!r} is a form of {owners[form]!r}"
                )


@cache
def _expand_forms(patterns: tuple[str, ...]) -> tuple[bytes, ...]:
    """Return each form that the patterns stand for, once, as it is looked for; both check and machine ask."""
    return tuple(dict.fromkeys(_pad(form) for pattern in patterns for form in expand_pattern(pattern)))


def _keep_longest(subject: str, found: list[_Found]) -> list[Hit]:
    """Return what stands first, the longest where several begin there; what overlaps it goes."""
    found.sort()
    kept: list[Hit] = []
    done = 0
    for start, minus_end, _, term in found:
        if start >= done:
            done = -minus_end
            if term is not None:
                kept.append(Hit(subject, term, start, done))
    return kept


@cache
def _build_machine() -> _Machine:
    meanings: dict[bytes, list[tuple[str, Term | None]]] = {}
    for subject, terms in load_lexicons().items():
        for term in terms:
            for form in _expand_forms(term.forms):
                meanings.setdefault(form, []).append((subject, term))
            for form in _expand_forms(term.unless):
                meanings.setdefault(form, []).append((subject, None))
    return _Machine(BytesAhoCorasick(list(meanings)), list(meanings.values()))


def _pad(text: str) -> bytes:
    """Return one byte for each character between two blanks: plain letters and digits stay, all else is a blank.

    So each form is looked for between blanks, as a whole word, at the speed of a byte automaton.
    """
    tables = _tables()
    try:
        plain = text.encode("latin-1").translate(tables.latin)  # four times as fast, and enough for most texts
    except UnicodeEncodeError:
        plain = codecs.charmap_encode(text, "replace", tables.to_byte)[0].translate(tables.plain)
    return b" " + plain + b" "


@cache
def _tables() -> _Tables:
    accented = {char: plain for char in map(chr, _LATIN) if (plain := _find_plain(char))}
    decoding = "".join(map(chr, range(128))) + "".join(accented).ljust(128, "\ufffe")
    kept = "".join(char if char.isalnum() else " " for char in decoding[:128])
    plain = "".join((kept, *accented.values())).ljust(256)
    latin = kept + "".join(accented.get(chr(code), " ") for code in range(128, 256))
    return _Tables(latin.encode("ascii"), codecs.charmap_build(decoding), plain.encode("ascii"))


def _find_plain(char: str) -> str:
    """Return the plain letter of a lower-case Latin one, none for what is not one."""
    plain = _SPECIAL.get(char) or unicodedata.normalize("NFKD", char)[0]
    return plain if char.islower() and plain.isascii() and plain.isalpha() else ""
