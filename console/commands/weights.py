"""`asw weights`: what the last linking learnt about names, ages, towns, hidden contacts and manners of writing."""

import argparse
import sys
from math import log
from typing import Any

import sqlalchemy as sa

from adverts.errors import StopRun
from adverts.model import Json
from adverts.settings import Settings
from adverts.store import Store
from adverts.store.schema import runs
from console.arguments import add_json
from console.opening import open_for_reading
from console.printing import print_json, print_table
from graph.manners import read_habits
from graph.weights import Agreement, read_agreement

EXAMPLE = "asw weights --json"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add `--json`."""
    add_json(parser)


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Print the shares of the newest linking that computed; StopRun when there is none."""
    with open_for_reading(settings) as store:
        row = _find_linking(store)
    if row is None:
        raise StopRun("Nothing was linked yet, so nothing was learnt. Run: asw link")
    found, habits = list(read_agreement(row.counts)), list(read_habits(row.counts))
    if arguments.json:
        facts = [_to_json(each) for each in found]
        told = [each._asdict() for each in habits]
        print_json({"run": row.id, "night": row.night.isoformat(), "facts": facts, "habits": told})
        return 0
    print_table(
        [
            (each.fact, f"{each.pairs:,}", f"{each.one_control:.1%}", f"{each.by_chance:.2%}", *map(_sign, _odds(each)))
            for each in found
        ],
        ("fact", "sure pairs", "agree", "by chance", "agrees", "differs"),
    )
    if habits:
        sys.stdout.write("\n")
        print_table(
            [(each.habit, *map(_sign, (each.own, each.unlike))) for each in habits],
            ("habit", "alike, not as most", "unlike"),
        )
    sys.stdout.write(
        f"\nRun {row.id}, night {row.night}. The signed columns are log-odds; of facts half of them counts, of habits "
        "all, within the bounds that docs/linking.md gives.\n"
    )
    return 0


def _find_linking(store: Store) -> Any | None:
    """Return the row of the newest linking that computed: one that found nothing new learnt nothing."""
    query = (
        sa.select(runs.c.id, runs.c.night, runs.c.counts)
        .where(runs.c.stage == "link", runs.c.status.in_(("done", "partial")))
        .order_by(runs.c.id.desc())
    )
    with store.connect() as connection:
        return next((row for row in connection.execute(query) if "weight/name/pairs" in row.counts), None)


def _odds(found: Agreement) -> tuple[float, float]:
    return log(found.one_control / found.by_chance), log((1 - found.one_control) / (1 - found.by_chance))


def _sign(odds: float) -> str:
    return f"{odds:+.2f}"


def _to_json(found: Agreement) -> Json:
    agrees, differs = _odds(found)
    return {**found._asdict(), "agrees": round(agrees, 3), "differs": round(differs, 3)}
