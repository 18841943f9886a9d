"""`asw watch`: save a search, or watch one identifier or network; each night tells what is new."""

import argparse
import sys
from datetime import date

from adverts.errors import StopRun
from adverts.settings import Settings
from adverts.store import Store
from console.arguments import add_json
from console.opening import open_for_reading
from console.operators import operator_name
from console.printing import print_json, print_table
from console.watching.ledger import Wanted, Watch, add_watch, end_watch, read_watches
from indexer.stage import open_provider

EXAMPLE = "asw watch add 'new:7d force:\"South Wales\"' --name 'new in our area'"

_TAKEN = {"add": 1, "end": 1, "list": 0}


def configure(parser: argparse.ArgumentParser) -> None:
    """Add what is done, to what, and what a watch on one person's identifier needs."""
    parser.add_argument("do", choices=list(_TAKEN), help="add a watch, end one by its number, list them")
    parser.add_argument("on", nargs="*", metavar="ON", help="a query, network:net-..., or the number of a watch to end")
    parser.add_argument("--name", default="", help="what the watch is called; without it, the query")
    parser.add_argument("--authority", default="", help="reference; needed to watch one identifier or network")
    parser.add_argument("--until", type=date.fromisoformat, metavar="DAY", help="its last night, YYYY-MM-DD")
    add_json(parser)


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Add a watch, end one, or list them."""
    if len(arguments.on) != _TAKEN[arguments.do]:
        raise StopRun(f"asw watch {arguments.do} takes {_TAKEN[arguments.do]} of them. {EXAMPLE}", code=2)
    with open_for_reading(settings) as store:
        if arguments.do == "list":
            return _list(store, as_json=arguments.json)
        if arguments.do == "end":
            return _end(store, arguments.on[0])
        return _add(store, arguments, settings)


def _add(store: Store, arguments: argparse.Namespace, settings: Settings) -> int:
    wanted = Wanted(
        text=arguments.on[0], author=operator_name(), name=arguments.name, authority=arguments.authority,
        expires=arguments.until,
    )  # fmt: skip
    provider = open_provider(settings)
    try:
        number = add_watch(store, provider, wanted)
    finally:
        provider.close()
    if arguments.json:
        print_json({"watch": number})
    else:
        sys.stdout.write(f"Watch {number}. What matches already is known; each night tells what is new or changed.\n")
    return 0


def _end(store: Store, number: str) -> int:
    if not number.isdecimal():
        raise StopRun(f"{number} is no number of a watch. `asw watch list` shows them.", code=2)
    end_watch(store, int(number), author=operator_name())
    sys.stdout.write(f"Watch {number} is ended. What it told stays.\n")
    return 0


def _list(store: Store, *, as_json: bool) -> int:
    with store.connect() as connection:
        known = read_watches(connection)
    if as_json:
        print_json(known)
        return 0
    rows = [
        (each.id, each.kind, each.name, _say_state(each), each.given, each.opened, each.author, each.authority)
        for each in known
    ]
    print_table(rows, ("watch", "kind", "name", "state", "alerts", "opened", "author", "authority"))
    return 0


def _say_state(watch: Watch) -> str:
    if watch.is_ended:
        return f"ended by {watch.ended_by}"
    return f"until {watch.expires}" if watch.expires else "without end"
