"""`asw demo`: see the product work, from websites to an explained network, on synthetic data."""

import argparse
import sys

from adverts.settings import Settings
from console.commands.serve import serve_store
from console.demo import demo_settings, run_demo

EXAMPLE = "asw demo --no-serve"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add `--no-serve`."""
    parser.add_argument("--no-serve", action="store_true", help="stop before the web console")


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Run the demo, then the console on what it found; without that, 1 when a site or stage failed by name."""
    demo = demo_settings(settings)
    result = run_demo(demo, lambda line: print(line, flush=True))  # noqa: T201 -- the demo's answer is these words
    if not arguments.no_serve:
        return serve_store(demo)
    sys.stderr.write(f"\nTo look at it: ASW_HOME={demo.home} {sys.argv[0]} serve\n")
    return 1 if result.failures else 0
