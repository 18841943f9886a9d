"""The layers hold, and the check that says so would notice if they did not."""

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("adverts", "spiders", "enrichment", "graph", "indexer", "simulator", "console")
LINT = Path(sys.executable).with_name("lint-imports")
LONGEST_FUNCTION = 50  # lines: what fits a screen


def _lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [LINT, "--no-cache"], cwd=folder, capture_output=True, text=True, env={"PYTHONPATH": str(folder)}
    )


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("copy")
    for package in PACKAGES:
        shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def test_the_layers_hold(copy: Path) -> None:
    done = _lint(copy)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        ("graph/triage.py", "import enrichment.stage", "The console knows every stage"),
        ("adverts/ids.py", "import console.nightly", "The console knows every stage"),
        ("indexer/names.py", "def late() -> None:\n    import spiders.site", "The console knows every stage"),
        ("adverts/ids.py", "import networkx", "The shared language imports no heavy library"),
        ("console/web/texts.py", "import enrichment.indicators.finder", "The web process never loads"),
    ],
)
def test_a_violation_is_noticed(copy: Path, module: str, line: str, contract: str) -> None:
    path = copy / module
    before = path.read_text("utf-8")
    path.write_text(f"{before}\n{line}\n", "utf-8")
    try:
        done = _lint(copy)
    finally:
        path.write_text(before, "utf-8")
    assert done.returncode == 1
    broken = [row for row in done.stdout.splitlines() if row.endswith("BROKEN")]
    assert any(row.startswith(contract) for row in broken), done.stdout


def _iter_functions() -> list[tuple[str, int]]:
    return [
        (f"{path.relative_to(ROOT)}:{node.name}", (node.end_lineno or node.lineno) - node.lineno + 1)
        for package in PACKAGES
        for path in sorted((ROOT / package).rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


def test_no_function_is_longer_than_a_screen() -> None:
    assert [(name, length) for name, length in _iter_functions() if length > LONGEST_FUNCTION] == []


def test_truth_is_read_by_the_simulator_and_the_scorecard_only() -> None:
    readers = [
        str(path.relative_to(ROOT))
        for package in PACKAGES
        for path in sorted((ROOT / package).rglob("*.py"))
        if package != "simulator"
        and ("iter_truths" in path.read_text("utf-8") or "truth.jsonl" in path.read_text("utf-8"))
    ]
    assert readers == ["console/demo.py"]  # which hands it to console/scorecard.py


def test_what_may_be_shown_is_said_in_one_place() -> None:
    """An advert in quarantine stays out of sight only if nobody asks in words of their own which adverts stand."""
    readers = [
        str(path.relative_to(ROOT))
        for package in PACKAGES
        for path in sorted((ROOT / package).rglob("*.py"))
        if "adverts.c.erased_at.is_" in path.read_text("utf-8")
    ]
    assert readers == ["adverts/quarantine.py"]
