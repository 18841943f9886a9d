"""`asw status`: the last runs, what the store holds, and what is wrong."""

import argparse
import sys
from typing import Any

import sqlalchemy as sa

from adverts.model import Json
from adverts.quarantine import count_states, count_unread
from adverts.settings import Settings
from adverts.store import Store
from adverts.store.schema import adverts, captures, enrichments, index_state, metadata, networks, runs, versions
from console.arguments import add_json
from console.opening import open_for_reading
from console.printing import print_json, print_table

EXAMPLE = "asw status --json"
_SHOWN_RUNS = 12


def configure(parser: argparse.ArgumentParser) -> None:
    """Add `--json`."""
    add_json(parser)


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Print the state; 1 when the last run of any stage failed or was cut short."""
    with open_for_reading(settings) as store:
        status = build_status(store)
    if arguments.json:
        print_json(status)
    else:
        _print_words(status)
    return 1 if status["problems"] else 0


def build_status(store: Store) -> Json:
    """Return the last runs, the size of each table that people ask about, and each problem in a sentence."""
    with store.connect() as connection:
        recent = connection.execute(
            sa.select(runs).where(runs.c.stage != "decide").order_by(runs.c.id.desc()).limit(_SHOWN_RUNS)
        ).all()
        last = connection.execute(
            sa.select(runs).where(runs.c.id.in_(sa.select(sa.func.max(runs.c.id)).group_by(runs.c.stage, runs.c.site)))
        ).all()
        holds = {table.name: _count(connection, table) for table in (captures, adverts, versions, networks)}
        waiting = holds["versions"] - _count(connection, enrichments)
        awaiting, unread = count_states(connection)["open"], count_unread(connection)
        whole = sa.select(index_state.c.index_name).where(index_state.c.built_to.is_(None))
        indexed = connection.execute(whole).scalars().all()
    problems = [_describe_problem(row) for row in last if row.status != "done"]
    if waiting:
        problems.append(
            f"{waiting:,} versions wait for extraction; until then {unread:,} adverts are held back. Run: asw enrich"
        )
    if holds["adverts"] and not indexed:
        problems.append("There is no search index. Run: asw index")
    return {
        "runs": [_run_form(row) for row in recent], "holds": holds, "index": indexed,
        "quarantine": {"awaiting": awaiting}, "unread": unread, "problems": problems,
    }  # fmt: skip


def _count(connection: sa.Connection, table: sa.Table) -> int:
    return connection.execute(sa.select(sa.func.count()).select_from(metadata.tables[table.name])).scalar_one()


def _describe_problem(row: sa.Row[Any]) -> str:
    name = f"{row.stage} {row.site}".strip()
    if row.status in ("running", "interrupted"):
        return f"The last {name} run ({row.night}) is under way or was cut short. Run it again: it resumes."
    said = "; ".join(row.failures) or "no reason was recorded"
    return f"The last {name} run ({row.night}) ended {row.status}: {said}"


def _run_form(row: sa.Row[Any]) -> Json:
    return {
        "run": row.id,
        "stage": row.stage,
        "site": row.site,
        "night": row.night.isoformat(),
        "status": row.status,
        "seconds": (row.finished_at - row.started_at).total_seconds() if row.finished_at else None,
        "counts": row.counts,
        "failures": row.failures,
    }


def _print_words(status: Json) -> None:
    if not status["runs"]:
        sys.stdout.write("Nothing has run yet. Try: asw demo, or asw nightly\n")
        return
    rows = [
        (
            run["night"],
            run["stage"],
            run["site"],
            run["status"],
            "" if run["seconds"] is None else f"{run['seconds']:.1f} s",
        )
        for run in status["runs"]
    ]
    print_table(rows, ("night", "stage", "site", "status", "took"))
    sys.stdout.write("\n")
    print_table(list(status["holds"].items()), ("the store holds", "rows"))
    awaiting = status["quarantine"]["awaiting"]
    waits = "advert awaits" if awaiting == 1 else "adverts await"
    sys.stdout.write(f"\n{awaiting:,} quarantined {waits} the child-protection officer.\n")
    for problem in status["problems"]:
        sys.stdout.write(f"\n! {problem}\n")
