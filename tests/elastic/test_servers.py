"""Real servers that are absent, full, strict, slow to be rebuilt, or left by a writer that was killed."""

import dataclasses
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from adverts.errors import StopRun
from adverts.settings import Settings, to_environment
from adverts.store import Store, open_store
from indexer.names import build_index_name
from indexer.providers.base import Request
from indexer.providers.elastic import ElasticProvider
from indexer.query import All
from tests.contract.corpus import CORPUS, make_document
from tests.engines import FindAddress, clear, make_settings, serve
from tests.indexer.markets import fill_many, find_refs, run_index
from tests.search_servers import KINDS, free_port

ROOT: Final = Path(__file__).parents[2]


@pytest.fixture(params=KINDS)
def settings(request: pytest.FixtureRequest, search_address: FindAddress) -> Settings:
    return make_settings(request.param, search_address)


@pytest.fixture
def provider(settings: Settings) -> Iterator[ElasticProvider]:
    opened = ElasticProvider(settings)
    yield opened
    clear(opened)


def test_a_server_that_is_not_there_is_named_without_its_password() -> None:
    port = free_port()
    provider = ElasticProvider(Settings(search=f"http://desk:hush@127.0.0.1:{port}"))
    with pytest.raises(StopRun, match=rf"127\.0\.0\.1:{port} does not answer.*ASW_SEARCH") as caught:
        provider.find_current()
    assert "hush" not in str(caught.value)


def test_an_index_has_the_shards_that_its_size_asks_for_and_is_built_anew_when_outgrown(
    settings: Settings, store: Store
) -> None:
    provider = ElasticProvider(dataclasses.replace(settings, search_shards=0, search_shard_size=10))
    try:
        fill_many(store, 15)
        run_index(store, provider)
        first = provider.require_current()
        assert provider.measure(first)[::2] == (15, 2)
        fill_many(store, 40)
        run_index(store, provider)
        assert provider.require_current() == first
        fill_many(store, 41)
        run_index(store, provider)  # finds the index as it was, twice as full as its shards should be and no more
        assert run_index(store, provider).counts["indexes/built"] == 1
        grown = provider.measure(provider.require_current())
        assert (grown.documents, grown.shards, grown.replicas) == (41, 5, settings.search_replicas)
        assert grown.size > 0
    finally:
        clear(provider)


def test_a_document_that_the_server_refuses_is_named(provider: ElasticProvider) -> None:
    name = build_index_name([])
    provider.create(name)
    strange = {**make_document("x", title="Strange"), "no_such_field": 1}
    with (
        pytest.raises(StopRun, match=rf"refused 1 documents \({strange['id']}: .*no_such_field.*asw index") as caught,
        provider.write(name) as writer,
    ):
        writer.upsert([*CORPUS, strange])
    assert "Strange" not in str(caught.value)


def test_a_server_that_is_full_says_so(provider: ElasticProvider, settings: Settings) -> None:
    serve(provider, CORPUS[:2])
    name = provider.require_current()
    index = f"{settings.search_prefix}-{name}"
    provider.client.indices.put_settings(index=index, settings={"index.blocks.read_only": True})
    with pytest.raises(StopRun, match=r"disk is full.*asw index"), provider.write(name) as writer:
        writer.upsert(CORPUS[2:3])
    assert provider.search(Request(query=All())).total == 2
    provider.client.indices.put_settings(index=index, settings={"index.blocks.read_only": None})
    with provider.write(name) as writer:
        writer.upsert(CORPUS[2:3])
    assert provider.search(Request(query=All())).total == 3


def test_a_living_writer_keeps_others_out_until_it_is_done(provider: ElasticProvider, settings: Settings) -> None:
    serve(provider, CORPUS[:1])
    name = provider.require_current()
    other = ElasticProvider(settings)
    with provider.write(name), pytest.raises(StopRun, match="Another process is changing"), other.write(name):
        raise AssertionError("two writers at once")
    with other.write(name) as writer:
        writer.upsert(CORPUS[1:2])
    other.close()
    assert provider.search(Request(query=All())).total == 2


_CHILD: Final = """
import os, signal, sys
from adverts.settings import load_settings
from adverts.store import open_store
from indexer import stage
from indexer.providers.elastic import ElasticProvider, _ElasticWriter
from tests.indexer.markets import run_index

def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

def bulk_and_die(self, actions, bulk=_ElasticWriter._bulk):
    bulk(self, actions)
    die()

url, where, rebuild = sys.argv[1:]
owner, name, how = {
    "create": (ElasticProvider, "create", die), "bulk": (_ElasticWriter, "_bulk", bulk_and_die),
    "state": (stage, "write_reached", die), "swap": (ElasticProvider, "swap", die),
    "drop": (ElasticProvider, "drop", die),
}[where]
setattr(owner, name, how)
run_index(open_store(url), ElasticProvider(load_settings()), rebuild=rebuild == "True")
"""


@pytest.mark.parametrize(
    ("rebuild", "where", "is_new"),
    [(False, "bulk", False), (False, "state", True), (True, "create", False), (True, "bulk", False),
     (True, "swap", False), (True, "drop", True)],
)  # fmt: skip
def test_killed_anywhere_the_old_answers_stay_and_the_next_run_ends_alike(
    provider: ElasticProvider, settings: Settings, tmp_path: Path, rebuild: bool, where: str, is_new: bool
) -> None:
    url = f"sqlite:///{tmp_path / 'asw.db'}"
    store = open_store(url)
    fill_many(store, 2)
    run_index(store, provider)
    fill_many(store, 3)
    child = {**os.environ, **to_environment(settings), "PYTHONPATH": str(ROOT)}
    died = subprocess.run([sys.executable, "-c", _CHILD, url, where, str(rebuild)], cwd=ROOT, env=child, check=False)
    assert died.returncode == -signal.SIGKILL
    assert find_refs(provider, "") == (["m0", "m1", "m2"] if is_new else ["m0", "m1"])
    run_index(store, provider)
    assert find_refs(provider, "") == ["m0", "m1", "m2"]
    assert provider.list_indexes() == [provider.find_current()]
    assert run_index(store, provider).counts == {}


def test_searches_go_on_while_the_index_is_rebuilt(provider: ElasticProvider, settings: Settings, store: Store) -> None:
    fill_many(store, 40)
    run_index(store, provider)
    stop, totals, failures = threading.Event(), set[int](), list[Exception]()

    def ask() -> None:
        asker = ElasticProvider(settings)
        while not stop.is_set():
            try:
                totals.add(asker.search(Request(query=All(), size=1)).total)
            except Exception as error:  # noqa: BLE001 -- any at all fails the test
                failures.append(error)
        asker.close()

    askers = [threading.Thread(target=ask) for _ in range(3)]
    for asker in askers:
        asker.start()
    for _ in range(4):
        run_index(store, provider, rebuild=True)
    stop.set()
    for asker in askers:
        asker.join()
    assert (failures, totals) == ([], {40})
