"""Every engine answers as the plain meaning of the query says, whatever the adverts and the query are."""

import random
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any, Final

import pytest

from indexer.fields import Document
from indexer.matching import matches
from indexer.providers.base import Request, SearchProvider
from indexer.query import (
    Fuzzy,
    Has,
    Lately,
    Phrase,
    Prefix,
    Query,
    Range,
    Suffix,
    Term,
    Text,
    Wildcard,
    settle,
)  # fmt: skip
from indexer.rendering import render_query
from indexer.syntax import parse_query
from tests.contract.corpus import TODAY, make_document
from tests.engines import ENGINES, FindAddress, clear, open_engine, serve

WORDS: Final = [
    "anna", "Anna", "annna", "ana", "Chloé", "chloe", "new", "town", "in", "the", "07700900123", "07700900132", "Ünal",
    "well-known", "can't", "Новая", "duo", "Duo2", "£80", "ＡＢＣ", "o'clock", "x", "ﬁne", "naïve", "100%", "a.b", "家",
    "ß",
]  # fmt: skip
PHONES: Final = ["+447700900123", "+447700900132", "+442920180456", "+441134960777", "+447700900124"]
EMAILS: Final = ["anna@example.com", "Bella@Example.com", "anna.b@mail.example.com"]
FORCES: Final = ["South Wales", "West Yorkshire", "Dyfed-Powys"]
COUNT: Final = 160
ASKED: Final = 300


def _pick(dice: random.Random, choices: list[Any], most: int) -> list[Any]:
    return dice.sample(choices, dice.randint(0, min(most, len(choices))))


def _write(dice: random.Random) -> str:
    return dice.choice([" ", ", ", ". "]).join(dice.choices(WORDS, k=dice.randint(1, 8)))


def build_documents(seed: int) -> list[Document]:
    dice = random.Random(seed)
    documents = []
    for number in range(COUNT):
        first = date(2026, 1, 1) + timedelta(days=dice.randint(0, 60))
        fields: dict[str, Any] = {
            "title": _write(dice), "body": _write(dice), "text": _write(dice), "phone": _pick(dice, PHONES, 2),
            "email": _pick(dice, EMAILS, 1), "force": _pick(dice, FORCES, 2), "age": _pick(dice, [19, 22, 25, 31], 2),
            "name": _pick(dice, WORDS[:6], 2), "services": _pick(dice, ["new town", "duo anna", "in the"], 2),
            "price": dice.choice([None, 80.0, 99.5, 120.0]), "first_seen": first.isoformat(),
            "last_seen": (first + timedelta(days=dice.randint(0, 20))).isoformat(),
        }  # fmt: skip
        made = make_document(f"n{number}", **{name: value for name, value in fields.items() if value})
        documents.append(made)
    return documents


def build_query(dice: random.Random, depth: int = 2) -> Query:
    if depth and dice.random() < 0.5:
        one, other = build_query(dice, depth - 1), build_query(dice, depth - 1)
        return dice.choice([one & other, one | other, ~one & other])
    return dice.choice(LEAVES)(dice)


def _cut(dice: random.Random, word: str) -> str:
    return word[: dice.randint(1, len(word))]


LEAVES: Final[list[Callable[[random.Random], Query]]] = [
    lambda dice: Text(dice.choice(WORDS)),
    lambda dice: Text(dice.choice(WORDS), dice.choice(["title", "body", "name"])),
    lambda dice: Phrase(" ".join(dice.choices(WORDS, k=dice.randint(1, 3)))),
    lambda dice: Phrase(" ".join(dice.choices(WORDS[:9], k=2)), "body"),
    lambda dice: Prefix(_cut(dice, dice.choice(["anna", "chloe", "town", "07700900123", "new"]))),
    lambda dice: Prefix("+44" + _cut(dice, "7700900123"), "phone"),
    lambda dice: Suffix(dice.choice(["123", "32", "0777"]), "phone"),
    lambda dice: Suffix(dice.choice(["@example.com", "example.com", "m"]), "email"),
    lambda dice: Wildcard((_cut(dice, "anna"), dice.choice(["a", "n", "123", ""])), dice.choice([None, "title"])),
    lambda dice: Wildcard(("+44", dice.choice(["123", "9001"]), ""), "phone"),
    lambda dice: Fuzzy(dice.choice(["anna", "ana", "twon", "chole", "duo"]), edits=dice.choice([1, 2])),
    lambda dice: Fuzzy(dice.choice(PHONES), "phone", 1),
    lambda dice: Term("force", dice.choice([*FORCES, "south wales", "SOUTH"])),
    lambda dice: Term("phone", dice.choice(PHONES)),
    lambda dice: Range("price", dice.choice([None, 80.0]), dice.choice([99.5, 100.0])),
    lambda dice: Range("age", lower=dice.choice([20, 25]), strict=dice.choice([True, False])),
    lambda dice: Range("first_seen", upper=date(2026, 1, dice.randint(1, 28)), strict=dice.choice([True, False])),
    lambda dice: Range("seen", date(2026, 1, dice.randint(1, 15)), date(2026, 1, dice.randint(16, 28))),
    lambda dice: Lately(dice.choice(["seen", "first_seen"]), dice.randint(1, 60)),
    lambda dice: Has(dice.choice(["price", "email", "phone"])),
]


@pytest.fixture(scope="module")
def documents() -> list[Document]:
    return build_documents(7)


@pytest.fixture(scope="module", params=ENGINES[1:])
def engine(
    request: pytest.FixtureRequest,
    documents: list[Document],
    tmp_path_factory: pytest.TempPathFactory,
    search_address: FindAddress,
) -> Iterator[SearchProvider]:
    provider = open_engine(request.param, tmp_path_factory.mktemp("index"), search_address)
    serve(provider, documents)
    yield provider
    clear(provider)


def test_an_engine_finds_what_the_query_means(engine: SearchProvider, documents: list[Document]) -> None:
    dice = random.Random(11)
    some, wrong = 0, {}
    for _ in range(ASKED):
        query = build_query(dice)
        meant = {document["id"] for document in documents if matches(settle(query, TODAY), document)}
        found = {hit.id for hit in engine.search(Request(query=query, size=COUNT, today=TODAY, highlight=False)).hits}
        some += 0 < len(meant) < COUNT
        if found != meant:
            wrong[render_query(query)] = sorted(found ^ meant)[:3]
    assert wrong == {}
    assert some > ASKED / 2  # else the queries would ask nothing


def test_the_text_of_a_query_means_what_the_query_means(documents: list[Document]) -> None:
    dice = random.Random(13)
    for _ in range(ASKED):
        query = build_query(dice)
        again = settle(parse_query(render_query(query)), TODAY)
        meant = [matches(settle(query, TODAY), document) for document in documents[:50]]
        assert [matches(again, document) for document in documents[:50]] == meant, render_query(query)
