"""Languages spoken: `I speak English and some French`, `fluent Italian`, `vorbesc romana`; never a nationality."""

import re
from collections.abc import Iterator
from typing import Final

from adverts.model import Mention
from enrichment.lexicon import iter_runs
from enrichment.negation import mark_negated
from enrichment.view import Place, View

_LEVEL: Final = (
    r"(?:a|an|in|is|are|some|little|a little|bit|of|basic|good|very|perfect|perfectly|excellent|broken|limited|great|"
    r"both|conversational|fluent|fluently|native|my|the|also|only|well|decent|intermediate|un|poco|putin|bine|limba|po|troche|"
    r"pouco|um|bem|un peu|bene|ein|bisschen|better|clear|enough|poor|not|no|any)"
)
_BEFORE: Final = re.compile(
    r"(?:\b(?:speaks?|speaking|spoken|fluent(?:ly)?|languages?(?: spoken)?|mother tongue|bilingual|multilingual"
    r"|understand|vorbesc|mowie|mówię|hablo|falo|parlo|parle|spreche|beszélek|beszelek|limba)"
    rf"\b[\s:,=()-]{{0,4}}(?:{_LEVEL}[\s,]{{1,2}}){{0,4}})$"
)
_AFTER: Final = re.compile(
    r"[\s,()-]{0,3}(?:(?:only|very|well|fluently|is|are|also|languages?)\s+){0,2}"
    r"(?:speak(?:er|ers|ing|s)?|spoken|fluent(?:ly)?|well spoken|language)\b"
)
_SKILL: Final = re.compile(
    r"\s+(?:is|isn'?t)\s+(?:not\s+|very\s+|so\s+)*(?:good|basic|ok|okay|perfect|limited|fluent|bad|great)\b"
)
_MY: Final = re.compile(r"\b(?:basic|good|perfect|broken|some|excellent|my|poor|bad|great|limited|little)\s+$")
_NO_SPEECH: Final = re.compile(r"\s+(?:girls?|lad(?:y|ies)|wom[ae]n|kiss\w*|food|massage|style|guys|clients?|polish)\b")
_JOIN: Final = re.compile(
    rf"[\s,/&+|()]*(?:(?:and|or|y|e|i|si|și|et|und|oraz|plus|as well as|but|{_LEVEL})[\s,]+){{0,5}}"
)
_ENDS: Final = re.compile(r"\s*(?:$|[.,;!?)\n]|\band\b|&)")
_REACH: Final = 48  # characters before a language that say it is spoken


def extract_languages(view: View) -> Iterator[Mention]:
    """Yield each language that title or body says is spoken, or understood; `negated` when it is said not to be."""
    for name, clean in view.prose():
        terms = view.terms(name)
        for run in iter_runs(terms.get("languages", []), clean.lowered, _JOIN):
            if not _is_spoken(clean.lowered, run[0].start, run[-1].end):
                view.counts["language/not_spoken"] += len(run)
                continue
            for hit, is_negated in mark_negated(clean.lowered, terms, run):
                attrs = {"negated": True} if is_negated else {}
                yield view.mention(
                    "language", hit.term.name, Place(name, hit.start, hit.end, "languages"), 0.9, **attrs
                )


def _is_spoken(lowered: str, start: int, end: int) -> bool:
    """Return whether the languages from `start` to `end` are said to be spoken."""
    if _AFTER.match(lowered, end):
        return True
    if _NO_SPEECH.match(lowered, end):
        return False
    before = lowered[max(0, start - _REACH) : start]
    if _BEFORE.search(before):
        return True
    return bool(_MY.search(before) and (_SKILL.match(lowered, end) or _ENDS.match(lowered, end)))
