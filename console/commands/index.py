"""`asw index`: bring the search index up to date."""

import argparse
import sys
from typing import Any

from adverts.settings import Settings
from console import stage_commands
from console.arguments import today
from console.opening import open_for_writing
from console.printing import print_counts, print_json, print_table
from console.stages import run_check
from indexer.stage import open_providers

EXAMPLE = "asw index --rebuild"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the stage's options, and the check."""
    stage_commands.configure(parser)
    what = parser.add_mutually_exclusive_group()
    what.add_argument(
        "--check",
        action="store_true",
        help="compare every advert with the store and mend its index; build the others anew",
    )
    what.add_argument("--status", action="store_true", help="say which indexes there are and how large; change nothing")


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Run the stage, or the check; 1 when something in it failed by name."""
    if arguments.status:
        return _show_status(settings, as_json=arguments.json)
    if not arguments.check:
        return stage_commands.run_alone("index", arguments, settings)
    with open_for_writing(settings) as store:
        done = run_check(store, settings, arguments.night or today())
    return print_counts({"index": dict(done.counts)}, done.failures, as_json=arguments.json)


def _show_status(settings: Settings, *, as_json: bool) -> int:
    forms: list[dict[str, Any]] = []
    with open_providers(settings) as providers:
        for provider in providers.values():
            current = provider.find_current()
            for name in provider.list_indexes():
                state = "serves" if name == current else "old or unfinished"
                shape = "current" if name.is_current_shape else "another version's: run asw index"
                forms.append({"index": str(name), "state": state, "shape": shape, **provider.measure(name)._asdict()})
    if as_json:
        print_json({"indexes": forms})
    elif forms:
        print_table([list(form.values()) for form in forms], list(forms[0]))
    else:
        sys.stdout.write("There is no search index yet. Build it from the store; run: asw index\n")
    return 0
