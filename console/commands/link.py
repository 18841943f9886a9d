"""`asw link`: link adverts into candidate networks."""

import argparse

from adverts.settings import Settings
from console.arguments import add_json, add_night, add_rebuild, today
from console.nightly import run_stage
from console.opening import open_for_writing
from console.printing import print_counts
from graph.stage import link_store

EXAMPLE = "asw link --rebuild"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the stage's options."""
    add_night(parser)
    add_rebuild(parser)
    add_json(parser)


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Run the stage; 1 when something in it failed by name."""
    failures: list[str] = []
    with open_for_writing(settings) as store:
        counts = run_stage(
            store,
            "link",
            arguments.night or today(),
            lambda run: link_store(store, run, rebuild=arguments.rebuild),
            failures,
        )
    return print_counts({"link": counts}, failures, as_json=arguments.json)
