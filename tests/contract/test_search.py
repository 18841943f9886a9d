"""One contract for every engine: a fixed corpus gives the same answers, and an index changes whole or not at all."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from adverts.errors import StopRun
from indexer.names import IndexName, build_index_name
from indexer.providers.base import Request, SearchProvider
from indexer.query import All, Text
from indexer.syntax import parse_query
from tests.contract.cases import FACETS, HIGHLIGHTS, MATCHES, ORDERS
from tests.contract.corpus import BY_ID, CORPUS, TODAY, make_document
from tests.engines import ENGINES, FindAddress, clear, open_engine

_MORE: Final = make_document("m", title="One more")


def _build(provider: SearchProvider, documents: list[dict[str, object]]) -> IndexName:
    name = build_index_name(provider.list_indexes())
    provider.create(name)
    with provider.write(name) as writer:
        writer.upsert(documents)
    return name


def _write_badly(provider: SearchProvider, name: IndexName) -> None:
    with provider.write(name) as writer:
        writer.delete([CORPUS[0]["id"]])
        writer.upsert([_MORE, {"title": "has no id"}])


def _ask(provider: SearchProvider, text: str, **more: object) -> list[str]:
    request = Request(query=parse_query(text), **{"size": 100, **more})  # type: ignore[arg-type]
    return [str(hit.document["ref"]) for hit in provider.search(request).hits]


@pytest.fixture(scope="module", params=ENGINES)
def filled(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    search_address: FindAddress,
) -> Iterator[SearchProvider]:
    """An engine that serves the corpus, written in two commits so that it lies in several segments or shards."""
    provider = open_engine(request.param, tmp_path_factory.mktemp("index"), search_address)
    name = _build(provider, CORPUS[:7])
    with provider.write(name) as writer:
        writer.upsert(CORPUS[7:])
    provider.swap(name)
    yield provider
    clear(provider)


@pytest.fixture(params=ENGINES)
def provider(request: pytest.FixtureRequest, tmp_path: Path, search_address: FindAddress) -> Iterator[SearchProvider]:
    """An engine without any index."""
    opened = open_engine(request.param, tmp_path, search_address)
    yield opened
    clear(opened)


@pytest.mark.parametrize(("text", "letters"), MATCHES)
def test_a_query_matches(filled: SearchProvider, text: str, letters: str) -> None:
    results = filled.search(Request(query=parse_query(text), size=100, today=TODAY))
    assert sorted(BY_ID[hit.id] for hit in results.hits) == sorted(letters.split())
    assert results.total == len(letters.split())


@pytest.mark.parametrize(("text", "sort", "groups"), ORDERS)
def test_a_sort_orders_and_ids_settle_ties(filled: SearchProvider, text: str, sort: str, groups: str) -> None:
    ids = {letter: identity for identity, letter in BY_ID.items()}
    is_falling = sort in ("newest", "recent")
    expected = [letter for group in groups.split() for letter in sorted(group, key=ids.__getitem__, reverse=is_falling)]
    assert _ask(filled, text, sort=sort) == expected


@pytest.mark.parametrize(("text", "field", "counts"), FACETS)
def test_a_facet_counts_the_whole_result(filled: SearchProvider, text: str, field: str, counts: dict[str, int]) -> None:
    found = filled.search(Request(query=parse_query(text), size=1, facets=[field, "site"])).facets
    assert {bucket.value: bucket.count for bucket in found[field]} == counts
    assert [bucket.count for bucket in found[field]] == sorted(counts.values(), reverse=True)


@pytest.mark.parametrize(("text", "letter", "field", "stretches"), HIGHLIGHTS)
def test_highlights_are_spans_of_the_published_text(
    filled: SearchProvider, text: str, letter: str, field: str, stretches: list[str]
) -> None:
    hits = filled.search(Request(query=parse_query(text), size=100)).hits
    hit = next(hit for hit in hits if BY_ID[hit.id] == letter)
    assert [hit.document[field][span.start : span.end] for span in hit.highlights.get(field, ())] == stretches


def test_a_hit_carries_its_document_as_it_was_put_in(filled: SearchProvider) -> None:
    hits = filled.search(Request(query=All(), size=100)).hits
    assert sorted((hit.document for hit in hits), key=lambda document: document["ref"]) == CORPUS


def test_pages_follow_one_another_without_gap_or_repeat(filled: SearchProvider) -> None:
    pages = [_ask(filled, "", size=5, offset=offset, sort="newest") for offset in (0, 5, 10, 15)]
    assert [len(page) for page in pages] == [5, 5, 2, 0]
    assert [letter for page in pages for letter in page] == _ask(filled, "", sort="newest")


@pytest.mark.parametrize("sort", ["newest", "oldest", "recent", "price"])
def test_a_page_goes_on_behind_a_hit_however_deep(filled: SearchProvider, sort: str) -> None:
    everything = _ask(filled, "", sort=sort)
    found: list[str] = []
    request = Request(query=All(), size=5, sort=sort, facets=["site"])
    while hits := filled.search(request).hits:
        results = filled.search(request)
        assert (results.total, sum(bucket.count for bucket in results.facets["site"])) == (12, 12)
        found += [BY_ID[hit.id] for hit in hits]
        request = replace(request, after=hits[-1].place)
    assert found == everything
    assert [BY_ID[hit.id] for hit in filled.iter_all(All(), sort=sort)] == everything


def test_an_order_by_relevance_has_no_place_to_go_on_from(filled: SearchProvider) -> None:
    (hit, *_) = filled.search(Request(query=Text("anna"))).hits
    assert hit.place is None
    with pytest.raises(ValueError, match="relevance"):
        filled.search(Request(query=Text("anna"), after=(1,)))


def test_a_score_stands_only_where_it_orders(filled: SearchProvider) -> None:
    by_score = filled.search(Request(query=Text("anna"))).hits
    by_date = filled.search(Request(query=Text("anna"), sort="newest")).hits
    scores = [hit.score or 0 for hit in by_score]
    assert scores == sorted(scores, reverse=True)
    assert min(scores) > 0
    assert [hit.score for hit in by_date] == [None, None]


def test_conditions_have_no_say_in_the_score(filled: SearchProvider) -> None:
    alone = filled.search(Request(query=parse_query("anna"))).hits
    narrowed = filled.search(Request(query=parse_query("anna has:title first_seen:2026.. -place:Leeds"))).hits
    assert [(hit.id, hit.score) for hit in alone] == [(hit.id, hit.score) for hit in narrowed]


def test_no_hits_are_wanted_but_the_total(filled: SearchProvider) -> None:
    results = filled.search(Request(query=All(), size=0))
    assert (results.hits, results.total) == ([], 12)


def test_a_facet_gives_the_most_frequent_values_first(filled: SearchProvider) -> None:
    found = filled.search(Request(query=All(), facets=["place"], facet_size=2)).facets["place"]
    assert [bucket.value for bucket in found] == ["Cardiff", "Bristol"]


def test_what_a_question_leaves_out_is_neither_hit_nor_counted(filled: SearchProvider) -> None:
    everything = filled.search(Request(query=parse_query("town"), size=100, facets=["site"]))
    ids = {letter: identity for identity, letter in BY_ID.items()}
    left_out = [ids["a"], ids["c"], "ad-00000000000000000000"]
    results = filled.search(Request(query=parse_query("town"), size=100, facets=["site"], without=left_out))
    assert (sorted(BY_ID[hit.id] for hit in results.hits), results.total) == (["b", "e"], everything.total - 1)
    assert sum(bucket.count for bucket in results.facets["site"]) == everything.total - 1
    scores = {hit.id: hit.score for hit in everything.hits}
    assert [scores[hit.id] for hit in results.hits] == [hit.score for hit in results.hits]
    request = Request(query=parse_query(""), size=0, facets=["site"], without=list(BY_ID))
    assert (filled.search(request).total, filled.search(request).facets) == (0, {"site": []})


def test_before_the_first_build_a_sentence_says_what_to_run(provider: SearchProvider) -> None:
    assert provider.find_current() is None
    with pytest.raises(StopRun, match=r"no search index of adverts yet.*asw index"):
        provider.search(Request(query=All()))


def test_an_index_of_another_shape_is_not_asked(provider: SearchProvider) -> None:
    old = IndexName("adverts", "00000000", 1)
    provider.create(old)
    provider.swap(old)
    with pytest.raises(StopRun, match=r"another version of asw.*asw index"):
        provider.search(Request(query=All()))


def test_an_index_serves_only_after_the_swap(provider: SearchProvider) -> None:
    first = _build(provider, CORPUS[:1])
    provider.swap(first)
    second = _build(provider, CORPUS[:3])
    assert provider.list_indexes() == [first, second]
    assert [provider.measure(name).documents for name in (first, second)] == [1, 3]
    assert _ask(provider, "") == ["a"]
    provider.swap(second)
    provider.drop(first)
    assert _ask(provider, "", sort="oldest") == ["c", "a", "b"]
    assert (provider.find_current(), provider.list_indexes()) == (second, [second])


def test_an_upsert_replaces_and_a_delete_removes(provider: SearchProvider) -> None:
    name = _build(provider, CORPUS[:3])
    provider.swap(name)
    changed = make_document("a", title="Changed")
    with provider.write(name) as writer:
        writer.upsert([changed, changed])
        writer.delete([CORPUS[1]["id"], "ad-00000000000000000000"])
    assert sorted(_ask(provider, "")) == ["a", "c"]
    assert _ask(provider, "title:anna OR phone:07700900123") == []
    assert _ask(provider, "changed") == ["a"]


def test_changes_are_seen_all_at_once_at_the_end(provider: SearchProvider) -> None:
    name = _build(provider, CORPUS[:1])
    provider.swap(name)
    with provider.write(name) as writer:
        writer.upsert([_MORE])
        assert _ask(provider, "") == ["a"]
    assert sorted(_ask(provider, "")) == ["a", "m"]


def test_changes_that_fail_half_way_are_not_seen(provider: SearchProvider) -> None:
    name = _build(provider, CORPUS[:1])
    provider.swap(name)
    with pytest.raises(KeyError):
        _write_badly(provider, name)
    assert _ask(provider, "") == ["a"]


def test_changes_that_fail_half_way_leave_no_trace(provider: SearchProvider) -> None:
    if "undo" in provider.lacks:
        pytest.skip(provider.lacks["undo"])
    name = _build(provider, CORPUS[:1])
    provider.swap(name)
    with pytest.raises(KeyError):
        _write_badly(provider, name)
    assert _ask(provider, "") == ["a"]
    with provider.write(name) as writer:
        writer.upsert([_MORE])
    assert sorted(_ask(provider, "")) == ["a", "m"]


def test_one_writer_at_a_time(provider: SearchProvider) -> None:
    name = _build(provider, [])
    with provider.write(name), pytest.raises(StopRun, match="Another process is changing"), provider.write(name):
        raise AssertionError("two writers at once")


def test_a_capability_that_is_lacking_says_so_in_a_sentence(provider: SearchProvider) -> None:
    assert all(sentence.endswith(".") and " " in sentence for sentence in provider.lacks.values())
