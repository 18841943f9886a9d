"""What is offered while a query is typed can be asked as it stands, and tells nothing of a person."""

from collections.abc import Iterator

import pytest

from indexer.fields import FIELDS, Whose
from indexer.providers.base import SearchProvider
from indexer.providers.tantivy import TantivyProvider
from indexer.suggesting import suggest_names, suggest_values
from indexer.syntax import parse_query
from tests.contract.corpus import make_document
from tests.engines import serve

WHOSE: tuple[Whose, ...] = ("adverts", "networks")
FORCES = ("South Wales", "South Wales", "Gwent", "West Yorkshire", "South Yorkshire", "Surrey")


@pytest.fixture(scope="module")
def provider() -> Iterator[SearchProvider]:
    opened = TantivyProvider(None)
    serve(opened, (
        make_document(str(number), force=[force], place=["Bristol", "Ynys Môn"][number % 2 :], phone=["+447700900123"])
        for number, force in enumerate(FORCES)
    ))  # fmt: skip
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("field", "start", "texts"),
    [
        ("force", "so", ['force:"South Wales"', 'force:"South Yorkshire"']),
        ("force", "WALES", ['force:"South Wales"']),
        ("force", "y", ['force:"South Yorkshire"', 'force:"West Yorkshire"']),
        ("force", "outh", []),
        ("place", "mon", ['place:"Ynys Môn"']),
        ("has", "ema", ["has:email"]),
        ("new", "", ["new:7d", "new:30d"]),
        ("triage", "con", ["triage:confirmed"]),
        ("phone", "+447700", []),
        ("name", "a", []),
        ("nothing", "a", []),
    ],
)
def test_values_begin_as_typed(provider: SearchProvider, field: str, start: str, texts: list[str]) -> None:
    assert sorted(each.text for each in suggest_values(provider, field, start)) == sorted(texts)


def test_the_most_frequent_comes_first_with_its_count_and_without_what_is_withheld(provider: SearchProvider) -> None:
    first = suggest_values(provider, "force", "s")[0]
    assert (first.text, first.count) == ('force:"South Wales"', 2)
    withheld = [make_document(str(number))["id"] for number in (0, 1)]
    assert {each.text for each in suggest_values(provider, "force", "s", withheld)} == {
        'force:"South Yorkshire"',
        "force:Surrey",
    }


def test_every_value_offered_is_a_query(provider: SearchProvider) -> None:
    for field in FIELDS:
        for each in suggest_values(provider, field.name, ""):
            parse_query(each.text, field.whose[0])


def test_names_are_those_that_may_be_asked() -> None:
    adverts, networks = ({each.text for each in suggest_names(whose)} for whose in WHOSE)
    assert {"phone:", "near:", "new:", "has:", "force:"} <= adverts
    assert {"phones:", "force:", "has:"} <= networks
    assert "phones:" not in adverts
    assert not {"near:", "title:"} & networks
    assert not {"nationality:", "url:", "point:"} & (adverts | networks)
    assert all(each.help for each in suggest_names())
