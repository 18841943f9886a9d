"""`asw index`: bring the search index up to date."""

import argparse

from adverts.settings import Settings
from console import stage_commands
from console.arguments import today
from console.opening import open_for_writing
from console.printing import print_counts
from console.stages import run_check

EXAMPLE = "asw index --rebuild"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the stage's options, and the check."""
    stage_commands.configure(parser)
    parser.add_argument("--check", action="store_true", help="compare every advert with the store, and mend the index")


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Run the stage, or the check; 1 when something in it failed by name."""
    if not arguments.check:
        return stage_commands.run_alone("index", arguments, settings)
    with open_for_writing(settings) as store:
        done = run_check(store, settings, arguments.night or today())
    return print_counts({"index": dict(done.counts)}, done.failures, as_json=arguments.json)
