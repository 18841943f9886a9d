"""Copies: whether who writes a text took it from one advert, or writes from what that advert and others come from.

Who copies an advert has nothing of its text's other adverts but what that one has, and has some of what only that one
has. Who edits the text that they all come from has kept words that the other's editor changed, the more of them the
more the two have in common, and little that is that one's alone. All are counted in phrases, the rarer in the market
the more they count; those of a notice that many end in do not.
"""

from collections.abc import Iterator
from typing import Final

import numpy as np
import pyarrow as pa
import scipy.sparse as sp
from numpy.typing import NDArray

from graph.components import Numbers, label_holders
from graph.shingles import Matrix
from graph.threads import map_threads
from graph.words import Ints
from graph.workspace import Workspace

Columns = dict[str, Ints]

_BATCH: Final = 20_000  # adverts whose texts are looked at at a time, and the rest of their text's
# Tuned on a simulated market of 100,000 (seed 1), on free markets of `benchmarks.linking` of 1,500 (seeds 1 to 6) and
# 30,000 (seed 5) with and without names, and on such where more of the controls copy, or operations edit more. What
# speaks against copying is weak: by chance, too, texts have a phrase in common.
_STEEPNESS: Final = 1.2  # log-odds for each time that the one count is e times the other
_LACKED: Final = 0.1  # of the phrases that two have in common so many are expected beside them, had neither copied
_EVEN: Final = 0.6  # log-odds where there are just so many
_AGAINST, _FOR = 3.0, 0.7  # most log-odds that the words may say, for a copy and for a text in common
_COMMON: Final = (12, 0.01)
"""Wordings outside of a text, and share of the market's, above both of which a phrase is a notice's."""

_COPY: Final = -1.5  # log-odds from which an author is taken for a copyist, who is no voice for the text

# A name is one author's within a text; who gives none is alone with it.
_HANDS: Final = """
SELECT
    v, n, dense_rank() OVER (ORDER BY v, circle) - 1 AS hand,
    dense_rank() OVER (ORDER BY v, name, CASE WHEN name = '' THEN n END) - 1 AS name
FROM hand ORDER BY v, n
"""

# For each advert the one of another author that is most like it.
_SOURCES: Final = """
CREATE TABLE source AS
WITH met AS (
    SELECT
        shared.v, shared.a, shared.b, one.author AS c, other.author AS d, likeness.alike / likeness.enough AS alike
    FROM shared
    JOIN likeness ON likeness.a = shared.a AND likeness.b = shared.b
    JOIN author AS one ON one.v = shared.v AND one.n = shared.a
    JOIN author AS other ON other.v = shared.v AND other.n = shared.b
    WHERE one.author <> other.author
),
both_ways AS (
    SELECT v, c AS author, a AS n, b AS x, alike FROM met UNION ALL SELECT v, d, b, a, alike FROM met
)
SELECT v, author, n, x FROM both_ways
QUALIFY row_number() OVER (PARTITION BY v, n ORDER BY alike DESC, x) = 1
"""

# Who copies has copied everything; one copied from has adverts that are no copies of the copy.
_COPIED: Final = """
CREATE TABLE copied AS
SELECT * FROM told
QUALIFY row_number() OVER (PARTITION BY author ORDER BY weight DESC, source, n) = 1
"""

_COPYING: Final = """
CREATE TABLE copying AS SELECT v, count(*) AS copies FROM copied WHERE weight <= $copy GROUP BY v
"""


_TOLD: Final = pa.schema(
    {**dict.fromkeys(("v", "author", "n", "source", "common", "alone", "others"), pa.int64()), "weight": pa.float64()}
)
"""What the words tell of an advert: how many phrases it has in common with the likely source, how many of them with
that one alone, how many with other adverts of the text that the source lacks, and what that says, in log-odds.
"""


def build_copies(work: Workspace) -> None:
    """Add `author` (who wrote which advert of a text), `copied` (what the words say of each, in log-odds) and `copying`
    (how many of a text are copyists).

    `weight` is negative for a copy of the advert `source`. Where a text has no third wording nothing can be told.
    """
    _add_authors(work)
    work.run(_SOURCES)
    adverts = _read(work, "SELECT v, author, n FROM author ORDER BY v, n")
    sources = _read(work, "SELECT v, author, n, x FROM source ORDER BY v, author")
    told = map_threads(lambda part: _compare(work, *part), _iter_parts(adverts, sources))
    work.add("told", pa.concat_tables([_TOLD.empty_table(), *told]))
    work.run(_COPIED)
    work.run(_COPYING, {"copy": _COPY})


def _add_authors(work: Workspace) -> None:
    """Add `author`: as far as anybody can see, one hand, or several hands that give one name."""
    hands = _read(work, _HANDS)
    author = label_holders(int(hands["hand"].max(initial=-1)) + 1, hands["hand"], hands["name"])[hands["hand"]]
    work.add("author", pa.table({"v": hands["v"], "n": hands["n"], "author": author}))


def _read(work: Workspace, sql: str) -> Columns:
    return {name: column.astype(np.int64) for name, column in work.columns(sql).items()}


def _iter_parts(adverts: Columns, sources: Columns) -> Iterator[tuple[Columns, Columns]]:
    """Yield the adverts of some texts at a time, and their authors' sources."""
    ends = np.flatnonzero(np.diff(adverts["v"], append=-1)) + 1
    start = 0
    while start < len(adverts["v"]):
        stop = int(ends[min(int(np.searchsorted(ends, start + _BATCH)), len(ends) - 1)])
        first, last = np.searchsorted(sources["v"], (adverts["v"][start], adverts["v"][stop - 1] + 1))
        yield (
            {name: column[start:stop] for name, column in adverts.items()},
            {name: column[first:last] for name, column in sources.items()},
        )
        start = stop


def _compare(work: Workspace, adverts: Columns, sources: Columns) -> pa.Table:
    """Return what the words tell of the adverts that have a source, all adverts of their texts being given."""
    wordings, held, nowhere_else = work.wordings.list_phrases(work.places[adverts["n"]])
    v, text, author = _number(adverts["v"]), _number(adverts["v"], wordings), _number(adverts["author"])
    phrase = _number(np.repeat(v, np.diff(held.indptr)), held.indices)  # of another text it is another phrase
    phrases = sp.csr_array((held.data, phrase, held.indptr), shape=(len(v), int(phrase.max(initial=-1)) + 1))
    holders = _Holders(phrases, text, author)
    phrases = _weigh(phrases, holders, work.wordings.market)
    places = _join(adverts["v"], adverts["n"])
    one, source = (np.searchsorted(places, _join(sources["v"], sources[name])) for name in ("n", "x"))

    mine = phrases[one]
    row = np.repeat(np.arange(len(one)), np.diff(mine.indptr))
    outside = holders.count_outside(author[one][row], mine.indices)
    in_source = np.isin(_join(row, mine.indices), _join(*sp.coo_array(phrases[source]).coords))
    in_others, in_source_alone = ~in_source & (outside > 0), in_source & (outside == 1)
    word_for_word = np.where(text[one] == text[source], nowhere_else[one], 0)

    def add_up(given: NDArray[np.generic]) -> NDArray[np.float64]:
        return np.bincount(row, given, minlength=len(one)).astype(np.float64)

    common, alone = (add_up(mine.data * chosen) + word_for_word for chosen in (in_source, in_source_alone))
    others = add_up(mine.data * in_others)
    weight = _STEEPNESS * np.log((others + 1) / (alone + _LACKED * common + 1)) + _EVEN
    counts = add_up(in_source) + word_for_word, add_up(in_source_alone) + word_for_word, add_up(in_others)
    columns = (*(sources[name] for name in ("v", "author", "n", "x")), *counts, np.clip(weight, -_AGAINST, _FOR))
    wordings_of_others = np.bincount(v[holders.first])[v[one]] - holders.own_texts[author[one]]
    known = wordings_of_others > 1
    return pa.table([column[known] for column in columns], names=_TOLD.names).cast(_TOLD)


def _weigh(phrases: Matrix, holders: "_Holders", market: int) -> Matrix:
    """Return the phrases by how rare each is in the market, from 0 to 1, given how many of its wordings hold each;
    without those that many hold outside of the text.
    """
    most, share = _COMMON
    telling = phrases.data - holders.held[phrases.indices] <= max(most, share * market)
    weights = telling * np.log1p(market / phrases.data) / np.log1p(market)
    weighed = sp.csr_array((weights, phrases.indices, phrases.indptr), shape=phrases.shape)
    weighed.eliminate_zeros()
    return weighed


class _Holders:
    """How many of a text's wordings hold each phrase, `held`. `first` has an advert of each wording, `own_texts` counts
    an author's own.
    """

    def __init__(self, phrases: Matrix, text: Ints, author: Ints) -> None:
        self.first = np.unique(text, return_index=True)[1]
        own = np.bincount(np.unique(_join(text, author)) >> 32) == 1
        writer = author[self.first]
        self.own_texts = np.bincount(writer[own], minlength=int(author.max()) + 1)
        row, phrase = sp.coo_array(phrases[self.first]).coords
        self.held = np.bincount(phrase, minlength=phrases.shape[1])
        keys, counts = np.unique(_join(writer[row], phrase)[own[row]], return_counts=True)
        self._keys, self._own = np.append(keys, np.iinfo(np.int64).max), np.append(counts, 0)

    def count_outside(self, author: Numbers, phrase: Numbers) -> Ints:
        """Return how many wordings hold a phrase that not only the author writes, pair by pair."""
        key = _join(author, phrase)
        at = np.searchsorted(self._keys, key)
        return self.held[phrase] - np.where(self._keys[at] == key, self._own[at], 0)


def _join(high: Numbers, low: Numbers) -> Ints:
    """Return pairs of numbers below 2^31 as one number each."""
    return (high.astype(np.int64) << 32) | low


def _number(*columns: Numbers) -> Ints:
    """Return the numbers 0, 1, ... of the different rows."""
    return np.unique(columns[0] if len(columns) == 1 else _join(*columns), return_inverse=True)[1]
