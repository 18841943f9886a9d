"""Answers as the command line and the console get them."""

import re
import unicodedata
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adverts.errors import StopRun
from indexer.highlights import Span, build_excerpt, find_highlights
from indexer.providers.base import SearchProvider
from indexer.providers.tantivy import TantivyProvider
from indexer.searching import facet_names, search, sort_names, toggle_filter
from indexer.syntax import QuerySyntaxError, parse_query
from indexer.words import fold_text, iter_words
from tests.contract.corpus import CORPUS, make_document
from tests.engines import serve


@pytest.fixture(scope="module")
def provider() -> Iterator[SearchProvider]:
    opened = TantivyProvider(None)
    serve(opened, CORPUS)
    yield opened
    opened.close()


def test_an_answer_holds_page_total_facets_and_canonical_text(provider: SearchProvider) -> None:
    answer = search(provider, " phone:07700-900-123   (town)", size=1, facets=["site"])
    assert (len(answer.hits), answer.total) == (1, 2)
    assert [(bucket.value, bucket.count) for bucket in answer.facets["site"]] == [("northgate", 2)]
    assert answer.text == "phone:+447700900123 town"
    assert answer.took > 0


@pytest.mark.parametrize(
    ("text", "sort"), [("anna", "relevance"), ("ann*", "relevance"), ("", "newest"), ("site:bazaar -anna", "newest")]
)
def test_words_come_by_relevance_and_fields_by_date(provider: SearchProvider, text: str, sort: str) -> None:
    assert search(provider, text).sort == sort


def test_every_sort_and_facet_answers(provider: SearchProvider) -> None:
    for sort in sort_names():
        assert search(provider, "town", sort=sort, facets=facet_names()).total == 3


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"sort": "newst"}, "no sort newst; did you mean newest?"),
        ({"facets": ["phone"]}, "no facet phone; choose from site"),
        ({"size": 10_001}, "up to number 10,000"),
        ({"size": -1}, "up to number 10,000"),
    ],
)
def test_what_cannot_be_answered_is_said(provider: SearchProvider, options: dict[str, object], message: str) -> None:
    with pytest.raises(StopRun) as caught:
        search(provider, "town", **options)  # type: ignore[arg-type]
    assert message in str(caught.value)
    assert caught.value.code == 2


def test_a_fault_in_the_text_is_raised_before_the_engine_is_asked() -> None:
    with pytest.raises(QuerySyntaxError):
        search(TantivyProvider(None), "pohne:1")


@pytest.mark.parametrize(
    ("text", "toggled"),
    [
        ("", 'force:"South Wales"'),
        ("anna OR bella", '(anna OR bella) force:"South Wales"'),
        ('anna force:"South Wales" -duo', "anna -duo"),
        ('force:"South Wales"', ""),
    ],
)
def test_a_facets_link_adds_its_filter_or_takes_it_away(text: str, toggled: str) -> None:
    assert toggle_filter(text, "force", "South Wales") == toggled


def test_spans_count_code_points_also_behind_emoji_and_accents() -> None:
    document = make_document("x", body="👠👠 é Añna, ANNA")
    (spans,) = find_highlights(parse_query("anna"), document).values()
    assert [document["body"][span.start : span.end] for span in spans] == ["Añna", "ANNA"]


def test_overlapping_matches_become_one_span() -> None:
    document = make_document("x", body="new in town hall")
    found = find_highlights(parse_query('"new in town" "in town hall" town'), document)
    assert found == {"body": (Span(0, 16),)}


@given(st.text(max_size=15))
def test_a_folded_text_holds_the_words_that_the_engines_compare(text: str) -> None:
    folded, places = fold_text(text)
    assert len(folded) == len(text) if places is None else len(folded) == len(places)
    if not any(unicodedata.category(sign).startswith(("M", "C")) for sign in text):
        assert re.findall(r"[^\W_]+", folded) == list(iter_words(text))


@given(st.text("ab c", min_size=1, max_size=400), st.integers(0, 400), st.integers(1, 20), st.integers(20, 200))
def test_an_excerpt_is_a_part_of_the_text_with_its_spans(text: str, start: int, length: int, width: int) -> None:
    first = Span(min(start, len(text) - 1), min(start + length, len(text)))
    first = first if first.start < first.end else Span(0, 1)
    excerpt = build_excerpt(text, [first], width)
    assert excerpt.text in text
    assert len(excerpt.text) <= width or len(text) <= width
    for span in excerpt.spans:
        assert excerpt.text[span.start : span.end] == text[first.start : first.end]
