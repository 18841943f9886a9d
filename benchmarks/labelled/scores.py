"""Precision, recall and F1 from counts, and their table."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

import msgspec

from benchmarks.labelled.cases import Case


class Score(msgspec.Struct):
    """What was right of what was found and wanted in `cases` cases."""

    cases: int = 0
    right: int = 0
    found: int = 0
    wanted: int = 0

    def add(self, seen: set[str], wanted: set[str]) -> None:
        """Count one case."""
        self.cases += 1
        self.right += len(seen & wanted)
        self.found += len(seen)
        self.wanted += len(wanted)

    @property
    def precision(self) -> float:
        """Return the share of right values among those found; 1 when nothing was found."""
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """Return the share of wanted values that were found; 1 when none was wanted."""
        return self.right / self.wanted if self.wanted else 1.0

    @property
    def f1(self) -> float:
        """Return the harmonic mean of both."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0

    def to_json(self) -> dict[str, float]:
        """Return the figures that are frozen."""
        return {"cases": self.cases, "precision": self.precision, "recall": self.recall, "f1": self.f1}


def score_cases(
    cases: Iterable[Case], read: Callable[[Case], Callable[[str], set[str]]], kinds: Sequence[str] = ()
) -> dict[str, Score]:
    """Return a score for each kind (of `kinds`, else all) that cases state; `read` gives a case's values by kind."""
    scores: defaultdict[str, Score] = defaultdict(Score)
    for case in cases:
        values = read(case)
        for kind in kinds or case.expect:
            scores[kind].add(values(kind), set(case.expect[kind]))
    return dict(sorted(scores.items()))


def print_scores(title: str, scores: dict[str, Score], beside: dict[str, Score] | None = None) -> None:
    """Print a table, a row for each name, with the library's figures to the right where they are given."""
    width = max(24, *map(len, scores)) if scores else 24
    head = f"{'cases':>6} {'wanted':>6} {'precision':>9} {'recall':>7} {'F1':>6}"
    print(f"\n{title}")
    print(f"{'':{width}} {head}" + ("   phonenumbers: precision, recall, F1" if beside else ""))
    for name, score in scores.items():
        row = f"{name:{width}} {score.cases:6} {score.wanted:6} {_show(score)}"
        print(row + (f"   {'':13} {_show(beside[name])}" if beside else ""))


def _show(score: Score) -> str:
    return f"{score.precision:9.3f} {score.recall:7.3f} {score.f1:6.3f}"
