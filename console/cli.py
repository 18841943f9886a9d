"""The program `asw`: finds the command's module, parses its arguments, turns exceptions to sentences and exit codes."""

import argparse
import errno
import gc
import importlib
import os
import re
import sys
from collections.abc import Sequence
from typing import Final, Protocol, cast

from adverts.errors import StopRun
from adverts.settings import Settings, iter_declarations, load_settings


class Command(Protocol):
    """What a module in `console/commands/` offers."""

    EXAMPLE: str

    def configure(self, parser: argparse.ArgumentParser) -> None:
        """Add the command's own arguments."""

    def run(self, arguments: argparse.Namespace, settings: Settings) -> int:
        """Do it; return 0 for done, 1 for done but something named failed. StopRun carries its own code."""


_OBJECTS: Final = 100_000
"""New objects between two looks for cycles; a stage makes millions and no cycle, looking every 700 costs a tenth."""

COMMANDS: Final = {
    "demo": "a simulated market, crawled, linked and shown",
    "import": "advert files (CSV, JSON Lines, XLSX, WARC) into the store",
    "crawl": "collect adverts from the sites",
    "nightly": "the whole night: crawl, enrich, link, index, report",
    "enrich": "extract identifiers, places and indicators from new versions",
    "link": "link adverts into candidate networks",
    "index": "bring the search index up to date",
    "extract": "advert records in, extractions out; needs no store",
    "templates": "groups of near-duplicate texts; needs no store",
    "cluster": "advert records in, links and networks out; needs no store",
    "search": "search the index",
    "advert": "everything known about one advert",
    "networks": "the candidate networks that a query asks for",
    "personas": "the advertised persons that a query asks for",
    "identifiers": "the numbers, addresses and accounts that a query asks for",
    "network": "everything known about one candidate network",
    "weights": "what the last linking learnt about names, ages and towns",
    "decide": "rule on adverts, values and networks; undo and list rulings",
    "watch": "save a search, or watch an identifier or network; list and end watches",
    "alerts": "what the watches told, and a digest of a night",
    "quarantine": "how many suspected under-18 adverts await a ruling; for an officer, which",
    "verify": "check every capture against its hash, and the audit chain",
    "simulate": "make a synthetic market with known truth, or serve it as websites",
    "indicators": "every indicator with its base rate in the store; checks packs",
    "status": "last runs and health",
    "serve": "the web console",
    "db": "migrations of the store",
}
"""Every command and what it does, in the order of `asw --help`."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 done but something named failed, 2 wrong use or settings."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    parser = build_parser(given[0] if given else "")
    parsed = parser.parse_args(_protect_query(given))
    if not hasattr(parsed, "run"):
        parser.print_help()
        return 2
    gc.set_threshold(_OBJECTS)
    try:
        settings = load_settings()
        code: int = parsed.run(parsed, settings)
        sys.stdout.flush()
    except StopRun as stop:
        return _say(str(stop), stop.code)
    except KeyboardInterrupt:
        return _say("Stopped by you. What is stored is kept; the same command goes on from there.", 130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the reader left; nothing to tell it
        return 0
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        return _say("The disk is full. What is stored is safe; free some space and run the same command again.", 1)
    return code


def _protect_query(given: list[str]) -> list[str]:
    """Move a query such as `-duo`, which argparse would read as an option, behind a `--`."""
    if given[:1] != ["search"] or "--" in given:
        return given
    queries = [word for word in given if re.match(r"-[^-]", word) and word != "-h"]
    return [word for word in given if word not in queries] + (["--", *queries] if queries else [])


def build_parser(wanted: str = "") -> argparse.ArgumentParser:
    """Return the parser, with the arguments of the command `wanted` only, so that no other module is loaded."""
    parser = argparse.ArgumentParser(
        prog="asw",
        description="Find candidate linked networks behind adverts, with reasons that a person can check.",
        epilog=_settings_help(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(metavar="COMMAND")
    for name, summary in COMMANDS.items():
        command = commands.add_parser(
            name, help=summary, description=summary.capitalize() + ".",
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )  # fmt: skip
        if name == wanted:
            module = load_command(name)
            command.epilog = f"example:\n  {module.EXAMPLE}"
            module.configure(command)
            command.set_defaults(run=module.run)
    return parser


def load_command(name: str) -> Command:
    """Return the module behind a command."""
    module = importlib.import_module(f"console.commands.{name.replace('import', 'import_')}")
    return cast(Command, module)


def _settings_help() -> str:
    rows = [f"  {row.variable:<22} {row.help}" for row in iter_declarations()]
    return "settings (environment variables):\n" + "\n".join(rows)


def _say(message: str, code: int) -> int:
    sys.stderr.write(f"{message}\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
