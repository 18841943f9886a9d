"""What one site shows on one night, in the orders its pages ask for."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from simulator.records import Content, WorldVersion

NOWHERE = "elsewhere"


@dataclass(frozen=True)
class Card:
    """One advert as a page shows it."""

    ref: str
    content: Content


@dataclass(frozen=True)
class Group:
    """Adverts that a list page shows together, newest first."""

    slug: str
    title: str
    cards: list[Card] = field(default_factory=list)


class Catalogue:
    """The adverts of one site that are visible on one night, by reference, town and category."""

    def __init__(self, versions: Iterable[WorldVersion], night: int) -> None:
        shown = [Card(version.ref, version.record) for version in versions if version.is_shown(night)]
        shown.sort(key=lambda card: (card.content.posted_at, card.ref), reverse=True)
        self.cards = {card.ref: card for card in shown}
        self.towns = _group(shown, lambda card: (card.content.location,))
        self.categories = _group(shown, lambda card: (card.content.category,))
        self.shelves = _group(shown, lambda card: (card.content.location, card.content.category))

    def find(self, ref: str) -> Card | None:
        """Return the advert of that reference, None when the site doesn't show it tonight."""
        return self.cards.get(ref)


def cut_page(cards: Sequence[Card], page: int, size: int) -> tuple[Sequence[Card], bool]:
    """Return the cards of a page, numbered from 1, and whether another page follows."""
    start = (page - 1) * size
    return cards[start : start + size], start + size < len(cards)


def slugify(text: str) -> str:
    """Return the form of a town or category that its address uses."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-") or NOWHERE


def _group(cards: Sequence[Card], key: Callable[[Card], tuple[str, ...]]) -> dict[str, Group]:
    groups: dict[str, Group] = {}
    for card in cards:
        names = key(card)
        slug = "/".join(slugify(name) for name in names)
        groups.setdefault(slug, Group(slug, ", ".join(name or NOWHERE for name in names))).cards.append(card)
    return dict(sorted(groups.items()))
