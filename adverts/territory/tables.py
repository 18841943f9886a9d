"""The territory tables as typed look-ups, read from the CSV files beside this module on first use."""

import csv
import math
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

ATTRIBUTION: Final = (
    "Contains OS data © Crown copyright and database right; Contains Royal Mail data © Royal Mail copyright and "
    "database right; Source: Office for National Statistics licensed under the Open Government Licence v.3.0. "
    "Town names: GeoNames (geonames.org), CC BY 4.0."
)
BRITISH_TRANSPORT_POLICE: Final = "British Transport Police"
"""Polices the railways everywhere, so no outcode or town is its own."""

_DATA: Final = Path(__file__).parent / "data"
_BELFAST: Final = re.compile(r"BT([1-9]|[1-8]\d|9[0-4])")  # Royal Mail's BT rows lie outside the open licence
_NO_FORCE: Final = re.compile(r"(JE[1-5]|GY([1-9]|10)|IM[1-9])")  # Channel Islands, Isle of Man


class Force(NamedTuple):
    """A territorial police force. `name` is the short form used in shares; dates are ISO, empty for open-ended."""

    code: str
    full_name: str
    name: str
    region: str
    nation: str
    valid_from: str
    valid_to: str


class Area(NamedTuple):
    """An outcode or a town. Degrees are WGS84, None where open data has no point; `forces` maps name to share, sum 1.

    `region` is that of the largest share, empty outside the forces' ground; `population` is 0 where not known.
    """

    name: str
    lat: float | None
    lon: float | None
    forces: dict[str, float]
    region: str
    authority: str
    population: int = 0


def find_outcode(code: str) -> Area | None:
    """Return the area of an outcode such as `CF10`, or None when there is no such outcode."""
    outcode = code.strip().upper()
    if _BELFAST.fullmatch(outcode):
        return Area(outcode, None, None, {"PSNI": 1.0}, "Northern Ireland", "")
    if _NO_FORCE.fullmatch(outcode):
        return Area(outcode, None, None, {}, "", "")
    return _outcodes().get(outcode)


def find_town(name: str, near: Area | None = None) -> Area | None:
    """Return the town, district or city district called `name`: the nearest to `near`, else the most populous."""
    candidates = _towns().get(fold_name(name))
    if not candidates:
        return None
    if len(candidates) == 1:
        return candidates[0]
    if near is None or near.lat is None:
        return max(candidates, key=lambda area: area.population)
    return min(candidates, key=lambda area: measure_km(area, near))


def iter_town_names() -> Iterator[tuple[str, Area]]:
    """Yield each name that `find_town` knows, as written, with the area it means when nothing else is known."""
    for key, candidates in _towns().items():
        yield key, max(candidates, key=lambda area: area.population)


def iter_outcodes() -> Iterator[Area]:
    """Yield every outcode that has a point."""
    yield from _outcodes().values()


def forces() -> tuple[Force, ...]:
    """Return the 43 forces of England and Wales, Police Scotland and PSNI."""
    return tuple(_forces().values())


def region_of(force: str) -> str:
    """Return the region (ROCU) of a force's short name, empty for British Transport Police and unknown names."""
    found = _forces().get(force)
    return found.region if found else ""


def fold_name(name: str) -> str:
    """Return the form in which place names are compared: lower case, hyphens and apostrophes levelled."""
    return " ".join(name.lower().replace("-", " ").replace("’", "'").split())


def measure_km(a: Area, b: Area) -> float:
    """Return the distance of two areas in km on a flat map, good to 1 % within the UK; infinite without points."""
    if a.lat is None or a.lon is None or b.lat is None or b.lon is None:
        return math.inf
    east = (a.lon - b.lon) * math.cos(math.radians((a.lat + b.lat) / 2))
    return 111.2 * math.hypot(a.lat - b.lat, east)


@cache
def _forces() -> dict[str, Force]:
    return {force.name: force for force in (Force(*row) for row in _iter_table("forces.csv"))}


@cache
def _outcodes() -> dict[str, Area]:
    return {area.name: area for area in (_parse_outcode(row) for row in _iter_table("outcodes.csv"))}


@cache
def _towns() -> dict[str, list[Area]]:
    towns: dict[str, list[Area]] = {}
    for name, lat, lon, authority, force, population in _iter_table("towns.csv"):
        area = Area(name, float(lat), float(lon), {force: 1.0}, region_of(force), authority, int(population))
        towns.setdefault(fold_name(name), []).append(area)
    for name, outcode, alias_of in _iter_table("aliases.csv"):
        known = [_outcodes()[outcode]._replace(name=name)] if outcode else towns[fold_name(alias_of)]
        towns[fold_name(name)] = known
    return towns


def _parse_outcode(row: list[str]) -> Area:
    outcode, lat, lon, authority, shown = row
    shares = {force: float(share) for force, _, share in (part.partition(":") for part in shown.split(";"))}
    return Area(outcode, float(lat), float(lon), shares, region_of(next(iter(shares))), authority)


def _iter_table(name: str) -> Iterator[list[str]]:
    with (_DATA / name).open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        yield from rows
