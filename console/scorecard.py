"""The demo's honest scorecard: what linking found against the simulator's truth. The one reader of truth outside it.

Pairs of adverts are judged by who controls them. Two adverts of one declared agency or parlour are under one lawful
control that says so; joining them is neither a hit nor an error, so those pairs count on no side. Joining an agency's
advert to anyone else is an error, and so is joining two women who only share a flat and a number for safety.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Protocol

LAWFUL_HOUSES: Final = frozenset({"agency", "parlour"})
OPERATION: Final = "operation"
_FOUND_SHARE: Final = 0.5


class Truth(Protocol):
    """What the scorecard asks of one line of the simulator's truth."""

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


@dataclass(frozen=True)
class Scorecard:
    """Counts against truth; shares are None where nothing could be judged."""

    adverts: int
    precision: float | None
    recall: float | None
    operations: int
    operations_found: int
    networks: int
    networks_mixed: int
    independents: int
    independents_drawn_in: int

    @property
    def share_drawn_in(self) -> float | None:
        """Return the share of independents that stand in a network with a stranger."""
        return self.independents_drawn_in / self.independents if self.independents else None

    def to_sentences(self) -> list[str]:
        """Return the card in plain words, one fact a line."""
        missed = self.operations - self.operations_found
        return [
            f"{self.adverts:,} adverts judged against the simulator's truth.",
            f"Operations found: {self.operations_found} of {self.operations}; missed: {missed}"
            " (found: half of its adverts or more stand in one network where they are the majority).",
            f"Pairs joined that truly belong together (precision): {_share(self.precision)};"
            f" true pairs that were joined (recall): {_share(self.recall)}.",
            f"Networks that join adverts of different controllers: {self.networks_mixed} of {self.networks}"
            " (those of one person included).",
            f"Independents drawn into a network with a stranger: {self.independents_drawn_in} of {self.independents:,}"
            f" ({_share(self.share_drawn_in, digits=2)}).",
        ]


def score_networks(network_of: Mapping[str, str | None], truths: Iterable[Truth]) -> Scorecard:
    """Return the scorecard of a clustering; adverts of the truth that are not in `network_of` are not judged.

    Linear in the adverts: pairs are counted from the sizes of (network, controller) groups, never one by one.
    """
    judged = [truth for truth in truths if truth.id in network_of]
    by_control: Counter[str] = Counter(truth.control for truth in judged)
    kind_of = {truth.control: truth.kind for truth in judged}
    groups: dict[str, list[Truth]] = defaultdict(list)
    for truth in judged:
        network = network_of[truth.id]
        if network is not None:
            groups[network].append(truth)
    shares = {network: Counter(truth.control for truth in group) for network, group in groups.items()}
    hits = sum(_own_pairs(controls, kind_of) for controls in shares.values())
    joined = sum(_pairs(controls.total()) - _house_pairs(controls, kind_of) for controls in shares.values())
    true_pairs = _own_pairs(by_control, kind_of)
    drawn_in = [truth for group in groups.values() for truth in _with_strangers(group)]
    independents = {truth.control for truth in judged if truth.kind not in {OPERATION, *LAWFUL_HOUSES}}
    operations = [control for control, kind in kind_of.items() if kind == OPERATION and by_control[control] > 1]
    return Scorecard(
        adverts=len(judged),
        precision=hits / joined if joined else None,
        recall=hits / true_pairs if true_pairs else None,
        operations=len(operations),
        operations_found=sum(_is_found(control, by_control[control], shares.values()) for control in operations),
        networks=len(groups),
        networks_mixed=sum(len(controls) > 1 for controls in shares.values()),
        independents=len(independents),
        independents_drawn_in=len({truth.control for truth in drawn_in}),
    )


def _with_strangers(group: list[Truth]) -> list[Truth]:
    """Return the independents of a network in which someone of another control and household stands."""
    circles = {truth.household or truth.control for truth in group}
    if len(circles) == 1:
        return []
    return [truth for truth in group if truth.kind not in {OPERATION, *LAWFUL_HOUSES}]


def _is_found(control: str, size: int, shares: Iterable[Counter[str]]) -> bool:
    best = max(shares, key=lambda controls: controls[control], default=Counter[str]())
    return best[control] >= _FOUND_SHARE * size and best[control] > best.total() / 2


def _own_pairs(controls: Counter[str], kind_of: Mapping[str, str]) -> int:
    return sum(_pairs(count) for control, count in controls.items() if kind_of[control] not in LAWFUL_HOUSES)


def _house_pairs(controls: Counter[str], kind_of: Mapping[str, str]) -> int:
    return sum(_pairs(count) for control, count in controls.items() if kind_of[control] in LAWFUL_HOUSES)


def _pairs(count: int) -> int:
    return count * (count - 1) // 2


def _share(value: float | None, digits: int = 3) -> str:
    return "not judged" if value is None else f"{value:.{digits}f}" if digits > 2 else f"{value:.{digits}%}"
