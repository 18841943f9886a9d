"""A world folder: `world.json`, `adverts.jsonl`, `truth.jsonl`. Written whole or not at all, read as a stream."""

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Final, TypeVar

import msgspec

from adverts.errors import StopRun
from adverts.progress import show_progress
from simulator.market import HUBS, Market
from simulator.records import FORMAT, SITES, Truth, WorldInfo, WorldSummary, WorldVersion

INFO: Final = "world.json"
ADVERTS: Final = "adverts.jsonl"
TRUTH: Final = "truth.jsonl"
_REPORT_EVERY: Final = 1_000  # adverts
_AGAIN: Final = "Write it again with `asw simulate world`."

_UNREADABLE: Final = (OSError, msgspec.DecodeError, UnicodeDecodeError)

LineT = TypeVar("LineT", WorldVersion, Truth)


class World:
    """A world folder that is complete. StopRun from any method says which file is damaged."""

    def __init__(self, folder: Path, info: WorldInfo) -> None:
        self.folder = folder
        self.info = info

    def iter_versions(self) -> Iterator[WorldVersion]:
        """Yield every version; those of one advert follow one another, oldest first."""
        return self._iter_lines(ADVERTS, WorldVersion, self.info.versions)

    def iter_truths(self) -> Iterator[Truth]:
        """Yield the truth of every advert, in the order of the versions."""
        return self._iter_lines(TRUTH, Truth, self.info.adverts)

    def _iter_lines(self, name: str, kind: type[LineT], expected: int) -> Iterator[LineT]:
        decoder, path, count = msgspec.json.Decoder(kind), self.folder / name, 0
        try:
            with path.open("rb") as lines:
                for count, line in enumerate(lines, 1):  # noqa: B007 -- the last count is compared below
                    yield decoder.decode(line)
        except _UNREADABLE as error:
            raise StopRun(f"{path} cannot be read, line {count}: {error}. {_AGAIN}") from error
        if count != expected:
            raise StopRun(f"{path} has {count:,} lines where {expected:,} were written. {_AGAIN}")


def read_world(folder: Path) -> World:
    """Return the world in `folder`; StopRun (2) when there is none or it is not whole."""
    path = folder / INFO
    if not folder.is_dir():
        raise StopRun(f"There is no world folder {folder}. {_AGAIN}", code=2)
    try:
        info = msgspec.json.decode(path.read_bytes(), type=WorldInfo)
    except _UNREADABLE as error:
        raise StopRun(f"{folder} is not a world folder, {INFO} cannot be read: {error}. {_AGAIN}", code=2) from error
    if info.format != FORMAT:
        raise StopRun(f"{folder} has format {info.format}, this program reads {FORMAT}. {_AGAIN}", code=2)
    for name in (ADVERTS, TRUTH):
        if not (folder / name).is_file():
            raise StopRun(f"{folder} is not whole, {name} is missing. {_AGAIN}", code=2)
    return World(folder, info)


def write_world(out: Path, *, seed: int, adverts: int, nights: int, start: date) -> WorldSummary:
    """Write a world of exactly `adverts` adverts, each shown on at least one of `nights` consecutive days.

    The same arguments give the same bytes. An older world in `out` is replaced at the very end: a killed write leaves
    no half of anything. StopRun (2) when `out` holds anything else, or an argument makes no sense.
    """
    out = out.resolve()
    _check_request(out, adverts, nights)
    partial, old = out.with_name(f".{out.name}.partial"), out.with_name(f".{out.name}.old")
    try:
        for left in (partial, old):
            shutil.rmtree(left, ignore_errors=True)
        partial.mkdir(parents=True)
        summary = _write_files(partial, Market(seed=seed, adverts=adverts, nights=nights, start=start))
        if out.exists():
            out.rename(old)
        partial.rename(out)
        shutil.rmtree(old, ignore_errors=True)
    except OSError as error:
        raise StopRun(f"The world cannot be written to {out}: {error}. Free space or choose another folder.") from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return summary


def _check_request(out: Path, adverts: int, nights: int) -> None:
    if adverts < 1 or nights < 1:
        raise StopRun("A world needs at least one advert and one night.", code=2)
    if out.is_dir() and {path.name for path in out.iterdir()} - {INFO, ADVERTS, TRUTH}:
        raise StopRun(f"{out} holds something else than a world. Choose an empty or new folder.", code=2)
    if out.exists() and not out.is_dir():
        raise StopRun(f"{out} is a file. Choose an empty or new folder.", code=2)


def _write_files(folder: Path, market: Market) -> WorldSummary:
    summary = _write_lines(folder, market)
    info = WorldInfo(
        format=FORMAT, seed=market.seed, adverts=market.adverts, versions=summary.versions, nights=market.nights,
        sites=SITES, hubs=HUBS,
    )  # fmt: skip
    (folder / INFO).write_bytes(msgspec.json.format(msgspec.json.encode(info)) + b"\n")
    return summary


def _write_lines(folder: Path, market: Market) -> WorldSummary:
    encode, advert, version_count = msgspec.json.Encoder().encode, 0, 0
    by_site = dict.fromkeys(SITES, 0)
    with (
        (folder / ADVERTS).open("wb") as versions,
        (folder / TRUTH).open("wb") as truths,
        show_progress("world", market.adverts) as advance,
    ):
        for advert, listing in enumerate(market.iter_listings(), 1):
            versions.writelines(encode(version) + b"\n" for version in listing.versions)
            truths.write(encode(listing.truth) + b"\n")
            version_count += len(listing.versions)
            by_site[listing.truth.site] += 1
            if advert % _REPORT_EVERY == 0:
                advance(_REPORT_EVERY)
        advance(advert % _REPORT_EVERY)
    return WorldSummary(
        adverts=advert, versions=version_count, advertisers=dict(market.advertisers), by_site=by_site,
        mobiles=market.mobiles_taken,
    )  # fmt: skip
