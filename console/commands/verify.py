"""`asw verify`: every capture against its hash, the audit chain end to end."""

import argparse
import sys

import sqlalchemy as sa

from adverts.audit import verify_audit
from adverts.settings import Settings
from adverts.store.schema import audit, captures
from console.arguments import add_json
from console.opening import open_for_reading
from console.printing import print_json
from spiders.warc import verify_captures

EXAMPLE = "asw verify"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add `--json`."""
    add_json(parser)


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Check everything; 1 when anything is not as it was written."""
    with open_for_reading(settings) as store:
        faults = verify_captures(store, settings.home)
        with store.connect() as connection:
            faults += verify_audit(connection)
            checked = {
                table.name: connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
                for table in (captures, audit)
            }
    if arguments.json:
        print_json({"checked": checked, "faults": faults})
    else:
        sys.stdout.writelines(f"{fault}\n" for fault in faults)
        sys.stdout.write(
            f"{checked['captures']:,} captures and {checked['audit']:,} audit entries checked: "
            f"{len(faults):,} faults{'' if faults else ', all as written'}.\n"
        )
    return 1 if faults else 0
