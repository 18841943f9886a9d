"""`asw networks`: list the candidate linked networks that a query asks for."""

import argparse
from functools import partial
from typing import Final

from adverts.settings import Settings
from console import listing

EXAMPLE = "asw networks 'phones:>=3 forces:>=2 seen:2026-03..'"
_COLUMNS: Final = ("id", "triage", "adverts", "personas", "phones", "forces", "first_seen", "last_seen")

configure = partial(listing.configure, whose="networks")


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Print the networks."""
    return listing.run(arguments, settings, "networks", _COLUMNS)
