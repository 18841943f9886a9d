"""Every gazetteer name, county, foreign region and kind of street in a text, by one automaton."""

import csv
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import Final, NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from adverts.territory import Area, iter_town_names, list_namesakes

DATA: Final = Path(__file__).parents[1] / "data"
_IN_FULL: Final = (
    "street road avenue lane crescent terrace mews gardens grove drive close court place way square row parade"
)
_SHORT: Final = {"st": "Street", "rd": "Road", "ave": "Avenue", "ln": "Lane", "cres": "Crescent", "gdns": "Gardens"}
STREETS: Final = {word: word.title() for word in _IN_FULL.split()} | _SHORT
"""Word that ends a street's name -> as it is written in full."""
_STREETS_OF_PLACES: Final = frozenset({"street", "road", "lane", "avenue"})
BIG: Final = 20_000  # people: a smaller town's name needs more evidence
_MOST: Final = 2_000  # names in one field; more is no advert, and each costs
_LEVEL: Final = bytes(code if chr(code).isalnum() or chr(code) in " '" else ord(" ") for code in range(256))


class Entry(NamedTuple):
    """What a name may mean: UK places (all namesakes), the centre of a county, somewhere abroad, an end of a street.

    `kind` says how sure the name is in itself: `firm`, `small` (a little-known town), `word` or `person` (it is also
    one); `population` is that of the largest namesake; `may_end_street` also where a place is named so (`Park Lane`).
    """

    name: str
    areas: tuple[Area, ...] = ()
    kind: str = ""
    population: int = 0
    centre: Area | None = None
    is_abroad: bool = False
    street: str = ""
    may_end_street: bool = False


class Hit(NamedTuple):
    """A name in a text, from `start` to `end`."""

    start: int
    end: int
    entry: Entry


@lru_cache(maxsize=1_024)  # title and body of the adverts that are read together
def find_hits(lowered: str) -> list[Hit]:
    """Return the whole-word names of a lower-case text, the longest where they overlap."""
    machine, names = _automaton()
    level = f" {_level(lowered)} "
    hits: list[Hit] = []
    for index, start, end in machine.find_matches_as_indexes(level):
        if not level[end].isalnum():
            hits.append(Hit(start, end - 1, _build_entry(names[index])))
            if len(hits) == _MOST:
                break
    return hits


def _level(text: str) -> str:
    """Return a text with blanks for all but Latin letters and digits.

    Through bytes, as that takes 1 us where `re.sub` takes 47.
    """
    return text.encode("latin-1", "replace").translate(_LEVEL).decode("latin-1")


def iter_data(name: str) -> Iterator[dict[str, str]]:
    """Yield the rows of a table of `enrichment/data`."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


@cache
def _automaton() -> tuple[AhoCorasick, list[str]]:
    """Return the automaton and the name that each of its patterns spells; a pattern begins with the blank before it."""
    towns = [name for name, _ in iter_town_names() if len(name) > 2]
    names = dict.fromkeys((*towns, *_qualifiers(), *STREETS))
    spelt = [(spelling, name) for name in names for spelling in _iter_spellings(name)]
    patterns = [f" {spelling}" for spelling, _ in spelt]
    machine = AhoCorasick(patterns, matchkind=MatchKind.LeftmostLongest, implementation=Implementation.DFA)
    return machine, [name for _, name in spelt]


def _iter_spellings(name: str) -> Iterator[str]:
    level = " ".join(_level(name).split())
    yield level
    if level.startswith("st "):
        yield f"st  {level[3:]}"  # `St. Helens`
        yield f"saint {level[3:]}"


@cache
def _build_entry(name: str) -> Entry:
    """Return what a name may mean, when a text first holds it: few texts hold many of the 7,000."""
    areas = tuple(list_namesakes(name)) if len(name) > 2 else ()
    population = max((area.population for area in areas), default=0)
    is_small = population < BIG and all(area.kind == "town" for area in areas)
    kind = _common_names().get(name, "small" if is_small else "firm") if areas else ""
    centre, street = _qualifiers().get(name), STREETS.get(name, "")
    may_end_street = bool(street) or (bool(areas) and name.rpartition(" ")[2] in _STREETS_OF_PLACES)
    is_abroad = name in _qualifiers() and centre is None
    return Entry(name, areas, kind, population, centre, is_abroad, street, may_end_street)


@cache
def _common_names() -> dict[str, str]:
    """Return the kind of each place name that is also a word or a person's."""
    return {row["name"]: row["kind"] for row in iter_data("common_names.csv")}


@cache
def _qualifiers() -> dict[str, Area | None]:
    """Return the counties with their centres, and the foreign regions with none."""
    return {
        row["term"]: Area(row["term"], float(row["lat"]), float(row["lon"]), {}, "", "") if row["lat"] else None
        for row in iter_data("place_qualifiers.csv")
    }
