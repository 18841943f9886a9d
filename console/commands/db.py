"""`asw db upgrade`: bring the store to this program's schema."""

import argparse
import sys

from adverts.settings import Settings
from adverts.store.engine import upgrade_url

EXAMPLE = "asw db upgrade"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the one action there is."""
    parser.add_argument("action", choices=["upgrade"])


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Migrate; data is kept."""
    revision = upgrade_url(settings.database_url)
    sys.stderr.write(f"The store has schema {revision}.\n")
    return 0
