"""Summaries: what each network is made of, what holds it together, where and when it was seen."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Any, Final, overload

import networkx as nx
import numpy as np
import scipy.sparse as sp

from adverts.model import Json, Member, Network
from graph.border import find_borders
from graph.networks import Group, Ties, iter_groups
from graph.rulings import Rulings
from graph.shingles import compare_rows
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
SELECT kind, value, adverts, personas, specificity, hub FROM (
    SELECT
        network, kind, value, count(*) AS adverts, count(DISTINCT persona) AS personas,
        any_value(specificity) AS specificity, any_value(hub) AS hub
    FROM held JOIN placed USING (n) JOIN specificity USING (v, kind)
    GROUP BY network, kind, value
)
ORDER BY network, adverts DESC, kind, value
"""

_SIZES: Final = "SELECT network, count(DISTINCT v) FROM held JOIN placed USING (n) GROUP BY network"

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
),
shares AS (
    SELECT
        n, attrs ->> '$.region' AS region,
        unnest(map_entries(CAST(attrs -> '$.forces' AS MAP(VARCHAR, DOUBLE)))) AS share
    FROM located
)
SELECT n, share.key AS area, region FROM shares WHERE share.value >= 0.5
"""

_REACH: Final = """
SELECT network, list_sort(array_agg(DISTINCT area)), list_sort(array_agg(DISTINCT region) FILTER (WHERE region <> ''))
FROM placed JOIN territory USING (n) GROUP BY network
"""


class Networks(Sequence[Network]):
    """The networks with everything that their page shows, in the order of their ids, made as they are asked for.

    Two million identifiers as objects would fill a gigabyte.
    """

    def __init__(
        self, work: Workspace, members: Sequence[Member], ties: Ties, rulings: Rulings, parted: Sequence[Group]
    ) -> None:
        _add_placement(work, members)
        self._adverts: defaultdict[str, list[str]] = defaultdict(list)
        self._personas: defaultdict[str, set[str]] = defaultdict(set)
        for member in members:
            if member.network is not None:
                self._adverts[member.network].append(member.id)
                self._personas[member.network].add(member.persona)
        self._names = sorted(self._adverts)
        self._identifiers = work.table(_IDENTIFIERS).combine_chunks()
        sizes = dict(work.rows(_SIZES))
        self._ends = [*accumulate((sizes.get(name, 0) for name in self._names), initial=0)]
        self._seen = {network: (first or "", last or "") for network, first, last in work.rows(_SEEN)}
        self._reach = {network: (tuple(forces), tuple(regions or ())) for network, forces, regions in work.rows(_REACH)}
        self._bridges = _find_bridges(ties, members)
        self._borders = find_borders(work, parted)
        self._triages = build_triages(work, rulings)

    def __len__(self) -> int:
        return len(self._names)

    def __iter__(self) -> Iterator[Network]:
        return (self[index] for index in range(len(self)))

    @overload
    def __getitem__(self, index: int) -> Network: ...
    @overload
    def __getitem__(self, index: slice) -> list[Network]: ...
    def __getitem__(self, index: int | slice) -> Network | list[Network]:
        if isinstance(index, slice):
            return [self[each] for each in range(*index.indices(len(self)))]
        index = range(len(self))[index]  # from the end, too
        network = self._names[index]
        start, stop = self._ends[index], self._ends[index + 1]
        identifiers = [_describe_identifier(row) for row in self._identifiers.slice(start, stop - start).to_pylist()]
        adverts, triage = self._adverts[network], self._triages.get(network, Triage())
        forces, regions = self._reach.get(network, ((), ()))
        first, last = self._seen[network]
        return Network(
            network=network,
            adverts=tuple(adverts),
            personas=tuple(sorted(self._personas[network])),
            identifiers=tuple(identifiers),
            forces=forces,
            regions=regions,
            first_seen=first,
            last_seen=last,
            held_by=_pick_holders(identifiers, len(adverts)),
            bridges=tuple(self._bridges.get(network, ())),
            indicators=triage.indicators,
            triage=triage.to_json(),
            border=tuple(self._borders.get(network, ())),
        )


def _add_placement(work: Workspace, members: Sequence[Member]) -> None:
    rows = ((member.id, member.persona, member.network) for member in members)
    work.add("placement", build_strings(("id", "persona", "network"), rows))
    work.run(_PLACED)
    work.run(_TERRITORY)


def _describe_identifier(row: Json) -> Json:
    return row if row["hub"] else {name: value for name, value in row.items() if name != "hub"}


def _pick_holders(identifiers: Sequence[Json], size: int) -> tuple[Json, ...]:
    """Return the identifiers that most adverts of a network hang on, with the share that they hold."""
    holding = [found for found in identifiers if found["adverts"] > 1 and found["specificity"] > 0]
    return tuple(
        {"kind": found["kind"], "value": found["value"], "share": round(found["adverts"] / size, 3)}
        for found in holding[:_MOST_HOLDERS_SHOWN]
    )


def _find_bridges(ties: Ties, members: Sequence[Member]) -> dict[str, list[Json]]:
    """Return, by network, the links whose loss would split it into parts of two adverts or more."""
    found: dict[str, list[Json]] = {}
    names = [member.network for member in members]
    splitting = {names[advert] for advert in _find_splitting(ties, names)}
    for group, inside in iter_groups(ties, names):
        network = names[group[0]]
        if network in splitting and network is not None and len(group) >= _BRIDGES_FROM:
            bridges = _split_sizes(inside.build_graph(group))
            found[network] = [
                {"source": members[a].id, "target": members[b].id, "splits": list(sizes)} for sizes, a, b in bridges
            ]
    return found


def _find_splitting(ties: Ties, names: Sequence[str | None]) -> list[int]:
    """Return an end of each link inside a network that may split it: its adverts have links to others, and to none that
    both have. Most networks have no such link, and looking for bridges in all of them takes ten times as long.
    """
    numbers = np.unique([name or "" for name in names], return_inverse=True)[1]
    inside = np.flatnonzero(numbers[ties.source] == numbers[ties.target])
    ends = np.concatenate((ties.source[inside], ties.target[inside]))
    others = np.concatenate((ties.target[inside], ties.source[inside]))
    graph = sp.csr_array((np.ones(len(ends), np.float32), (ends, others)), shape=(len(names), len(names)))
    one, other = ties.source[inside], ties.target[inside]
    degrees = np.diff(graph.indptr)
    apart = (degrees[one] > 1) & (degrees[other] > 1)
    one, other = one[apart], other[apart]
    return [int(advert) for advert in one[compare_rows(graph, one, other) == 0]]


def _split_sizes(graph: "nx.Graph[int]") -> list[tuple[tuple[int, int], int, int]]:
    """Return the graph's bridges, the most even split first: sizes of the smaller and larger part, and the link."""
    bridges: list[Any] = list(nx.bridges(graph))  # the stubs take an edge for a node
    parts = graph.copy()
    parts.remove_edges_from(bridges)
    part_of = {advert: number for number, part in enumerate(nx.connected_components(parts)) for advert in part}
    tree: nx.Graph[int] = nx.Graph((part_of[a], part_of[b]) for a, b in bridges)  # what bridges leave hangs as a tree
    below = Counter(part_of.values())
    above: dict[int, int] = {}
    for part, child in reversed([*nx.bfs_edges(tree, part_of[min(graph)])] if bridges else []):
        below[part] += below[child]
        above[child] = part
    found: list[tuple[tuple[int, int], int, int]] = []
    for a, b in bridges:
        if min(graph.degree[a], graph.degree[b]) == 1:
            continue  # it cuts off one advert, which is no split
        child = part_of[a] if above.get(part_of[a]) == part_of[b] else part_of[b]
        near = below[child]
        found.append(((min(near, len(graph) - near), max(near, len(graph) - near)), min(a, b), max(a, b)))
    return sorted(found, key=lambda bridge: (-bridge[0][0], bridge[1:]))[:_MOST_BRIDGES_SHOWN]
