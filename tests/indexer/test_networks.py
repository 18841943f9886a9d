"""Networks are asked for in the language of adverts, as the last linking left them."""

from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from adverts.model import Member, Network
from adverts.store import Store
from adverts.store.schema import adverts
from indexer.networks import NetworkIndex
from indexer.providers.base import Request
from indexer.syntax import QuerySyntaxError, parse_query
from tests.builders import fill_networks, fill_store, make_advert
from tests.indexer.markets import CARDIFF, extract_noted, found

PHONES = ("+447700900123", "+447700900124", "+447700900125")


def _identifier(kind: str, value: str, personas: int = 1, **more: Any) -> dict[str, Any]:
    return {"kind": kind, "value": value, "adverts": 2, "personas": personas, "specificity": 1.0, **more}


def _network(name: str, adverts: list[str], **fields: Any) -> Network:
    empty: dict[str, Any] = {
        "personas": ("per-1",), "identifiers": (), "forces": (), "regions": (), "first_seen": "2026-03-01",
        "last_seen": "2026-03-02", "held_by": (), "bridges": (), "indicators": (), "triage": {"level": "none"},
    }  # fmt: skip
    return Network(network=name, adverts=tuple(adverts), **(empty | fields))


@pytest.fixture
def index(store: Store) -> NetworkIndex:
    records = [
        make_advert("1", extra={"found": [found("name", "Anna"), found("place", "Cardiff", **CARDIFF),
                                          found("price", "GBP 100/60", amount=100, currency="GBP", hourly=True)]}),
        make_advert("2", "bazaar", extra={"found": [found("name", "Bella"), found("price", "GBP 120/60"),
                                                    found("price", "GBP 60/30")]}),
        make_advert("3", extra={"found": [found("name", "Chloé")]}),
        make_advert("4", extra={"found": []}),
    ]  # fmt: skip
    fill_store(store, records, extract_noted)
    ids = [record.id for record in records]
    big = _network(
        "net-0a", ids[:2], personas=("per-1", "per-2"), forces=("South Wales", "Gwent"), regions=("TARIAN",),
        identifiers=(*(_identifier("phone", phone, 2) for phone in PHONES), _identifier("url", "example.com"),
                     _identifier("email", "desk@example.com", 9, hub="directory")),
        indicators=({"indicator": "third_person", "tier": "B"},), triage={"level": "alert"}, last_seen="2026-03-20",
    )  # fmt: skip
    small = _network("net-0b", ids[2:], first_seen="2026-01-05", identifiers=(_identifier("phone", PHONES[0]),))
    placed = [
        Member(id=ids[0], persona="per-1", network="net-0a"), Member(id=ids[1], persona="per-2", network="net-0a"),
        Member(id=ids[2], persona="per-3", network="net-0b"), Member(id=ids[3], persona="per-3", network="net-0b"),
    ]  # fmt: skip
    fill_networks(store, placed, [big, small])
    return NetworkIndex(store)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", "0a 0b"),
        ("phones:>=3 forces:>=2 seen:2026-03..", "0a"),
        ("phones:1", "0b"),
        ("emails:0", "0a 0b"),
        ("adverts:2 personas:>1", "0a"),
        ("sites:2", "0a"),
        ("towns:1..", "0a"),
        ("names_per_number:2", "0a"),
        ("triage:alert", "0a"),
        ("-triage:alert", "0b"),
        ("phone:07700 900 123", "0a 0b"),
        ("phone:*125", "0a"),
        ("email:desk@example.com", ""),
        ("anna bella", "0a"),
        ("chloe", "0b"),
        ("place:Cardiff", "0a"),
        ('force:"South Wales" region:tarian', "0a"),
        ("indicator:third_person tier:B", "0a"),
        ("price:110", "0a"),
        ("first_seen:2026-01", "0b"),
        ("seen:2026-03-10", "0a"),
        ("network:net-0b", "0b"),
        ("(anna OR chloe) -site:bazaar", "0b"),
        ("has:price", "0a"),
    ],
)
def test_a_query_finds_networks(index: NetworkIndex, text: str, names: str) -> None:
    found = index.search(Request(query=parse_query(text, "networks"), sort="oldest"))
    assert sorted(hit.id.removeprefix("net-") for hit in found.hits) == names.split()


def test_a_linking_that_changed_them_is_seen(index: NetworkIndex, store: Store) -> None:
    assert index.search(Request(query=parse_query("", "networks"))).total == 2
    record = make_advert("9")
    fill_store(store, [record])
    fill_networks(store, [Member(id=record.id, persona="per-9", network="net-0c")])
    assert index.search(Request(query=parse_query("", "networks"))).total == 3


@pytest.mark.parametrize(
    ("text", "whose", "problem"),
    [
        ("phones:>3", "adverts", "phones is a field of networks"),
        ("title:anna", "networks", "title is a field of adverts"),
        ("gone:3d", "networks", "Only an advert is gone"),
        ("phonse:3", "networks", "There is no field phonse"),
    ],
)
def test_a_field_is_asked_where_it_belongs(text: str, whose: Any, problem: str) -> None:
    with pytest.raises(QuerySyntaxError, match=problem):
        parse_query(text, whose)


def test_a_network_with_an_erased_advert_waits_for_the_next_linking(index: NetworkIndex, store: Store) -> None:
    everything = Request(query=parse_query("", "networks"), sort="newest")
    assert index.search(everything).total == 2
    with store.begin() as connection:
        connection.execute(sa.update(adverts).where(adverts.c.ref == "3").values(erased_at=datetime.now(UTC)))
    assert [hit.id for hit in index.search(everything).hits] == ["net-0a"]
