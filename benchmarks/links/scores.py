"""How well networks meet the truth: pairs, B-cubed, operations found, independents drawn in, wrong joins by cause."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any, Final, Protocol

from networkx.utils import UnionFind

FOUND: Final = 0.8  # share of an operation's adverts in one network ...
STRANGERS: Final = 0.05  # ... that holds no larger share of others'
_MOST_USERS: Final = 2  # controls that a tie may have: one may have stolen the other's text
_CONTROLLED: Final = frozenset({"operation", "agency", "parlour"})


class Truth(Protocol):
    """What the scores ask of one line of truth."""

    @property
    def id(self) -> str:
        """The advert."""

    @property
    def control(self) -> str:
        """Who truly controls it."""

    @property
    def kind(self) -> str:
        """What kind of advertiser that is."""

    @property
    def household(self) -> str:
        """Who lives together by choice; empty for nobody."""

    @property
    def trait(self) -> str:
        """What marks it within its kind; `covert...` hides well."""

    @property
    def shown(self) -> tuple[str, ...]:
        """Everything that could tie the advert to another one: identifiers, account, text."""


@dataclass
class LinkingScore:
    """Figures of one clustering; shares are between 0 and 1, counts are of adverts or of controls."""

    precision: float
    recall: float
    bcubed_precision: float
    bcubed_recall: float
    largest: int
    largest_true: int
    operations: int
    found: int
    within_reach: int
    covert: int
    covert_found: int
    independents: int
    drawn_in: int
    wrong: Counter[str] = field(default_factory=Counter)

    def to_lines(self) -> Iterator[str]:
        """Yield the figures, a subject a line."""
        yield f"pairs     {_describe(self.precision, self.recall)}"
        yield f"B-cubed   {_describe(self.bcubed_precision, self.bcubed_recall)}"
        yield f"largest   {self.largest:,} adverts; in truth {self.largest_true:,}"
        yield (
            f"found     {self.found} of {self.operations} operations, covert {self.covert_found} of {self.covert}; "
            f"what their adverts share holds {self.within_reach} together"
        )
        share = self.drawn_in / max(1, self.independents)
        yield f"drawn in  {self.drawn_in} of {self.independents:,} independents ({share:.2%})"
        yield f"wrong     {', '.join(f'{kinds} {count:,}' for kinds, count in self.wrong.most_common(6)) or 'no pair'}"


def score_linking(network_of: Mapping[str, str | None], truths: Iterable[Truth]) -> LinkingScore:
    """Return the figures, in time linear to the adverts; a house, too, is one control."""
    known = list(truths)
    by_control = Counter(truth.control for truth in known)
    about = {truth.control: truth for truth in known}
    groups: defaultdict[str, Counter[str]] = defaultdict(Counter)
    alone = Counter[str]()
    for truth in known:
        network = network_of.get(truth.id)
        (alone if network is None else groups[network])[truth.control] += 1
    shares = list(groups.values())
    hits = sum(_pairs(count) for group in shares for count in group.values())
    joined, wanted = sum(_pairs(group.total()) for group in shares), sum(map(_pairs, by_control.values()))
    found = set(_iter_found(shares, by_control))
    operations = [control for control, truth in about.items() if truth.kind == "operation" and by_control[control] > 1]
    covert = [control for control in operations if about[control].trait.startswith("covert")]
    independents = {control for control, truth in about.items() if truth.kind not in _CONTROLLED}
    drawn_in = {
        control
        for group in shares
        if len({about[control].household or control for control in group}) > 1
        for control in group
    }
    return LinkingScore(
        precision=hits / max(1, joined), recall=hits / max(1, wanted),
        bcubed_precision=(
            alone.total() + sum(count * count / group.total() for group in shares for count in group.values())
        ) / len(known),
        bcubed_recall=(
            sum(count / by_control[control] for control, count in alone.items())
            + sum(count * count / by_control[control] for group in shares for control, count in group.items())
        ) / len(known),
        largest=max((group.total() for group in shares), default=0), largest_true=max(by_control.values()),
        operations=len(operations), found=sum(control in found for control in operations),
        within_reach=_count_within_reach(known, set(operations)),
        covert=len(covert), covert_found=sum(control in found for control in covert),
        independents=len(independents), drawn_in=len(drawn_in & independents), wrong=_count_wrong(shares, about),
    )  # fmt: skip


def _iter_found(shares: Iterable[Counter[str]], by_control: Mapping[str, int]) -> Iterator[str]:
    for group in shares:
        for control, count in group.items():
            if count >= FOUND * by_control[control] and group.total() - count <= STRANGERS * group.total():
                yield control


def _count_within_reach(known: Iterable[Truth], operations: Collection[str]) -> int:
    """Return how many operations share enough for a reader who misses nothing to find them.

    What a third control shows too is no tie: it is a hub.
    """
    users: defaultdict[str, set[str]] = defaultdict(set)
    for truth in known:
        for value in truth.shown:
            users[value].add(truth.control)
    adverts: defaultdict[str, UnionFind[Any]] = defaultdict(UnionFind)
    for truth in known:
        if truth.control in operations:
            own = (value for value in truth.shown if len(users[value]) <= _MOST_USERS)
            adverts[truth.control].union(truth.id, *(("shown", value) for value in own))
    sizes = (
        [sum(isinstance(node, str) for node in part) for part in operation.to_sets()] for operation in adverts.values()
    )
    return sum(max(size) >= FOUND * sum(size) for size in sizes)


def _count_wrong(shares: Iterable[Counter[str]], about: Mapping[str, Truth]) -> Counter[str]:
    """Return the wrong pairs by the kinds of advertiser that they join, which name the cause."""
    wrong: Counter[str] = Counter()
    for group in shares:
        for (one, count), (other, others) in combinations(group.items(), 2):
            wrong[" + ".join(sorted((about[one].kind, about[other].kind)))] += count * others
    return wrong


def _pairs(count: int) -> int:
    return count * (count - 1) // 2


def _describe(precision: float, recall: float) -> str:
    f1 = 2 * precision * recall / max(1e-9, precision + recall)
    return f"precision {precision:.3f} recall {recall:.3f} F1 {f1:.3f}"
