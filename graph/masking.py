"""Masking: what an editor changes from advert to advert is replaced by its kind, so that only the wording is compared.

Numbers, prices and addresses are known by their form; names and places by how the texts themselves write them. A word
list would need upkeep and would know only the names that somebody thought of.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

_FORMS_PATTERN: Final = r"""
    (?P<email>(?<![\w.+-])[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+)
  | (?P<url>(?:https?://|www\.)\S+ | (?<![\w-])[\w-]{1,63}\.(?:com|net|org|co\.uk|uk|me|info|xxx)\b\S*)
  | (?P<handle>(?<!\w)@\w{3,})
  | (?P<price>[£$€]\s?\d+(?:[.,]\d+)? | \b\d+(?:[.,]\d+)?\s?(?:£|€|gbp\b|pounds?\b|quid\b|roses\b))
  | (?P<phone>(?:\+|\b)\d[\d\s().-]{7,40}\d\b)
  | (?P<postcode>\b[A-Z]{1,2}\d[A-Z\d]?(?:\s?\d[A-Z]{2})?\b)
  | (?P<number>\b\d+(?:[.,:/]\d+)*(?:st|nd|rd|th|am|pm|yo|yrs?|hrs?|kg|cm)?\b)
"""
_WORD_PATTERN: Final = r"[^\W\d_]+(?:['’][^\W\d_]+)*"
_FORMS: Final = re.compile(_FORMS_PATTERN, re.VERBOSE | re.IGNORECASE)
_WORD: Final = re.compile(r"\{[a-z]+\}|" + _WORD_PATTERN)
_TOKEN: Final = re.compile(f"{_FORMS_PATTERN} | (?P<word>{_WORD_PATTERN})", re.VERBOSE | re.IGNORECASE)
_SENTENCE_END: Final = re.compile(r"(?:^|[.!?:;\n\r*|•–—-])\s*$")
_CAPITALISED: Final = re.compile(r"(?<![^\W\d_'’])[^\W\d_a-z][^\W\d_]+(?:['’][^\W\d_]+)*")
_PROPER_SHARE: Final = 0.9  # of a word's mid-sentence uses; "May" and "Bath" fall on the side their market uses them
_PLACE_CUES: Final = frozenset({"in", "at", "near", "around", "from", "to", "visiting", "touring", "central", "city"})

KINDS: Final = ("email", "url", "handle", "price", "phone", "postcode", "number", "place", "name")
"""Every kind of mask; a masked text holds `{kind}` where a value of that kind stood."""


def split_words(text: str) -> list[str]:
    """Return the words of a text as written, values replaced by `{kind}`, marks and symbols dropped."""
    return _WORD.findall(_FORMS.sub(lambda found: f" {{{found.lastgroup}}} ", text.replace("{", " ")))


def iter_tokens(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield the same words as `split_words`, each with where it starts and ends in the text."""
    for found in _TOKEN.finditer(text.replace("{", " ")):  # a brace of the text's own would look like a mask
        kind = found.lastgroup
        yield (found.group() if kind == "word" else f"{{{kind}}}"), found.start(), found.end()


def find_proper_words(texts: Sequence[str]) -> frozenset[str]:
    """Return the words, in lower case, that these texts write with a capital inside sentences and hardly without."""
    capital: Counter[str] = Counter()
    small: Counter[str] = Counter()
    for text in texts:
        plain = [word for word in _WORD.findall(text) if word.islower()]
        inside = [
            found.group().lower()
            for found in _CAPITALISED.finditer(text)
            if found.group()[0].isupper() and not _SENTENCE_END.search(text, max(0, found.start() - 4), found.start())
        ]
        if len(inside) <= len(plain):  # else the text writes every word so, and says nothing
            small.update(plain)
            capital.update(inside)
    return frozenset(word for word, count in capital.items() if count >= _PROPER_SHARE * (count + small[word]))


def mask_words(words: Sequence[str], proper: frozenset[str]) -> list[str]:
    """Return the words in lower case, names and places replaced by their kind; a run of names becomes one."""
    masked: list[str] = []
    for word in words:
        lower = word.lower()
        if lower not in proper:
            masked.append(lower)
        elif masked and masked[-1] in ("{place}", "{name}"):
            continue
        else:
            masked.append("{place}" if masked and masked[-1] in _PLACE_CUES else "{name}")
    return masked
