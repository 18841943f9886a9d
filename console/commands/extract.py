"""`asw extract`: advert records in, extractions out."""

import argparse
import sys

from phonenumbers import SUPPORTED_REGIONS

from adverts.errors import StopRun
from adverts.settings import Settings
from console.arguments import add_input, add_packs, open_input
from enrichment.batch import extract_lines

EXAMPLE = "asw extract adverts.jsonl > extractions.jsonl"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add input, packs and region."""
    add_input(parser)
    add_packs(parser)
    parser.add_argument("--region", default="GB", help="country that a number without prefix belongs to (default: GB)")


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Write one line a record, in order; 1 when lines were bad."""
    if arguments.region.upper() not in SUPPORTED_REGIONS:
        raise StopRun(f"--region is a country such as GB or IE, and {arguments.region} is none.", code=2)
    with open_input(arguments.input) as lines:
        counts = extract_lines(
            lines, sys.stdout.buffer, sys.stderr, region=arguments.region, packs=arguments.packs or settings.packs
        )
    return 1 if counts["rejected"] else 0
