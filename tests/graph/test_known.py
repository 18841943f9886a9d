"""Texts that came since all of the market was read."""

from typing import Final

import numpy as np
import pyarrow as pa
import pytest

from graph.known import Known
from graph.templates import Template, Wordings
from tests.graph.test_templates import BASE, OTHER, make_words

MARKET: Final = [
    ("mia", BASE),
    ("ruth", BASE.replace("Mia", "Ruth").replace("green tea", "a glass of wine")),
    ("sports", OTHER),
    *((f"own{n}", make_words(n, 40)) for n in range(300)),
]


@pytest.fixture(scope="module")
def known() -> Known:
    """Return what is known of the market after it was read whole."""
    tables: dict[str, pa.Table] = {}
    Wordings(MARKET, keep=tables.__setitem__).find_templates()  # the last of the tables are made by then
    return Known(tables)


def get_template(known: Known, *texts: str) -> dict[str, str]:
    """Return the template of each member of any, for new texts `0`, `1`, ... beside all that were there."""
    fresh = [(str(number), text) for number, text in enumerate(texts)]
    found: list[Template] = Wordings([*MARKET, *fresh], known).find_templates(np.arange(len(MARKET) + len(fresh)))
    return {member: template.id for template in found for member in template.members}


def test_a_new_edit_joins_the_template_of_what_it_is_like(known: Known) -> None:
    before = get_template(known)
    assert before.keys() == {"mia", "ruth"}
    after = get_template(known, BASE.replace("happy to", "would love to"))
    assert after == {**before, "0": before["mia"]}


def test_an_edit_of_a_text_that_stood_alone_makes_a_template_with_it(known: Known) -> None:
    found = get_template(known, OTHER.replace("honest prices", "fair prices"), OTHER.upper())
    assert found["sports"] == found["0"] == found["1"] != found["mia"]


def test_new_texts_that_are_like_one_another_make_templates_of_their_own(known: Known) -> None:
    left, right = make_words(501, 40), make_words(502, 40)
    found = get_template(known, left, left + " and more", right, right + " and more", make_words(503, 40))
    assert found["0"] == found["1"] != found["2"] == found["3"]
    assert "4" not in found


def test_a_new_text_that_is_only_like_a_new_one_is_of_what_that_one_joined(known: Known) -> None:
    added = make_words(504, 25)
    found = get_template(known, BASE + added, added + make_words(505, 20))
    assert found["0"] == found["1"] == found["mia"]
    assert "0" not in get_template(known, added + make_words(505, 20))


def test_rarity_is_that_of_the_market_as_it_was(known: Known) -> None:
    left, right = np.array([0]), np.array([1])
    alone = Wordings(MARKET[:2], known)
    among = Wordings([*MARKET, *((f"new{n}", BASE + make_words(n + 600, 9)) for n in range(50))], known)
    assert alone.compare(left, right) == among.compare(left, right)
    assert alone.compare(left, right)[0] < 1


def test_what_no_other_text_has_is_told_by_new_ones_too(known: Known) -> None:
    places = np.array([2])
    before = Wordings(MARKET, known).list_phrases(places)[2]
    after = Wordings([*MARKET, ("0", OTHER[:90])], known).list_phrases(places)[2]
    assert 0 < after < before
