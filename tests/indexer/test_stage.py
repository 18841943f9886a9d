"""The index follows the store, changes whole or not at all, and survives being killed anywhere."""

import dataclasses
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import msgspec
import pytest
import sqlalchemy as sa

from adverts.errors import StopRun
from adverts.model import Member
from adverts.quarantine import read_withheld
from adverts.runs import record_run
from adverts.settings import Settings
from adverts.store import Store, open_store
from adverts.store.schema import adverts, index_state, versions
from enrichment.stage import enrich_store
from indexer import stage
from indexer.names import IndexName
from indexer.providers.base import Request, SearchProvider
from indexer.providers.tantivy import TantivyProvider
from indexer.query import All
from indexer.stage import open_provider
from indexer.syntax import parse_query
from tests.builders import NIGHT, fill_networks, fill_store, fill_unread, make_advert
from tests.engines import ENGINES, FindAddress, clear, make_settings, open_engine
from tests.indexer.markets import extract_noted, fill_many, find_refs, make_full_advert, run_index

_BATCHES: Final = 2_050  # more adverts than the store reads in one go


@pytest.fixture(params=ENGINES[1:])
def provider(request: pytest.FixtureRequest, tmp_path: Path, search_address: FindAddress) -> Iterator[SearchProvider]:
    opened = open_engine(request.param, tmp_path, search_address)
    yield opened
    clear(opened)


def test_a_document_holds_what_the_store_knows(any_store: Store, provider: SearchProvider) -> None:
    fill_store(any_store, [make_full_advert()], extract_noted)
    fill_networks(any_store, [Member(id=make_full_advert().id, persona="per-1", network="net-1")])
    run_index(any_store, provider)
    (hit,) = provider.search(Request(query=All())).hits
    document = dict(hit.document)
    names = document.pop("has")
    assert names == sorted(document)
    assert document == {
        "id": make_full_advert().id, "site": "northgate", "ref": "1", "url": "https://northgate.example.com/1",
        "account": "acc", "category": "independent", "title": "Anna", "body": "O77OO nine", "text": "07700 nine",
        "location": "by the docks", "services": ["massage", "dinner"],
        "name": ["Anna", "Bella"], "age": [22, 24], "phone": ["+447700900123"], "email": ["a@example.com"],
        "handle": ["telegram:anna"], "postcode": ["CF10 1EP", "CF10"], "place": ["Cardiff"], "force": ["South Wales"],
        "region": ["TARIAN"], "point": ["51.4800,-3.1760"], "square": ["51.5,-3.2"], "price": 120.5,
        "price_band": "£120 to £159", "month": "2026-03", "language": ["Welsh"],
        "written_in": ["en", "ro"], "tier": ["B"],
        "indicator": ["third_person", "reassurance"], "network": "net-1", "persona": "per-1", "posted": "2026-02-28",
        "first_seen": "2026-03-01", "last_seen": "2026-03-01", "status": "seen",
    }  # fmt: skip


def test_every_advert_is_indexed_once_and_a_second_run_does_nothing(any_store: Store, provider: SearchProvider) -> None:
    fill_many(any_store, 30)
    first = run_index(any_store, provider)
    name = provider.find_current()
    second = run_index(any_store, provider)
    assert (first.counts["adverts/indexed"], first.counts["indexes/built"]) == (30, 1)
    assert second.counts == {}
    assert provider.find_current() == name
    assert len(find_refs(provider, "")) == 30
    with any_store.connect() as connection:
        rows = connection.execute(sa.select(index_state.c.index_name, index_state.c.run_id)).all()
    assert [tuple(row) for row in rows] == [(str(name), first.id)]


def test_more_adverts_than_one_batch_all_arrive(store: Store, provider: SearchProvider) -> None:
    fill_many(store, _BATCHES)
    assert run_index(store, provider).counts["adverts/indexed"] == _BATCHES
    assert provider.search(Request(query=All(), size=0)).total == _BATCHES


def test_only_what_was_touched_is_written_again(store: Store, provider: SearchProvider) -> None:
    fill_store(store, [make_full_advert(), make_advert("2", "bazaar", body="unchanged")], extract_noted)
    run_index(store, provider)
    fill_store(store, [make_advert("1", body="new words", seen_at="2026-03-02")])
    assert run_index(store, provider).counts["adverts/indexed"] == 1
    assert find_refs(provider, "nine") == []
    assert find_refs(provider, '"new words"') == ["1"]
    assert find_refs(provider, "phone:07700900123") == ["1"], "a number of an earlier version still finds the advert"
    assert find_refs(provider, "place:Cardiff") == [], "but a place of an earlier version does not"


def test_a_network_found_later_arrives(store: Store, provider: SearchProvider) -> None:
    fill_many(store, 3)
    run_index(store, provider)
    placed = [Member(id=make_advert(f"m{n}").id, persona=f"per-{n}", network="net-1") for n in (0, 2)]
    fill_networks(store, placed)
    assert run_index(store, provider).counts["adverts/indexed"] == 2
    assert find_refs(provider, "network:net-1") == ["m0", "m2"]


def test_an_advert_that_its_sites_next_night_no_longer_shows_is_gone(store: Store, provider: SearchProvider) -> None:
    fill_store(store, [make_advert("1"), make_advert("2"), make_advert("3", site="bazaar")])
    run_index(store, provider)
    fill_store(store, [make_advert("2", seen_at="2026-03-02")])
    assert run_index(store, provider).counts["adverts/indexed"] == 2, "the one seen again, the one no longer seen"
    assert find_refs(provider, "status:gone") == ["1"]
    assert find_refs(provider, "status:seen") == ["2", "3"], "bazaar had no second night, so its advert is not gone"
    fill_store(store, [make_advert("1", seen_at="2026-03-03"), make_advert("2", seen_at="2026-03-03")])
    run_index(store, provider)
    assert find_refs(provider, "status:gone") == []
    assert run_index(store, provider).counts == {}


def test_an_erased_advert_leaves_the_index(store: Store, provider: SearchProvider) -> None:
    fill_many(store, 3)
    run_index(store, provider)
    with store.begin() as connection:
        erased = sa.update(adverts).where(adverts.c.ref == "m1")
        connection.execute(erased.values(erased_at=sa.func.current_timestamp(), touched=adverts.c.touched + 2))
    counts = run_index(store, provider).counts
    assert (counts["adverts/erased"], counts["adverts/indexed"]) == (1, 0)
    assert find_refs(provider, "") == ["m0", "m2"]
    run_index(store, provider, rebuild=True)
    assert find_refs(provider, "") == ["m0", "m2"]


@pytest.mark.parametrize("is_touched", [True, False])
def test_an_erased_advert_is_in_no_answer_from_then_on(
    any_store: Store, provider: SearchProvider, is_touched: bool
) -> None:
    fill_many(any_store, 3)
    run_index(any_store, provider)
    gone = make_advert("m1").id
    with any_store.begin() as connection:
        assert read_withheld(connection) == []
        values = {"erased_at": datetime.now(UTC), "touched": adverts.c.touched + 2 * is_touched}
        connection.execute(sa.update(adverts).where(adverts.c.ref == "m1").values(values))
    with any_store.connect() as connection:
        withheld = read_withheld(connection)
    assert withheld == [gone]
    for text in ("", "number", "ref:m1", f"id:{gone}"):
        results = provider.search(Request(query=parse_query(text), facets=["site"], without=withheld))
        shown = [] if "1" in text else [make_advert(ref).id for ref in ("m0", "m2")]
        assert {hit.id for hit in results.hits} == set(shown), text
        assert (results.total, sum(bucket.count for bucket in results.facets["site"])) == (len(shown), len(shown))
    assert {hit.document["ref"] for hit in provider.iter_all(All(), sort="newest", without=withheld)} == {"m0", "m2"}
    assert run_index(any_store, provider).counts == {"adverts/erased": 1}
    assert find_refs(provider, "") == ["m0", "m2"]
    with any_store.connect() as connection:
        assert read_withheld(connection) == [], "the index no longer holds it"
    assert run_index(any_store, provider).counts == {}


def test_an_advert_that_was_not_enriched_yet_is_not_found(store: Store, provider: SearchProvider) -> None:
    fill_unread(store, [make_advert("1", title="Waiting")])
    assert run_index(store, provider).counts["adverts/unread"] == 1
    assert find_refs(provider, "") == []
    with record_run(store, "enrich", NIGHT) as run:
        enrich_store(store, run)
    assert run_index(store, provider).counts == {"adverts/indexed": 1}
    assert find_refs(provider, "waiting") == ["1"]


def test_a_rebuild_swaps_and_drops_the_old(store: Store, tmp_path: Path) -> None:
    provider = TantivyProvider(tmp_path)
    fill_many(store, 2)
    run_index(store, provider)
    old = provider.find_current()
    assert old is not None
    run_index(store, provider, rebuild=True)
    new = provider.find_current()
    assert new == old._replace(build=old.build + 1)
    assert provider.list_indexes() == [new]
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([str(new), "current"])


def test_an_index_of_another_shape_serves_nobody_and_is_replaced(store: Store, provider: SearchProvider) -> None:
    old = IndexName("adverts", "00000000", 7)
    provider.create(old)
    provider.swap(old)
    fill_many(store, 1)
    assert run_index(store, provider).counts["indexes/built"] == 1
    assert [name.build for name in provider.list_indexes()] == [8]
    assert find_refs(provider, "") == ["m0"]


def test_the_index_of_another_store_is_not_taken_for_this_ones(store: Store, provider: SearchProvider) -> None:
    other = open_store(None)
    fill_many(other, 5)
    run_index(other, provider)
    fill_many(store, 2)
    run_index(store, provider)
    assert find_refs(provider, "") == ["m0", "m1"]


def test_another_process_sees_a_commit_and_a_swap(store: Store, tmp_path: Path) -> None:
    writer, reader = TantivyProvider(tmp_path), TantivyProvider(tmp_path)
    fill_many(store, 1)
    run_index(store, writer)
    assert find_refs(reader, "") == ["m0"]
    fill_many(store, 2)
    run_index(store, writer)
    assert find_refs(reader, "") == ["m0", "m1"]
    run_index(store, writer, rebuild=True)
    assert find_refs(reader, "") == ["m0", "m1"]


_CHILD: Final = """
import os, signal, sys
from pathlib import Path
from adverts.store import open_store
from indexer import stage
from indexer.providers.tantivy import TantivyProvider, _TantivyWriter
from tests.engines import ENGINES, FindAddress, clear, open_engine
from tests.indexer.markets import run_index

def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

url, path, where, rebuild = sys.argv[1:]
owner, name = {
    "create": (TantivyProvider, "create"), "upsert": (_TantivyWriter, "upsert"), "state": (stage, "write_reached"),
    "swap": (TantivyProvider, "swap"), "drop": (TantivyProvider, "drop"),
}[where]
setattr(owner, name, die)
run_index(open_store(url), TantivyProvider(Path(path)), rebuild=rebuild == "True")
"""


@pytest.mark.parametrize(
    ("rebuild", "where", "is_new"),
    [
        (False, "upsert", False), (False, "state", True),
        (True, "create", False), (True, "upsert", False), (True, "state", False), (True, "swap", False),
        (True, "drop", True),
    ],
)  # fmt: skip
def test_killed_anywhere_the_old_answers_stay_and_the_next_run_ends_alike(
    tmp_path: Path, rebuild: bool, where: str, is_new: bool
) -> None:
    url = f"sqlite:///{tmp_path / 'asw.db'}"
    store, provider = open_store(url), TantivyProvider(tmp_path / "index")
    fill_many(store, 2)
    run_index(store, provider)
    fill_many(store, 3)
    arguments = [sys.executable, "-c", _CHILD, url, str(tmp_path / "index"), where, str(rebuild)]
    root = Path(__file__).parents[2]
    died = subprocess.run(arguments, cwd=root, env={**os.environ, "PYTHONPATH": str(root)}, check=False)
    assert died.returncode == -signal.SIGKILL
    assert find_refs(provider, "") == (["m0", "m1", "m2"] if is_new else ["m0", "m1"])
    run_index(store, provider)
    assert find_refs(provider, "") == ["m0", "m1", "m2"]
    assert provider.list_indexes() == [provider.find_current()]
    assert run_index(store, provider).counts == {}


_KILLED_BUILD: Final = """
import os, signal, sys
from adverts.settings import Settings
from adverts.store import open_store
from indexer import stage
from pathlib import Path
from tests.indexer.markets import run_index

url, home, search, prefix = sys.argv[1:]
stage._PART = 100
written = []
write = stage._write

def die_in_the_third(*given):
    written.append(given)
    if len(written) == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    write(*given)

stage._write = die_in_the_third
settings = Settings(home=Path(home), search=search, search_prefix=prefix, search_replicas=0)
run_index(open_store(url), stage.open_provider(settings), rebuild=True)
"""


@pytest.mark.parametrize("engine", ENGINES[:1] + ENGINES[2:3])
@pytest.mark.parametrize("is_changed", [False, True])
def test_a_killed_build_goes_on_where_it_was_unless_the_store_changed(
    tmp_path: Path, search_address: FindAddress, engine: str, is_changed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"sqlite:///{tmp_path / 'asw.db'}"
    settings = Settings(home=tmp_path, search_replicas=0)
    if engine != "tantivy":
        settings = dataclasses.replace(make_settings(engine, search_address), home=tmp_path)
    store, provider = open_store(url), open_provider(settings)
    fill_many(store, 350)
    arguments = [sys.executable, "-c", _KILLED_BUILD, url, str(tmp_path), settings.search, settings.search_prefix]
    root = Path(__file__).parents[2]
    died = subprocess.run(arguments, cwd=root, env={**os.environ, "PYTHONPATH": str(root)}, check=False)
    assert died.returncode == -signal.SIGKILL
    assert provider.find_current() is None
    if is_changed:
        fill_many(store, 351)
    monkeypatch.setattr(stage, "_PART", 100)
    counts = run_index(store, provider).counts
    assert counts["adverts/indexed"] == (351 if is_changed else 150)
    assert counts["indexes/gone_on_with"] == (not is_changed)
    assert provider.search(Request(query=All())).total == 350 + is_changed
    assert provider.list_indexes() == [provider.find_current()]
    assert run_index(store, provider).counts == {}
    clear(provider)


def test_a_build_that_fails_leaves_the_old_answers_and_no_half_index(store: Store, tmp_path: Path) -> None:
    provider = TantivyProvider(tmp_path)
    fill_many(store, 2)
    run_index(store, provider)
    fill_many(store, 3)
    with store.begin() as connection:
        connection.execute(sa.update(versions).values(record=["not an advert"]))
    with pytest.raises(msgspec.ValidationError):
        run_index(store, provider, rebuild=True)
    assert find_refs(provider, "") == ["m0", "m1"]
    assert provider.list_indexes() == [provider.find_current()]


def test_a_pointer_that_names_nothing_means_no_index(store: Store, tmp_path: Path) -> None:
    provider = TantivyProvider(tmp_path)
    (tmp_path / "current").write_text("adverts-00000000-1\n")
    assert provider.find_current() is None
    (tmp_path / "current").write_text("\x00 torn")
    assert provider.find_current() is None
    fill_many(store, 1)
    run_index(store, provider)
    assert find_refs(provider, "") == ["m0"]


def test_a_broken_index_says_what_to_do(store: Store, tmp_path: Path) -> None:
    provider = TantivyProvider(tmp_path)
    fill_many(store, 1)
    run_index(store, provider)
    (tmp_path / str(provider.find_current()) / "meta.json").write_text("{}")
    with pytest.raises(StopRun, match=r"cannot be used.*asw index --rebuild"):
        find_refs(provider, "")
    run_index(store, provider, rebuild=True)
    assert find_refs(provider, "") == ["m0"]


def test_the_settings_choose_the_engine(tmp_path: Path) -> None:
    assert open_provider(Settings(home=tmp_path)).name == "tantivy"
    assert open_provider(Settings(home=tmp_path, search="http://127.0.0.1:9200")).name == "elastic"


@pytest.mark.parametrize(
    ("address", "problem"),
    [("127.0.0.1:9200", "not the address"), ("http://search.example.com:9200", "write https"), ("ftp://a", "not the")],
)
def test_an_address_that_is_none_or_not_safe_is_refused(tmp_path: Path, address: str, problem: str) -> None:
    with pytest.raises(StopRun, match=problem) as caught:
        open_provider(Settings(home=tmp_path, search=address))
    assert caught.value.code == 2
