"""Accuracy on the labelled cases, kind by kind, beside the phonenumbers library alone.

`python -m benchmarks.extraction`, or `make bench-extraction`. `--write` freezes the accuracy as the reference,
`--check` only compares with it and exits 1 when a kind has fallen. Speed: `benchmarks/speed.py`.
"""

import json
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

import phonenumbers
from phonenumbers import Leniency

from benchmarks.labelled.cases import Case, iter_cases, read_values
from benchmarks.labelled.composer import SEED, iter_composed
from benchmarks.labelled.made import iter_made  # noqa: F401 -- where scripts look for it
from benchmarks.labelled.scores import Score, print_scores, score_cases
from enrichment.extractor import Extractor

REFERENCE: Final = Path(__file__).parent / "reference" / "extraction.json"
COMPOSED: Final = 2_000


def main() -> None:
    """Print the tables."""
    cases = list(iter_cases())
    scores = measure_accuracy(cases)
    if "--check" in sys.argv:
        sys.exit("\n".join(compare_reference(scores)) or 0)
    if "--write" in sys.argv:
        frozen = {kind: score.to_json() for kind, score in scores.items()}
        REFERENCE.write_text(json.dumps(frozen, indent=1) + "\n", encoding="utf-8")
    print_scores("written by hand, all", scores)
    print_scores("kept back (a third, by hash)", measure_accuracy([case for case in cases if case.kept_back]))
    by_file = {name: [case for case in cases if case.file == name] for name in sorted({case.file for case in cases})}
    print_phones("phones, by file of cases", by_file)
    composed = list(iter_composed(COMPOSED))
    print_scores(f"{COMPOSED:,} composed, seed {SEED}", measure_accuracy(composed))
    print_phones("phones of the composed, by how digits are written and what parts them", group_disguises(composed))


def group_disguises(cases: Iterable[Case]) -> dict[str, list[Case]]:
    """Return the composed cases under each name of what was done to their number."""
    groups: defaultdict[str, list[Case]] = defaultdict(list)
    for case in cases:
        for part in case.note.split(" | "):
            groups[part].append(case)
    return dict(sorted(groups.items()))


def print_phones(title: str, groups: dict[str, list[Case]]) -> None:
    """Print how numbers fare in each group of cases, and how the library alone fares there."""
    ours = {name: measure_accuracy(cases).get("phone") for name, cases in groups.items()}
    library = {name: measure_library(cases) for name, cases in groups.items()}
    print_scores(title, {name: score for name, score in ours.items() if score}, library)


def measure_accuracy(cases: Iterable[Case]) -> dict[str, Score]:
    """Return precision, recall and F1 for each kind over the cases that state what it must be."""
    cases = list(cases)
    extractors = {region: Extractor(region) for region in sorted({case.region for case in cases})}

    def read(case: Case) -> Callable[[str], set[str]]:
        extraction = extractors[case.region].extract(case.advert)
        return lambda kind: read_values(extraction, kind)

    return score_cases(cases, read)


def measure_library(cases: Iterable[Case]) -> Score:
    """Return what phonenumbers alone finds in title and body of the cases that state their numbers.

    It is asked for possible numbers: the reserved ones, which most cases hold, are never valid.
    """

    def read(case: Case) -> Callable[[str], set[str]]:
        advert = case.advert
        found = phonenumbers.PhoneNumberMatcher(f"{advert.title}\n{advert.body}", case.region, Leniency.POSSIBLE)
        return lambda _: {f"+{match.number.country_code}{match.number.national_number}" for match in found}

    only_phones = [case for case in cases if "phone" in case.expect]
    return score_cases(only_phones, read, ("phone",)).get("phone", Score())


def compare_reference(scores: dict[str, Score]) -> list[str]:
    """Return a sentence for each kind whose precision or recall is below the frozen one."""
    reference = json.loads(REFERENCE.read_text(encoding="utf-8"))
    return [
        f"{measure} of {kind} fell from {frozen[measure]:.3f} to {getattr(scores[kind], measure):.3f}"
        for kind, frozen in reference.items()
        for measure in ("precision", "recall")
        if getattr(scores[kind], measure) < frozen[measure] - 1e-9
    ]


if __name__ == "__main__":
    main()
