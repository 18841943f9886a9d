"""Arguments that several commands share, so that one name means one thing everywhere."""

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import IO

from adverts.errors import StopRun


def add_input(parser: argparse.ArgumentParser) -> None:
    """Add `IN`: a file of advert records, `-` or nothing for standard input."""
    parser.add_argument(
        "input", nargs="?", default="-", metavar="IN", help="JSON Lines or CSV file; - for standard input"
    )


def add_json(parser: argparse.ArgumentParser) -> None:
    """Add `--json`."""
    parser.add_argument("--json", action="store_true", help="print JSON")


def add_night(parser: argparse.ArgumentParser) -> None:
    """Add `--night`, None when not given."""
    parser.add_argument("--night", type=parse_night, help="the night's date, as 2026-03-01 (default: today)")


def add_packs(parser: argparse.ArgumentParser) -> None:
    """Add `--packs`, None when not given."""
    parser.add_argument("--packs", type=Path, metavar="DIR", help="your own indicator packs (default: ASW_PACKS)")


def add_rebuild(parser: argparse.ArgumentParser) -> None:
    """Add `--rebuild`."""
    parser.add_argument("--rebuild", action="store_true", help="do everything again from the stage before")


def parse_night(text: str) -> date:
    """Return the date that `text` gives in ISO form."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date such as 2026-03-01") from error


def today() -> date:
    """Return today's date in UTC: the night that a run without `--night` belongs to."""
    return datetime.now(UTC).date()


@contextmanager
def open_input(name: str) -> Iterator[IO[bytes]]:
    """Yield the bytes of a named file or of standard input; StopRun (2) when the file cannot be read."""
    if name == "-":
        yield sys.stdin.buffer
        return
    try:
        stream = open(name, "rb")  # noqa: PTH123, SIM115 -- closed below; the error must not cover the body
    except OSError as error:
        raise StopRun(f"{name} cannot be read: {error.strerror}.", code=2) from error
    with stream:
        yield stream
