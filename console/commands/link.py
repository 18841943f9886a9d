"""`asw link`: link adverts into candidate networks."""

import argparse

from adverts.settings import Settings
from console.stage_commands import configure, run_alone

__all__ = ["EXAMPLE", "configure", "run"]

EXAMPLE = "asw link --rebuild"


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Run the stage; 1 when something in it failed by name."""
    return run_alone("link", arguments, settings)
