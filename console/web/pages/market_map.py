"""The result of a search on a map: how many adverts name places in each square of a tenth of a degree."""

from collections.abc import Sequence
from functools import cache
from typing import Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from adverts.errors import StopRun
from adverts.territory import Area, iter_town_names, measure_km
from console.web.auditing import log_consultation, name_search
from console.web.drawing.map import MapDrawing, Spot, draw_map
from console.web.facets import Choice, build_chosen, read_filters, read_query
from console.web.faults import Fault, point_at
from console.web.render import Page, get_console, render_page, with_params
from indexer.fields import SQUARE
from indexer.providers.base import Bucket
from indexer.providers.base import Request as SearchRequest
from indexer.source import name_square
from indexer.syntax import QuerySyntaxError

_MOST_SQUARES: Final = 2_000  # the country has fewer with anybody in them
_LISTED: Final = 100
_REACH: Final = 3  # squares away that a town may lie and still give its name


class Square(msgspec.Struct, frozen=True):
    """A square by the town it is near, how many adverts name a place in it, and the search for those."""

    name: str
    adverts: int
    url: str


class MapPage(Page, frozen=True, kw_only=True):
    """The map and its squares, those with most adverts first; `fault` or `failure` stands where there is none."""

    query: str
    params: list[tuple[str, str]]
    total: int = 0
    map: MapDrawing | None = None
    squares: Sequence[Square] = ()
    more: int = 0
    chosen: Sequence[Choice] = ()
    fault: Fault | None = None
    failure: str = ""


def show_map(request: Request) -> Response:
    """Answer `/search/map`; `?q=` and facets as on the search page."""
    params = request.query_params
    text, chosen = params.get("q", "").strip(), read_filters(params)
    kept = [("q", text)] * bool(text) + chosen
    page = MapPage(title=f"Map: {text}" if text else "Map", query=text, params=kept)
    console = get_console(request)
    try:
        asked = SearchRequest(
            query=read_query(text, chosen), size=0, facets=[SQUARE], facet_size=_MOST_SQUARES,
            without=console.read_withheld(),
        )  # fmt: skip
        results = console.provider.search(asked)
    except QuerySyntaxError as error:
        return render_page(request, "map.html", msgspec.structs.replace(page, fault=point_at(text, error)), 400)
    except StopRun as error:
        return render_page(request, "map.html", msgspec.structs.replace(page, failure=str(error)), 503)
    log_consultation(request, f"map {name_search(text, results.total, chosen)}")
    buckets = results.facets[SQUARE]
    squares = [_build_square(bucket, kept) for bucket in buckets]
    spots = [_build_spot(bucket, square) for bucket, square in zip(buckets, squares, strict=True)]
    filled = msgspec.structs.replace(
        page, total=results.total, map=draw_map(spots), squares=squares[:_LISTED],
        more=max(0, len(squares) - _LISTED), chosen=build_chosen(chosen, kept),
    )  # fmt: skip
    return render_page(request, "map.html", filled)


def _build_square(bucket: Bucket, params: list[tuple[str, str]]) -> Square:
    return Square(_name(bucket.value), bucket.count, with_params("/search", [*params, (SQUARE, bucket.value)]))


def _build_spot(bucket: Bucket, square: Square) -> Spot:
    lat, lon = map(float, bucket.value.split(","))
    return Spot(square.name, lat, lon, bucket.count, kind=SQUARE, url=square.url)


@cache
def _name(square: str) -> str:
    """Return the largest town in a square, or the nearest beside it, else the square's own name."""
    own = _towns().get(square)
    if own is not None:
        return own.name
    lat, lon = map(float, square.split(","))
    middle = Area("", lat, lon, {}, "", "")
    steps = [step / 10 for step in range(-_REACH, _REACH + 1)]
    around = [_towns().get(name_square(lat + north, lon + east)) for north in steps for east in steps]
    nearest = min((town for town in around if town), key=lambda town: measure_km(middle, town), default=None)
    return f"near {nearest.name}" if nearest else square


@cache
def _towns() -> dict[str, Area]:
    """Return the largest town of each square."""
    ranked = sorted((area for _, area in iter_town_names()), key=lambda area: (area.population, area.name))
    return {name_square(town.lat, town.lon): town for town in ranked if town.lat is not None and town.lon is not None}
