"""`asw nightly`: the whole night. A night that was killed is taken up again where it stopped."""

import argparse

from adverts.runs import unfinished_night
from adverts.settings import Settings
from console.arguments import add_json, add_night, today
from console.nightly import run_night
from console.opening import open_for_writing
from console.printing import print_counts

EXAMPLE = "asw nightly --night 2026-03-01"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the sites and the night."""
    parser.add_argument("--site", action="append", default=[], dest="sites", help="only this site; may be repeated")
    add_night(parser)
    add_json(parser)


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Run the night; without `--night` an unfinished one goes first, else today's."""
    with open_for_writing(settings) as store:
        night = arguments.night or unfinished_night(store) or today()
        report = run_night(store, settings, night, arguments.sites)
    return print_counts(report.counts, report.failures, as_json=arguments.json)
