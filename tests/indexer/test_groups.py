"""Personas, networks and identifiers are asked for in the language of adverts, as the last index left them."""

import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest
import sqlalchemy as sa

from adverts.model import Advert, Member, Network
from adverts.quarantine import read_withheld
from adverts.runs import Run, record_run
from adverts.settings import Settings
from adverts.store import Store, open_store
from adverts.store.schema import adverts, hubs
from indexer.fields import GROUPS, Whose
from indexer.groups import index_groups
from indexer.providers.base import Providers, Request
from indexer.query import Term
from indexer.stage import index_store, open_providers
from indexer.syntax import QuerySyntaxError, parse_query
from tests.builders import NIGHT, fill_networks, fill_store, make_advert, make_providers
from tests.indexer.markets import CARDIFF, extract_noted, found

PHONES = ("+447700900123", "+447700900124", "+447700900125")
LEEDS = {"lat": 53.8, "lon": -1.55, "forces": {"West Yorkshire": 1.0}, "region": "YHROCU"}
HUB = "desk@example.com"


def _advert(ref: str, site: str = "northgate", *, said: list[dict[str, Any]], **fields: Any) -> Advert:
    return make_advert(ref, site, extra={"found": said}, **fields)


def _hourly(pounds: int) -> dict[str, Any]:
    return found("price", f"GBP {pounds}/60", amount=pounds, currency="GBP", hourly=True)


RECORDS = (
    _advert("1", said=[found("name", "Anna"), found("place", "Cardiff", **CARDIFF), found("phone", PHONES[0]),
                       found("postcode", "CF10 1EP", **CARDIFF), found("age", "24"), _hourly(100)],
            account="seller", seen_at="2026-03-02"),
    _advert("2", "bazaar", said=[found("name", "Bella"), found("phone", PHONES[0]), found("phone", PHONES[1]),
                                 found("place", "Leeds", **LEEDS), found("email", HUB), _hourly(120)],
            account="seller", seen_at="2026-03-04"),
    _advert("3", said=[found("name", "Chloé"), found("phone", PHONES[2]), found("email", HUB)], seen_at="2026-01-05"),
    _advert("4", said=[found("name", "Chloé"), found("phone", PHONES[2])], seen_at="2026-01-20"),
    _advert("5", said=[found("phone", "+447700900999")], seen_at="2026-03-01"),
)  # fmt: skip


def _network(name: str, inside: list[str], **fields: Any) -> Network:
    empty: dict[str, Any] = {
        "personas": ("per-0a",), "identifiers": (), "forces": (), "regions": (), "first_seen": "2026-03-01",
        "last_seen": "2026-03-02", "held_by": (), "bridges": (), "indicators": (), "triage": {"level": "none"},
    }  # fmt: skip
    return Network(network=name, adverts=tuple(inside), **(empty | fields))


def _fill(store: Store) -> Store:
    """Write two networks, four personas and a hub; the last advert is linked to none."""
    fill_store(store, RECORDS, extract_noted)
    ids = [record.id for record in RECORDS]
    big = _network(
        "net-0a", ids[:2], personas=("per-0a", "per-0b"), forces=("South Wales", "Gwent"), regions=("TARIAN",),
        indicators=({"indicator": "third_person", "tier": "B"},), triage={"level": "alert"}, first_seen="2026-02-10",
    )  # fmt: skip
    small = _network("net-0b", ids[2:4], first_seen="2026-01-05")
    placed = [
        Member(id=ids[0], persona="per-0a", network="net-0a"), Member(id=ids[1], persona="per-0b", network="net-0a"),
        Member(id=ids[2], persona="per-0c", network="net-0b"), Member(id=ids[3], persona="per-0c", network="net-0b"),
        Member(id=ids[4], persona="per-0d", network=None),
    ]  # fmt: skip
    run = fill_networks(store, placed, [big, small])
    with store.begin() as connection:
        told = {"why": "an agency's desk", "run_id": run, "adverts": 2, "names": 2, "sites": 2, "towns": 1}
        connection.execute(sa.insert(hubs), [{"kind": "email", "value": HUB, **told}])
    return store


def _index(store: Store, providers: Providers, home: Path, *, rebuild: bool = False) -> Run:
    with record_run(store, "index", NIGHT) as run:
        index_store(store, providers["adverts"], run, rebuild=rebuild)
        index_groups(store, providers, run, home / "groups.duckdb", rebuild=rebuild)
    return run


@pytest.fixture(scope="module")
def providers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Providers]:
    """Indexes that tests only ask."""
    store, made = open_store(None), make_providers()
    _index(_fill(store), made, tmp_path_factory.mktemp("home"))
    yield made
    store.close()


@pytest.fixture
def filled(store: Store) -> Store:
    """A store that a test may change."""
    return _fill(store)


def _find(providers: Providers, whose: Whose, text: str, without: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    asked = Request(query=parse_query(text, whose), sort="oldest", without=without)
    return [hit.document for hit in providers[whose].search(asked).hits]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", "0a 0b"),
        ("phones:>=2 forces:>=2 seen:2026-03..", "0a"),
        ("phones:1", "0b"),
        ("emails:0", "0a 0b"),
        ("adverts:2 personas:>1", "0a"),
        ("sites:2", "0a"),
        ("towns:2..", "0a"),
        ("towns_per_week:2", "0a"),
        ("outcodes_per_week:1", "0a"),
        ("names_per_number:2", "0a"),
        ("accounts:2", "0a"),
        ("triage:alert", "0a"),
        ("-triage:alert", "0b"),
        ("phone:07700 900 123", "0a"),
        ("phone:*125", "0b"),
        ("email:desk@example.com", ""),
        ("anna bella", "0a"),
        ("chloe", "0b"),
        ("place:Cardiff", "0a"),
        ("postcode:CF10", "0a"),
        ("near:CF10,5km", "0a"),
        ('force:"South Wales" region:tarian', "0a"),
        ("indicator:third_person tier:B", "0a"),
        ("price:110", "0a"),
        ("first_seen:2026-01", "0b"),
        ("first_seen:2026-02", ""),  # which is when its page says that it was posted
        ("seen:2026-03-03", "0a"),
        ("network:net-0b", "0b"),
        ("(anna OR chloe) -site:bazaar", "0b"),
        ("has:price", "0a"),
        (f"advert:{RECORDS[3].id}", "0b"),
    ],
)
def test_a_query_finds_networks(providers: Providers, text: str, names: str) -> None:
    assert sorted(each["id"].removeprefix("net-") for each in _find(providers, "networks", text)) == names.split()


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", "0a 0b 0c 0d"),
        ("age:24 name:anna", "0a"),
        ("adverts:2", "0c"),
        ("-network:*", "0d"),
        ("phones:2 price:120", "0b"),
        ("names_per_number:1 -towns:0", "0a 0b"),
        ("last_seen:2026-01-20", "0c"),
    ],
)
def test_a_query_finds_personas(providers: Providers, text: str, names: str) -> None:
    assert sorted(each["persona"].removeprefix("per-") for each in _find(providers, "personas", text)) == names.split()


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("kind:email", [HUB]),
        ("has:hub personas:2", [HUB]),
        ("kind:phone personas:>1", [PHONES[0]]),
        ("kind:phone names:2 forces:2", [PHONES[0]]),
        ("kind:phone adverts:2 personas:1", [PHONES[2]]),
        ("phone:*124", [PHONES[1]]),
        ("kind:phone networks:0", ["+447700900999"]),
        ("kind:account", ["seller", "seller"]),  # one name on two websites
        ("kind:account site:bazaar", ["seller"]),
    ],
)
def test_a_query_finds_identifiers(providers: Providers, text: str, values: list[str]) -> None:
    found = _find(providers, "identifiers", text)
    shown = [each[each["kind"]] for each in found]
    assert [value[0] if isinstance(value, list) else value for value in shown] == values


def test_an_id_tells_no_number_and_an_answer_no_list_of_adverts(providers: Providers) -> None:
    for whose in GROUPS:
        for each in _find(providers, whose, ""):
            assert "7700" not in each["id"]
            assert "advert" not in each


def test_facets_count_groups(providers: Providers) -> None:
    asked = Request(query=parse_query("", "identifiers"), size=0, facets=["kind"])
    counted = providers["identifiers"].search(asked).facets["kind"]
    assert {each.value: each.count for each in counted} == {"phone": 4, "account": 2, "email": 1}


def test_a_second_run_writes_nothing_and_a_linking_is_seen(filled: Store, tmp_path: Path) -> None:
    providers = make_providers()
    _index(filled, providers, tmp_path)
    names = {whose: providers[whose].find_current() for whose in GROUPS}
    run = _index(filled, providers, tmp_path)
    assert not run.counts
    assert {whose: providers[whose].find_current() for whose in GROUPS} == names
    record = make_advert("9")
    fill_store(filled, [record])
    fill_networks(filled, [Member(id=record.id, persona="per-9", network="net-0c")])
    assert dict(_index(filled, providers, tmp_path).counts) == {
        "adverts/indexed": 1, "personas/indexed": 1, "networks/indexed": 1
    }  # fmt: skip
    assert len(_find(providers, "networks", "")) == 3


def test_what_is_made_of_a_withheld_advert_is_left_out_at_once(filled: Store, tmp_path: Path) -> None:
    providers = make_providers()
    _index(filled, providers, tmp_path)
    with filled.begin() as connection:
        connection.execute(sa.update(adverts).where(adverts.c.ref == "4").values(erased_at=datetime.now(UTC)))
    with filled.connect() as connection:
        withheld = tuple(read_withheld(connection))
    assert [each["id"] for each in _find(providers, "networks", "", withheld)] == ["net-0a"]
    assert "per-0c" not in {each["id"] for each in _find(providers, "personas", "", withheld)}
    assert not _find(providers, "identifiers", "phone:*125", withheld)
    _index(filled, providers, tmp_path)
    assert [each["adverts"] for each in _find(providers, "identifiers", "phone:*125")] == [1]
    assert [each["adverts"] for each in _find(providers, "personas", "chloe")] == [1]
    assert [each["id"] for each in _find(providers, "networks", "")] == ["net-0a"]  # waits for the next linking


def test_folders_hold_each_kind_beside_the_others(filled: Store, tmp_path: Path) -> None:
    with open_providers(Settings(home=tmp_path)) as written:
        _index(filled, written, tmp_path)
    with open_providers(Settings(home=tmp_path)) as opened:
        for whose in (*GROUPS, "adverts"):
            (name,) = opened[whose].list_indexes()
            assert (name.holds, opened[whose].find_current()) == (whose, name)
        assert len(_find(opened, "personas", "")) == 4


def _dump(providers: Providers) -> dict[str, dict[str, Any]]:
    """Return every document of every kind by its id, with the adverts it is left out for."""
    held: dict[str, dict[str, Any]] = {}
    for whose in GROUPS:
        for each in providers[whose].iter_all(parse_query("", whose), sort="newest"):
            held[each.id] = each.document
        for record in _NIGHTLY:
            for hit in providers[whose].search(Request(query=Term("advert", record.id), size=100)).hits:
                held[hit.id].setdefault("of", []).append(record.id)
    return held


_NIGHTLY = tuple(make_advert(f"n{number}", ("northgate", "bazaar")[number % 2]) for number in range(24))


def _change(store: Store, chance: random.Random, night: int) -> None:
    """Let a night pass: adverts are new, other, of another persona, or erased; other values are hubs."""
    changed = [
        make_advert(
            each.ref, each.site, account=chance.choice(("", "desk")), body=f"night {night}",
            seen_at=f"2026-03-{night + 1:02}", extra={"found": [
                found("name", chance.choice(("Anna", "Bella", "Chloé"))),
                found("phone", f"+4477009001{chance.randrange(12):02}"),
                chance.choice((found("place", "Cardiff", **CARDIFF), found("place", "Leeds", **LEEDS))),
            ]},
        )
        for each in chance.sample(_NIGHTLY, 12)
    ]  # fmt: skip
    fill_store(store, changed, extract_noted)
    with store.connect() as connection:
        ids = list(connection.scalars(sa.select(adverts.c.id).order_by(adverts.c.id)))
    moved = chance.sample(ids, len(ids) // 3)
    groups = {each: chance.randrange(6) for each in moved}
    run = fill_networks(store, [
        Member(id=each, persona=f"per-0{group}", network=f"net-0{group // 2}") for each, group in groups.items()
    ])  # fmt: skip
    told = {"why": "an agency's desk", "run_id": run, "adverts": 2, "names": 2, "sites": 2, "towns": 1}
    with store.begin() as connection:
        connection.execute(sa.delete(hubs))
        values = {f"+4477009001{chance.randrange(12):02}" for _ in range(2)}
        connection.execute(sa.insert(hubs), [{"kind": "phone", "value": value, **told} for value in values])
        erased = adverts.update().where(adverts.c.id == chance.choice(ids))
        connection.execute(erased.values(erased_at=datetime.now(UTC)))


@pytest.mark.parametrize("seed", range(2))
def test_what_was_brought_up_to_date_equals_what_is_built_anew(tmp_path: Path, seed: int) -> None:
    store, providers, chance = open_store(f"sqlite:///{tmp_path / 'asw.db'}"), make_providers(), random.Random(seed)
    for night in range(4):
        _change(store, chance, night)
        _index(store, providers, tmp_path)
        fresh = make_providers()
        _index(store, fresh, tmp_path / f"fresh{night}")
        assert _dump(providers) == _dump(fresh)


_KILLED: Final = """
import os, signal, sys
from pathlib import Path
from adverts.settings import Settings
from adverts.store import open_store
from indexer import groups
from indexer.query import Term
from indexer.stage import open_providers
from tests.indexer.test_groups import _index

write = groups._write

def die_at_the_last(store, provider, *rest):
    if provider.holds == "identifiers":
        os.kill(os.getpid(), signal.SIGKILL)
    return write(store, provider, *rest)

groups._write = die_at_the_last
home = Path(sys.argv[1])
with open_providers(Settings(home=home)) as providers:
    _index(open_store(f"sqlite:///{home / 'asw.db'}"), providers, home)
"""


@pytest.mark.parametrize("is_first", [True, False])
def test_a_killed_run_is_made_again(tmp_path: Path, is_first: bool) -> None:
    store, chance = open_store(f"sqlite:///{tmp_path / 'asw.db'}"), random.Random(7)
    _change(store, chance, 0)
    with open_providers(Settings(home=tmp_path)) as providers:
        if not is_first:
            _index(store, providers, tmp_path)
            _change(store, chance, 1)
        root = Path(__file__).parents[2]
        died = subprocess.run(
            [sys.executable, "-c", _KILLED, str(tmp_path)], cwd=root, env={**os.environ, "PYTHONPATH": str(root)},
            check=False,
        )  # fmt: skip
        assert died.returncode == -signal.SIGKILL
        _index(store, providers, tmp_path)
        fresh = make_providers()
        _index(store, fresh, tmp_path / "fresh")
        assert _dump(providers) == _dump(fresh)
        assert all(providers[whose].list_indexes() == [providers[whose].find_current()] for whose in GROUPS)


@pytest.mark.parametrize(
    ("text", "whose", "problem"),
    [
        ("phones:>3", "adverts", "phones is a field of personas and networks"),
        ("title:anna", "networks", "title is a field of adverts"),
        ("kind:phone", "personas", "kind is a field of identifiers"),
        ("triage:alert", "personas", "triage is a field of networks"),
        ("gone:3d", "networks", "Only an advert is gone"),
        ("phonse:3", "networks", "There is no field phonse"),
    ],
)
def test_a_field_is_asked_where_it_belongs(text: str, whose: Any, problem: str) -> None:
    with pytest.raises(QuerySyntaxError, match=problem):
        parse_query(text, whose)
