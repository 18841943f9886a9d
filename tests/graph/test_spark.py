"""Spark: from the same SQL texts, to the last digit and word, the answer that DuckDB gives."""

import sys
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from msgspec.structs import replace
from pyspark import SparkContext

from adverts.arrow import Linkables
from adverts.errors import StopRun
from adverts.model import Decision
from adverts.settings import Settings
from benchmarks.links.free_market import make_free_market
from graph.clustering import Linked, cluster
from graph.engine import DUCKDB, Engine, open_workspace, pick_engine
from graph.market import Facts, Folder
from tests.graph.markets import CASES, make_linkables, read_case

SPARK: Final = Engine("spark", "local[2]")
# Most queries run once: compile them fast, and keep room for all of them (48 MB, otherwise, with such a compiler).
QUICK: Final = "--driver-java-options '-XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=160m' pyspark-shell"
DECISIONS: Final = (
    Decision(decision="same", a="pair-ad001", b="silent-ad001"),
    Decision(decision="different", a="rotation-ad002", b="rotation-ad003"),
    Decision(decision="hub", value="+447700900010"),
)


def make_market() -> Linkables:
    """Return a free market with every hand-made case among it."""
    cases = sorted(path.stem for path in CASES.glob("*.jsonl"))
    lines = [replace(line, id=f"{case}-{line.id}") for case in cases for line in read_case(case)]
    free, made = make_free_market(600, seed=5)[0], make_linkables(lines)
    return Linkables(
        pa.concat_tables((free.adverts, made.adverts)),
        pa.concat_tables((free.mentions, made.mentions)),
        pa.concat_tables((free.indicators, made.indicators)),
    )


def link_and_keep(market: Linkables, engine: Engine, folder: Folder) -> Linked:
    """Return the answer of an engine, what it measured of the market being kept in a folder."""
    folder.start()
    answer = cluster(market, DECISIONS, engine=engine, keep=folder)
    folder.finish(Facts("", 0, "", ""))
    return answer


def sort_rows(table: pa.Table) -> list[str]:
    """Return the rows of a table as text, in order; of a sum of shares the last digits are those of the sum's order."""
    return sorted(
        str([round(value, 12) if isinstance(value, float) else value for value in row.values()])
        for row in table.to_pylist()
    )


def compare_answers(here: Linked, there: Linked) -> None:
    """Check that two engines gave one answer."""
    assert list(there.links) == list(here.links)
    assert list(there.networks) == list(here.networks)
    assert there.members == here.members
    assert there.hubs == here.hubs
    assert there.templates == here.templates
    assert there.counts == here.counts


@pytest.mark.slow
def test_both_engines_link_one_market_alike(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PYSPARK_SUBMIT_ARGS", QUICK)
    market = make_market()
    one, other = Folder(tmp_path / "here"), Folder(tmp_path / "there")
    here, there = link_and_keep(market, DUCKDB, one), link_and_keep(market, SPARK, other)
    assert len(here.links) > 1_000
    compare_answers(here, there)
    assert SparkContext._gateway is None, "Spark's process goes on"
    kept, also = one.read(), other.read()
    assert kept is not None
    assert also is not None
    for name, table in kept.items():
        assert sort_rows(also[name]) == sort_rows(table), name


@pytest.mark.slow
def test_both_engines_link_a_part_of_a_market_alike(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PYSPARK_SUBMIT_ARGS", QUICK)
    market, folder = make_market(), Folder(tmp_path / "market")
    whole = link_and_keep(market, DUCKDB, folder)
    kept = folder.read()
    assert kept is not None
    parts = kept["advert"].column("part").to_numpy()
    largest = np.argsort(-np.bincount(parts))[1:20]
    part = pick_adverts(market, kept["advert"].column("id").filter(pa.array(np.isin(parts, largest))))
    here, there = (cluster(part, DECISIONS, engine=engine, market=kept) for engine in (DUCKDB, SPARK))
    assert 0 < len(here.links) < len(whole.links) / 2
    compare_answers(here, there)


def pick_adverts(market: Linkables, ids: pa.ChunkedArray) -> Linkables:
    """Return the tables of some adverts."""
    return Linkables(
        *(
            table.filter(pc.is_in(table.column(name), ids))
            for table, name in ((market.adverts, "id"), (market.mentions, "advert"), (market.indicators, "advert"))
        )
    )


def test_what_spark_needs_is_said_where_it_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "graph.spark", raising=False)
    monkeypatch.setitem(sys.modules, "pyspark", None)
    with pytest.raises(StopRun, match=r"needs pyspark. Install it with `pip install 'asw\[spark\]'`, and Java 17"):
        open_workspace(SPARK, make_linkables([]))


def test_the_settings_name_the_engine() -> None:
    assert pick_engine(Settings()) == Engine("duckdb")
    assert pick_engine(Settings(link_engine="spark", spark_master="yarn")) == Engine("spark", "yarn")
