"""`asw import`: advert files into the store; what cannot be used goes to a file with row and reason."""

import argparse
import sys
from pathlib import Path

from adverts.audit import append_audit
from adverts.runs import record_run
from adverts.settings import Settings
from console.arguments import add_json, add_night, today
from console.imports import ImportOptions, import_file, iter_paths, read_column_map
from console.opening import open_for_writing
from console.printing import print_counts

EXAMPLE = "asw import seized.csv --site partner --map columns.yaml"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add files, site and column map."""
    parser.add_argument("files", nargs="+", metavar="FILE", help=".csv, .jsonl or .xlsx")
    parser.add_argument("--site", default="", help="site of the rows that name none")
    parser.add_argument("--map", type=Path, help="YAML file with lines `Their column: our field`")
    add_night(parser)
    add_json(parser)


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Import every file; 1 when rows were rejected."""
    columns = read_column_map(arguments.map)
    paths = list(iter_paths(arguments.files))
    night = arguments.night or today()
    with open_for_writing(settings) as store, record_run(store, "import", night, arguments.site) as run:
        rejects = settings.home / "rejects" / f"run-{run.id}.jsonl"
        options = ImportOptions(arguments.site, columns, night, settings.retention_days, rejects)
        for path in paths:
            import_file(store, run, path, options)
        with store.begin() as connection:
            append_audit(
                connection, "collection", actor="asw import", subject=f"run {run.id}: {run.counts['row/kept']} rows",
                reason=settings.lawful_basis,
            )  # fmt: skip
    rejected = sum(count for key, count in run.counts.items() if key.startswith("row/")) - run.counts["row/kept"]
    print_counts({"import": dict(run.counts)}, [], as_json=arguments.json)
    if rejected:
        sys.stderr.write(f"{rejected:,} rows were not imported; each is in {rejects} with its row and reason.\n")
    return 1 if rejected else 0
