"""`asw import`: advert files into the store; what cannot be used goes to a file with row and reason."""

import argparse
import sys
from functools import partial
from pathlib import Path

from adverts.audit import append_audit
from adverts.errors import SkipItem
from adverts.runs import Run, record_run
from adverts.settings import Settings
from console.arguments import add_json, add_night, today
from console.imports import ImportOptions, count_rejects, import_file, iter_paths, read_column_map, write_reject
from console.opening import open_for_writing
from console.printing import print_counts
from spiders.archive import ArchiveOptions, import_archive

EXAMPLE = "asw import seized.csv --site partner --map columns.yaml"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add files, site and column map."""
    parser.add_argument("files", nargs="+", metavar="FILE", help=".csv, .jsonl, .xlsx or .warc.gz")
    parser.add_argument("--site", default="", help="site of the rows that name none")
    parser.add_argument("--map", type=Path, metavar="FILE", help="YAML file with lines `Their column: our field`")
    add_night(parser)
    add_json(parser)


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Import every file; 1 when rows were rejected."""
    columns = read_column_map(arguments.map)
    paths = list(iter_paths(arguments.files))
    night = arguments.night or today()
    with open_for_writing(settings) as store, record_run(store, "import", night, arguments.site) as run:
        rejects = settings.home / "rejects" / f"run-{run.id}.jsonl"
        rows = ImportOptions(arguments.site, columns, night, settings.retention_days, rejects)
        archives = ArchiveOptions(settings, arguments.site, arguments.night)
        for path in paths:
            if path.name.endswith((".warc.gz", ".warc")):
                import_archive(store, run, path, archives, partial(_reject_answer, run, rejects, path))
            else:
                import_file(store, run, path, rows)
        with store.begin() as connection:
            append_audit(
                connection, "collection", actor="asw import", subject=f"run {run.id}: {run.counts['row/kept']} rows",
                reason=settings.lawful_basis,
            )  # fmt: skip
        rejected = count_rejects(rejects)
    print_counts({"import": dict(run.counts)}, [], as_json=arguments.json)
    if rejected:
        sys.stderr.write(f"{rejected:,} rows were not imported; each is in {rejects} with its row and reason.\n")
    return 1 if rejected else 0


def _reject_answer(run: Run, rejects: Path, path: Path, offset: int, url: str, skip: SkipItem) -> None:
    run.counts[f"row/{skip.reason}"] += 1
    write_reject(rejects, path, offset, skip, {"url": url})
