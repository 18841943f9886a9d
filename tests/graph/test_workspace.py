from pathlib import Path

from graph.duck import DuckWorkspace


def test_what_does_not_fit_into_memory_goes_to_a_folder_that_is_gone_at_the_end() -> None:
    with DuckWorkspace() as work:
        work.run("SET memory_limit = '60MB'")
        work.run(
            "CREATE TABLE many AS SELECT hash(i)::VARCHAR || repeat('x', 40) AS value FROM range(3_000_000) AS t(i)"
        )
        ((spilled, used),) = work.rows(
            "SELECT current_setting('temp_directory'), sum(size) FROM duckdb_temporary_files()"
        )
        assert used > 0
        assert list(Path(spilled).iterdir())
    assert not Path(spilled).exists()
