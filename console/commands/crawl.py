"""`asw crawl`: collect adverts, one run a site."""

import argparse

from adverts.settings import Settings
from console.arguments import add_night, today
from console.nightly import crawl_sites
from console.opening import open_for_writing

EXAMPLE = "asw crawl northgate"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the sites and the night."""
    parser.add_argument("sites", nargs="*", metavar="SITE", help="sites to crawl (default: all)")
    add_night(parser)


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Crawl; 1 when a site failed."""
    with open_for_writing(settings):
        return 0 if crawl_sites(settings, arguments.night or today(), arguments.sites) else 1
