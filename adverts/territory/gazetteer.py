"""Named places: towns, city districts, stations and landmarks, each with the namesakes that it has."""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Final

from adverts.territory.areas import Area, find_outcode, measure_km
from adverts.territory.forces import region_of
from adverts.territory.tables import iter_table

ATTRIBUTION: Final = (
    "Contains OS data © Crown copyright and database right; Contains Royal Mail data © Royal Mail copyright and "
    "database right; Source: Office for National Statistics licensed under the Open Government Licence v.3.0. "
    "Town names: GeoNames (geonames.org), CC BY 4.0."
)
_SAME_KM: Final = 6.0  # two rows of one name nearer than this are one place


def find_town(name: str, near: Area | None = None) -> Area | None:
    """Return the place called `name`: the nearest to `near`, else the most populous."""
    candidates = list_namesakes(name)
    if not candidates:
        return None
    if len(candidates) == 1:
        return candidates[0]
    if near is None or near.lat is None:
        return max(candidates, key=lambda area: area.population)
    return min(candidates, key=lambda area: measure_km(area, near))


def list_namesakes(name: str) -> list[Area]:
    """Return every place called `name`, an empty list when there is none."""
    return _places().get(fold_name(name), [])


def iter_town_names() -> Iterator[tuple[str, Area]]:
    """Yield each name that `find_town` knows, folded, with the area it means when nothing else is known."""
    for key, candidates in _places().items():
        yield key, max(candidates, key=lambda area: area.population)


@cache
def find_area_code(digits: str) -> Area | None:
    """Return the town of a landline's national number, such as `1633960123` or its beginning; None when unknown."""
    codes = _area_codes()
    code = next((digits[:length] for length in (6, 5, 4, 3, 2) if digits[:length] in codes), "")
    return codes.get(code)


def fold_name(name: str) -> str:
    """Return the form in which place names are compared: lower case, hyphens, full stops and apostrophes levelled."""
    return " ".join(name.lower().replace("-", " ").replace("’", "'").replace(".", " ").split())


@cache
def _places() -> dict[str, list[Area]]:
    places: dict[str, list[Area]] = {}
    for name, lat, lon, authority, force, population in iter_table("towns.csv"):
        _add(places, [name], _build(name, (lat, lon), authority, force)._replace(population=int(population)))
    for name, kind, lat, lon, authority, force, _, also in iter_table("landmarks.csv"):
        names = [name, *filter(None, also.split(";"))]
        _add(places, names, _build(name, (lat, lon), authority, force)._replace(kind=kind))
    for outcode, shown in iter_table("districts.csv"):
        area = find_outcode(outcode)
        assert area is not None, outcode
        for name in shown.split(";"):
            _add(places, [name], area._replace(name=name, kind="district"))
    for name, alias_of in iter_table("aliases.csv"):
        known = places[fold_name(alias_of)]
        places[fold_name(name)] = [*known, *(area for area in places.get(fold_name(name), []) if area not in known)]
    for key in [key for key in places if "'" in key]:
        places.setdefault(key.replace("'", ""), places[key])
    return places


def _build(name: str, point: tuple[str, str], authority: str, force: str) -> Area:
    return Area(name, float(point[0]), float(point[1]), {force: 1.0}, region_of(force), authority)


def _add(places: dict[str, list[Area]], names: Iterable[str], area: Area) -> None:
    """Add an area under its names; one that is there already only learns that it is a district."""
    for name in names:
        known = places.setdefault(fold_name(name), [])
        same = next((index for index, other in enumerate(known) if measure_km(area, other) < _SAME_KM), None)
        if same is None:
            known.append(area)
        elif area.kind == "district" and known[same].kind == "town" and known[same].population < _CITY:
            known[same] = known[same]._replace(kind="district")


_CITY: Final = 150_000  # people; more is no district of another place


@cache
def _area_codes() -> dict[str, Area]:
    return {
        code: Area(name, float(lat), float(lon), {force: 1.0}, region_of(force), "")
        for code, name, lat, lon, force in iter_table("area_codes.csv")
    }
