"""The graph's whole answer: a pure function of what is linkable, what was decided and what the networks were called."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

import numpy as np
import pyarrow as pa

from adverts.arrow import Linkables
from adverts.model import Clustering, Decision, Hub, Member
from graph.candidates import build_candidates
from graph.circles import build_circles
from graph.engine import DUCKDB, Engine, open_workspace
from graph.fit import build_fit
from graph.links import Links, read_links
from graph.manners import count_habits
from graph.market import Folder, keep_market
from graph.naming import name_networks, name_persona
from graph.networks import Group, Ties, find_groups
from graph.personas import find_personas
from graph.rulings import Rulings
from graph.scoring import build_links
from graph.shape import measure_shape
from graph.specificity import build_specificity
from graph.summaries import Networks
from graph.weights import count_agreement
from graph.workspace import Workspace

_HUBS = """
WITH found AS (
    SELECT kind, value, hub, adverts, names, sites, towns FROM specificity WHERE hub IS NOT NULL
    UNION
    SELECT kind, value, hub, adverts, names, sites, towns FROM known_hub
)
SELECT kind, value, hub, adverts, names, sites, towns FROM found ORDER BY adverts DESC, kind, value
"""


class Linked(Clustering, frozen=True):
    """The answer, its links in columns."""

    links: Links


def cluster(
    linkables: Linkables,
    decisions: Iterable[Decision] = (),
    previous: Mapping[str, Collection[str]] | None = None,
    engine: Engine = DUCKDB,
    *,
    market: Mapping[str, pa.Table] | None = None,
    keep: Folder | None = None,
) -> Linked:
    """Return links, personas and networks; `previous` maps each network's id so far to its adverts.

    The order of the input changes nothing. Members come in the order of their advert's id. `keep` takes what is
    measured of the market; given back as `market`, it holds in place of what the linkables would tell, which may be
    some parts of the market only. StopRun when two adverts have one id.
    """
    rulings = Rulings.sort(decisions)
    with open_workspace(engine, linkables, market, keep.add if keep else None) as work:
        build_specificity(work, rulings.hubs)
        build_circles(work)
        build_fit(work)
        build_candidates(work, rulings)
        build_links(work, linkables.adverts)
        ids = [str(row[0]) for row in work.rows("SELECT id FROM advert ORDER BY n")]
        numbers = {advert: number for number, advert in enumerate(ids)}
        apart, together = (
            [(numbers[a], numbers[b]) for a, b in pairs if a in numbers and b in numbers and a != b]
            for pairs in (rulings.different, rulings.same)
        )
        columns = work.columns("SELECT a, b, weight FROM link ORDER BY a, b")
        ties = Ties(columns["a"].astype(np.int64), columns["b"].astype(np.int64), columns["weight"])
        groups, parted = find_groups(ties, len(ids), apart, together)
        names = name_networks([[ids[n] for n in group] for group in groups], previous or {})
        members = _build_members(work, ids, groups, names)
        hubs = [Hub(**dict(zip(Hub.__struct_fields__, row, strict=True))) for row in work.rows(_HUBS)]
        networks = Networks(work, members, ties, rulings, parted)
        if keep:
            keep_market(work, apart + together, keep)
        return Linked(
            members=members,
            links=read_links(work),
            networks=networks,
            hubs=hubs,
            templates=dict(work.rows("SELECT id, template FROM found_templates")),
            counts=(
                _count(work, members, hubs)
                | measure_shape(work, max(map(len, groups), default=0))
                | count_agreement(work)
                | count_habits(work)
            ),
        )


def _build_members(work: Workspace, ids: Sequence[str], groups: Sequence[Group], names: Sequence[str]) -> list[Member]:
    network = {number: name for group, name in zip(groups, names, strict=True) for number in group}
    rows = work.rows("SELECT n, persona.p, advert.name, advert.age FROM persona JOIN advert USING (n) ORDER BY n")
    first = find_personas(rows, network)
    return [
        Member(id=ids[number], persona=name_persona(ids[start]), network=network.get(number))
        for number, start in first.items()
    ]


def _count(work: Workspace, members: Sequence[Member], hubs: Sequence[Hub]) -> dict[str, int]:
    counts = Counter(f"hub/{hub.kind}/{hub.why}" for hub in hubs)
    counts["adverts"] = len(members)
    counts["adverts/in_network"] = sum(member.network is not None for member in members)
    counts["networks"] = len({member.network for member in members} - {None})
    counts["links"] = work.rows("SELECT count(*) FROM link")[0][0]
    return dict(counts)
