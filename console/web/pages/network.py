"""One candidate linked network: a summary made of facts, why together, who, where and when, drawn and as tables."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

import msgspec
import networkx as nx
import sqlalchemy as sa
from starlette.requests import Request
from starlette.responses import Response

from adverts.model import IDENTIFIER_KINDS, Json, Reason
from console.decisions.ledger import Entry, read_decisions_on
from console.web.auditing import log_consultation
from console.web.captions import caption_of, kind_of_reason, label_of, search_url
from console.web.catalogue import IndicatorNote, note_of
from console.web.drawing.graph import Edge, GraphDrawing, Node, draw_graph
from console.web.drawing.map import MapDrawing, Spot, draw_map
from console.web.drawing.timeline import Span, TimelineDrawing, draw_timeline
from console.web.network_reading import (
    MOST_LINKS,
    Happening,
    Held,
    read_events,
    read_links,
    read_members,
    read_network,
    read_places,
)
from console.web.pages.errors import show_error
from console.web.reading import Card, count_carriers, read_cards, read_reasons
from console.web.render import Page, get_console, render_page
from console.web.shown_networks import read_nights
from console.web.texts import count_of, list_words

_MOST_IDENTIFIERS: Final = 100
_NAMES: Final = {True: "Candidate linked network", False: "One person, several adverts"}
_CAUTION: Final = "Indicators are not evidence of an offence. Safeguarding comes first."

_CUT: Final = (
    "Linked, but cut: an analyst decided that two others, whom this link helped to join, are not under one control. "
    "The history below has the decision."
)
_RULED: Final = (
    "An analyst decided that these two are not under one control; this is what they weigh without that decision."
)
_CLOSER: Final = "Linked, but to a part that holds together more closely without this network."
_NEAR: Final = "The first is in this network, the second is not: a link weighs more than 0."


class Persona(msgspec.Struct, frozen=True, kw_only=True):
    """Adverts that look like one advertised person; `code` is its short name on this page."""

    id: str
    code: str
    adverts: int
    names: list[str]
    ages: list[str]
    places: list[str]
    sites: list[str]
    first_seen: date
    last_seen: date

    @property
    def label(self) -> str:
        """Return the code and the name most used."""
        return f"{self.code} {self.names[0]}" if self.names else self.code


class Identifier(msgspec.Struct, frozen=True, kw_only=True):
    """A value that adverts of the network show; `everywhere` counts all adverts that show it, None when not known."""

    kind: str
    value: str
    caption: str
    adverts: int
    personas: int
    specificity: float
    share: float
    everywhere: int | None
    hub: bool


class ReasonSum(msgspec.Struct, frozen=True):
    """One kind of reason over all links of the network: how many links have it, what it adds to each on average."""

    reason: str
    links: int
    mean_weight: float
    values: int


class Bridge(msgspec.Struct, frozen=True):
    """A link without which the network falls into parts of these sizes."""

    source: Card
    target: Card
    splits: list[int]
    reasons: list[Reason]

    @property
    def consequence(self) -> str:
        """Return what the network would become without it, in words."""
        return f"Without this link the network falls into parts of {list_words([*map(str, self.splits)])} adverts."


class WeakestLink(msgspec.Struct, frozen=True):
    """The weakest of the links that are needed to hold the network together."""

    source: Card
    target: Card
    weight: float
    probability: float
    reasons: list[Reason]


class Neighbour(msgspec.Struct, frozen=True):
    """A pair across the network's border: nearly linked, or, when `ruled`, kept apart by an analyst's decision, on
    these two or on two others that the link helped to join.

    `weight` is what it weighs without the decision.
    """

    source: Card
    target: Card
    weight: float
    ruled: bool
    reasons: list[Reason]

    @property
    def standing(self) -> str:
        """Return why the two are not linked, in words."""
        if self.ruled:
            return _RULED if any(reason.reason == "decision" for reason in self.reasons) else _CUT
        return _CLOSER if self.weight > 0 else _NEAR


class NetworkIndicator(msgspec.Struct, frozen=True, kw_only=True):
    """A sign that the network shows, how many of its adverts, and how common it is in the whole data."""

    indicator: str
    tier: str
    adverts: int
    share: float
    base_rate: float
    detail: str
    note: IndicatorNote


class NetworkPage(Page, frozen=True, kw_only=True):
    """Everything known of one network; one that waits for the next linking lacks what its summary holds."""

    id: str
    size: int
    persona_count: int
    first_night: date
    first_seen: date
    last_seen: date
    forces: list[str]
    regions: list[str]
    sites: list[str]
    triage: Json
    caution: str
    link_count: int
    is_cut: bool
    is_waiting: bool
    reasons: list[ReasonSum]
    weakest: WeakestLink | None
    bridges: list[Bridge]
    border: list[Neighbour]
    personas: list[Persona]
    identifiers: list[Identifier]
    spots: list[Spot]
    map: MapDrawing | None
    timeline: TimelineDrawing | None
    graph: GraphDrawing | None
    opened: str
    indicators: list[NetworkIndicator]
    members: list[Card]
    events: list[Happening]
    decisions: list[Entry]
    run: int

    @property
    def holders(self) -> list[Identifier]:
        """Return the identifiers of two kinds that most of its adverts share, switchboards and boilerplate left out."""
        widest = {each.kind: each for each in reversed(self.identifiers) if each.adverts > 1 and not each.hub}
        return sorted(widest.values(), key=lambda each: (-each.adverts, _rank_kind(each.kind)))[:2]

    @property
    def shared(self) -> list[Identifier]:
        """Return the identifiers that two of its adverts or more show, and the hubs."""
        return [each for each in self.identifiers if each.adverts > 1 or each.hub]

    @property
    def single(self) -> list[Identifier]:
        """Return the identifiers that one of its adverts shows."""
        return [each for each in self.identifiers if each.adverts <= 1 and not each.hub]

    def codes(self) -> list[tuple[str, str]]:
        """Return each persona's id and short name."""
        return [(persona.id, persona.code) for persona in self.personas]


def show_network(request: Request) -> Response:
    """Answer `/networks/<id>`; `?open=` shows the adverts of one persona in the drawing."""
    console, opened = get_console(request), request.query_params.get("open", "")
    with console.store.connect() as connection:
        page = build_network_page(connection, request.path_params["id"], opened, packs=console.settings.packs)
    if page is None:
        return show_error(request, 404)
    log_consultation(request, f"network {page.id} adverts {page.size}")
    return render_page(request, "network.html", page)


def build_network_page(
    connection: sa.Connection, network: str, opened: str = "", *, packs: Path | None = None
) -> NetworkPage | None:
    """Return the page of a network, one persona opened in its drawing; None when there is no such network.

    `packs` is the folder of a force's own indicator packs.
    """
    row = read_network(connection, network)
    if row is None:
        return None
    first, last = read_nights(connection, [network]).get(network, (row.first_night, row.first_night))
    cards = read_members(connection, network)
    links = read_links(connection, network)
    spots, own_places = read_places(connection, network)
    personas = build_personas(cards, own_places)
    opened = next((persona.id for persona in personas if persona.id == opened), "")
    summary: Json = row.summary
    identifiers = _build_identifiers(connection, summary, row.size)
    by_id = {card.id: card for card in cards}
    return NetworkPage(
        title=f"{_NAMES[row.persona_count > 1]}: {count_of(row.size, 'advert')}",
        id=row.id, size=row.size, persona_count=row.persona_count, first_night=row.first_night, run=row.run_id,
        first_seen=first, last_seen=last,
        forces=list(summary.get("forces", ())), regions=list(summary.get("regions", ())),
        sites=sorted({card.site for card in cards}), triage=summary.get("triage") or {}, caution=_CAUTION,
        link_count=len(links), is_cut=len(links) == MOST_LINKS or len(cards) < row.size,
        reasons=sum_reasons(links), weakest=find_weakest(links, by_id),
        is_waiting=row.is_waiting,
        bridges=_build_bridges(summary, links, by_id), border=_build_border(connection, summary, by_id),
        personas=personas, identifiers=identifiers,
        spots=spots, map=draw_map(spots), timeline=draw_timeline(_build_spans(cards, personas)),
        graph=draw_graph(*build_graph(cards, personas, links, _bridge_pairs(summary), opened)), opened=opened,
        indicators=_build_indicators(summary, packs), members=cards, events=read_events(connection, row.id),
        decisions=read_decisions_on(connection, row.id),
    )  # fmt: skip


def build_personas(cards: Sequence[Card], own_places: Mapping[str, Sequence[str]]) -> list[Persona]:
    """Return the personas, the one with most adverts first."""
    groups: defaultdict[str, list[Card]] = defaultdict(list)
    for card in cards:
        groups[card.persona or ""].append(card)
    ordered = sorted(groups.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    return [
        Persona(
            id=persona, code=f"P{number}", adverts=len(group),
            names=_ranked(card.name for card in group), ages=_ranked(card.age.removesuffix(" years") for card in group),
            places=_ranked(place for card in group for place in own_places.get(card.id, ())),
            sites=_ranked(card.site for card in group), first_seen=min(card.first_seen for card in group),
            last_seen=max(card.last_seen for card in group),
        )
        for number, (persona, group) in enumerate(ordered, start=1)
    ]  # fmt: skip


def sum_reasons(links: Sequence[Held]) -> list[ReasonSum]:
    """Return each kind of reason with how many links have it, those that say most first."""
    weights: defaultdict[str, list[float]] = defaultdict(list)
    values: defaultdict[str, set[str]] = defaultdict(set)
    for link in links:
        for reason in link.reasons:
            weights[reason.reason].append(reason.weight)
            values[reason.reason] |= {reason.value} - {""}
    return sorted(
        (ReasonSum(name, len(each), sum(each) / len(each), len(values[name])) for name, each in weights.items()),
        key=lambda total: -total.mean_weight * total.links,
    )


def find_weakest(links: Sequence[Held], cards: Mapping[str, Card]) -> WeakestLink | None:
    """Return the weakest link of the strongest tree that holds the network together."""
    graph: nx.Graph[str] = nx.Graph()
    graph.add_weighted_edges_from((link.source, link.target, link.weight) for link in links)
    needed = {frozenset(pair) for pair in nx.maximum_spanning_edges(graph, data=False)}
    chain = [
        link for link in links
        if frozenset((link.source, link.target)) in needed and link.source in cards and link.target in cards
    ]  # fmt: skip
    if not chain:
        return None
    weakest = min(chain, key=lambda link: (link.weight, link.source, link.target))
    return WeakestLink(
        cards[weakest.source], cards[weakest.target], weakest.weight, weakest.probability, weakest.reasons
    )


def build_graph(
    cards: Sequence[Card], personas: Sequence[Persona], links: Sequence[Held], bridges: set[frozenset[str]],
    opened: str,
) -> tuple[list[Node], list[Edge]]:  # fmt: skip
    """Return what is drawn: personas (the opened or only one as its adverts) and the identifiers they share."""
    is_open = {persona.id for persona in personas if persona.id == opened or len(personas) == 1}
    place = {card.id: card.id if card.persona in is_open else card.persona or "" for card in cards}
    nodes = [
        Node(persona.id, "persona", persona.label, f"?open={persona.id}#drawing", persona.adverts)
        for persona in personas
        if persona.id not in is_open
    ]
    nodes += [
        Node(card.id, "advert", f"{card.site} {card.ref}", f"/adverts/{card.id}")
        for card in cards
        if place[card.id] == card.id
    ]
    edges: dict[tuple[str, str], Edge] = {}
    shared: dict[str, Node] = {}
    for link in links:
        ends = {place.get(link.source, ""), place.get(link.target, "")} - {""}
        if len(ends) < 2:
            continue
        is_bridge = frozenset((link.source, link.target)) in bridges
        for reason in link.reasons:
            kind = kind_of_reason(reason.reason)
            if reason.weight <= 0 or not kind or not reason.value:
                continue
            key = f"{kind}:{reason.value}"
            label = label_of(kind, reason.value)
            shared[key] = Node(key, "identifier", label, search_url(kind, reason.value) or "#identifiers")
            for end in ends:
                known = edges.get((end, key))
                edges[end, key] = Edge(
                    end, key, reason.specificity, is_bridge=is_bridge or bool(known and known.is_bridge)
                )
    return [*nodes, *shared.values()], list(edges.values())


def _build_identifiers(connection: sa.Connection, summary: Json, size: int) -> list[Identifier]:
    found = list(summary.get("identifiers", ()))[:_MOST_IDENTIFIERS]
    everywhere = count_carriers(connection, [(each["kind"], each["value"]) for each in found])
    return [
        Identifier(
            kind=each["kind"], value=each["value"], caption=caption_of(each["kind"], each["value"]),
            adverts=each.get("adverts", 0), personas=each.get("personas", 0),
            specificity=each.get("specificity", 1.0), share=each.get("adverts", 0) / size if size else 0.0,
            everywhere=everywhere.get((each["kind"], each["value"])), hub=bool(each.get("hub")),
        )
        for each in found
    ]  # fmt: skip


def _build_bridges(summary: Json, links: Sequence[Held], cards: Mapping[str, Card]) -> list[Bridge]:
    reasons = {frozenset((link.source, link.target)): link.reasons for link in links}
    return [
        Bridge(cards[each["source"]], cards[each["target"]], list(each.get("splits", ())),
               reasons.get(frozenset((each["source"], each["target"])), []))
        for each in summary.get("bridges", ())
        if each["source"] in cards and each["target"] in cards
    ]  # fmt: skip


def _build_border(connection: sa.Connection, summary: Json, cards: Mapping[str, Card]) -> list[Neighbour]:
    """Return the neighbours that may be shown."""
    near = [each for each in summary.get("border", ()) if each["source"] in cards]
    outside = read_cards(connection, [each["target"] for each in near])
    reasons = read_reasons(connection, [each["reasons"] for each in near])
    return [
        Neighbour(cards[each["source"]], outside[each["target"]], each["weight"], each["ruled"], told)
        for each, told in zip(near, reasons, strict=True)
        if each["target"] in outside
    ]  # fmt: skip


def _bridge_pairs(summary: Json) -> set[frozenset[str]]:
    return {frozenset((each["source"], each["target"])) for each in summary.get("bridges", ())}


def _build_spans(cards: Sequence[Card], personas: Sequence[Persona]) -> list[Span]:
    order = {persona.id: number for number, persona in enumerate(personas)}
    ordered = sorted(cards, key=lambda card: order[card.persona or ""])
    return [
        Span(
            personas[order[card.persona or ""]].label, card.first_seen, card.last_seen, card.id, card.title, card.posted
        )
        for card in ordered
    ]


def _build_indicators(summary: Json, packs: Path | None) -> list[NetworkIndicator]:
    return [
        NetworkIndicator(
            indicator=each["indicator"], tier=each["tier"], adverts=each.get("adverts", 0),
            share=each.get("share", 0.0), base_rate=each.get("base_rate", 0.0), detail=each.get("detail", ""),
            note=note_of(each["indicator"], packs),
        )
        for each in sorted(summary.get("indicators", ()), key=lambda each: (each["tier"], -each.get("share", 0.0)))
    ]  # fmt: skip


def _rank_kind(kind: str) -> int:
    """Return the place of a kind: contacts first, wordings last."""
    return IDENTIFIER_KINDS.index(kind) if kind in IDENTIFIER_KINDS else len(IDENTIFIER_KINDS)


def _ranked(values: Any) -> list[str]:
    """Return the distinct values, the most frequent first."""
    counts = Counter(value for value in values if value)
    return [value for value, _ in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))]
