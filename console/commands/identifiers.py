"""`asw identifiers`: list the numbers, addresses and accounts that a query asks for."""

import argparse
from functools import partial
from typing import Final

from adverts.settings import Settings
from console import listing

EXAMPLE = "asw identifiers 'kind:phone names:>=4 -has:hub'"
_COLUMNS: Final = ("kind", "value", "adverts", "personas", "names", "towns", "forces", "first_seen", "last_seen", "hub")

configure = partial(listing.configure, whose="identifiers")


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Print the identifiers."""
    return listing.run(arguments, settings, "identifiers", _COLUMNS)
