"""The three websites show exactly the night's adverts, each in its own manner."""

import socket
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import msgspec
import pytest

from adverts.errors import StopRun
from simulator.records import WorldVersion
from simulator.websites import Market
from simulator.websites.catalogue import Catalogue, cut_page, slugify
from simulator.world import read_world, write_world


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("worlds") / "world"
    write_world(folder, seed=5, adverts=200, nights=3, start=date(2026, 3, 1))
    return folder


@pytest.fixture
def market(world: Path) -> Iterator[Market]:
    with Market(world) as opened:
        yield opened


def _get(market: Market, site: int, path: str) -> tuple[int, str, str]:
    """Return status, text and content type."""
    try:
        with urllib.request.urlopen(f"http://{market.host}:{market.first_port + site}{path}", timeout=10) as answer:
            kind = answer.headers["Content-Type"]
            return answer.status, answer.read().decode("latin-1" if site == 1 else "utf-8"), kind
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers.get("Retry-After", ""), ""


def _versions(world: Path, site: str) -> list[WorldVersion]:
    return [version for version in read_world(world).iter_versions() if version.site == site]


def test_each_night_shows_its_own_adverts_and_no_other(market: Market, world: Path) -> None:
    versions = _versions(world, "northgate")
    for night in range(3):
        market.night = night
        shown = {version.ref for version in versions if version.is_shown(night)}
        for ref in {version.ref for version in versions}:
            assert _get(market, 0, f"/advert/{ref}")[0] == (200 if ref in shown else 404)


def test_the_messy_site_is_latin_1_and_hides_the_telephone(market: Market, world: Path) -> None:
    card = next(v for v in _versions(world, "bazaar") if v.is_shown(0) and v.record.phones)
    status, text, kind = _get(market, 1, f"/ad.php?id={card.ref}")
    if status == 429:
        assert text == "1"
        status, text, kind = _get(market, 1, f"/ad.php?id={card.ref}")
    assert (status, kind) == (200, "text/html; charset=iso-8859-1")
    assert "contact.php?id=" in text
    assert _get(market, 1, f"/contact.php?id={card.ref}&k=guess")[0] in (404, 429)


def test_the_messy_site_is_busy_once_a_night(market: Market) -> None:
    assert [_get(market, 1, "/")[0] for _ in range(2)] == [429, 200]
    market.night = 1
    assert [_get(market, 1, "/")[0] for _ in range(2)] == [429, 200]


def test_the_scripted_site_is_empty_without_its_endpoint(market: Market, world: Path) -> None:
    shown = {version.ref for version in _versions(world, "lantern") if version.is_shown(0)}
    assert not any(ref in _get(market, 2, "/")[1] for ref in shown)
    listed: set[str] = set()
    for town in msgspec.json.decode(_get(market, 2, "/api/towns")[1])["towns"]:
        page: int | None = 1
        while page is not None:
            found = msgspec.json.decode(_get(market, 2, f"/api/adverts?town={town['slug']}&page={page}")[1])
            listed |= {advert["ref"] for advert in found["adverts"]}
            page = found["next"]
    assert listed == shown


@pytest.mark.parametrize("site", [0, 1, 2])
def test_each_site_has_robots_and_pictures_show_nobody(market: Market, site: int) -> None:
    assert "Disallow: /" in _get(market, site, "/robots.txt")[1]
    folder = ("images", "img", "pictures")[site]
    assert _get(market, site, f"/{folder}/0123.jpg")[2].startswith("image/svg+xml")


@pytest.mark.parametrize("path", ["/in/nowhere/none/", "/in/x/y/?page=999999999999", "/advert/%00", "/nothing"])
def test_what_is_not_there_is_404(market: Market, path: str) -> None:
    assert _get(market, 0, path)[0] == 404


def test_taken_ports_and_wrong_nights_are_said_in_a_sentence(world: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(StopRun, match="cannot listen on"), Market(world, first_port=taken.getsockname()[1]):
            pass
    with pytest.raises(StopRun, match="the nights 0 to 2, not 3"):
        Market(world, night=3)


def test_lists_are_cut_into_pages_that_hold_everything_once(world: Path) -> None:
    catalogue = Catalogue(_versions(world, "northgate"), 0)
    for group in catalogue.shelves.values():
        pages = [cut_page(group.cards, page, 5) for page in range(1, len(group.cards) // 5 + 2)]
        assert [card for cards, _ in pages for card in cards] == group.cards
    assert sum(len(group.cards) for group in catalogue.towns.values()) == len(catalogue.cards)


@pytest.mark.parametrize(("text", "slug"), [("St. Helens", "st-helens"), ("", "elsewhere"), ("日本", "elsewhere")])
def test_slugs_are_plain(text: str, slug: str) -> None:
    assert slugify(text) == slug
