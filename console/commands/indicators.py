"""`asw indicators`: each indicator with its base rate in the store, evidence grade and source; or a check of packs."""

import argparse
import sys
from pathlib import Path

from adverts.model import Json
from adverts.settings import Settings
from adverts.store import Store
from console.arguments import add_json, add_packs
from console.opening import open_for_reading
from console.printing import print_json, print_table
from console.web.reading import read_base_rates
from enrichment.indicators.catalogue import load_indicators
from enrichment.indicators.examples import count_examples, find_broken_examples
from enrichment.indicators.finder import load_finder

EXAMPLE = "asw indicators --check --packs our-packs"
_NOTE = (
    "Indicators are not evidence of an offence. Published for the UK (Giommoni and Ikwu 2021, 17,362 adverts, ten "
    "indicators): 19.0 % of adverts show none, 58.3 % one, 21.3 % two, 1.7 % three or more."
)


def configure(parser: argparse.ArgumentParser) -> None:
    """Add `--packs`, `--check` and `--json`."""
    add_packs(parser)
    parser.add_argument("--check", action="store_true", help="try the packs' own examples; needs no store")
    add_json(parser)


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Print the table, or with `--check` each example that does not hold; 1 when there is one."""
    packs = arguments.packs or settings.packs
    if arguments.check:
        return _check(packs)
    with open_for_reading(settings) as store:
        rows = build_table(store, packs)
    if arguments.json:
        print_json({"indicators": rows, "note": _NOTE})
    else:
        _print_words(rows)
    return 0


def build_table(store: Store, packs: Path | None = None) -> list[Json]:
    """Return each indicator in force with what is known of it and how many of the adverts in the store show it."""
    indicators = load_indicators(packs)
    with store.connect() as connection:
        rates = read_base_rates(connection, [indicator.id for indicator in indicators])
    return [
        {
            "indicator": each.id,
            "label": each.label,
            "tier": each.tier,
            "counter": each.counter,
            "grade": each.grade,
            "languages": [wording.language for wording in each.wordings],
            "adverts": rates[each.id].count,
            "of": rates[each.id].total,
            "base_rate": round(rates[each.id].percent / 100, 4),
            "published_base_rate": each.base_rate,
            "source": each.source,
        }
        for each in indicators
    ]


def _check(packs: Path | None) -> int:
    finder = load_finder(packs)
    broken = list(find_broken_examples(finder))
    for sentence in broken:
        sys.stderr.write(f"{sentence}\n")
    sys.stdout.write(
        f"{len(finder.indicators)} indicators, {count_examples(finder):,} examples, "
        f"{f'{len(broken)} of them broken' if broken else 'all of them hold'}.\n"
    )
    return 1 if broken else 0


def _print_words(rows: list[Json]) -> None:
    shown = [
        (
            row["indicator"],
            row["tier"],
            "counter" if row["counter"] else "",
            row["grade"],
            row["adverts"],
            f"{100 * row['base_rate']:.1f} %",
            row["source"],
        )
        for row in rows
    ]
    print_table(shown, ("indicator", "tier", "", "evidence", "adverts", "base rate", "source"))
    total = rows[0]["of"] if rows else 0
    sys.stdout.write(f"\nBase rates are those of the {total:,} adverts in the store. {_NOTE}\n")
