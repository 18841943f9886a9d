"""Stable ids: a network keeps its id while most of its adverts stay; a new one is named by its smallest advert."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from itertools import count

from adverts.ids import make_id


def name_networks(groups: Sequence[Sequence[str]], previous: Mapping[str, Collection[str]]) -> list[str]:
    """Return an id for each group of advert ids.

    A previous id goes to the group that holds most of its adverts, the largest overlap first; ties go to the smaller
    id. Each id is given once; a group that gets none is named by its smallest advert.
    """
    owner = {advert: network for network in sorted(previous) for advert in previous[network]}
    overlaps = [
        (-shared, network, index)
        for index, group in enumerate(groups)
        for network, shared in Counter(owner[advert] for advert in group if advert in owner).items()
    ]
    names: dict[int, str] = {}
    taken: set[str] = set()
    for _, network, index in sorted(overlaps):
        if index not in names and network not in taken:
            names[index] = network
            taken.add(network)
    taken.update(previous)
    for index, group in enumerate(groups):
        if index not in names:
            names[index] = _name_new(min(group), taken)
            taken.add(names[index])
    return [names[index] for index in range(len(groups))]


def name_persona(advert: str) -> str:
    """Return the id of the persona whose first advert this is."""
    return make_id("per", advert)


def _name_new(advert: str, taken: Collection[str]) -> str:
    """Return the first free name; the second is needed where a network that split left its name behind."""
    tries = (make_id("net", advert, *([str(turn)] if turn else [])) for turn in count())
    return next(name for name in tries if name not in taken)
