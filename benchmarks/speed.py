"""Speed of the extractor in one process, as a ratio to the phonenumbers library alone on the same texts.

`python -m benchmarks.speed [RECORDS.jsonl]`: measured on a JSON Lines file of adverts (a simulated world's
`adverts.jsonl` too), else on texts made here. The command as a whole: `benchmarks/command.py`. `make bench-speed` runs
both.
"""

import json
import os
import platform
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from statistics import median
from typing import Final

import phonenumbers

from adverts.model import Advert
from adverts.records import parse_record
from benchmarks.labelled.hostile import SIZE, iter_hostile
from benchmarks.labelled.made import iter_made
from enrichment.extractor import TOGETHER, Extractor
from enrichment.extractors import EXTRACTORS, Extract
from enrichment.indicators.finder import Finder, load_finder
from enrichment.language import find_languages
from enrichment.protection import find_suspicions
from enrichment.view import View

ROUNDS: Final = 7
"""The least time of so many rounds counts, and the middle one of their ratios: others may use the machine meanwhile."""


def main() -> None:
    """Print the figures, and the machine they were made on."""
    arguments = [argument for argument in sys.argv[1:] if not argument.startswith("--")]
    adverts = read_adverts(Path(arguments[0])) if arguments else list(iter_made(2_000))
    words = sum(len(advert.body.split()) for advert in adverts) / len(adverts)
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    extractor = Extractor()
    rounds = measure_rounds([lambda: extractor.read(adverts), lambda: search_library(adverts)])
    ours, library = map(min, rounds)
    print(f"\n{len(adverts):,} adverts of {words:.0f} words, one process, least processor time of {ROUNDS} rounds")
    print(f"everything on       {len(adverts) / ours:8,.0f} adverts/s {1e6 * ours / len(adverts):8.0f} us an advert")
    print(
        f"phonenumbers alone  {len(adverts) / library:8,.0f} adverts/s {1e6 * library / len(adverts):8.0f} us an advert"
    )
    print(f"ratio               {median(theirs / mine for mine, theirs in zip(*rounds, strict=True)):8.2f}")
    print_profile(adverts, ours)
    print_long(library / len(adverts))


def search_library(adverts: Sequence[Advert]) -> None:
    for advert in adverts:
        list(phonenumbers.PhoneNumberMatcher(advert.body, "GB"))


def measure_rounds(works: Sequence[Callable[[], object]]) -> list[list[float]]:
    """Return the seconds of processor time that each takes, by round; a busy spell hits them all."""
    times: list[list[float]] = [[] for _ in works]
    for _ in range(ROUNDS):
        for work, each in zip(works, times, strict=True):
            started = time.process_time()
            work()
            each.append(time.process_time() - started)
    return times


def print_profile(adverts: Sequence[Advert], total: float) -> None:
    """Print where the time of an advert goes, by extractor, most first."""
    spent = {name: seconds for name, seconds in profile_stages(adverts).items() if seconds}
    spent["the rest"] = max(0.0, total - sum(spent.values()))
    print(f"\n{'where the time goes':20} {'us an advert':>12} {'share':>7}")
    for name, seconds in sorted(spent.items(), key=lambda row: -row[1]):
        print(f"{name:20} {1e6 * seconds / len(adverts):12.1f} {100 * seconds / total:6.1f}%")


def profile_stages(adverts: Sequence[Advert]) -> dict[str, float]:
    """Return the seconds that each step takes of all adverts, in the fastest round."""
    rounds = [defaultdict[str, float](float) for _ in range(ROUNDS)]
    finder = load_finder()
    for spent in rounds:
        for start in range(0, len(adverts), TOGETHER):
            _profile_views(
                [View(advert, "GB", Counter()) for advert in adverts[start : start + TOGETHER]], finder, spent
            )
    return min(rounds, key=lambda spent: sum(spent.values()))


def _profile_views(views: Sequence[View], finder: Finder, spent: defaultdict[str, float]) -> None:
    steps: dict[str, Callable[[View], object]] = {"normaliser": View.prose}
    steps |= {name: partial(_run_extractor, extract) for name, extract in EXTRACTORS.items()}
    steps["indicators"] = lambda view: list(finder.find(view))
    steps["protection"] = lambda view: list(find_suspicions(view))
    steps["language"] = lambda view: find_languages("\n".join(clean.lowered for _, clean in view.prose()))
    for name, step in steps.items():
        started = time.process_time()
        for view in views:
            step(view)
        spent[name] += time.process_time() - started


def _run_extractor(extract: Extract, view: View) -> None:
    view.found += extract(view)


def print_long(library: float) -> None:
    """Print how long bodies of a million characters take: ordinary text, then the worst of the hostile ones."""
    load_finder().match("no rush")  # loads spaCy, which no body shall be charged for
    ordinary = " ".join(advert.body for advert in iter_made(2_000))[:SIZE]
    print(f"\nbodies of {SIZE:,} characters, seconds of processor")
    print(f"ordinary text        {time_body(ordinary):6.2f}")
    times = sorted(((time_body(body), name) for name, body in iter_hostile(mixtures=20, seed=1)), reverse=True)
    for seconds, name in times[:5]:
        print(f"hostile              {seconds:6.2f}  {name}")
    print(f"hostile, median      {times[len(times) // 2][0]:6.2f}  of {len(times)}")


def time_body(body: str) -> float:
    """Return the seconds of processor time that one body takes."""
    extractor = Extractor()
    started = time.process_time()
    extractor.extract(Advert(id="long", title="Anna", body=body))
    return time.process_time() - started


def read_adverts(path: Path) -> list[Advert]:
    rows = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    return [parse_record({"id": "row", **row.get("record", row)}) for row in rows]


if __name__ == "__main__":
    main()
