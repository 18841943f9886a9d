"""Nationality and ethnicity as stated of the person: protected characteristics, restricted, no part of any score."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Final, NamedTuple

from adverts.model import Mention
from enrichment.lexicon import Hit, Terms, iter_runs
from enrichment.negation import mark_negated
from enrichment.view import Place, View
from enrichment.words import read_words

_KINDS: Final = {"nationalities": "nationality", "ethnicities": "ethnicity"}
_STANDS: Final = re.compile(
    r"\s*(?:$|[,.!?*|/&+~•()\n:;-]|[^\x00-\x7f]|\d"
    r"|(?:in|from|with|new|just|here|and|now|available|incall|outcall|visiting|x+)\b)"
)
_ORIGIN: Final = re.compile(
    r"\b(?:from|born in|native of|raised in|grew up in)\s+"
    r"(?:(?:sunny|beautiful|lovely|hot|the|south|north|exotic|wonderful)\s+)?$"
)
_NOT_HERS: Final = re.compile(
    r"\b(?:men|guys|gents|gentlem[ae]n|clients?|back|home|returned|returning|miles|away|calls?|texts?|numbers?|tourists?"
    r"|visitors?|imported|food|wine|flights?|far|friends?|customers?|people|anyone|someone)\s+from\s+(?:the\s+)?$"
)
_JOIN: Final = re.compile(
    r"\s*(?:(?:,|/|&|\+|-|\bx\b|\band\b|\bn\b|\bwith\b|\bmixed\b|\bmix\b|\bhalf\b|\bpart\b|\b1/2\b)\s*){0,4}"
)
_MIX: Final = "Mixed race"
"""A term that says itself that those after it are hers: `mixed Jamaican and English`."""
_REACH: Final = 60  # characters before a term that say whose it is


class _Rules(NamedTuple):
    """What stands beside a term that is said of the person, by the words of `person_words.csv`."""

    self_before: re.Pattern[str]
    trait_before: re.Pattern[str]
    person_after: re.Pattern[str]
    other_after: re.Pattern[str]


def extract_nationalities(view: View) -> Iterator[Mention]:
    """Yield the nationality and ethnicity terms that title and body say of the person; a denied one is nobody's."""
    spoken = {(mention.field, mention.start) for mention in view.found if mention.kind == "language"}
    for name, clean in view.prose():
        terms = view.terms(name)
        if not any(subject in terms for subject in _KINDS):
            continue
        for run in iter_runs(_merge_hits(terms), clean.lowered, _JOIN):
            refusal = _refuse(name, clean.lowered, terms, run)
            if refusal:
                view.counts[f"{_KINDS[run[0].subject]}/{refusal}"] += 1
                continue
            for hit in run:
                place = Place(name, hit.start, hit.end, "nationalities")
                mention = view.mention(_KINDS[hit.subject], hit.term.name, place, 0.85)
                if (name, mention.start) not in spoken:
                    yield mention


def _merge_hits(terms: Terms) -> list[Hit]:
    """Return the hits of both lexicons in the order of the text; of two that overlap the first, or longer, stays."""
    hits: list[Hit] = []
    for hit in sorted((hit for subject in _KINDS for hit in terms.get(subject, [])), key=_by_place):
        if not hits or hit.start >= hits[-1].end:
            hits.append(hit)
    return hits


def _by_place(hit: Hit) -> tuple[int, int]:
    return hit.start, -hit.end


def _refuse(field: str, lowered: str, terms: Terms, run: list[Hit]) -> str:
    """Return why a run of terms is not said of the person, nothing when it is."""
    if any(is_negated for _, is_negated in mark_negated(lowered, terms, run)):
        return "denied"
    first, last = run[0], run[-1]
    rules = _build_rules()
    before = lowered[max(0, first.start - _REACH) : first.start]
    if _NOT_HERS.search(before):
        return "not_the_persons"
    if rules.person_after.match(lowered, last.end):
        return ""
    if rules.other_after.match(lowered, last.end):
        return "not_the_persons"
    if any(hit.term.group == "noun" for hit in run) or (first.term.name == _MIX and len(run) > 1):
        return ""
    if first.term.group == "country" and _ORIGIN.search(before):
        return ""
    if not _STANDS.match(lowered, last.end):
        return "not_the_persons"
    is_clear = first.term.group == "adjective" and (field == "title" or rules.trait_before.search(before))
    return "" if is_clear or rules.self_before.search(before) else "not_the_persons"


@cache
def _build_rules() -> _Rules:
    words = read_words("person_words")
    trait, person, other = words["trait"], words["person"], words["other"]
    fillers = rf"(?:(?:an?|the|your|just|very|so|half|part|100%|all|and|\d\d|{trait})[\s,]+){{0,6}}"
    return _Rules(
        re.compile(
            r"(?:\b(?:i'?m|i am|she'?s|she is|we'?re|we are|nationality|ethnicity|origins?|race|background|heritage"
            rf"|mixed with|soy|sou|jestem|sunt|je suis)\b(?:\s+is\b)?[\s:,=-]*{fillers}|\b(?:half|part)[ -]|100% )$"
        ),
        re.compile(rf"\b{trait}[\s,]+$"),
        re.compile(
            rf"[\s-]+(?:(?:and|&|\d\d|{trait})\W{{1,3}}){{0,4}}{person}\b(?!\s+(?:friendly|only|clients?|nails?)\b)"
        ),
        re.compile(rf"\s*(?:\w{{1,20}}\s+)?{other}\b"),
    )
