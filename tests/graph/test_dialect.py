"""The rules by which DuckDB's SQL becomes Spark's, those that are ours."""

import pytest

from graph.dialect import Statement, translate


@pytest.mark.parametrize(
    ("duckdb", "spark"),
    [
        ("round(x, 3)", "(ROUND((x) * 1E3) / 1E3)"),  # Spark's own rounds 1.005 up, which is less than that
        ("round(round(x + y, 2), 1)", "(ROUND(((ROUND((x + y) * 1E2) / 1E2)) * 1E1) / 1E1)"),
        ("round(x)", "ROUND(x)"),
        ("round_even(x, 0)", "BROUND(x, 0)"),
        ("log10(x)", "LOG10(x)"),
        ("exp(-x)", "DUCKDB_EXP(-x)"),
        ("strip_accents(x)", "DUCKDB_STRIP_ACCENTS(x)"),
        ("jaro_winkler_similarity(x, y)", "DUCKDB_JARO_WINKLER_SIMILARITY(x, y)"),
        ("x > $least", "x > :least"),
    ],
)
def test_a_function_is_worded_anew(duckdb: str, spark: str) -> None:
    assert translate(f"SELECT {duckdb}") == Statement(f"SELECT {spark}")


@pytest.mark.parametrize(
    ("duckdb", "statement"),
    [
        ("CREATE TABLE a AS SELECT n FROM b", Statement("SELECT n FROM b", "a")),
        ("CREATE OR REPLACE TABLE a AS SELECT n FROM a", Statement("SELECT n FROM a", "a")),
        (
            "CREATE TABLE a AS WITH c AS (SELECT n FROM b) SELECT n FROM c",
            Statement("WITH c AS (SELECT n FROM b) SELECT n FROM c", "a"),
        ),
        ("INSERT INTO a SELECT n FROM b", Statement("SELECT * FROM a UNION ALL SELECT n FROM b", "a")),
    ],
)
def test_a_statement_says_which_table_it_makes(duckdb: str, statement: Statement) -> None:
    assert translate(duckdb) == statement
