"""How texts are cut into words and keywords are compared, the same for every engine."""

from collections.abc import Iterator
from typing import Final

import tantivy

from indexer.highlights import Token

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


def iter_tokens(text: str) -> Iterator[Token]:
    """Yield the words of a text as they are compared."""
    for token in words_analyzer.pre_tokenize(text).tokens:
        yield Token(token.text, token.char_offset_from, token.char_offset_to)


def fold_keyword(value: str) -> str:
    """Return a keyword as it is compared: without case and accents."""
    return "".join(keyword_analyzer.analyze(value[:LONGEST_KEYWORD]))
