"""Languages of a text: the main one first, none when there is too little, whatever the text."""

import time

import pytest

from enrichment.extractor import Extractor
from enrichment.language import KNOWN, find_languages
from tests.builders import make_advert


@pytest.mark.parametrize(
    ("text", "languages"),
    [
        ("i speak english.\nbuna, sunt noua in oras si te astept la mine, sunati-ma acum pentru detalii", ("ro", "en")),
        ("hello, i am new here and would love to meet you for a drink this week. sunt din bucuresti", ("en", "ro")),
        ("", ()),
        ("\x00" * 50, ()),
        ("🔥" * 50, ()),
    ],
)
def test_the_main_language_comes_first(text: str, languages: tuple[str, ...]) -> None:
    assert find_languages(text) == languages


def test_title_and_body_are_read_and_numbers_are_not() -> None:
    advert = make_advert("1", title="Anna", body="Zadzwoń do mnie, czekam na ciebie: siedem siedem, O77oo nine 00123")
    extraction = Extractor().extract(advert)
    assert (extraction.language, extraction.languages) == ("pl", ("pl",))
    assert Extractor().extract(make_advert("2", title="Anna", body="07700 900123")).language == "und"


@pytest.mark.parametrize("piece", ["a ", "sunt ", "你好", "xyzzy quux ", "\n.", "the și ", "Ωж"])
def test_a_long_text_takes_no_longer_than_a_page(piece: str) -> None:
    find_languages(piece * 20)
    started = time.process_time()
    languages = find_languages(piece * 200_000)
    assert time.process_time() - started < 0.2
    assert {language.upper() for language in languages} <= set(KNOWN)
