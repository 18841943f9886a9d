"""Texts as arrays of words: a hash of each word, and its kind where it is a value that editors change.

A million texts have a hundred million words, so no text is split into strings: batches of texts are read as the bytes
of their UTF-8, by array operations. A word is a run of letters and digits, or one Chinese character; what numbers,
prices and addresses are shows in their form, what names and places are in how the texts themselves write them: a list
of names would need upkeep and would know only those that somebody thought of. The words that say a protected
characteristic are few, and listed.
"""

import csv
import unicodedata
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import IntEnum
from functools import cache, lru_cache
from pathlib import Path
from threading import Lock
from typing import Final, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from graph.packing import pack
from graph.threads import map_threads

Hashes = NDArray[np.uint64]
Flags = NDArray[np.bool_]
Ints = NDArray[np.int64]
Kinds = NDArray[np.uint8]
ResultT = TypeVar("ResultT")
IntT = TypeVar("IntT", np.int64, np.uint64)

_BATCH: Final = 400  # texts read at a time: their arrays stay in the processor's cache ...
_BATCH_CHARACTERS: Final = 1_000_000  # ... and no more than this, a long text aside: a byte takes about 50
_PRIME: Final = 0x9E3779B97F4A7C15
_SYMBOLS: Final = {b"\xc2": 1, b"\xe2": 2, b"\xef": 2, b"\xf0\x9f": 3}
"""First bytes of characters that are no letters (marks, dashes, pictures) -> how many bytes follow the first."""
_IDEOGRAMS: Final = (0xE3, 0xE9)  # first bytes of Chinese characters, each of three bytes and a word by itself
_SENTENCE_ENDS: Final = b".!?:;\n\r*|"
_CURRENCY: Final = b"$\xa3\xac"  # the last bytes of $, £ and €
_JOINTS: Final = b"@._-/:+"  # between the words of an address
_JOINED: Final = 3  # words on either side of an address's sign that belong to it
_PROPER_SHARE: Final = 0.9  # of a word's uses inside sentences; "May" and "Bath" are what their market makes of them
_BUCKETS: Final = 1 << 22  # in which uses of words are counted
_WEB: Final = ("www", "http", "https")
_DOMAINS: Final = ("com", "net", "org", "uk", "info", "xxx")  # after a dot
_PROTECTED: Final = Path(__file__).parent / "data" / "protected.csv"
_CUES: Final = ("in", "at", "near", "around", "from", "to", "visiting", "touring", "central", "city")


class Kind(IntEnum):
    """What a word is; all but WORD are values that editors change. PERSON is a protected characteristic of somebody
    (`data/protected.csv`): two who say the same of themselves are no more alike for it.
    """

    WORD = 0
    NUMBER = 1
    PRICE = 2
    ADDRESS = 3
    NAME = 4
    PLACE = 5
    PERSON = 6


class Words(NamedTuple):
    """The words of a batch of texts, in order: the text each is of, its hash in lower case, its kind, its bytes.

    `capital` says that it begins with one and is more than it (`I`), `inside` that it does not begin a sentence.
    """

    rows: Ints
    hashes: Hashes
    kinds: Kinds
    starts: Ints
    ends: Ints
    capital: Flags
    inside: Flags


class Masked(NamedTuple):
    """The words of a batch of texts that are compared, in order: the number of the text each is of, and its hash.

    Values are replaced by their kind, a run of one kind is one word. `texts` are the numbers of the batch's texts.
    """

    texts: range
    rows: NDArray[np.int32]
    hashes: Hashes


class _Read(NamedTuple):
    """What is kept of a batch until all have been read: only then is it known which words are names."""

    texts: range
    rows: NDArray[np.int32]
    hashes: Hashes
    kinds: Kinds


def map_masked(
    function: Callable[[Masked], ResultT], texts: Iterable[str], usage: "Usage", *, count: bool = True
) -> Iterator[ResultT]:
    """Yield what a function makes of the masked words of each batch of texts, in their order, on all cores.

    `usage`, which tells names from words, counts those of the texts first, unless it is of the whole market already.
    """

    def read(batch: tuple[int, list[str]]) -> _Read:
        words = read_words(batch[1])
        if count:
            usage.count(words)
        texts = range(batch[0], batch[0] + len(batch[1]))
        return _Read(texts, (words.rows + batch[0]).astype(np.int32), words.hashes, words.kinds)

    waiting = deque(pack(_Read, map_threads(read, _iter_batches(texts))))
    taken = (waiting.popleft() for _ in range(len(waiting)))
    yield from map_threads(lambda each: function(_mask(each, usage)), taken)


def _mask(read: _Read, usage: "Usage") -> Masked:
    kinds, kept = find_values(read.rows, read.hashes, read.kinds, usage)
    hashes = np.where(kinds > Kind.WORD, _kind_hashes()[kinds], read.hashes)
    return Masked(read.texts, read.rows[kept], hashes[kept])


def find_values(rows: NDArray[np.integer], hashes: Hashes, kinds: Kinds, usage: "Usage") -> tuple[Kinds, Flags]:
    """Return the kinds with names and places told, and which words begin a run of one kind or are plain."""
    proper = (kinds == Kind.WORD) & usage.find_proper(hashes)
    follows = rows[1:] == rows[:-1]
    cued = np.zeros(len(rows), bool)
    cued[1:] = np.isin(hashes[:-1], _hash_list(_CUES)) & follows
    kinds = kinds.copy()
    kinds[proper] = Kind.NAME
    kinds[proper & cued] = Kind.PLACE
    kinds[_is_protected(hashes)] = Kind.PERSON
    family = np.minimum(kinds, np.uint8(Kind.NAME))  # "in Milton Keynes": a name that follows a place is of it
    kept = np.ones(len(rows), bool)
    kept[1:] = ~((family[1:] > Kind.WORD) & (family[1:] == family[:-1]) & follows)
    return kinds, kept


class Usage:
    """How often texts write each word inside sentences with a capital, and how often without."""

    def __init__(self, capital: NDArray[np.int32] | None = None, small: NDArray[np.int32] | None = None) -> None:
        self.capital = np.zeros(_BUCKETS, np.int32) if capital is None else capital
        self.small = np.zeros(_BUCKETS, np.int32) if small is None else small
        self._adding = Lock()

    def count(self, words: Words) -> None:
        """Add the words of some texts, of any thread; a text that writes most words with a capital says nothing."""
        plain = words.kinds == Kind.WORD
        capital, small = plain & words.capital & words.inside, plain & ~words.capital
        most = int(words.rows.max(initial=-1)) + 1
        shouting = np.bincount(words.rows[capital], minlength=most) > np.bincount(words.rows[small], minlength=most)
        told = ~shouting[words.rows]
        buckets = words.hashes % np.uint64(_BUCKETS)
        with self._adding:
            np.add.at(self.capital, buckets[capital & told], 1)
            np.add.at(self.small, buckets[small & told], 1)

    def find_proper(self, hashes: Hashes) -> Flags:
        """Return which words are written with a capital inside sentences and hardly ever without."""
        buckets = hashes % np.uint64(_BUCKETS)
        capital, small = self.capital[buckets], self.small[buckets]
        proper: Flags = (capital > 0) & (capital >= _PROPER_SHARE * (capital + small))
        return proper


def _is_protected(hashes: Hashes) -> Flags:
    known = _protected()
    found: Flags = known[np.minimum(np.searchsorted(known, hashes), len(known) - 1)] == hashes
    return found


def level_text(text: str) -> str:
    """Return a text in the characters that words are read in: compatibility forms (bold, fullwidth) made plain.

    Lower-casing it changes no length; the few texts with a letter whose forms differ in length are lower-cased here.
    """
    if text.isascii():
        return text
    plain = unicodedata.normalize("NFKC", text)
    lowered = plain.lower()
    return plain if len(lowered.encode("utf-8", "replace")) == len(plain.encode("utf-8", "replace")) else lowered


def read_words(texts: Sequence[str]) -> Words:
    """Return the words of a few texts, levelled; numbers, prices and addresses have their kind."""
    levelled = [level_text(text) for text in texts]
    encoded = [text.encode("utf-8", "replace") for text in levelled]
    data = np.frombuffer(b"\n".join([b"", *encoded, b""]), np.uint8)
    lowered = np.frombuffer("\n".join(["", *levelled, ""]).lower().encode("utf-8", "replace"), np.uint8)
    text_ends = np.cumsum(np.fromiter((len(each) + 1 for each in encoded), np.int64, len(encoded)))
    text_starts = np.concatenate((np.zeros(1, np.int64), text_ends)) + 1
    starts, ends = _find_borders(data, _find_letters(data))
    rows = np.searchsorted(text_ends, starts, side="right")
    hashes = _hash_words(lowered, starts, ends)
    after = np.minimum(starts + 1, len(data) - 1)
    ended = _count_before(_among(_SENTENCE_ENDS)[data])
    return Words(
        rows=rows,
        hashes=hashes,
        kinds=_read_kinds(data, starts, ends, hashes),
        starts=starts - text_starts[rows],
        ends=ends - text_starts[rows],
        capital=((data[starts] != lowered[starts]) | (data[after] != lowered[after]) & (data[starts] >= 0xC3))
        & (ends - starts > 1),
        inside=ended[starts] == ended[np.concatenate((np.zeros(1, np.int64), ends[:-1]))],
    )


def mix(values: Hashes) -> Hashes:
    """Return values whose every bit depends on every bit (the end of SplitMix64)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def sort_distinct(values: NDArray[IntT]) -> NDArray[IntT]:
    """Return the different values in order; `np.unique` hashes, which costs ten times as much on random values."""
    return drop_repeated(np.sort(values))


def drop_repeated(values: NDArray[IntT]) -> NDArray[IntT]:
    """Return the different values of sorted ones."""
    fresh = np.ones(len(values), bool)
    fresh[1:] = values[1:] != values[:-1]
    return values[fresh]


def _iter_batches(texts: Iterable[str]) -> Iterator[tuple[int, list[str]]]:
    """Yield the number of each batch's first text, and the batch."""
    start, size, batch = 0, 0, list[str]()
    for text in texts:
        batch.append(text)
        size += len(text)
        if len(batch) == _BATCH or size >= _BATCH_CHARACTERS:
            yield start, batch
            start, size, batch = start + len(batch), 0, []
    if batch:
        yield start, batch


def _find_letters(data: NDArray[np.uint8]) -> Flags:
    """Return which bytes are of letters or digits."""
    letters = _letters()[data]
    for lead, following in _SYMBOLS.items():
        places = np.flatnonzero(data == lead[0])
        for step, byte in enumerate(lead[1:], start=1):
            places = places[data[np.minimum(places + step, len(data) - 1)] == byte]
        for step in range(following + 1):
            letters[np.minimum(places + step, len(data) - 1)] = False
    return letters


def _find_borders(data: NDArray[np.uint8], letters: Flags) -> tuple[Ints, Ints]:
    """Return where words start and end."""
    change = np.diff(letters.view(np.int8), prepend=np.int8(0), append=np.int8(0))
    starts, ends = np.flatnonzero(change == 1), np.flatnonzero(change == -1)
    signs = np.flatnonzero((data >= _IDEOGRAMS[0]) & (data <= _IDEOGRAMS[1]))
    if len(signs):
        cuts = np.union1d(signs, signs + 3)
        cuts = cuts[letters[cuts] & letters[cuts - 1]]  # elsewhere a word starts or ends anyway
        starts, ends = np.union1d(starts, cuts), np.union1d(ends, cuts)
    return starts, ends


def _hash_words(data: NDArray[np.uint8], starts: Ints, ends: Ints) -> Hashes:
    """Return a polynomial hash of each word of lower-cased bytes, from the differences of one running sum."""
    powers, inverses = _powers(max(1 << len(data).bit_length(), _BATCH_CHARACTERS))
    sums = np.zeros(len(data) + 1, np.uint64)
    np.cumsum((data.astype(np.uint64) + np.uint64(1)) * powers[: len(data)], out=sums[1:])
    return mix((sums[ends] - sums[starts]) * inverses[starts])


def _read_kinds(data: NDArray[np.uint8], starts: Ints, ends: Ints, hashes: Hashes) -> Kinds:
    digits = _count_before(_among(b"0123456789")[data])
    before, after = data[np.maximum(starts - 1, 0)], data[np.minimum(ends, len(data) - 1)]
    kinds = np.zeros(len(starts), np.uint8)
    kinds[digits[ends] > digits[starts]] = Kind.NUMBER
    kinds[(kinds == Kind.NUMBER) & _among(_CURRENCY)[before]] = Kind.PRICE
    address = (before == ord("@")) | (after == ord("@")) | np.isin(hashes, _hash_list(_WEB))
    address |= (before == ord(".")) & np.isin(hashes, _hash_list(_DOMAINS))
    if address.any():
        joined = (starts[1:] - ends[:-1] == 1) & _among(_JOINTS)[before[1:]]
        for _ in range(_JOINED):
            address[1:] |= address[:-1] & joined
            address[:-1] |= address[1:] & joined
        kinds[address] = Kind.ADDRESS
    return kinds


def _count_before(flags: Flags) -> NDArray[np.int32]:
    """Return how many flags are set before each place; one place more than there are flags."""
    counts = np.zeros(len(flags) + 1, np.int32)
    np.cumsum(flags, out=counts[1:])
    return counts


@cache
def _letters() -> Flags:
    """Return which bytes may be of letters or digits; those of symbols are cleared where they stand."""
    return np.array([byte >= 0x80 or chr(byte).isalnum() for byte in range(256)])


@cache
def _among(characters: bytes) -> Flags:
    return np.isin(np.arange(256), np.frombuffer(characters, np.uint8))


@lru_cache(maxsize=2)
def _powers(size: int) -> tuple[Hashes, Hashes]:
    """Return the powers of the hash's base and of its inverse, modulo 2^64."""
    return _raise(_PRIME, size), _raise(pow(_PRIME, -1, 1 << 64), size)


def _raise(base: int, size: int) -> Hashes:
    powers = np.full(size, base, np.uint64)
    powers[0] = 1
    return np.multiply.accumulate(powers)


@cache
def _hash_list(words: tuple[str, ...]) -> Hashes:
    """Return the hash of each word, in lower case and ASCII."""
    data = np.frombuffer("\n".join([*words, ""]).encode(), np.uint8)
    ends = np.flatnonzero(data == ord("\n"))
    return _hash_words(data, np.concatenate((np.zeros(1, np.int64), ends[:-1] + 1)), ends)


@cache
def _protected() -> Hashes:
    """Return the hash of each word that says a protected characteristic."""
    with _PROTECTED.open(encoding="ascii", newline="") as file:
        return np.sort(_hash_list(tuple(row["word"] for row in csv.DictReader(file))))


@cache
def _kind_hashes() -> Hashes:
    return mix(np.arange(1, len(Kind) + 1, dtype=np.uint64))
