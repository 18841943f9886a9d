"""`asw enrich`: extract identifiers, places and indicators from versions that lack them."""

import argparse

from adverts.settings import Settings
from console.arguments import add_json, add_night, add_rebuild, today
from console.nightly import run_stage
from console.opening import open_for_writing
from console.printing import print_counts
from enrichment.stage import enrich_store

EXAMPLE = "asw enrich --rebuild"


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
            "enrich",
            arguments.night or today(),
            lambda run: enrich_store(store, run, rebuild=arguments.rebuild),
            failures,
        )
    return print_counts({"enrich": counts}, failures, as_json=arguments.json)
