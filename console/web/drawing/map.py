"""A map of the places a network names, over a faint backdrop of the country's outcodes."""

import math
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Final, NamedTuple

import msgspec

from adverts.territory import iter_outcodes, iter_town_names

_WIDTH: Final = 420.0
_HEIGHT: Final = 460.0
_MIDDLE: Final = math.cos(math.radians(54.5))  # degrees of longitude shrink by this at the country's middle
_KM_A_DEGREE: Final = 111.2
_LEAST_SPAN: Final = 2.2  # degrees of latitude shown at least, about 240 km: a lone town keeps its surroundings
_MARGIN: Final = 1.5  # how much wider than the places the view is
_LABEL_HEIGHT: Final = 15.0
_LETTER: Final = 7.2  # width of a letter of the labels
_RADII: Final = (4.0, 24.0)  # of the smallest and the largest mark
_CROWDED_RADII: Final = (2.0, 12.0)
_CROWD: Final = 60  # marks that still leave one another room
_GROWTH: Final = 2.5  # by the square root of its adverts, unless the largest would be larger than that
_MOST_LABELS: Final = 14
_LARGE_TOWN: Final = 100_000  # people
_MOST_TOWNS: Final = 7
_CLEAR_WIDTH: Final = 110.0  # a label's length
_CLEAR_HEIGHT: Final = 26.0
_SCALES: Final = (200, 100, 50, 20, 10)


class Spot(msgspec.Struct, frozen=True):
    """A place, or an outcode by its own `kind`, and how many adverts name it; `url` leads elsewhere than to those."""

    name: str
    lat: float
    lon: float
    adverts: int
    forces: tuple[str, ...] = ()
    kind: str = "place"
    url: str = ""


class Mark(msgspec.Struct, frozen=True):
    """A spot on the drawing; `label_y` is moved so that labels don't cover each other, None leaves the label out."""

    spot: Spot
    x: float
    y: float
    radius: float
    label_x: float
    label_y: float | None
    anchor: str


class KnownTown(msgspec.Struct, frozen=True):
    """A large town that no advert names, for the reader's bearings."""

    name: str
    x: float
    y: float


class MapDrawing(msgspec.Struct, frozen=True):
    """Marks over two backdrops: outcodes of the forces concerned, and all others, each one SVG path of dots."""

    width: float
    height: float
    near: str
    far: str
    marks: list[Mark]
    towns: list[KnownTown]
    scale_km: int
    scale_width: float


class _View:
    """The part of the country in sight: degrees to drawing units."""

    def __init__(self, spots: Sequence[Spot]) -> None:
        lats, lons = [spot.lat for spot in spots], [spot.lon * _MIDDLE for spot in spots]
        self._north = (max(lats) + min(lats)) / 2
        self._east = (max(lons) + min(lons)) / 2
        tall = max(max(lats) - min(lats), (max(lons) - min(lons)) * _HEIGHT / _WIDTH)
        self.unit = _HEIGHT / max(tall * _MARGIN, _LEAST_SPAN)  # drawing units a degree of latitude

    def place(self, lat: float, lon: float) -> tuple[float, float]:
        x = _WIDTH / 2 + (lon * _MIDDLE - self._east) * self.unit
        return round(x, 1), round(_HEIGHT / 2 - (lat - self._north) * self.unit, 1)


def draw_map(spots: Sequence[Spot]) -> MapDrawing | None:
    """Return the map of the places; None when there is no place to show."""
    if not spots:
        return None
    view = _View(spots)
    concerned = {force for spot in spots for force in spot.forces}
    marks = _place_marks(view, spots)
    scale = next((km for km in _SCALES if km / _KM_A_DEGREE * view.unit < _WIDTH / 3), _SCALES[-1])
    return MapDrawing(
        _WIDTH, _HEIGHT,
        near=_draw_dots(view, (point for point in _outcode_points() if point[2] in concerned)),
        far=_draw_dots(view, (point for point in _outcode_points() if point[2] not in concerned)),
        marks=marks, towns=_pick_towns(view, marks),
        scale_km=scale, scale_width=round(scale / _KM_A_DEGREE * view.unit, 1),
    )  # fmt: skip


@cache
def _outcode_points() -> list[tuple[float, float, str]]:
    return [
        (area.lat, area.lon, max(area.forces, key=lambda force: area.forces[force], default=""))
        for area in iter_outcodes()
        if area.lat is not None and area.lon is not None
    ]


@cache
def _large_towns() -> list[tuple[str, float, float]]:
    """Return the large towns, largest first. The territory folds its names, so each is read from its own area."""
    areas = {area.name: area for _, area in iter_town_names() if area.population >= _LARGE_TOWN}
    ranked = sorted(areas.values(), key=lambda area: (-area.population, area.name))
    return [(area.name, area.lat, area.lon) for area in ranked if area.lat is not None and area.lon is not None]


def _pick_towns(view: _View, marks: Sequence[Mark]) -> list[KnownTown]:
    """Return the largest towns in sight that stand clear of the marks and of one another."""
    picked: list[KnownTown] = []
    for name, lat, lon in _large_towns():
        x, y = view.place(lat, lon)
        others = [(mark.x, mark.y) for mark in marks] + [(town.x, town.y) for town in picked]
        is_inside = 8 < x < _WIDTH - 80 and 16 < y < _HEIGHT - 40
        if is_inside and all(abs(x - a) > _CLEAR_WIDTH or abs(y - b) > _CLEAR_HEIGHT for a, b in others):
            picked.append(KnownTown(name, x, y))
    return picked[:_MOST_TOWNS]


def _draw_dots(view: _View, points: Iterable[tuple[float, float, str]]) -> str:
    """Return a path of zero-length strokes, which round caps show as dots; one path is far lighter than circles."""
    placed = {tuple(map(round, view.place(lat, lon))) for lat, lon, _ in points}
    return "".join(f"M{x} {y}h0" for x, y in sorted(placed) if 0 <= x <= _WIDTH and 0 <= y <= _HEIGHT)


def _place_marks(view: _View, spots: Sequence[Spot]) -> list[Mark]:
    """Return the marks, the most named first; each label takes the first free place round its mark."""
    ranked = sorted(spots, key=lambda spot: (-spot.adverts, spot.name))
    smallest, largest = _RADII if len(spots) <= _CROWD else _CROWDED_RADII
    growth = min(_GROWTH, (largest - smallest) / math.sqrt(ranked[0].adverts))
    places = [
        (*view.place(spot.lat, spot.lon), round(smallest + growth * math.sqrt(spot.adverts), 1)) for spot in ranked
    ]
    taken = [_Box(x - radius, x + radius, y - radius, y + radius) for x, y, radius in places]
    marks = []
    for rank, (spot, (x, y, radius)) in enumerate(zip(ranked, places, strict=True)):
        label = _find_room(spot, places[rank], taken) if rank < _MOST_LABELS else None
        if label is None:
            marks.append(Mark(spot, x, y, radius, x, None, "start"))
            continue
        taken.append(label)
        is_left = label.right < x
        edge = label.right if is_left else label.left
        marks.append(Mark(spot, x, y, radius, round(edge, 1), round(label.middle, 1), "end" if is_left else "start"))
    return marks


class _Box(NamedTuple):
    """A part of the drawing that is taken."""

    left: float
    right: float
    top: float
    bottom: float

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2

    def meets(self, other: "_Box") -> bool:
        return not (
            self.right <= other.left or other.right <= self.left or self.bottom <= other.top or other.bottom <= self.top
        )


def _find_room(spot: Spot, place: tuple[float, float, float], taken: Sequence[_Box]) -> _Box | None:
    """Return where a label beside its mark covers nothing: level with it first, then above or below; else None."""
    x, y, radius = place
    width = _LETTER * (len(spot.name) + 1 + len(str(spot.adverts)))
    for step in (0.0, -0.9, 0.9):
        middle = y + step * _LABEL_HEIGHT
        for left in (x + radius + 4, x - radius - 4 - width):
            box = _Box(left, left + width, middle - _LABEL_HEIGHT / 2, middle + _LABEL_HEIGHT / 2)
            if left >= 0 and box.right <= _WIDTH and not any(box.meets(other) for other in taken):
                return box
    return None
