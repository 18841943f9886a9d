"""`asw personas`: list the advertised persons that a query asks for."""

import argparse
from functools import partial
from typing import Final

from adverts.settings import Settings
from console import listing

EXAMPLE = "asw personas 'towns_per_week:>=3 price:<100'"
_COLUMNS: Final = ("id", "name", "adverts", "phones", "towns", "forces", "network", "first_seen", "last_seen")

configure = partial(listing.configure, whose="personas")


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Print the personas."""
    return listing.run(arguments, settings, "personas", _COLUMNS)
