"""Speed of the extractor, as a ratio to the phonenumbers library alone in the same process.

`python -m benchmarks.speed [RECORDS.jsonl]`, or `make bench-speed`: measured on a JSON Lines file of adverts (a
simulated world's `adverts.jsonl` too), else on texts made here.
"""

import json
import platform
import random
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import phonenumbers

from adverts.model import Advert
from adverts.records import parse_record
from enrichment.extractor import Extractor

SENTENCES: Final = (
    "Hello and welcome, I am happy to meet you in my quiet flat.", "I am {age} and enjoy good talks.",
    "The flat is warm, clean and close to the station in {town}.", "Tea and a shower are there for you.",
    "One hour is £{price}, thirty minutes £{half}.", "I work from ten to eight, never on Sunday.",
    "Please be kind and on time, I will be too.", "There is free parking two streets away.",
    "I read a lot and like long walks by the sea.", "No texts without a name, please.",
    "Outcalls to hotels are possible with a day of notice.", "Call {phone} for a chat.",
)  # fmt: skip
TOWNS: Final = ("Cardiff", "Leeds", "York", "Bristol", "Glasgow", "Derby")


def main() -> None:
    """Print the figures, and the machine they were made on."""
    arguments = [argument for argument in sys.argv[1:] if not argument.startswith("--")]
    adverts = read_adverts(Path(arguments[0])) if arguments else list(iter_made(2_000))
    words = sum(len(advert.body.split()) for advert in adverts) / len(adverts)
    ours, library = measure_speed(adverts)
    print(f"{platform.processor() or platform.machine()}, Python {platform.python_version()}, one core")
    print(f"{len(adverts):,} adverts of {words:.0f} words: {ours:,.0f} adverts/s with everything on")
    print(f"phonenumbers alone, same process: {library:,.0f} adverts/s; ratio {ours / library:.2f}")


def measure_speed(adverts: list[Advert]) -> tuple[float, float]:
    """Return adverts a second of processor time, ours and of the phonenumbers library on the same bodies."""
    extractor = Extractor()
    extractor.extract(adverts[0])  # tables and packs load on first use
    started = time.process_time()
    for advert in adverts:
        extractor.extract(advert)
    middle = time.process_time()
    for advert in adverts:
        list(phonenumbers.PhoneNumberMatcher(advert.body, "GB"))
    return len(adverts) / (middle - started), len(adverts) / (time.process_time() - middle)


def read_adverts(path: Path) -> list[Advert]:
    rows = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    return [parse_record({"id": "row", **row.get("record", row)}) for row in rows]


def iter_made(count: int) -> Iterator[Advert]:
    """Yield adverts of about 110 words with a number each, one in seven of them in words."""
    rng = random.Random(7)
    spelt = ("oh", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
    for number in range(count):
        digits = f"077009{rng.randrange(100_000):05}"
        phone = " ".join(spelt[int(digit)] for digit in digits) if number % 7 == 0 else f"{digits[:5]} {digits[5:]}"
        price = rng.randrange(8, 20) * 10
        values = {"age": rng.randrange(21, 50), "town": rng.choice(TOWNS), "price": price, "half": price // 2 + 10}
        body = " ".join(rng.sample(SENTENCES, len(SENTENCES))).format(phone=phone, **values)
        yield Advert(id=f"made-{number}", title=f"Anna in {values['town']}", body=body)


if __name__ == "__main__":
    main()
