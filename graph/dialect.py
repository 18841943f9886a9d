"""Spark's wording of the linking's SQL, which is written in DuckDB's."""

from typing import Final, NamedTuple

import sqlglot
from sqlglot import exp
from sqlglot.dialects.spark import Spark
from sqlglot.generators.spark import SparkGenerator

PREFIX: Final = "duckdb_"
LENT: Final = {"strip_accents": "string", "jaro_winkler_similarity": "double", "exp": "double"}
"""Functions of DuckDB that Spark borrows, under this prefix, and what they give: two that it lacks, and `exp`, of which
its own has another last digit.
"""


class Statement(NamedTuple):
    """A query of Spark's, and the table that its rows are to make, if any."""

    query: str
    table: str = ""


def translate(sql: str) -> Statement:
    """Return one statement in Spark's SQL. Parameters keep their names: `$name` becomes `:name`.

    What adds to a table makes it anew, of the rows that it has and the others.
    """
    tree = sqlglot.parse_one(sql, read="duckdb")
    if isinstance(tree, exp.Insert):
        return Statement(
            _write(exp.select("*").from_(tree.this).union(tree.expression, distinct=False)), tree.this.name
        )
    if isinstance(tree, exp.Create):
        return Statement(_write(tree.expression), tree.this.name)
    return Statement(_write(tree))


class _Generator(SparkGenerator):
    """Spark's own wording, but for what sqlglot leaves as it is or Spark reckons otherwise than DuckDB."""

    def round_sql(self, node: exp.Round) -> str:
        """Round as DuckDB does: of 1.005, a little less than it looks, Spark makes 1.01, as of the digits it prints."""
        places = node.args.get("decimals")
        if places is None:
            return f"ROUND({self.sql(node, 'this')})"
        return f"(ROUND(({self.sql(node, 'this')}) * 1E{self.sql(places)}) / 1E{self.sql(places)})"

    def log_sql(self, node: exp.Log) -> str:
        """Keep `log10`: as a quotient of two logarithms that of 1,000 is less than 3."""
        return self.func("log10", node.expression)

    def jarowinklersimilarity_sql(self, node: exp.JarowinklerSimilarity) -> str:
        """Call DuckDB's."""
        return self.func(f"{PREFIX}jaro_winkler_similarity", node.this, node.expression)

    def exp_sql(self, node: exp.Exp) -> str:
        """Call DuckDB's."""
        return self.func(f"{PREFIX}exp", node.this)

    def anonymous_sql(self, node: exp.Anonymous) -> str:
        """Call what sqlglot does not know by the name that Spark has for it."""
        return self.func(_NAMES.get(node.name.lower(), node.name), *node.expressions)


_NAMES: Final = {"round_even": "bround", "strip_accents": f"{PREFIX}strip_accents"}


def _write(tree: exp.Expr) -> str:
    return _Generator(dialect=Spark()).generate(tree)
