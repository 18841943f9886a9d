"""The web process stays light: it shows what heavy stages wrote and loads none of them."""

import subprocess
import sys

# structlog itself loads twisted.python when Twisted is installed; what must stay out is its reactor and Scrapy.
HEAVY = ("scrapy", "twisted.internet", "playwright", "spacy", "thinc", "duckdb", "pyarrow", "simulator")


def test_the_web_process_loads_no_heavy_library() -> None:
    code = f"import sys, console.web.server; print([name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
