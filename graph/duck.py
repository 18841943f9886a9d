"""DuckDB: the relational work of a linking in this process, and what else is asked of it."""

import os
import shutil
import tempfile
from pathlib import Path
from typing import Any, Final

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from adverts.processes import is_running
from graph.workspace import Parameters, Workspace

_FOLDER: Final = "asw-link-"  # and the process that has it
_MOST_MEMORY: Final = 2_600_000_000  # bytes that DuckDB may fill, or half of what the machine has


class DuckWorkspace(Workspace):
    """An in-memory DuckDB, which writes what does not fit to a folder of its own."""

    def __init__(self) -> None:
        super().__init__()
        _sweep()
        self._spilled = tempfile.TemporaryDirectory(prefix=f"{_FOLDER}{os.getpid()}-")  # nobody else may read it
        self._duck = duckdb.connect(
            ":memory:", config={"memory_limit": f"{_limit_memory()}B", "temp_directory": self._spilled.name}
        )
        self._duck.execute("SET enable_progress_bar = false")

    def close(self) -> None:
        """Close the database and delete its folder."""
        self._duck.close()
        self._spilled.cleanup()

    def run(self, sql: str, parameters: Parameters | None = None) -> None:
        """Run one statement."""
        self._duck.execute(sql, parameters)

    def drop(self, *names: str) -> None:
        """Drop tables."""
        for name in names:
            self._duck.execute(f"DROP TABLE {name}")

    def add(self, name: str, table: pa.Table) -> None:
        """Offer an Arrow table under a name."""
        self._duck.register(name, table)

    def rows(self, sql: str, parameters: Parameters | None = None) -> list[tuple[Any, ...]]:
        """Return the rows of a query."""
        return list(self._duck.execute(sql, parameters).fetchall())

    def table(self, sql: str, parameters: Parameters | None = None) -> pa.Table:
        """Return the rows of a query as an Arrow table."""
        return self._duck.sql(sql, params=parameters).to_arrow_table()

    def columns(self, sql: str, parameters: Parameters | None = None) -> dict[str, NDArray[Any]]:
        """Return the columns of a query as NumPy arrays."""
        return {name: np.asarray(column) for name, column in self._duck.execute(sql, parameters).fetchnumpy().items()}


def ask(sql: str, **tables: pa.Table) -> pa.Table:
    """Return what a query gives of some tables."""
    with duckdb.connect(":memory:") as duck:
        for name, table in tables.items():
            duck.register(name, table)
        return duck.sql(sql).to_arrow_table()


def compute(function: str, *columns: pa.Array) -> pa.Array:
    """Return what a function of DuckDB gives for columns, row by row."""
    names = [f"c{place}" for place in range(len(columns))]
    sql = f"SELECT {function}({', '.join(names)}) FROM given"  # noqa: S608 -- our own words
    return ask(sql, given=pa.table(list(columns), names=names)).column(0).combine_chunks()


def sum_hashes(table: pa.Table) -> str:
    """Return a figure that changes with what the rows of a table hold, and not with their order."""
    answer = ask("SELECT count(*) AS rows, sum(hash(given)::HUGEINT)::VARCHAR AS hashes FROM given", given=table)
    return str(answer.to_pylist())


def _sweep() -> None:
    """Delete the folders of linkings that were killed: what they spilled is beyond retention and erasure."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_FOLDER}*-*"):
        owner = folder.name.removeprefix(_FOLDER).partition("-")[0]
        if owner.isdigit() and not is_running(int(owner)):
            shutil.rmtree(folder, ignore_errors=True)  # of another user it is not ours to delete


def _limit_memory() -> int:
    """Return how many bytes DuckDB may fill before it writes to its folder."""
    machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return min(_MOST_MEMORY, machine // 2)
