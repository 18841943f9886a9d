"""Summaries: what each network is made of, what holds it together, where and when it was seen."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, Final

import networkx as nx

from adverts.model import Json, Member, Network
from graph.border import find_borders
from graph.networks import Ties
from graph.rulings import Rulings
from graph.triage import Triage, build_triages
from graph.workspace import Workspace, build_strings

_MOST_HOLDERS_SHOWN: Final = 5
_MOST_BRIDGES_SHOWN: Final = 5
_BRIDGES_FROM: Final = 4  # adverts; a smaller network is all bridge

_PLACED: Final = """
CREATE TABLE placed AS
SELECT advert.n, placement.persona, placement.network
FROM placement JOIN advert USING (id) WHERE placement.network IS NOT NULL
"""

_IDENTIFIERS: Final = """
SELECT
    network, kind, value, count(*) AS adverts, count(DISTINCT persona) AS personas,
    any_value(specificity) AS specificity, any_value(hub) AS hub
FROM held JOIN placed USING (n) JOIN specificity USING (v, kind)
GROUP BY network, kind, value
ORDER BY network, adverts DESC, kind, value
"""

_SEEN: Final = """
SELECT network, strftime(min(first_seen), '%Y-%m-%d'), strftime(max(last_seen), '%Y-%m-%d')
FROM placed JOIN advert USING (n) GROUP BY network
"""

# A place whose force is a matter of opinion (less than half of it) puts nobody in that force.
_TERRITORY: Final = """
CREATE TABLE territory AS
WITH located AS (
    SELECT DISTINCT advert.n, mentions.attrs
    FROM mentions JOIN advert ON advert.id = mentions.advert WHERE mentions.kind IN ('place', 'postcode')
)
SELECT located.n, force.key AS force, located.attrs ->> '$.region' AS region
FROM located, json_each(located.attrs, '$.forces') AS force
WHERE CAST(force.value AS DOUBLE) >= 0.5
"""

_REACH: Final = """
SELECT network, list_sort(list(DISTINCT force)), list_sort(list(DISTINCT region) FILTER (WHERE region <> ''))
FROM placed JOIN territory USING (n) GROUP BY network
"""


def build_summaries(work: Workspace, members: Sequence[Member], ties: Ties, rulings: Rulings) -> list[Network]:
    """Return the networks with everything that their page shows, in the order of their ids."""
    _add_placement(work, members)
    adverts: defaultdict[str, list[str]] = defaultdict(list)
    personas: defaultdict[str, set[str]] = defaultdict(set)
    for member in members:
        if member.network is not None:
            adverts[member.network].append(member.id)
            personas[member.network].add(member.persona)
    identifiers = _collect_identifiers(work.rows(_IDENTIFIERS))
    seen = {network: (first or "", last or "") for network, first, last in work.rows(_SEEN)}
    reach = {network: (tuple(forces), tuple(regions or ())) for network, forces, regions in work.rows(_REACH)}
    bridges = _find_bridges(work, ties, members)
    borders = find_borders(work)
    triages = build_triages(work, rulings)
    return [
        Network(
            network=network,
            adverts=tuple(adverts[network]),
            personas=tuple(sorted(personas[network])),
            identifiers=tuple(identifiers.get(network, ())),
            forces=reach.get(network, ((), ()))[0],
            regions=reach.get(network, ((), ()))[1],
            first_seen=seen[network][0],
            last_seen=seen[network][1],
            held_by=_pick_holders(identifiers.get(network, ()), len(adverts[network])),
            bridges=tuple(bridges.get(network, ())),
            indicators=triages.get(network, Triage()).indicators,
            triage=triages.get(network, Triage()).to_json(),
            border=tuple(borders.get(network, ())),
        )
        for network in sorted(adverts)
    ]


def _add_placement(work: Workspace, members: Sequence[Member]) -> None:
    rows = ((member.id, member.persona, member.network) for member in members)
    work.add("placement", build_strings(("id", "persona", "network"), rows))
    work.run(_PLACED)
    work.run(_TERRITORY)


def _collect_identifiers(rows: Iterable[tuple[Any, ...]]) -> dict[str, list[Json]]:
    found: defaultdict[str, list[Json]] = defaultdict(list)
    for network, kind, value, adverts, personas, specificity, hub in rows:
        form = {"kind": kind, "value": value, "adverts": adverts, "personas": personas, "specificity": specificity}
        found[network].append({**form, "hub": hub} if hub else form)
    return found


def _pick_holders(identifiers: Sequence[Json], size: int) -> tuple[Json, ...]:
    """Return the identifiers that most adverts of a network hang on, with the share that they hold."""
    holding = [found for found in identifiers if found["adverts"] > 1 and found["specificity"] > 0]
    return tuple(
        {"kind": found["kind"], "value": found["value"], "share": round(found["adverts"] / size, 3)}
        for found in holding[:_MOST_HOLDERS_SHOWN]
    )


def _find_bridges(work: Workspace, ties: Ties, members: Sequence[Member]) -> dict[str, list[Json]]:
    """Return, by network, the links whose loss would split it into parts of two adverts or more."""
    placed: defaultdict[str, list[int]] = defaultdict(list)
    for number, member in enumerate(members):  # members come in the order of the advert numbers
        if member.network is not None:
            placed[member.network].append(number)
    graph = ties.build_graph()
    found: dict[str, list[Json]] = {}
    for network, numbers in placed.items():
        if len(numbers) >= _BRIDGES_FROM:
            bridges = _split_sizes(graph.subgraph(numbers).copy())
            found[network] = [
                {"source": members[a].id, "target": members[b].id, "splits": list(sizes)} for sizes, a, b in bridges
            ]
    return found


def _split_sizes(graph: "nx.Graph[int]") -> list[tuple[tuple[int, int], int, int]]:
    """Return the graph's bridges, the most even split first: sizes of the smaller and larger part, and the link."""
    found: list[tuple[tuple[int, int], int, int]] = []
    edges: list[Any] = list(nx.bridges(graph))  # the stubs take an edge for a node
    for a, b in edges:
        if min(graph.degree[a], graph.degree[b]) == 1:
            continue  # it cuts off one advert, which is no split
        graph.remove_edge(a, b)
        near = len(nx.node_connected_component(graph, a))
        graph.add_edge(a, b)
        found.append(((min(near, len(graph) - near), max(near, len(graph) - near)), min(a, b), max(a, b)))
    return sorted(found, key=lambda bridge: (-bridge[0][0], bridge[1:]))[:_MOST_BRIDGES_SHOWN]
