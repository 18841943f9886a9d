"""How texts are cut into words and keywords are compared, the same for every engine."""

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise
from typing import Final, NamedTuple

import tantivy

LONGEST_WORD: Final = 64  # bytes; what is longer is no word
LONGEST_KEYWORD: Final = 1_000  # code points compared; tantivy refuses a term over 65,530 bytes

words_analyzer: Final = (
    tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    .filter(tantivy.Filter.remove_long(LONGEST_WORD))
    .filter(tantivy.Filter.lowercase())
    .filter(tantivy.Filter.ascii_fold())
    .build()
)
keyword_analyzer: Final = (
    tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.raw())
    .filter(tantivy.Filter.lowercase())
    .filter(tantivy.Filter.ascii_fold())
    .build()
)


class Folded(NamedTuple):
    """A text as it is compared; `places` says where each sign stood, None where all stand as they did."""

    text: str
    places: Sequence[int] | None


class _Folds(dict[int, str]):
    """What each sign is compared as, looked up once; `uneven` holds those that become none or several."""

    def __init__(self) -> None:
        super().__init__()
        self.uneven: set[str] = set()

    def __missing__(self, code: int) -> str:
        folded = "".join(keyword_analyzer.analyze(chr(code))) if not 0xD800 <= code < 0xE000 else "\ufffd"
        if len(folded) != 1:
            self.uneven.add(chr(code))
        self[code] = folded
        return folded


_FOLDS: Final = _Folds()


def iter_words(text: str) -> Iterator[str]:
    """Yield the words of a text as they are compared."""
    return iter(words_analyzer.analyze(text))


@cache
def word_ranges() -> tuple[tuple[str, str], ...]:
    """Return the signs that words are made of, as ranges."""
    signs = " ".join(chr(code) for code in range(1, 0x110000) if not 0xD800 <= code < 0xE000)
    codes = sorted({ord(signs[token.char_offset_from]) for token in words_analyzer.pre_tokenize(signs).tokens})
    starts = [code for before, code in pairwise([-2, *codes]) if code != before + 1]
    ends = [code for code, after in pairwise([*codes, 0x110002]) if code + 1 != after]
    return tuple((chr(start), chr(end)) for start, end in zip(starts, ends, strict=True))


def fold_keyword(value: str) -> str:
    """Return a keyword as it is compared: without case and accents."""
    return "".join(keyword_analyzer.analyze(value[:LONGEST_KEYWORD]))


def fold_text(text: str) -> Folded:
    """Return a text as it is compared, sign by sign."""
    folded = text.translate(_FOLDS)
    if _FOLDS.uneven.isdisjoint(text):
        return Folded(folded, None)
    places = [place for place, sign in enumerate(text) for _ in _FOLDS[ord(sign)]]
    return Folded(folded, places)
