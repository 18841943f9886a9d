"""Reposts of one person or network are one line, in the order asked for, on every engine."""

from collections.abc import Iterator

import pytest

from indexer import searching
from indexer.fields import Document
from indexer.providers.base import Request, SearchProvider
from indexer.searching import group_hits
from indexer.syntax import parse_query
from tests.contract.corpus import make_document
from tests.engines import ENGINES, FindAddress, clear, open_engine, serve

PERSONAS = {"a": "per-1", "b": "per-2", "c": "per-1", "d": "", "e": "per-1", "f": "per-2"}
"""By letter; each is first seen a day after the one before it, and `e` has the word twice."""


def _make(day: int, letter: str, persona: str) -> Document:
    more = {"persona": persona} if persona else {}
    body = "town town" if letter == "e" else "town by the sea and far away"
    return make_document(letter, first_seen=f"2026-03-0{day}", body=body, **more)


@pytest.fixture(scope="module", params=ENGINES[1:])
def provider(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, search_address: FindAddress
) -> Iterator[SearchProvider]:
    opened = open_engine(request.param, tmp_path_factory.mktemp("index"), search_address)
    serve(opened, [_make(day, *each) for day, each in enumerate(PERSONAS.items(), 1)])
    yield opened
    clear(opened)


@pytest.mark.parametrize(
    ("sort", "size", "offset", "lines"),
    [
        ("oldest", 9, 0, "a3 b2 d1"),
        ("newest", 9, 0, "f2 e3 d1"),
        ("newest", 2, 0, "f2 e3"),
        ("newest", 2, 2, "d1"),
        ("relevance", 1, 0, "e3"),
    ],
)
def test_a_group_is_its_first_hit_and_how_many_there_are(
    provider: SearchProvider, sort: str, size: int, offset: int, lines: str
) -> None:
    asked = Request(query=parse_query("town"), sort=sort, size=size, offset=offset)
    found = group_hits(provider, asked, "persona")
    assert " ".join(f"{group.hit.document['ref']}{group.count}" for group in found.groups) == lines
    assert (found.total, found.looked_at) == (3, 6)
    assert all(group.hit.highlights for group in found.groups)


def test_it_says_how_many_were_looked_at(provider: SearchProvider, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "MOST_GROUPED", 4)
    monkeypatch.setattr(searching, "_PAGE", 2)
    for sort in ("oldest", "relevance"):
        found = group_hits(provider, Request(query=parse_query("town"), sort=sort), "persona")
        assert found.looked_at == 4
