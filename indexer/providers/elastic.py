"""Elasticsearch 8 and 9, OpenSearch 2 and 3: the shared engine, spoken to by the official `elasticsearch` client."""

import math
import os
import socket
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import Any, ClassVar, Final

import elastic_transport
import elasticsearch
from elastic_transport import HttpHeaders, Urllib3HttpNode
from elastic_transport._node import NodeApiResponse
from elasticsearch import Elasticsearch
from elasticsearch.helpers import streaming_bulk

from adverts.errors import StopRun
from adverts.processes import is_running
from adverts.settings import Settings
from indexer.fields import RELEVANCE, Document, Whose, build_sorts
from indexer.highlights import find_highlights
from indexer.names import IndexName, parse_index_name
from indexer.providers._elastic_failures import explain, explain_refusal, refuse_unsafe
from indexer.providers._elastic_queries import compile_without
from indexer.providers._elastic_schema import (
    KEY,
    RAW,
    build_engine_document,
    build_mapping,
    build_settings,
    read_document,
)
from indexer.providers.base import Bucket, Hit, Measured, Request, Results, SearchProvider, Writer

_TIMEOUT: Final = 60  # seconds for one answer
_TRIES: Final = 8  # of a bulk that the server is too busy for; the waits between them double from half a second
_BUSY: Final = (429, 502, 503, 504)
_BATCH: Final = 1_000  # documents of one bulk
_BATCH_BYTES: Final = 8_000_000
_WAITING: Final = 2  # bulks made while another is on its way
_LEASE: Final = 120.0  # seconds for which a writer that gives no sign keeps others out
_RENEW: Final = 20.0
_KEPT_NAMES: Final = 2.0  # seconds for which the name behind the alias is believed


class _PlainNode(Urllib3HttpNode):
    """Speaks plain JSON, which OpenSearch asks for, and lets the client take the answer for Elasticsearch's."""

    def perform_request(
        self, method: str, target: str, body: bytes | None = None, headers: HttpHeaders | None = None,
        request_timeout: Any = None,
    ) -> NodeApiResponse:  # fmt: skip
        plain = HttpHeaders(headers or {})
        for name in ("accept", "content-type"):
            if name in plain:
                plain[name] = "application/x-ndjson" if "ndjson" in plain[name] else "application/json"
        answer = super().perform_request(method, target, body, plain, request_timeout)
        answer.meta.headers = HttpHeaders({**answer.meta.headers, "x-elastic-product": "Elasticsearch"})
        return answer


class ElasticProvider(SearchProvider):
    """Indexes on a server or cluster, their names and the alias that serves all beginning with a prefix.

    One process writes at a time, which a document in an index of its own says; any number search.
    """

    name: ClassVar[str] = "elastic"
    lacks: ClassVar[Mapping[str, str]] = {
        "undo": "A change that fails half way is not undone: it shows with the next one, which makes it whole.",
    }

    def __init__(self, settings: Settings, holds: Whose = "adverts") -> None:
        """Connect to nothing yet; StopRun when the settings would send the adverts over the network in the clear."""
        refuse_unsafe(settings)
        self.settings = settings
        self._prefix = settings.search_prefix
        self.holds = holds
        self._alias = f"{self._prefix}-{holds}"
        self._client: Elasticsearch | None = None
        self._known: tuple[float, IndexName | None] = (0.0, None)

    @property
    def client(self) -> Elasticsearch:
        """Return the client, made at first use for the kind of server that answers."""
        if self._client is None:
            with self.translated():
                plain = self._connect(_PlainNode)
                if plain.info().body["version"].get("distribution") == "opensearch":
                    self._client = plain
                else:
                    plain.close()
                    self._client = self._connect(Urllib3HttpNode)
        return self._client

    def find_current(self) -> IndexName | None:
        """Return the name of the current index; None when there is none yet."""
        with self.translated():
            try:
                names = self.client.indices.get_alias(name=self._alias).body
            except elasticsearch.NotFoundError:
                return None
        return next(iter(sorted(self._iter_names(names))), None)

    def list_indexes(self) -> list[IndexName]:
        """Return the names of all our indexes, half-built ones included."""
        with self.translated():
            return sorted(self._iter_names(self.client.indices.get_alias(index=f"{self._alias}-*").body))

    def create(self, name: IndexName, expected: int = 0) -> None:
        """Make an empty index, in place of what a killed run left under that name, with the shards that it needs."""
        shards = self.settings.search_shards or max(1, math.ceil(expected / self.settings.search_shard_size))
        with self.translated():
            self.client.indices.delete(index=self._full(name), ignore_unavailable=True)
            self.client.indices.create(
                index=self._full(name), mappings=build_mapping(),
                settings=build_settings(shards, self.settings.search_replicas),
            )  # fmt: skip

    def measure(self, name: IndexName) -> Measured:
        """Return how large an index is, as it was last refreshed."""
        full = self._full(name)
        with self.translated():
            stats = self.client.indices.stats(index=full, metric="docs,store").body["indices"][full]
            made = self.client.indices.get_settings(index=full).body[full]["settings"]["index"]
        return Measured(
            stats["primaries"]["docs"]["count"], stats["total"]["store"]["size_in_bytes"],
            int(made["number_of_shards"]), int(made["number_of_replicas"]),
        )  # fmt: skip

    def is_outgrown(self, name: IndexName) -> bool:
        """Return whether its shards are twice as full as the settings want them; never when their number is set."""
        if self.settings.search_shards:
            return False
        measured = self.measure(name)
        return measured.documents > 2 * measured.shards * self.settings.search_shard_size

    @contextmanager
    def write(self, name: IndexName) -> Iterator[Writer]:
        """Open an index for changes; StopRun when somebody else is changing it, or the server refuses them."""
        with self.translated():
            lease = _Lease(self.client, f"{self._prefix}-writers", str(name), self.settings.search_replicas)
            lease.take()
        try:
            writer = _ElasticWriter(self, self._full(name), lease)
            try:
                yield writer
                writer.finish()
            finally:
                writer.close()
            with self.translated():
                self.client.indices.refresh(index=self._full(name))
        finally:
            with self.translated():
                lease.give_back()

    def swap(self, name: IndexName) -> None:
        """Make an index the current one, at once for every searcher."""
        with self.translated():
            self.client.indices.update_aliases(
                actions=[
                    {"remove": {"index": f"{self._alias}-*", "alias": self._alias, "must_exist": False}},
                    {"add": {"index": self._full(name), "alias": self._alias}},
                ]
            )
        self._known = (0.0, None)

    def drop(self, name: IndexName) -> None:
        """Delete an index that is not current."""
        with self.translated():
            self.client.indices.delete(index=self._full(name), ignore_unavailable=True)

    def answer(self, request: Request) -> Results:
        """Return what the current index answers; StopRun when there is none or it cannot be read."""
        self._check_current()
        with self.translated():
            try:
                found = self.client.search(index=self._alias, **_build_search(request, self.withheld_by)).body
            except elasticsearch.NotFoundError:
                self._known = (0.0, None)
                self.require_current()
                raise
        hits = [self._build_hit(request, hit) for hit in found["hits"]["hits"]]
        facets = {name: _read_buckets(found["aggregations"][name]["buckets"]) for name in request.facets}
        return Results(hits, found["hits"]["total"]["value"], facets)

    def close(self) -> None:
        """Give back what is held open."""
        if self._client is not None:
            self._client.close()
            self._client = None

    def _connect(self, node_class: type[Urllib3HttpNode]) -> Elasticsearch:
        settings = self.settings
        options: dict[str, Any] = {}
        if settings.search_api_key:
            options["api_key"] = settings.search_api_key
        elif settings.search_user:
            options["basic_auth"] = (settings.search_user, settings.search_password)
        if settings.search_ca is not None:
            options["ca_certs"] = str(settings.search_ca)
        return Elasticsearch(
            [address.strip() for address in settings.search.split(",")], node_class=node_class,
            serializer=elasticsearch.OrjsonSerializer(), request_timeout=_TIMEOUT, max_retries=3,
            retry_on_status=_BUSY, retry_on_timeout=False, **options,
        )  # fmt: skip

    def _check_current(self) -> None:
        """Ask now and then whether the index that serves is there, and of this code's shape."""
        asked, name = self._known
        if name is None or time.monotonic() - asked > _KEPT_NAMES:
            self._known = (time.monotonic(), self.require_current())

    def _build_hit(self, request: Request, hit: Mapping[str, Any]) -> Hit:
        document = read_document(hit["_source"])
        highlights = find_highlights(request.query, document) if request.highlight else {}
        by_score = request.sort == RELEVANCE
        return Hit(
            document[KEY], document, hit["_score"] if by_score else None, highlights,
            None if by_score else tuple(hit["sort"]),
        )  # fmt: skip

    def _iter_names(self, full_names: Iterable[str]) -> Iterator[IndexName]:
        for full in full_names:
            with suppress(ValueError):  # an index of somebody else's
                yield parse_index_name(full.removeprefix(f"{self._prefix}-"))

    def _full(self, name: IndexName) -> str:
        return f"{self._prefix}-{name}"

    @contextmanager
    def translated(self) -> Iterator[None]:
        """Turn what the client raises into StopRun with what to do."""
        try:
            yield
        except (elastic_transport.TransportError, elasticsearch.ApiError) as error:
            raise StopRun(explain(self.settings, error)) from error


class _Lease:
    """The one writer's place: a document that names the process and says until when it is believed to live."""

    def __init__(self, client: Elasticsearch, index: str, key: str, replicas: int) -> None:
        self._client, self._index, self._key, self._replicas = client, index, key, replicas
        self._renewed = 0.0

    def take(self) -> None:
        """Take the place; StopRun when a living process has it. One that was killed here is found dead at once."""
        with suppress(elasticsearch.BadRequestError):  # it exists
            self._client.indices.create(
                index=self._index, mappings={"dynamic": False},
                settings={"number_of_shards": 1, "number_of_replicas": self._replicas},
            )  # fmt: skip
        try:
            self._client.create(index=self._index, id=self._key, document=self._form())
        except elasticsearch.ConflictError:
            self._take_over()
        self._renewed = time.monotonic()

    def renew(self) -> None:
        """Say that the writer lives, when it last did so some time ago."""
        if time.monotonic() - self._renewed > _RENEW:
            self._client.index(index=self._index, id=self._key, document=self._form())
            self._renewed = time.monotonic()

    def give_back(self) -> None:
        """Leave the place to others."""
        with suppress(elasticsearch.NotFoundError):
            self._client.delete(index=self._index, id=self._key)

    def _take_over(self) -> None:
        held = self._client.get(index=self._index, id=self._key).body
        holder = held["_source"]
        if holder["until"] > time.time() and _may_live(holder):
            raise StopRun(
                f"Another process is changing the search index {self._key} (on {holder['host']}). Wait for it, then "
                "run: asw index"
            )
        self._client.index(
            index=self._index, id=self._key, document=self._form(),
            if_seq_no=held["_seq_no"], if_primary_term=held["_primary_term"],
        )  # fmt: skip

    def _form(self) -> dict[str, Any]:
        return {"host": socket.gethostname(), "pid": os.getpid(), "until": time.time() + _LEASE}


class _ElasticWriter(Writer):
    """Sends changes in bulks, in their order, while the next ones are made."""

    def __init__(self, provider: ElasticProvider, index: str, lease: _Lease) -> None:
        self._provider, self._index, self._lease = provider, index, lease
        self._sender = ThreadPoolExecutor(max_workers=1)
        self._sent: list[Future[None]] = []
        self._actions: list[dict[str, Any]] = []

    def upsert(self, documents: Iterable[Document]) -> None:
        made = [build_engine_document(document) for document in documents]
        self._add({"_op_type": "index", "_id": document[KEY], "_source": document} for document in made)

    def delete(self, ids: Iterable[str]) -> None:
        self._add({"_op_type": "delete", "_id": each} for each in ids)

    def finish(self) -> None:
        """Send what is left and wait for every answer."""
        self._send()
        self._wait_for(0)

    def close(self) -> None:
        """Send nothing more."""
        self._sender.shutdown(cancel_futures=True)

    def _add(self, actions: Iterable[dict[str, Any]]) -> None:
        with self._provider.translated():
            self._lease.renew()  # a check may go on for long without sending anything
        self._actions += actions
        if len(self._actions) >= _BATCH:
            self._send()

    def _send(self) -> None:
        if self._actions:
            self._sent.append(self._sender.submit(self._bulk, self._actions))
            self._actions = []
            self._wait_for(_WAITING)

    def _wait_for(self, left: int) -> None:
        while len(self._sent) > left:
            self._sent.pop(0).result()

    def _bulk(self, actions: Sequence[dict[str, Any]]) -> None:
        with self._provider.translated():
            self._lease.renew()
            answers = streaming_bulk(
                self._provider.client, actions, index=self._index, chunk_size=_BATCH, max_chunk_bytes=_BATCH_BYTES,
                max_retries=_TRIES, initial_backoff=0.5, max_backoff=30, retry_on_status=_BUSY, raise_on_error=False,
                yield_ok=False,
            )  # fmt: skip
            refused = [
                answer[did] for _, answer in answers for did in answer
                if (did, answer[did]["status"]) != ("delete", 404)  # what is not there needs no deleting
            ]  # fmt: skip
        if refused:
            raise StopRun(explain_refusal(self._provider.settings, refused))


def _build_search(request: Request, withheld_by: str) -> dict[str, Any]:
    by_score = request.sort == RELEVANCE
    asked: dict[str, Any] = {
        "query": compile_without(request.query, withheld_by, request.without),
        "size": request.size,
        "track_total_hits": True,
        "sort": [{"_score": "desc"}, {KEY: "asc"}] if by_score else _build_sort(request.sort),
    }
    if request.after is None:
        asked["from_"] = request.offset
    else:
        asked["search_after"] = list(request.after)
    if request.facets:
        asked["aggregations"] = {name: _count(name, request.facet_size) for name in request.facets}
    return asked


def _build_sort(sort: str) -> list[dict[str, Any]]:
    """Return the order; equal ones follow their ids in its direction, and those without the value come last."""
    field, direction = build_sorts()[sort]
    order = {"ascending": "asc", "descending": "desc"}[direction]
    return [{field.name: {"order": order, "missing": "_last"}}, {KEY: order}]


def _count(name: str, size: int) -> dict[str, Any]:
    column = f"{name}.{RAW}"
    return {"terms": {"field": column, "size": size, "order": [{"_count": "desc"}, {"_key": "asc"}]}}


def _read_buckets(buckets: Sequence[Mapping[str, Any]]) -> list[Bucket]:
    return [Bucket(bucket["key"], bucket["doc_count"]) for bucket in buckets]


def _may_live(holder: Mapping[str, Any]) -> bool:
    """Return whether the process that holds a lease may still run; of another machine we cannot know."""
    return holder["host"] != socket.gethostname() or is_running(int(holder["pid"]))
