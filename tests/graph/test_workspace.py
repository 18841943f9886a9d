import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

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


def test_the_folder_of_a_linking_that_was_killed_is_deleted_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        pass
    killed, other = tmp_path / f"asw-link-{process.pid}-x", tmp_path / "asw-link-notes-x"
    killed.mkdir()
    (killed / "spilled").write_text("advert")
    other.mkdir()
    with DuckWorkspace(), DuckWorkspace():
        assert len([*tmp_path.iterdir()]) == 3
    assert [*tmp_path.iterdir()] == [other]
