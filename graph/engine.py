"""Which engine runs the relational work of a linking: DuckDB in this process, or Spark on a cluster."""

from collections.abc import Mapping
from importlib import import_module
from typing import Final, NamedTuple

import pyarrow as pa

from adverts.arrow import Linkables
from adverts.errors import StopRun
from adverts.settings import Settings
from graph.duck import DuckWorkspace
from graph.known import Keep
from graph.workspace import Workspace, fill_workspace

_SPARK: Final = "graph.spark"
"""Imported only where it is asked for: PySpark is an extra."""


class Engine(NamedTuple):
    """`duckdb` or `spark`, as `ASW_LINK_ENGINE` names it; `master` is the address of Spark's cluster."""

    name: str = "duckdb"
    master: str = "local[*]"


DUCKDB: Final = Engine()


def pick_engine(settings: Settings) -> Engine:
    """Return the engine that the settings name."""
    return Engine(settings.link_engine, settings.spark_master)


def open_workspace(
    engine: Engine, linkables: Linkables, market: Mapping[str, pa.Table] | None = None, keep: Keep | None = None
) -> Workspace:
    """Return a workspace of that engine with the first tables of the linkables.

    `market` is what a linking of the whole market kept, where the linkables are a part of it. StopRun when two adverts
    have one id, or when the engine cannot start.
    """
    work = _start(engine)
    work.market = market or {}
    try:
        fill_workspace(work, linkables, keep)
    except BaseException:
        work.close()
        raise
    return work


def _start(engine: Engine) -> Workspace:
    if engine.name == "duckdb":
        return DuckWorkspace()
    try:
        spark = import_module(_SPARK)
    except ModuleNotFoundError as error:
        message = f"Linking on Spark needs {error.name}. Install it with `pip install 'asw[spark]'`, and Java 17."
        raise StopRun(message, code=2) from error
    work: Workspace = spark.SparkWorkspace(engine.master)
    return work
