"""Each extractor has its heading, in the order of the table; accuracy stays at the frozen reference or above."""

import re
import subprocess
import sys
from pathlib import Path

from enrichment.extractors import EXTRACTORS

ROOT = Path(__file__).parents[2]


def test_every_extractor_has_its_heading() -> None:
    text = (ROOT / "docs" / "extractors.md").read_text(encoding="utf-8")
    assert re.findall(r"^## (\w+)$", text, re.MULTILINE) == list(EXTRACTORS)


def test_accuracy_does_not_fall() -> None:
    command = [sys.executable, "-m", "benchmarks.extraction", "--check"]
    finished = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stderr
