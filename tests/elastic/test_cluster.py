"""Three real nodes with one copy of each shard: one dies in the middle, nothing is lost and searches go on."""

import shutil
import signal
import threading
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from random import Random
from typing import Final

import pytest
from elasticsearch import ApiError

from adverts.settings import Settings
from benchmarks.search import iter_documents
from indexer.providers.base import Request
from indexer.providers.elastic import ElasticProvider
from indexer.query import All
from tests.engines import serve
from tests.search_servers import Server, free_port, launch, make_folder, stop

COUNT: Final = 6_000
BATCH: Final = 500


class Cluster:
    """Three nodes of one cluster."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ports: list[int] = []
        for _ in range(3):
            self.ports.append(free_port(self.ports))
        self.nodes: dict[int, Server] = {}

    def start(self, port: int) -> None:
        peers = ",".join(f"127.0.0.1:{each + 100}" for each in self.ports)
        data = self.folder / str(port)
        self.nodes[port] = launch("opensearch", data, "--peers", peers, port=port, heap="400m")

    def kill(self, port: int) -> None:
        """End the node's process, not the script that started it, as a power cut would."""
        self.nodes.pop(port)
        stop(int((self.folder / str(port) / "node.pid").read_text()), signal.SIGKILL)

    def wait_for(self, status: str) -> None:
        client = ElasticProvider(self.settings).client
        until = time.monotonic() + 90
        while time.monotonic() < until:
            try:
                if client.cluster.health(timeout="1s")["status"] == status:
                    break
            except ApiError:
                pass  # no manager is elected yet
            time.sleep(0.5)
        else:
            raise AssertionError(f"the cluster did not become {status}")
        client.close()

    @property
    def settings(self) -> Settings:
        addresses = ",".join(f"http://127.0.0.1:{port}" for port in self.ports)
        return Settings(search=addresses, search_prefix="cluster", search_shards=3, search_replicas=1)


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    made = Cluster(make_folder())
    starters = [threading.Thread(target=made.start, args=(port,)) for port in made.ports]
    for starter in starters:
        starter.start()
    for starter in starters:
        starter.join()
    assert len(made.nodes) == 3
    made.wait_for("green")
    yield made
    for node in made.nodes.values():
        stop(node.pid)
    shutil.rmtree(made.folder)


@pytest.mark.slow
def test_a_node_that_dies_loses_nothing_and_stops_no_search(cluster: Cluster) -> None:
    provider = ElasticProvider(cluster.settings)
    documents = list(islice(iter_documents(Random(3)), COUNT))
    name = serve(provider, documents[: COUNT // 2])
    cluster.wait_for("green")
    done, asked, failures = threading.Event(), [0], list[Exception]()

    def ask() -> None:
        asker = ElasticProvider(cluster.settings)
        while not done.is_set():
            try:
                assert asker.search(Request(query=All(), size=1)).total >= COUNT // 2
                asked[0] += 1
            except Exception as error:  # noqa: BLE001 -- any at all fails the test
                failures.append(error)
        asker.close()

    asker = threading.Thread(target=ask)
    asker.start()
    with provider.write(name) as writer:
        for start in range(COUNT // 2, COUNT, BATCH):
            writer.upsert(documents[start : start + BATCH])
            if start == COUNT // 2 + BATCH:
                cluster.kill(cluster.ports[0])
    assert provider.search(Request(query=All(), size=0)).total == COUNT
    done.set()
    asker.join()
    assert failures == []
    assert asked[0] > 10
    found = {hit.id for hit in provider.iter_all(All(), sort="newest")}
    assert found == {document["id"] for document in documents}
    cluster.start(cluster.ports[0])
    cluster.wait_for("green")
    assert provider.search(Request(query=All(), size=0)).total == COUNT
    provider.close()
