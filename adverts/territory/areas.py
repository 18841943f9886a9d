"""An area of the map, and the outcodes as areas."""

import math
import re
from collections.abc import Iterator
from functools import cache
from typing import Final, NamedTuple

from adverts.territory.forces import force_table, region_of
from adverts.territory.tables import iter_table

_BELFAST: Final = re.compile(r"BT([1-9]|[1-8]\d|9[0-4])")  # Royal Mail's BT rows lie outside the open licence
_NO_FORCE: Final = re.compile(r"(JE[1-5]|GY([1-9]|10)|IM[1-9])")  # Channel Islands, Isle of Man


class Area(NamedTuple):
    """An outcode or a named place. Degrees are WGS84, None where open data has no point; `forces` maps name to share.

    Shares sum to 1. `region` is that of the largest share, empty outside the forces' ground; `population` is 0 where
    not known; `kind` is outcode, town, district, station, landmark, airport, hospital, university or stadium.
    """

    name: str
    lat: float | None
    lon: float | None
    forces: dict[str, float]
    region: str
    authority: str
    population: int = 0
    kind: str = "town"

    def on(self, day: str) -> "Area":
        """Return the area as it was policed on an ISO day, by the forces of today when the day is empty."""
        shares = force_table().share_on(self.forces, day)
        return self if shares is self.forces else self._replace(forces=shares, region=_main_region(shares, day))


def find_outcode(code: str, day: str = "") -> Area | None:
    """Return the area of an outcode such as `CF10` on an ISO day, or None when there is no such outcode."""
    outcode = code.strip().upper()
    if found := _outcodes().get(outcode):
        return found.on(day)
    if _BELFAST.fullmatch(outcode):
        return Area(outcode, None, None, {"PSNI": 1.0}, "Northern Ireland", "", kind="outcode")
    if _NO_FORCE.fullmatch(outcode):
        return Area(outcode, None, None, {}, "", "", kind="outcode")
    return None


def iter_outcodes() -> Iterator[Area]:
    """Yield every outcode that has a point."""
    yield from _outcodes().values()


def measure_km(a: Area, b: Area) -> float:
    """Return the distance of two areas in km on a flat map, good to 1 % within the UK; infinite without points."""
    if a.lat is None or a.lon is None or b.lat is None or b.lon is None:
        return math.inf
    east = (a.lon - b.lon) * math.cos(math.radians((a.lat + b.lat) / 2))
    return 111.2 * math.hypot(a.lat - b.lat, east)


@cache
def _outcodes() -> dict[str, Area]:
    return {area.name: area for area in (_parse_outcode(row) for row in iter_table("outcodes.csv"))}


def _parse_outcode(row: list[str]) -> Area:
    outcode, lat, lon, authority, shown = row
    shares = {force: float(share) for force, _, share in (part.partition(":") for part in shown.split(";"))}
    return Area(outcode, float(lat), float(lon), shares, _main_region(shares), authority, kind="outcode")


def _main_region(shares: dict[str, float], day: str = "") -> str:
    return region_of(max(shares, key=lambda force: shares[force]), day)
