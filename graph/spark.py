"""Spark: the same relational work on a cluster, from the same SQL texts."""

import sys
from collections.abc import Callable
from typing import Any, Final

import pyarrow as pa
from numpy.typing import NDArray
from py4j.protocol import Py4JError
from pyspark import SparkContext
from pyspark.errors import PySparkException
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.functions import arrow_udf  # type: ignore[attr-defined]  # its stubs lack it

from adverts.errors import StopRun
from graph.dialect import LENT, PREFIX, translate
from graph.duck import compute
from graph.workspace import Parameters, Workspace

_SESSION: Final = {
    "spark.sql.ansi.enabled": "false",  # a division by nothing gives nothing, as in DuckDB
    "spark.sql.session.timeZone": "UTC",
}
_LOCAL: Final = {
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}
"""For a master in this process: no address for others to reach."""


class SparkWorkspace(Workspace):
    """A session of Spark. Each table is a temporary view of rows that the executors hold; of what made them Spark
    forgets the plan, which would grow with every step.

    Spark is stopped at the end where it was not running before.
    """

    def __init__(self, master: str) -> None:
        super().__init__()
        self._is_ours = SparkSession.getActiveSession() is None
        self._session = _open_session(master)
        for name, returns in LENT.items():
            self._session.udf.register(PREFIX + name, arrow_udf(_lend(name), returns))

    def close(self) -> None:
        """Stop Spark, unless somebody else started it."""
        if self._is_ours:
            self._session.stop()
            _end_java()

    def run(self, sql: str, parameters: Parameters | None = None) -> None:
        """Run one statement."""
        query, table = translate(sql)
        self._ask(query, parameters).localCheckpoint().createOrReplaceTempView(table)

    def drop(self, *names: str) -> None:
        """Drop views: what their checkpoints keep goes when Java next collects them."""
        for name in names:
            self._session.catalog.dropTempView(name)

    def add(self, name: str, table: pa.Table) -> None:
        """Offer an Arrow table under a name."""
        self._session.createDataFrame(table).createOrReplaceTempView(name)

    def rows(self, sql: str, parameters: Parameters | None = None) -> list[tuple[Any, ...]]:
        """Return the rows of a query."""
        return [tuple(row) for row in self._ask(translate(sql).query, parameters).collect()]

    def table(self, sql: str, parameters: Parameters | None = None) -> pa.Table:
        """Return the rows of a query as an Arrow table."""
        return self._ask(translate(sql).query, parameters).toArrow()

    def columns(self, sql: str, parameters: Parameters | None = None) -> dict[str, NDArray[Any]]:
        """Return the columns of a query as NumPy arrays."""
        found = self._ask(translate(sql).query, parameters).toArrow()
        return {name: column.to_numpy() for name, column in zip(found.column_names, found.columns, strict=True)}

    def _ask(self, query: str, parameters: Parameters | None = None) -> DataFrame:
        return self._session.sql(query, args=dict(parameters or {}))


def _open_session(master: str) -> SparkSession:
    """Return a session of its own, with views and settings that nobody else sees; StopRun when Spark does not start."""
    is_local = master.startswith("local")
    builder = SparkSession.builder.appName("asw link").master(master)
    for name, value in (_LOCAL if is_local else {}).items():
        builder = builder.config(name, value)
    try:
        session = builder.getOrCreate().newSession()
    except (PySparkException, Py4JError) as error:
        reason = " ".join(str(error).splitlines()[:2])  # of Java's, the second line says why
        raise StopRun(f"Spark does not start at {master}, or Java 17 is not there: {reason}", code=2) from error
    context = session.sparkContext
    context.setLogLevel("ERROR")
    if is_local:
        context.pythonExec = sys.executable  # the workers' Python is this one
        session.conf.set("spark.sql.shuffle.partitions", context.defaultParallelism)
    for name, value in _SESSION.items():
        session.conf.set(name, value)
    return session


def _end_java() -> None:
    """End the process that Spark ran in: PySpark would leave it, with its memory, to the end of this one."""
    gateway: Any = SparkContext._gateway
    if gateway.proc is None:  # `spark-submit` started it, and us
        return
    gateway.shutdown()
    gateway.proc.stdin.close()
    gateway.proc.wait()
    SparkContext._gateway = SparkContext._jvm = None


def _lend(name: str) -> Callable[..., pa.Array]:
    """Return a function of DuckDB's for Spark's workers."""

    def call(*columns: pa.Array) -> pa.Array:
        return compute(name, *columns)

    return call
