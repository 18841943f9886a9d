from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from simulator.records import Truth, WorldInfo, WorldSummary, WorldVersion
from simulator.world import read_world, write_world


@dataclass(frozen=True)
class Loaded:
    summary: WorldSummary
    info: WorldInfo
    truths: list[Truth]
    versions: dict[tuple[str, str], list[WorldVersion]]

    def iter_pairs(self) -> Iterator[tuple[Truth, list[WorldVersion]]]:
        return ((truth, self.versions[truth.site, truth.ref]) for truth in self.truths)


@pytest.fixture(scope="session")
def market(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    """A world as large as the demo's."""
    folder: Path = tmp_path_factory.mktemp("market") / "world"
    summary = write_world(folder, seed=11, adverts=3_400, nights=3, start=date(2026, 3, 1))
    world = read_world(folder)
    versions: dict[tuple[str, str], list[WorldVersion]] = {}
    for version in world.iter_versions():
        versions.setdefault((version.site, version.ref), []).append(version)
    return Loaded(summary, world.info, list(world.iter_truths()), versions)
