"""What a decision would change, said before it is made: from the networks and links as they stand."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import sqlalchemy as sa

from adverts.model import Decision
from adverts.quarantine import is_shown
from adverts.store import Store
from adverts.store.schema import adverts, links, members, mentions, versions
from console.decisions.ledger import Entry, read_standing
from console.web.reading import carrier_query
from console.web.texts import count_of, list_words
from graph.networks import Group, Ties, find_groups

WHEN: Final = (
    "It takes effect with the next linking: the coming night, or asw link and then asw index now. It can be undone."
)


def foresee(store: Store, decision: Decision) -> list[str]:
    """Return what the decision would change, in sentences."""
    with store.connect() as connection:
        standing = read_standing(connection)
        match decision.decision:
            case "same":
                said = _foresee_same(connection, decision, standing)
            case "different":
                said = _foresee_different(connection, decision, standing)
            case "hub":
                said = _foresee_hub(connection, decision.value)
            case _:
                word = {"confirm": "confirmed", "dismiss": "dismissed"}[decision.decision]
                said = [f"The network's triage will say {word}. No advert joins or leaves it."]
                if decision.decision == "dismiss":
                    said.append("Once it has more than twice the adverts of today, it is read again.")
    return [*said, *_replaced(decision, standing), WHEN]


def _foresee_same(connection: sa.Connection, decision: Decision, standing: list[Entry]) -> list[str]:
    one, other = _network_of(connection, decision.a), _network_of(connection, decision.b)
    if one and one == other:
        return ["Both are in one network already. The decision keeps them together, whatever is found later."]
    sides = [_adverts_of(connection, network, advert) for network, advert in ((one, decision.a), (other, decision.b))]
    said = [f"Their {_sides(one, other)} become one network of {count_of(sum(map(len, sides)), 'advert')}."]
    against = [
        entry
        for entry in standing
        if entry.decision == "different"
        and {entry.a, entry.b} != {decision.a, decision.b}
        and ({entry.a, entry.b} & sides[0] and {entry.a, entry.b} & sides[1])
    ]
    ruled = [entry for entry in standing if entry.decision in ("confirm", "dismiss") and entry.a in {one, other}]
    said += [
        f"Decision {entry.id} ({entry.decision}) on {entry.a} speaks for the new one only where that keeps this id: "
        "rule on it anew."
        for entry in ruled
    ]
    return said + [
        f"Decision {entry.id} keeps {_name(entry.a, entry.a_title)} and {_name(entry.b, entry.b_title)} apart, one "
        "from each side: the weakest links between those two are cut, which may part the new network again."
        for entry in against
    ]


def _foresee_different(connection: sa.Connection, decision: Decision, standing: list[Entry]) -> list[str]:
    network = _network_of(connection, decision.a)
    if not network or network != _network_of(connection, decision.b):
        return ["They are in different networks today. The decision keeps them apart, whatever is found later."]
    ids, ties = _read_ties(connection, network, without={decision.a, decision.b})
    numbers = {advert: number for number, advert in enumerate(ids)}
    earlier = [
        entry
        for entry in standing
        if entry.decision == "same"
        and {entry.a, entry.b} <= numbers.keys()
        and {entry.a, entry.b} != {decision.a, decision.b}
    ]
    together = [(numbers[entry.a], numbers[entry.b]) for entry in earlier]
    groups = find_groups(ties, len(ids), [(numbers[decision.a], numbers[decision.b])], together).groups
    alone = len(ids) - sum(map(len, groups))
    sizes = [count_of(len(group), "advert") for group in sorted(groups, key=len, reverse=True)]
    parts = sizes + ([f"{count_of(alone, 'advert')} alone"] if alone else [])
    size = count_of(len(ids), "advert")
    first, second = (_company(numbers[advert], groups) for advert in (decision.a, decision.b))
    said = [
        f"The weakest links between them are cut: the network of {size} becomes {list_words(parts, 6)}. "
        f"The first {first}, the second {second}."
    ]
    chained = [str(entry.id) for entry in earlier]
    if chained:
        said.append(
            f"Earlier rulings that others are the same ({'decision' if len(chained) == 1 else 'decisions'} "
            f"{list_words(chained, 6)}) hold this network together too. Where the only way between the two leads over "
            "them, one of those ties is cut; the rulings themselves stand."
        )
    return said


def _foresee_hub(connection: sa.Connection, value: str) -> list[str]:
    query = (
        carrier_query()
        .outerjoin(members, members.c.advert_id == versions.c.advert_id)
        .with_only_columns(
            sa.func.count(versions.c.advert_id.distinct()), sa.func.count(members.c.network_id.distinct())
        )
        .where(mentions.c.value == value)
    )
    shown, held = connection.execute(query).one()
    return [
        f"{count_of(shown, 'advert')} in {count_of(held, 'network')} show it. It will link none of them; what nothing "
        "else holds together comes apart. It stays visible, marked as a hub."
    ]


def _replaced(decision: Decision, standing: list[Entry]) -> list[str]:
    """Return what the decision takes the place of: the later ruling on one pair or network holds."""
    opposite = {"same": "different", "different": "same", "confirm": "dismiss", "dismiss": "confirm"}
    return [
        f"It takes the place of decision {entry.id} by {entry.author}, which said the opposite."
        for entry in standing
        if entry.decision == opposite.get(decision.decision) and {entry.a, entry.b} == {decision.a, decision.b}
    ]


def _company(number: int, groups: Sequence[Group]) -> str:
    """Return with how many others an advert stays."""
    others = next((len(group) - 1 for group in groups if number in group), 0)
    return f"stays with {count_of(others, 'other')}" if others else "is left alone"


def _name(advert: str, title: str) -> str:
    return f"“{title}” ({advert})" if title else advert


def _read_ties(connection: sa.Connection, network: str, without: set[str]) -> tuple[list[str], Ties]:
    """Return the adverts of a network and its links by their places, the one between the given two left out."""
    ids = sorted(_adverts_of(connection, network, ""))
    numbers = {advert: number for number, advert in enumerate(ids)}
    query = sa.select(links.c.source, links.c.target, links.c.weight).where(links.c.source.in_(ids))
    rows: list[Any] = [
        row for row in connection.execute(query) if row.target in numbers and {row.source, row.target} != without
    ]
    return ids, Ties(
        np.array([numbers[row.source] for row in rows], np.int64),
        np.array([numbers[row.target] for row in rows], np.int64),
        np.array([row.weight for row in rows], np.float64),
    )


def _network_of(connection: sa.Connection, advert: str) -> str:
    return connection.execute(sa.select(members.c.network_id).where(members.c.advert_id == advert)).scalar() or ""


def _adverts_of(connection: sa.Connection, network: str, advert: str) -> set[str]:
    if not network:
        return {advert}
    query = sa.select(members.c.advert_id).where(members.c.network_id == network, members.c.advert_id.in_(_shown()))
    return set(connection.execute(query).scalars())


def _shown() -> sa.Select[tuple[str]]:
    return sa.select(adverts.c.id).where(is_shown())


def _sides(one: str, other: str) -> str:
    return "two networks" if one and other else "network and the other advert" if one or other else "two adverts"
