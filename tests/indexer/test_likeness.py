"""More like this is a query that a person can read: identifiers, template and rare words, itself left out."""

from collections.abc import Iterator

import pytest

from indexer.likeness import build_like, read_document
from indexer.providers.base import Request, SearchProvider
from indexer.providers.tantivy import TantivyProvider
from indexer.rendering import render_query
from indexer.syntax import parse_query
from tests.contract.corpus import make_document
from tests.engines import serve

COMMON = "lovely evening with company near the station"
DOCUMENTS = [
    make_document("a", phone=["+447700900123"], account="acc", text=f"{COMMON} marzipan 07700900123", template="t01"),
    make_document("b", phone=["+447700900123"], text=COMMON),
    make_document("c", text=f"{COMMON} and marzipan"),
    make_document("d", account="acc", text=COMMON),
    make_document("e", "bazaar", account="acc", text=COMMON),
    make_document("f", text=COMMON, template="t01"),
    make_document("g", text="nobody else writes such things"),
    *(make_document(f"x{number}", text=COMMON) for number in range(9)),
]


@pytest.fixture(scope="module")
def provider() -> Iterator[SearchProvider]:
    opened = TantivyProvider(None)
    serve(opened, DOCUMENTS)
    yield opened
    opened.close()


def test_it_finds_who_shares_a_number_an_account_a_template_or_rare_words(provider: SearchProvider) -> None:
    query = build_like(provider, DOCUMENTS[0])
    assert query is not None
    hits = provider.search(Request(query=query, size=20)).hits
    assert {hit.document["ref"] for hit in hits} == {"b", "c", "d", "f"}
    text = render_query(query)
    assert parse_query(text) == query
    assert text == (
        f"(phone:+447700900123 OR account:acc site:northgate OR template:t01 OR marzipan) -id:{DOCUMENTS[0]['id']}"
    )


def test_what_nobody_shares_has_no_query(provider: SearchProvider) -> None:
    assert build_like(provider, DOCUMENTS[6]) is None


def test_a_withheld_advert_is_neither_read_nor_counted(provider: SearchProvider) -> None:
    withheld = [DOCUMENTS[2]["id"]]
    assert read_document(provider, DOCUMENTS[2]["id"], withheld) is None
    assert read_document(provider, DOCUMENTS[2]["id"]) == DOCUMENTS[2]
    query = build_like(provider, DOCUMENTS[0], withheld)
    assert query is not None
    assert "marzipan" not in render_query(query)
