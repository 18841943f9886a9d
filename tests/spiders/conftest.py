"""A small world, its websites, and a collector pointed at them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from simulator.websites import Market
from simulator.world import write_world
from tests.spiders.collector import FIRST, Collector, make_collector


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A world of 150 adverts over two nights."""
    folder = tmp_path_factory.mktemp("worlds") / "world"
    write_world(folder, seed=3, adverts=150, nights=2, start=FIRST)
    return folder


@pytest.fixture
def market(world: Path) -> Iterator[Market]:
    """The world's websites, showing their first night."""
    with Market(world) as opened:
        yield opened


@pytest.fixture
def collector(tmp_path: Path, market: Market) -> Collector:
    """A collector with an empty home, pointed at the market."""
    return make_collector(tmp_path / "home", f"{market.host}:{market.first_port}")
