"""The walk-throughs run from top to bottom on a real store, define nothing and are kept without outputs."""

import ast
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest

NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))
EXECUTE = Path(sys.executable).with_name("jupyter-execute")
_BODY = "Friendly and relaxed company in {}, quiet flat near the station with easy parking. Ask for {}, call {}."


def _code_cells(path: Path) -> list[Any]:
    book = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    return [cell for cell in book.cells if cell.cell_type == "code"]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose store holds one network of four personas, made by the product's own commands."""
    folder = tmp_path_factory.mktemp("home")
    adverts = [
        {
            "id": str(number),
            "site": "north",
            "name": name,
            "title": name,
            "body": _BODY.format(town, name, "07700 900123"),
        }
        for number, (name, town) in enumerate(
            [("Anna", "Leeds"), ("Bella", "York"), ("Cara", "Hull"), ("Dora", "Leeds"), ("Anna", "York")]
        )
    ]
    (folder / "a.jsonl").write_text("".join(json.dumps(advert) + "\n" for advert in adverts))
    for command in (["import", str(folder / "a.jsonl")], ["enrich"], ["link"]):
        subprocess.run(
            [sys.executable, "-m", "console", *command], env={**os.environ, "ASW_HOME": str(folder)}, check=True,
            capture_output=True,
        )  # fmt: skip
    return folder


def test_there_is_a_walk_through() -> None:
    assert [path.stem for path in NOTEBOOKS] == ["first-look"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_is_stored_without_outputs_and_defines_nothing(path: Path) -> None:
    for cell in _code_cells(path):
        assert cell.outputs == []
        assert cell.execution_count is None
        defined = (ast.FunctionDef, ast.ClassDef, ast.Lambda)
        assert not any(isinstance(node, defined) for node in ast.walk(ast.parse(cell.source)))


@pytest.mark.slow
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_runs_and_shows_the_network(path: Path, home: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [EXECUTE, str(path), "--output", str(tmp_path / "{notebook_name}"), "--timeout", "120"],
        env={**os.environ, "ASW_HOME": str(home)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    printed = "".join(
        output.text
        for cell in _code_cells(tmp_path / path.name)
        for output in cell.outputs
        if output.output_type == "stream"
    )
    assert "Candidate linked network: 5 adverts" in printed
    assert "07700 900 123" in printed
