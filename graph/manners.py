"""Manners: how an advert is written, whatever it says: its breaks, its capitals, its short forms, its ornaments.

A writer keeps to her habits, whoever the advert is of and whatever its text was made from. How much a habit says is
measured in the market at hand: how often two authors of one text agree in it where all other reasons say that they are
of one control, and where these say that they are not (one step of expectation maximisation; five found no more). Where
those who copy a text keep the manner that it is written in, it says nothing.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from graph.words import Ints
from graph.workspace import Workspace

Floats = NDArray[np.float64]

_USUAL, _OWN, _UNLIKE = range(3)
"""Both do what most do, both something else, or one this and one that."""

_WEIGHED: Final = {"own": (_OWN, 0.0, 1.5), "unlike": (_UNLIKE, -1.5, 0.0)}
"""Those that say something, and the log-odds that they may say. To write as most do is no reason for anything."""

_PAIRS: Final = 50  # pairs of hands that chance counts for on either side, so that a few decide little
_NEVER: Final = 0.001  # share of an outcome that is not met at all

# What is a word of no other language; hearts, stars, flowers, sparks and kisses. People, flags, and the signs of a sex,
# a faith or a skin are left out: they tell who somebody is, and nobody is judged by that.
_SHORT: Final = (
    r"(?i)(?:^|[^\p{L}\p{N}])(?:pls|plz|thx|tnx|luv|gr8|l8r|2nite|2day|2moro|wiv|gonna|wanna)(?:[^\p{L}\p{N}]|$)"
)
_JOINED: Final = r".\x{FE0F}?(?:\x{200D}.\x{FE0F}?)+"  # one sign of several: a couple, a flag
_ORNAMENT: Final = (
    r"(?P<value>[\x{2600}\x{2605}\x{2606}\x{2661}\x{2665}\x{2726}-\x{2730}\x{2733}-\x{274B}\x{2763}\x{2764}\x{2B50}"
    r"\x{1F31F}\x{1F320}\x{1F337}-\x{1F33C}\x{1F340}\x{1F444}\x{1F445}\x{1F48B}-\x{1F48E}\x{1F490}"
    r"\x{1F493}-\x{1F49F}\x{1F4A5}\x{1F4AB}\x{1F4AF}\x{1F525}\x{1F98B}\x{1F9E1}])"
)
_AFTER_SENTENCE: Final = r"(?:[.!?]\s+|\n\s*)"
_LOUD: Final = 4  # capitals of a title, at least

# Pairs of two hands' adverts that have a text in common and no name or contact, and what the other reasons say.
_PENNED: Final = """
CREATE TABLE penned AS
SELECT shared.a, shared.b, shared.v, round(sum(reason.weight), 3) AS weight
FROM shared
JOIN facts ON facts.a = shared.a AND facts.b = shared.b
JOIN circle AS one ON one.n = shared.a JOIN circle AS other ON other.n = shared.b
JOIN reason ON reason.a = shared.a AND reason.b = shared.b
WHERE shared.kind = 'template' AND facts.contacts = 0 AND one.circle <> other.circle AND NOT facts.same_name
GROUP BY shared.a, shared.b, shared.v
"""

_AGREED: Final = """
SELECT penned.a, penned.b, '{habit}' AS habit, one."{habit}" AS value, other."{habit}" AS other_value
FROM penned JOIN manner AS one ON one.n = penned.a JOIN manner AS other ON other.n = penned.b
"""

# Each two hands count once on a text, by the pair of theirs that is the most alike.
_TWO_HANDS: Final = """
SELECT penned.a, penned.b, penned.weight
FROM penned
JOIN likeness ON likeness.a = penned.a AND likeness.b = penned.b
JOIN circle AS one ON one.n = penned.a JOIN circle AS other ON other.n = penned.b
WHERE likeness.alike >= likeness.enough
QUALIFY row_number() OVER (
    PARTITION BY penned.v, least(one.circle, other.circle), greatest(one.circle, other.circle)
    ORDER BY likeness.alike DESC, penned.a, penned.b
) = 1
ORDER BY penned.a, penned.b
"""


class Habit(NamedTuple):
    """What a habit of two hands on one text says, in log-odds: where both do alike, but not as most do, or unlike."""

    habit: str
    own: float
    unlike: float


def build_manners(work: Workspace, adverts: pa.Table) -> None:
    """Add `agreed` (what the two adverts of `penned` pairs do, habit by habit) and `habit_weight` (what it says to
    agree in what is not usual, or not to, in log-odds).
    """
    work.run(_PENNED)
    written = work.columns("SELECT a AS n FROM penned UNION SELECT b FROM penned ORDER BY n")["n"].astype(np.int64)
    manners = read_manners(adverts, work.places[written])
    work.add("manner", pa.table({"n": pa.array(written, pa.int32()), **manners}))
    work.run(f"CREATE TABLE agreed AS {' UNION ALL '.join(_AGREED.format(habit=habit) for habit in _HABITS)}")
    work.add_measured("habit_weight", lambda: _weigh(work, manners, written))


def count_habits(work: Workspace) -> dict[str, int]:
    """Return the weights of habits as counts of the run: `weight/habit/HABIT/OUTCOME`, in thousandths."""
    rows = work.rows("SELECT habit, outcome, weight FROM habit_weight ORDER BY habit, outcome")
    return {f"weight/habit/{habit}/{outcome}": round(1000 * weight) for habit, outcome, weight in rows}


def read_habits(counts: Mapping[str, int]) -> Iterator[Habit]:
    """Yield the weights of habits that the counts of a run hold."""
    for habit in _HABITS:
        if f"weight/habit/{habit}/own" in counts:
            yield Habit(habit, *(counts[f"weight/habit/{habit}/{outcome}"] / 1000 for outcome in _WEIGHED))


def read_manners(adverts: pa.Table, places: Ints) -> dict[str, pa.StringArray]:
    """Return what the adverts at some places do, habit by habit, in words."""
    wanted = np.zeros(adverts.num_rows, bool)
    wanted[places] = True
    chosen = adverts.select(["title", "text"]).filter(pa.array(wanted))  # `take` would join all texts first
    title, text = (pc.fill_null(chosen.column(name), "") for name in ("title", "text"))
    order = pa.array(np.argsort(np.argsort(places)))
    return {habit: read(title, text).combine_chunks().take(order) for habit, read in _HABITS.items()}


def _weigh(work: Workspace, manners: Mapping[str, pa.StringArray], written: Ints) -> pa.Table:
    """Return the weight of each habit's outcomes, from pairs of the adverts `written` and what else is said of them."""
    hands = work.columns(_TWO_HANDS)
    one, other = (np.searchsorted(written, hands[name].astype(np.int64)) for name in ("a", "b"))
    outcomes, chances, usual = [], [], []
    for values in manners.values():
        coded = values.dictionary_encode()
        code = coded.indices.to_numpy()
        counts = np.bincount(code, minlength=1)
        most = int(counts.argmax())
        met = np.square(counts / max(1, len(code)))
        outcomes.append(np.where(code[one] != code[other], _UNLIKE, np.where(code[one] == most, _USUAL, _OWN)))
        chances.append((met[most], met.sum() - met[most], 1 - met.sum()))
        usual.append(coded.dictionary[most].as_py() if len(code) else "")
    weights = _estimate(np.array(outcomes), np.array(chances), hands["weight"])
    return pa.table(
        {
            "habit": np.repeat([*manners], len(_WEIGHED)),
            "outcome": [*_WEIGHED] * len(manners),
            "usual": np.repeat(usual, len(_WEIGHED)),
            "weight": weights.ravel().round(1) + 0.0,  # no -0
        }
    )


def _estimate(outcomes: Ints, chances: Floats, weight: Floats) -> Floats:
    """Return what those outcomes say that are weighed, a row a habit, in log-odds.

    `outcomes` has a row a habit and a column a pair, `chances` a row a habit.
    """
    likely = 1 / (1 + np.exp(-weight))
    of_one, of_two = (_count_outcomes(outcomes, chances, share) for share in (likely, 1 - likely))
    places, least, most = zip(*_WEIGHED.values(), strict=True)
    return np.clip(np.log(of_one / of_two)[:, places], least, most)


def _count_outcomes(outcomes: Ints, chances: Floats, share: Floats) -> Floats:
    """Return how often each outcome is met where each pair counts for its share, beginning from chance."""
    counts = np.array([np.bincount(row, share, _UNLIKE + 1) for row in outcomes])
    met: Floats = (counts + _PAIRS * chances) / (share.sum() + _PAIRS) + _NEVER
    return met


def _count(strings: pa.ChunkedArray, pattern: str) -> Any:
    return pc.count_substring_regex(strings, pattern)


def _read_breaks(_: pa.ChunkedArray, text: pa.ChunkedArray) -> Any:
    return pc.if_else(
        pc.match_substring(text, "\n\n"),
        "blank lines",
        pc.if_else(pc.match_substring(text, "\n"), "lines", "one piece"),
    )


def _read_capitals(_: pa.ChunkedArray, text: pa.ChunkedArray) -> Any:
    small, large = (_count(text, _AFTER_SENTENCE + letter) for letter in (r"\p{Ll}", r"\p{Lu}"))
    return pc.if_else(pc.greater(small, large), "no capitals", "capitals")


def _read_title(title: pa.ChunkedArray, _: pa.ChunkedArray) -> Any:
    large, small, other = (_count(title, letter) for letter in (r"\p{Lu}", r"\p{Ll}", r"\p{Lo}"))
    loud = pc.and_(pc.greater_equal(large, _LOUD), pc.greater(large, pc.add(small, other)))
    return pc.if_else(loud, "a title in capitals", "a plain title")


def _read_short_forms(_: pa.ChunkedArray, text: pa.ChunkedArray) -> Any:
    return pc.if_else(pc.match_substring_regex(text, _SHORT), "short forms", "whole words")


def _read_exclamations(_: pa.ChunkedArray, text: pa.ChunkedArray) -> Any:
    loud, all_ends = _count(text, r"!+"), _count(text, r"[.!?]+")
    often = pc.and_(pc.greater(loud, 0), pc.greater_equal(pc.multiply(loud, 2), all_ends))
    return pc.if_else(often, "exclamation marks", "full stops")


def _read_dots(_: pa.ChunkedArray, text: pa.ChunkedArray) -> Any:
    return pc.if_else(pc.greater_equal(_count(text, r"\.\.\.|…"), 2), "rows of dots", "no rows of dots")


def _read_ornament(title: pa.ChunkedArray, text: pa.ChunkedArray) -> Any:
    joined = pc.replace_substring_regex(pc.binary_join_element_wise(title, text, "\n"), _JOINED, "")
    found = pc.struct_field(pc.extract_regex(joined, _ORNAMENT), "value")
    return pc.if_else(pc.equal(pc.fill_null(found, ""), ""), "no ornament", found)


_HABITS: Final[dict[str, Callable[[pa.ChunkedArray, pa.ChunkedArray], Any]]] = {
    "breaks": _read_breaks,
    "capitals": _read_capitals,
    "title": _read_title,
    "short forms": _read_short_forms,
    "exclamation marks": _read_exclamations,
    "dots": _read_dots,
    "ornament": _read_ornament,
}
