import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.masking import find_proper_words, iter_tokens, mask_words, split_words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("call 07700 900123 now", ["call", "{phone}", "now"]),
        ("call +44 (0)7700-900123", ["call", "{phone}"]),
        ("£120 an hour, 60 pounds half", ["{price}", "an", "hour", "{price}", "half"]),
        ("mail mia@example.com or see www.example.com/mia", ["mail", "{email}", "or", "see", "{url}"]),
        ("near CF10 1EP from 10am", ["near", "{postcode}", "from", "{number}"]),
        ("I don't rush 💋 @miaonline", ["I", "don't", "rush", "{handle}"]),
        ("", []),
    ],
)
def test_values_become_their_kind(text: str, words: list[str]) -> None:
    assert split_words(text) == words


@given(st.text())
def test_tokens_are_the_words_with_their_places(text: str) -> None:
    tokens = list(iter_tokens(text))
    assert [word for word, _, _ in tokens] == split_words(text)
    assert all(word.startswith("{") or text[start:end] == word for word, start, end in tokens)


def test_words_that_texts_write_with_a_capital_are_names() -> None:
    texts = ["Hello, my name is Mia and I live in Leeds.", "ask for Mia please", "Please ask in Leeds"]
    assert find_proper_words(texts) == {"mia", "leeds"}


def test_a_text_in_capitals_makes_no_names() -> None:
    assert find_proper_words(["CALL Me Now For A Nice Time", "call me now for a nice time"]) == frozenset()


def test_a_place_is_told_from_a_name_by_the_word_before_and_a_run_is_one() -> None:
    proper = frozenset({"mia", "milton", "keynes"})
    assert mask_words(["new", "in", "Milton", "Keynes", "ask", "Mia"], proper) == [
        "new",
        "in",
        "{place}",
        "ask",
        "{name}",
    ]


@pytest.mark.parametrize("unit", ["a", "a-", "a.", "1", "1 ", "1.", "+", "Ab ", "-", " ", "a'", "1("])
@pytest.mark.timeout(20)
def test_masking_time_grows_with_the_text_and_no_faster(unit: str) -> None:
    text = (unit * 200_000)[:200_000]  # a pattern that backtracks from every place would need minutes
    assert len(split_words(text)) == len(list(iter_tokens(text)))
    find_proper_words([text])
