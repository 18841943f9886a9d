"""`asw index`: bring the search index up to date."""

import argparse

from adverts.settings import Settings
from console.stage_commands import configure, run_alone

__all__ = ["EXAMPLE", "configure", "run"]

EXAMPLE = "asw index --rebuild"


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Run the stage; 1 when something in it failed by name."""
    return run_alone("index", arguments, settings)
