"""Number words that say ages, prices and sizes."""

import pytest

from adverts.values import parse_number_words


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("eight", 8), ("nineteen", 19), ("twenty", 20), ("twenty three", 23), ("Twenty-Three", 23), ("a hundred", 100),
        ("a hundred and twenty", 120), ("two hundred", 200), ("one hundred fifty", 150), ("one twenty", 120),
        ("two fifty", 250), ("one twenty five", 125), ("three hundred & thirty five", 335),
    ],
)  # fmt: skip
def test_accepted(text: str, number: int) -> None:
    assert parse_number_words(text) == number


@pytest.mark.parametrize(
    "text", ["", "and", "blue", "twenty twenty", "hundred", "one two", "a hundred girls", "twelve fifty"]
)
def test_rejected(text: str) -> None:
    assert parse_number_words(text) is None
