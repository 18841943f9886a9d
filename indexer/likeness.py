"""More like this: an advert as the query that finds its kin, for a person to read and change."""

from collections.abc import Collection, Iterator
from typing import Final

from indexer.fields import Document
from indexer.providers.base import Request, SearchProvider
from indexer.query import All, Query, Term, Text, join_or
from indexer.words import iter_words

_TELLING: Final = ("phone", "email", "handle", "wallet", "image", "account", "template")
_MOST_VALUES: Final = 30  # of an advert's identifiers, so that the query can still be read
_MOST_COUNTED: Final = 60  # words whose holders are counted
_MOST_WORDS: Final = 8
_SHORTEST: Final = 4  # letters of a word that may say something
_RARE: Final = 0.02  # of the adverts, at most, hold a word that does


def read_document(provider: SearchProvider, identity: str, without: Collection[str] = ()) -> Document | None:
    """Return what the index holds of an advert; None when it is not there or may not be shown."""
    hits = provider.search(Request(query=Term("id", identity), size=1, highlight=False, without=without)).hits
    return hits[0].document if hits else None


def build_like(provider: SearchProvider, document: Document, without: Collection[str] = ()) -> Query | None:
    """Return the query for other adverts with one of its identifiers, its template or its rarest words.

    None when nothing of the advert is anybody else's.
    """
    words = _pick_words(provider, document, without)
    parts = [*_iter_values(document), *(Text(word) for word in words)]
    return join_or(parts) & ~Term("id", document["id"]) if parts else None


def _iter_values(document: Document) -> Iterator[Query]:
    held = [(name, value) for name in _TELLING for value in _as_list(document.get(name))]
    for name, value in held[:_MOST_VALUES]:
        yield Term(name, value) & Term("site", document["site"]) if name == "account" else Term(name, value)


def _as_list(value: object) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list) else [str(value)] if value else []


def _pick_words(provider: SearchProvider, document: Document, without: Collection[str]) -> list[str]:
    """Return the rarest words of the text that another advert holds too."""
    words = {word for word in iter_words(str(document.get("text", ""))) if len(word) >= _SHORTEST and word.isalpha()}
    longest = sorted(words, key=lambda word: (-len(word), word))[:_MOST_COUNTED]
    total = provider.search(Request(query=All(), size=0, without=without)).total
    holders = {word: _count(provider, word, without) for word in longest}
    rare = [word for word in longest if 1 < holders[word] <= max(2, _RARE * total)]
    return sorted(rare, key=lambda word: (holders[word], word))[:_MOST_WORDS]


def _count(provider: SearchProvider, word: str, without: Collection[str]) -> int:
    return provider.search(Request(query=Text(word), size=0, without=without)).total
