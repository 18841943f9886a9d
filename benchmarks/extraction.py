"""Accuracy on the labelled cases and adverts a second of the whole extractor.

`python -m benchmarks.extraction [RECORDS.jsonl]`: the speed is measured on a JSON Lines file of adverts (a simulated
world's `adverts.jsonl` too), else on texts made here. `--write` freezes the accuracy as the reference, `--check` only
compares with it and exits 1 when a kind has fallen.
"""

import json
import platform
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import phonenumbers

from adverts.model import Advert
from adverts.records import parse_record
from enrichment.extractor import Extractor

ROOT: Final = Path(__file__).resolve().parents[1]
CASES: Final = ROOT / "tests" / "enrichment" / "cases"
REFERENCE: Final = Path(__file__).parent / "reference" / "extraction.json"
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
    """Print both tables, and the machine they were made on."""
    arguments = [argument for argument in sys.argv[1:] if not argument.startswith("--")]
    scores = measure_accuracy()
    if "--check" in sys.argv:
        sys.exit("\n".join(compare_reference(scores)) or 0)
    print(f"{'kind':10} {'cases':>6} {'precision':>9} {'recall':>7} {'F1':>6}")
    for kind, score in scores.items():
        print(f"{kind:10} {score['cases']:6} {score['precision']:9.3f} {score['recall']:7.3f} {score['f1']:6.3f}")
    if "--write" in sys.argv:
        REFERENCE.write_text(json.dumps(scores, indent=1) + "\n", encoding="utf-8")
    adverts = read_adverts(Path(arguments[0])) if arguments else list(iter_made(2_000))
    words = sum(len(advert.body.split()) for advert in adverts) / len(adverts)
    ours, library = measure_speed(adverts)
    print(f"{platform.processor() or platform.machine()}, Python {platform.python_version()}, one core")
    print(f"{len(adverts):,} adverts of {words:.0f} words: {ours:,.0f} adverts/s with everything on")
    print(f"phonenumbers alone, same process: {library:,.0f} adverts/s; ratio {ours / library:.2f}")


def compare_reference(scores: dict[str, dict[str, float]]) -> list[str]:
    """Return a sentence for each kind whose precision or recall is below the frozen one."""
    reference = json.loads(REFERENCE.read_text(encoding="utf-8"))
    return [
        f"{measure} of {kind} fell from {frozen[measure]:.3f} to {scores[kind][measure]:.3f}"
        for kind, frozen in reference.items()
        for measure in ("precision", "recall")
        if scores[kind][measure] < frozen[measure] - 1e-9
    ]


def measure_accuracy() -> dict[str, dict[str, float]]:
    """Return precision, recall and F1 for each kind over the cases that state what it must be."""
    right, found, wanted, cases = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    extractors = {region: Extractor(region) for region in ("GB", "US")}
    for case in iter_cases():
        extraction = extractors[case["region"]].extract(parse_record({"id": "case", **case["record"]}))
        for kind, values in case["expect"].items():
            seen = {mention.value for mention in extraction.mentions if mention.kind == kind}
            right[kind] += len(seen & set(values))
            found[kind] += len(seen)
            wanted[kind] += len(set(values))
            cases[kind] += 1
    return {kind: score(cases[kind], right[kind], found[kind], wanted[kind]) for kind in sorted(cases)}


def score(cases: int, right: int, found: int, wanted: int) -> dict[str, float]:
    precision, recall = right / max(1, found), right / max(1, wanted)
    f1 = 2 * precision * recall / max(1e-9, precision + recall)
    return {"cases": cases, "precision": precision, "recall": recall, "f1": f1}


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


def iter_cases() -> Iterator[Any]:
    for path in sorted(CASES.glob("*.jsonl")):
        yield from map(json.loads, path.read_text(encoding="utf-8").splitlines())


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
