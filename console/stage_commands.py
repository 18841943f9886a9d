"""What the commands `enrich`, `link` and `index` have in common: all of it but the name."""

import argparse

from adverts.settings import Settings
from console.arguments import add_json, add_night, add_rebuild, today
from console.opening import open_for_writing
from console.printing import print_counts
from console.stages import run_stage


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the stage's options."""
    add_night(parser)
    add_rebuild(parser)
    add_json(parser)


def run_alone(name: str, arguments: argparse.Namespace, settings: Settings) -> int:
    """Run one stage; return 1 when something in it failed by name."""
    with open_for_writing(settings) as store:
        run = run_stage(store, settings, name, arguments.night or today(), rebuild=arguments.rebuild)
    return print_counts({name: dict(run.counts)}, run.failures, as_json=arguments.json)
