"""What spaCy carries of the rules: a PhraseMatcher for their phrases, a Matcher for each shape that is asked for.

Only the finder loads this module, and only for a sentence that may hold a sign: spaCy takes 0.8 s to import.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from spacy.matcher import Matcher, PhraseMatcher
from spacy.tokens import Doc
from spacy.vocab import Vocab

from enrichment.indicators.pattern import GAP, NUMBER, Words
from enrichment.indicators.rules import Span, Vocabulary
from enrichment.indicators.words import is_word

_MOST_DIGITS: Final = 2  # of a number that counts people or things
_ANY_NUMBER: Final = "2"
_ANY_WORD: Final = "x"
_ANY_SIGN: Final = ","


class Matchers:
    """Finds phrases, by their numbers, and shapes in the words of a sentence.

    A word that neither patterns nor grammars know is all one to the matchers, so that the vocabulary which spaCy keeps
    does not grow with what is read.
    """

    def __init__(self, vocabulary: Vocabulary, phrases: Mapping[int, list[Words]]) -> None:
        self._vocabulary = vocabulary
        self._vocab = Vocab()
        number = self._vocab.add_flag(self._is_number)
        filler = self._vocab.add_flag(self._is_filler)
        self._special: dict[str, dict[Any, Any]] = {NUMBER: {number: True}, GAP: {filler: True, "OP": "?"}}
        self._shapes: dict[Words, Matcher] = {}
        self._phrases = PhraseMatcher(self._vocab, attr="ORTH")
        for key, wordings in phrases.items():
            self._phrases.add(str(key), [self.to_doc(words) for words in wordings])

    def to_doc(self, words: Iterable[str]) -> Doc:
        """Return a document of words for the matchers."""
        known = self._vocabulary.words
        return Doc(self._vocab, words=[word if word in known else self._stand_in(word) for word in words])

    def find_phrases(self, doc: Doc) -> defaultdict[int, list[Span]]:
        """Return the spans of the phrases in a document, by their numbers."""
        spans: defaultdict[int, list[Span]] = defaultdict(list)
        for key, start, end in self._phrases(doc):
            spans[int(self._vocab.strings[key])].append((start, end))
        return spans

    def match(self, words: Words, doc: Doc) -> Iterator[Span]:
        """Yield where words, numbers and gaps follow one another; a matcher is made when it is first needed."""
        matcher = self._shapes.get(words)
        if matcher is None:
            matcher = self._shapes[words] = Matcher(self._vocab)
            matcher.add("shape", [[self._special.get(word) or {"ORTH": word} for word in words]], greedy="LONGEST")
        for _, start, end in matcher(doc):
            yield start, end

    def _stand_in(self, word: str) -> str:
        if self._is_number(word):
            return _ANY_NUMBER
        return _ANY_WORD if is_word(word) else _ANY_SIGN

    def _is_number(self, word: str) -> bool:
        """Return whether a word is a number of two or more that may count people."""
        if word.isascii() and word.isdigit():
            return len(word) <= _MOST_DIGITS and int(word) > 1
        return word in self._vocabulary.numbers

    def _is_filler(self, word: str) -> bool:
        """Return whether a gap may hold a word; a negation in it would turn the meaning round."""
        return is_word(word) and word not in self._vocabulary.negations
